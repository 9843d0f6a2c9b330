r"""The distribution of one person's annual cost: as observed, with a fitted tail above.

Up to a high threshold the distribution is that of the people themselves, as a histogram of log
cost; above it costs follow a generalised Pareto that ends at a largest cost. The threshold, the
tail and every probability differ from draw to draw (`analysis.fits.annual_costs`).

Groups of people (cells) differ in how many of them have a cost of a given size. What is known of
that is :math:`\rho_{cb}`, the share of cell *c* among the people of bin *b*; so whatever the draw,
the cells add up to all people, and a finer division never changes the whole.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from analysis.models.annual_cost.truncated_pareto import TruncatedPareto
from analysis.risk.annual_cost import CostBeforeCover


@dataclass(frozen=True)
class CostBins:
    """Bins of positive cost; within a bin the log of cost is uniform.

    Attributes
    ----------
    low, high : ndarray, shape (bin,)
        Ends, natural logarithm of an amount; increasing over bins.
    """

    low: np.ndarray
    high: np.ndarray

    @classmethod
    def of_moments(cls, mean_log: np.ndarray, variance_log: np.ndarray) -> "CostBins":
        """Return bins whose log cost has these means and variances, both of shape (bin,)."""
        half = np.sqrt(3 * np.maximum(variance_log, 1e-12))
        return cls(mean_log - half, mean_log + half)

    def limited(self, amount: np.ndarray | float, order: int) -> np.ndarray:
        """Return E[min(cost, amount)^order] in each bin, shape (draw, bin).

        Parameters
        ----------
        amount : ndarray, shape (draw, 1), or float
        order : {1, 2}
        """
        reached = np.clip(np.log(np.maximum(amount, 1e-300)), self.low, self.high)
        # Not as a difference of two powers, which drowns in rounding where a bin is narrow.
        below = np.exp(order * self.low) * np.expm1(order * (reached - self.low)) / order
        above = np.where(reached < self.high, np.exp(order * reached), 0.0) * (self.high - reached)
        return np.where(reached > self.low, (below + above) / (self.high - self.low), amount**order)

    def survival(self, amount: np.ndarray | float) -> np.ndarray:
        """Return P(cost > amount) in each bin, shape (draw, bin)."""
        reached = np.clip(np.log(np.maximum(amount, 1e-300)), self.low, self.high)
        return (self.high - reached) / (self.high - self.low)


@dataclass(frozen=True)
class CostDistribution(CostBeforeCover):
    r"""Annual cost of one person by posterior draw and cell.

    Attributes
    ----------
    bins, upper_bins : CostBins
        Up to the lowest threshold, and from there on.
    body : ndarray, shape (draw, bin)
        Share of all people with a cost in each bin up to the lowest threshold.
    reach : ndarray, shape (cell, bin)
        Share of each cell among the people of a bin; adds up to 1 over cells.
    lean : ndarray, shape (cell, bin)
        How much further up the costs of a bin lie than those of the cell, -1 to 1, mean 0 over the
        people of the cell.
    tilt : ndarray, shape (draw, cell)
        Share of `lean` by which each cell's part of a bin is raised, -1 to 1; the parts are then
        made to add up.
    exceed : ndarray, shape (draw, cell)
        Probability that a cost lies above the lowest threshold.
    upper : ndarray, shape (draw, upper bin)
        Of those above the lowest threshold, the share in each bin; 0 beyond the draw's threshold.
        What is missing to 1 is in the tail.
    tail : TruncatedPareto
        Of the costs above the draw's threshold.
    """

    bins: CostBins
    upper_bins: CostBins
    body: np.ndarray
    reach: np.ndarray
    lean: np.ndarray
    tilt: np.ndarray
    exceed: np.ndarray
    upper: np.ndarray
    tail: TruncatedPareto

    BY_DRAW: ClassVar[tuple[str, ...]] = (
        "body",
        "tilt",
        "exceed",
        "upper",
        "tail",
        "limit",
    )

    @property
    def draws(self) -> int:
        """Number of posterior draws."""
        return self.body.shape[0]

    def limited_mean(self, amount: np.ndarray | float) -> np.ndarray:
        """Return E[min(cost, amount)], see `AnnualCost.limited_mean`."""
        return self._limited(amount, 1)

    def limited_square(self, amount: np.ndarray | float) -> np.ndarray:
        """Return E[min(cost, amount)²], see `AnnualCost.limited_square`."""
        return self._limited(amount, 2)

    def limited_means(self, amounts: np.ndarray) -> np.ndarray:
        """Return E[min(cost, amount)] at many amounts, see `AnnualCost.limited_means`."""
        lower, upper = (each.limited(amounts[:, None], 1) for each in (self.bins, self.upper_bins))
        above = self.upper @ upper.T + self.in_tail * self.tail.limited(amounts, 1)
        means = np.empty((len(amounts), self.draws, len(self.share)))
        for cell, share in enumerate(self.share):
            tilt, room, exceed = (each[:, [cell]] for each in (self.tilt, self.room, self.exceed))
            level = self.body_parts @ (lower * self.reach[cell]).T
            leaning = self.body_parts @ (lower * self._leaning[cell]).T
            means[:, :, cell] = ((level + tilt * leaning) / share * room + exceed * above).T
        return means

    def survival_by_cell(self, amount: np.ndarray | float) -> np.ndarray:
        """Return P(cost > amount) by cell, see `CostBeforeCover.survival_by_cell`."""
        upper = self._upper(self.upper_bins.survival(amount), self.tail.survival(amount))
        return self._by_cell(self.bins.survival(amount)) + self.exceed * upper

    def beyond(self, amount: np.ndarray | float) -> np.ndarray:
        """Return the share of E[cost²] that costs above an amount bring, over all cells.

        Parameters
        ----------
        amount : ndarray, shape (draw, 1), or float

        Returns
        -------
        ndarray, shape (draw,)
        """
        whole = self.limited_square(self.limit) @ self.share
        survival = self.survival(amount)
        up_to = self.limited_square(amount) @ self.share - np.ravel(amount) ** 2 * survival
        return 1 - up_to / whole

    def _limited(self, amount: np.ndarray | float, order: int) -> np.ndarray:
        upper = self._upper(
            self.upper_bins.limited(amount, order), self.tail.limited(amount, order)
        )
        return self._by_cell(self.bins.limited(amount, order)) + self.exceed * upper

    def _by_cell(self, values: np.ndarray) -> np.ndarray:
        """Sum values of bins over the people of each cell up to the lowest threshold."""
        return self._within(values) * self.room

    def _within(self, values: np.ndarray) -> np.ndarray:
        parts = self.body_parts * values
        level, leaning = parts @ self.reach.T, parts @ self._leaning.T
        return np.asarray((level + self.tilt * leaning) / self.share)

    def _upper(self, values: np.ndarray, tail: np.ndarray) -> np.ndarray:
        """Mean over the costs above the lowest threshold, shape (draw, 1)."""
        bins = (self.upper * values).sum(axis=1, keepdims=True)
        return bins + self.in_tail * tail

    @cached_property
    def body_parts(self) -> np.ndarray:
        """What `reach` with its tilts is multiplied by, so that cells add up; (draw, bin)."""
        return self.body / (1 + self.tilt @ self._leaning)

    @cached_property
    def in_tail(self) -> np.ndarray:
        """Of those above the lowest threshold, the share in the tail, shape (draw, 1)."""
        return 1 - self.upper.sum(axis=1, keepdims=True)

    @cached_property
    def room(self) -> np.ndarray:
        """What each cell's body is cut to, shape (draw, cell); 1 nearly always.

        A draw may not give a cell more people than it has, where all have a cost.
        """
        below = self._within(np.ones(self.body.shape[1]))
        return np.minimum((1 - self.exceed) / np.maximum(below, 1e-300), 1.0)

    @cached_property
    def _leaning(self) -> np.ndarray:
        return self.reach * self.lean
