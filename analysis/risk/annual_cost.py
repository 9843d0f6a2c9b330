"""What a pool's risk asks of one person's annual cost, whatever that cost is made of.

Mean and mean square of the smaller of the cost and any amount are enough: the moments, a
discretisation that keeps the mean of every interval, and with it the exact distribution of a
pool's total (`analysis.risk.pooled_loss`) follow from them.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

import numpy as np

from analysis.models.annual_cost.truncated_pareto import TruncatedPareto


@dataclass(frozen=True, kw_only=True)
class AnnualCost(ABC):
    """Annual cost of one person by posterior draw and cell, in one currency.

    Attributes
    ----------
    limit : ndarray, shape (draw, 1), or float
        No person's cost counts beyond this amount: the largest possible annual cost, or the
        attachment point of a stop-loss.
    share : ndarray, shape (cell,)
        Share of people in each cell; adds up to 1.
    """

    limit: np.ndarray | float
    share: np.ndarray

    BY_DRAW: ClassVar[tuple[str, ...]] = ("limit",)
    """Fields whose first axis is the draw, unless they hold one number for all draws."""

    @property
    @abstractmethod
    def draws(self) -> int:
        """Number of posterior draws."""

    @abstractmethod
    def limited_mean(self, amount: np.ndarray | float) -> np.ndarray:
        """Return the limited expected value E[min(cost, amount)]; `limit` is ignored.

        Parameters
        ----------
        amount : ndarray, shape (draw, 1), or float
            In the currency of the costs, at least 0.

        Returns
        -------
        ndarray, shape (draw, cell)
        """

    @abstractmethod
    def limited_square(self, amount: np.ndarray | float) -> np.ndarray:
        """Return E[min(cost, amount)²], as `limited_mean`."""

    def limited_means(self, amounts: np.ndarray) -> np.ndarray:
        """Return `limited_mean` at amounts that all draws share, shape (amount, draw, cell)."""
        return np.stack([self.limited_mean(amount) for amount in amounts])

    def limited_at(self, amount: np.ndarray | float) -> Self:
        """Return the distribution of the smaller of the cost and an amount, of shape (draw, 1)."""
        return replace(self, limit=np.minimum(self.limit, amount))

    def limit_by_draw(self) -> np.ndarray:
        """Return `limit`, shape (draw, 1)."""
        return np.broadcast_to(np.asarray(self.limit, float), (self.draws, 1))

    def mean(self) -> np.ndarray:
        """Return the mean cost, limited, shape (draw, cell)."""
        return self.limited_mean(self.limit)

    def variance(self) -> np.ndarray:
        """Return the variance of the cost, limited, shape (draw, cell)."""
        return self.limited_square(self.limit) - self.mean() ** 2

    def population_mean(self) -> np.ndarray:
        """Return the mean cost over all cells, shape (draw, 1)."""
        return (self.mean() * self.share).sum(axis=1, keepdims=True)

    def discretise(self, relative_points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return points and probabilities that keep the mean of every interval.

        Each interval's probability is split between its two ends so that the limited expected
        value is exact at every point (Klugman, Panjer & Willmot 2012, section 9.6.5, "method of
        local moment matching" with one moment, on unequal intervals).

        Parameters
        ----------
        relative_points : ndarray, shape (point,)
            Increasing, from 0 to 1, in units of the largest limit of any draw.

        Returns
        -------
        points : ndarray, shape (point,)
            Costs, the same for all draws; the last one the largest limit.
        probabilities : ndarray, shape (draw, cell, point)
            Non-negative, adding up to 1 over points.
        """
        limit = self.limit_by_draw()
        points = float(limit.max()) * relative_points
        # Amounts that all draws share are reckoned together, and much faster.
        shared = int((points <= limit.min()).sum())
        limited = np.empty((len(points), self.draws, len(self.share)))
        limited[:shared] = self.limited_means(points[:shared])
        for place, point in enumerate(points[shared:], shared):
            limited[place] = self.limited_mean(np.minimum(point, limit))
        survival = np.empty((len(points) + 1, *limited.shape[1:]))
        survival[0], survival[-1] = 1.0, 0.0
        survival[1:-1] = np.diff(limited, axis=0) / np.diff(points)[:, None, None]
        # Differences of nearly equal slopes leave rounding of order 1e-13 below zero.
        probabilities = np.maximum(survival[:-1] - survival[1:], 0.0)
        return points, np.moveaxis(probabilities, 0, -1)


_HALVINGS = 60
"""Bisection steps on the log of the cost: far below rounding."""

_LARGEST_RATIO = 1e10
"""Of the limit to a quantile that is found."""


@dataclass(frozen=True, kw_only=True)
class CostBeforeCover(AnnualCost):
    """Annual cost that also knows how many people exceed an amount, so that people can leave."""

    @abstractmethod
    def survival_by_cell(self, amount: np.ndarray | float) -> np.ndarray:
        """Return P(cost > amount), shape (draw, cell), at amounts of shape (draw, 1) or one.

        `limit` is ignored.
        """

    def survival(self, amount: np.ndarray | float) -> np.ndarray:
        """Return P(cost > amount) over all cells, shape (draw,); `limit` is ignored."""
        return self.survival_by_cell(amount) @ self.share

    def quantile(self, probability: float) -> np.ndarray:
        """Return the cost that a share of people do not exceed, shape (draw, 1).

        In the currency of the costs; at most their limit.

        Parameters
        ----------
        probability : float
            Between the share of people without cost and 1.
        """
        high = np.log(self.limit_by_draw())
        low = high - np.log(_LARGEST_RATIO)
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            above = self.survival(np.exp(middle))[:, None] > 1 - probability
            low, high = np.where(above, middle, low), np.where(above, high, middle)
        return np.exp((low + high) / 2)

    def largest_up_to(self, amount: np.ndarray) -> np.ndarray:
        """Return the largest cost of those who stay when all above an amount leave, (draw, 1)."""
        return amount


def some_draws[Costs: AnnualCost](costs: Costs, chosen: np.ndarray) -> Costs:
    """Return the same costs with some of their draws: a mask of shape (draw,), or positions."""
    values = {name: _chosen_rows(getattr(costs, name), chosen) for name in costs.BY_DRAW}
    return replace(costs, **values)


def fewer_draws[Costs: AnnualCost](costs: Costs, draws: int) -> Costs:
    """Return evenly spaced draws of a cost distribution, at most so many."""
    return some_draws(costs, np.arange(0, costs.draws, -(-costs.draws // draws)))


def _chosen_rows(value: Any, chosen: np.ndarray) -> Any:  # noqa: ANN401  (whatever a field holds)
    if isinstance(value, AnnualCost):
        return some_draws(value, chosen)
    if isinstance(value, TruncatedPareto):
        return value.chosen(chosen)
    return value[chosen] if np.ndim(value) > 1 else value
