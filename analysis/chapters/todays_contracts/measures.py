"""What chance and differences between groups do to a contract of one size."""

from dataclasses import dataclass

import numpy as np

from analysis.risk.adjustment import variation
from analysis.risk.annual_cost import AnnualCost
from analysis.risk.minimum_size import overspend_probability
from analysis.risk.pooled_loss import PoolCalculator
from analysis.risk.stop_loss import StopLoss


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

    @property
    def noise(self) -> np.ndarray:
        """Standard deviation of a year's cost by chance, share of the budget, shape (draw,)."""
        return np.asarray(self.k / np.sqrt(self.people))


def at_size(costs: AnnualCost, people: int, tolerances: np.ndarray, limit: float) -> AtSize:
    """Return what chance does to groups of one size.

    Parameters
    ----------
    costs : AnnualCost
        One person's annual cost within the groups of the budget's formula.
    people : int
        In the group; above 0.
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


def over_with_cover(cover: StopLoss, people: int, tolerance: float) -> np.ndarray:
    """Return how often chance breaks a budget of which costly people are covered.

    Parameters
    ----------
    cover : StopLoss
        What the group keeps of each person's cost, and the premium that its budget pays.
    people : int
        In the group; above 0.
    tolerance : float
        Overspend, share of the whole budget, premium included.

    Returns
    -------
    ndarray, shape (draw,)
        Probability.
    """
    over = overspend_probability(
        cover.retained, [tolerance], [people], budget_ratio=cover.budget_ratio
    )
    return over[:, 0, 0]
