"""A generalised Pareto distribution that ends at a largest value."""

from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np


@dataclass(frozen=True)
class TruncatedPareto:
    """Costs above a threshold, none beyond a largest one; all arrays of shape (draw, 1).

    Attributes
    ----------
    start : ndarray
        Threshold, in the currency of the costs.
    scale : ndarray
        In the currency, above 0.
    shape : ndarray
        Above 0 and below 1; from one half on, the variance exists only because the costs end.
    largest : ndarray
        Largest possible cost, above `start`.

    References
    ----------
    Pickands (1975); Aban, Meerschaert & Panorska (2006), on Pareto tails that end.
    """

    start: np.ndarray
    scale: np.ndarray
    shape: np.ndarray
    largest: np.ndarray

    def limited(self, amount: np.ndarray | float, order: int) -> np.ndarray:
        """Return E[min(cost, amount)^order], order 1 or 2, shape (draw, 1)."""
        excess = np.clip(amount - self.start, 0.0, self.largest - self.start)
        base = np.minimum(amount, self.start)
        first = self._excess_integral(excess, 1)
        if order == 1:
            return base + first
        return base**2 + 2 * base * first + 2 * self._excess_integral(excess, 2)

    def survival(self, amount: np.ndarray | float) -> np.ndarray:
        """Return P(cost > amount), shape (draw, 1)."""
        excess = np.clip(amount - self.start, 0.0, self.largest - self.start)
        return (self._survival(excess) - self._beyond_end) / (1 - self._beyond_end)

    def density(self, amount: np.ndarray) -> np.ndarray:
        """Return the density at amounts of shape (amount,), shape (draw, amount)."""
        excess = amount - self.start
        growth = np.log1p(self.shape * np.maximum(excess, 0.0) / self.scale)
        density = np.exp(-(1 + 1 / self.shape) * growth) / self.scale / (1 - self._beyond_end)
        return np.where((excess > 0) & (amount <= self.largest), density, 0.0)

    def quantile(self, survival: np.ndarray) -> np.ndarray:
        """Return costs exceeded with probabilities of shape (amount,), shape (draw, amount)."""
        without_end = self._beyond_end + (1 - self._beyond_end) * survival
        growth = np.expm1(-self.shape * np.log(without_end))
        return self.start + self.scale / self.shape * growth

    def chosen(self, rows: np.ndarray) -> "TruncatedPareto":
        """Return some of the draws: a mask of shape (draw,), or positions."""
        return replace(self, **{part.name: getattr(self, part.name)[rows] for part in fields(self)})

    @cached_property
    def _beyond_end(self) -> np.ndarray:
        """What a tail without the end would have beyond it."""
        return self._survival(self.largest - self.start)

    def _survival(self, excess: np.ndarray) -> np.ndarray:
        """P(excess > x) without the end."""
        return (1 + self.shape * excess / self.scale) ** (-1 / self.shape)

    def _excess_integral(self, excess: np.ndarray, order: int) -> np.ndarray:
        """Integral of x^(order - 1) P(excess > x) from 0 to `excess`, with the end."""
        rate = self.shape / self.scale
        lower = _power_integral(excess, rate, 1 - 1 / self.shape)
        if order == 1:
            return (lower - excess * self._beyond_end) / (1 - self._beyond_end)
        # x = ((1 + rate x) - 1) / rate turns the integral into two power integrals.
        higher = _power_integral(excess, rate, 2 - 1 / self.shape)
        whole = (higher - lower) / rate - excess**2 / 2 * self._beyond_end
        return whole / (1 - self._beyond_end)


def _power_integral(excess: np.ndarray, rate: np.ndarray, exponent: np.ndarray) -> np.ndarray:
    """Integral over x from 0 to `excess` of (1 + rate x)^(exponent - 1), stable at exponent 0."""
    growth = np.log1p(rate * excess)
    near_zero = np.abs(exponent) < 1e-8
    safe = np.where(near_zero, 1.0, exponent)
    return np.where(near_zero, growth, np.expm1(exponent * growth) / safe) / rate
