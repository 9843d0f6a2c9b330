"""What chance and differences between groups do to a contract of one size."""

from dataclasses import dataclass

import numpy as np

from analysis.risk.adjustment import variation
from analysis.risk.annual_cost import AnnualCost
from analysis.risk.pooled_loss import PoolCalculator


@dataclass(frozen=True)
class AtSize:
    """How far the yearly cost of one group strays from a budget that is right on average.

    Attributes
    ----------
    people : int
        Size of the group.
    k : ndarray, shape (draw,)
        Standard deviation of one person's cost that the budget does not foresee, over the mean.
    over : ndarray, shape (draw, tolerance)
        Probability that chance makes cost exceed the budget by more than each tolerance.
    borne : ndarray, shape (draw,)
        Overspend that chance exceeds with the given probability, share of the budget.
    """

    people: int
    k: np.ndarray
    over: np.ndarray
    borne: np.ndarray

    def paid_for_luck(self, share: float) -> np.ndarray:
        """Return what a group without true savings earns on average, share of the budget a year.

        Parameters
        ----------
        share : float
            Of measured savings paid to the group, 0 to 1; it bears no losses. Noise is normal.
        """
        return share * self.k / np.sqrt(2 * np.pi * self.people)


def at_size(costs: AnnualCost, people: int, tolerances: np.ndarray, limit: float) -> AtSize:
    """Return what chance does to groups of one size.

    Parameters
    ----------
    costs : AnnualCost
        One person's annual cost within the groups of the budget's formula.
    people : int
    tolerances : ndarray, shape (tolerance,)
        Overspends, shares of the budget.
    limit : float
        Probability, between 0 and 1, of the overspend that must be borne.
    """
    loss = PoolCalculator(costs).loss(people)
    return AtSize(
        people,
        variation(costs, adjusted=True),
        loss.exceedance(1 + tolerances),
        loss.quantile(1 - limit) - 1,
    )
