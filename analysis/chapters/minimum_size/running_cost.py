"""The cheapest size, once fixed running costs and the price of the remaining risk count.

A pool has running costs that do not depend on its size, others for each head, and a reserve
against overspending that costs something to hold. The first and the last fall with size, each head
costs the same: so nothing in these three makes a pool too large. Only a diseconomy of size would,
and the measure here is how strong it must be.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.interpolate import PchipInterpolator

from analysis.risk.annual_cost import AnnualCost
from analysis.risk.minimum_size import tolerance_at


@dataclass(frozen=True)
class RunningCost:
    """Yearly cost for each head of running a pool and of bearing its risk.

    Attributes
    ----------
    fixed_gbp : ndarray, shape (draw,)
        Running cost a year whatever the size, GBP.
    sizes : ndarray, shape (size,)
        Where the reserve was computed, increasing.
    reserve_gbp : ndarray, shape (draw, size)
        Reserve for each head, GBP.
    cost_of_capital : ndarray, shape (draw,)
        Price of one pound of reserve a year.
    """

    fixed_gbp: np.ndarray
    sizes: np.ndarray
    reserve_gbp: np.ndarray
    cost_of_capital: np.ndarray

    def per_head(self, people: np.ndarray | float) -> np.ndarray:
        """Return what falls with size: fixed cost and price of the reserve, for each head.

        Parameters
        ----------
        people : ndarray, shape (point,), or float
            Within the sizes of the reserve.

        Returns
        -------
        ndarray, shape (draw, point)
            GBP per head a year. Costs that are the same for each head at any size are left out:
            they move no optimum.
        """
        at = np.atleast_1d(np.asarray(people, float))
        # The reserve falls nearly as one over the root of the size: a straight line in logarithms.
        curve = PchipInterpolator(np.log(self.sizes), np.log(self.reserve_gbp), axis=1)
        risk = self.cost_of_capital[:, None] * np.exp(curve(np.log(at)))
        return self.fixed_gbp[:, None] / at + risk

    def saved_by_doubling(self, people: np.ndarray | float) -> np.ndarray:
        """Return what two pools of a size save for each head when they merge.

        Parameters
        ----------
        people : ndarray, shape (point,), or float
            Size before the merger; twice it must be within the sizes of the reserve.

        Returns
        -------
        ndarray, shape (draw, point)
            GBP per head a year. A merger pays unless doubling the size makes each head dearer by
            at least this much.
        """
        at = np.atleast_1d(np.asarray(people, float))
        return self.per_head(at) - self.per_head(2 * at)

    def size_where_doubling_saves(self, saving_gbp: float) -> np.ndarray:
        """Return the size from which on doubling saves less than an amount for each head.

        Parameters
        ----------
        saving_gbp : float
            GBP per head a year, above 0.

        Returns
        -------
        ndarray, shape (draw,)
            People; infinite if doubling still saves more at half the largest size.
        """
        fine = np.geomspace(self.sizes[0], self.sizes[-1] / 2, 400)
        saved = self.saved_by_doubling(fine)
        return np.exp([np.interp(-saving_gbp, -row, np.log(fine), right=np.inf) for row in saved])

    def cheapest_size(self, diseconomy_gbp: float) -> np.ndarray:
        """Return the cheapest size if larger pools are dearer for each head.

        Parameters
        ----------
        diseconomy_gbp : float
            What each head costs more when the size doubles, GBP a year, at least 0.

        Returns
        -------
        ndarray, shape (draw,)
            People, to within 2 %; infinite if the largest size is the cheapest.
        """
        fine = np.geomspace(self.sizes[0], self.sizes[-1], 400)
        best = np.argmin(self.per_head(fine) + diseconomy_gbp * np.log2(fine), axis=1)
        return np.where(best == len(fine) - 1, np.inf, fine[best])


def running_cost(
    costs: AnnualCost,
    mean_cost_gbp: float,
    fixed_gbp: np.ndarray | float,
    cost_of_capital: np.ndarray | float,
    breach: float,
    sizes: Sequence[int],
) -> RunningCost:
    """Return the cost of running pools of some sizes and of bearing their risk.

    Parameters
    ----------
    mean_cost_gbp : float
        Mean annual cost of one person, GBP.
    fixed_gbp : ndarray, shape (draw,), or float
        Running cost a year whatever the size, GBP.
    cost_of_capital : ndarray, shape (draw,), or float
        Price of one pound of reserve a year, at least 0.
    breach : float
        Probability of a year whose overspend exceeds the reserve, between 0 and 0.5.
    sizes : sequence of int
        Increasing, each at least 50.

    Raises
    ------
    ValueError
        If the cost of capital or a fixed cost is negative.
    """
    fixed = np.broadcast_to(np.asarray(fixed_gbp, float), (costs.draws,))
    price = np.broadcast_to(np.asarray(cost_of_capital, float), (costs.draws,))
    if price.min() < 0 or fixed.min() < 0:
        raise ValueError("the fixed cost and the cost of capital must be at least 0")
    shares = np.stack([tolerance_at(costs, int(n), breach) for n in sizes], axis=1)
    return RunningCost(fixed, np.asarray(sizes, float), mean_cost_gbp * shares, price)
