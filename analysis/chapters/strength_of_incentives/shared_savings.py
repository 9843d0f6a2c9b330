"""Terms on which savings and losses are shared, and what luck alone earns under them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri


@dataclass(frozen=True)
class SharedSavings:
    """How a measured saving, as a share of the budget, becomes a payment.

    Attributes
    ----------
    savings_share, losses_share : float
        Share of savings paid to the group, and of losses paid by it; 0 to 1. One-sided terms have
        a `losses_share` of 0.
    minimum_rate : float
        Saving or loss, as a share of the budget, below which nothing is shared; once it is
        reached all is shared, from the first pound (42 CFR 425.604).
    corridor : float
        Half-width of a corridor around the budget; only what lies beyond it is shared.
    cap : float
        Largest saving or loss that is shared, beyond the corridor.
    losses_cap : float
        Largest loss that is shared, where it is less than `cap`; for a withhold, the losses that
        the withheld fee covers.
    """

    savings_share: float
    losses_share: float = 0.0
    minimum_rate: float = 0.0
    corridor: float = 0.0
    cap: float = np.inf
    losses_cap: float = np.inf

    def paid(self, saving: np.ndarray) -> np.ndarray:
        """Return the payment for a measured saving, shares of the budget.

        A negative saving is a loss; a negative payment is made by the group.
        """
        saving = np.asarray(saving, float)
        size = np.abs(saving)
        cap = np.where(saving > 0, self.cap, min(self.cap, self.losses_cap))
        shared = np.clip(size - self.corridor, 0, cap) * (size >= self.minimum_rate)
        share = np.where(saving > 0, self.savings_share, self.losses_share)
        return np.sign(saving) * share * shared

    def expected(self, mean: np.ndarray | float, sd: np.ndarray | float) -> np.ndarray:
        """Return the mean payment when the measured saving is normal, share of the budget.

        Parameters
        ----------
        mean : ndarray or float
            True saving, share of the budget.
        sd : ndarray or float
            Noise of the measured saving, share of the budget, above 0.
        """
        mean, sd = np.asarray(mean, float), np.asarray(sd, float)
        total = np.zeros(np.broadcast_shapes(mean.shape, sd.shape))
        losses_cap = min(self.cap, self.losses_cap)
        sides = ((1.0, self.savings_share, self.cap), (-1.0, self.losses_share, losses_cap))
        for side, share, cap in sides:
            for low, high, height, slope in self._linear_pieces(cap):
                chance, partial_mean = _partial_mean(low, high, side * mean, sd)
                paid = height * chance + slope * (partial_mean - low * chance)
                total = total + side * share * paid
        return total

    def marginal(self, mean: np.ndarray | float, sd: np.ndarray | float) -> np.ndarray:
        """Return how much the mean payment rises with the true saving, pounds per pound saved.

        It is the share that is felt. Arguments as in `expected`.
        """
        step = 1e-4 * np.asarray(sd, float)
        higher, lower = self.expected(mean + step, sd), self.expected(mean - step, sd)
        return (higher - lower) / (2 * step)

    def in_bad_year(self, sd: np.ndarray | float, chance: float) -> np.ndarray:
        """Return what a bad year of luck costs a group that saves nothing, share of the budget.

        Parameters
        ----------
        sd : ndarray or float
            Noise of the measured saving, taken as normal; above 0.
        chance : float
            Probability of a year at least as bad, between 0 and 0.5.
        """
        return -self.paid(ndtri(chance) * np.asarray(sd, float))

    def _linear_pieces(self, cap: float) -> Iterator[tuple[float, float, float, float]]:
        """Yield where what is shared is linear: from, to, its height at the start, its slope."""
        start = max(self.corridor, self.minimum_rate)
        end = self.corridor + cap
        if start < end:
            yield start, end, start - self.corridor, 1.0
        if np.isfinite(cap):
            yield max(start, end), np.inf, cap, 0.0


def _partial_mean(
    low: float, high: float, mean: np.ndarray, sd: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Probability of an interval under a normal, and the mean counted only inside it."""
    bottom, top = (low - mean) / sd, (high - mean) / sd
    chance = ndtr(top) - ndtr(bottom)
    density = (np.exp(-(bottom**2) / 2) - np.exp(-(top**2) / 2)) / np.sqrt(2 * np.pi)
    return chance, mean * chance + sd * density
