r"""One population's costs, given another's groups, means and variation.

Nobody has published what single English people cost. How the costs of a whole population are spread
is known elsewhere; how large they are on average, by age and sex, and how far they vary in all, is
estimated for England. So the costs of each group are raised to a power :math:`a`, which stretches
their logarithms and keeps their order, and scaled to the group's mean:

.. math:: Y_c = m_c X_c^a / \mathrm E[X_c^a]

with one :math:`a` for all groups, in each draw the one that gives the wanted *k* within groups. At
:math:`a = 1` the spread of each group is that of the population it is taken from.
"""

from dataclasses import dataclass

import numpy as np

from analysis.risk.annual_cost import AnnualCost
from analysis.risk.tabulated_costs import TabulatedCosts, on_grid

_POINTS = 320
_SMALLEST = 2e-6
"""First point above 0, in units of the largest cost."""

POWERS = (0.5, 2.0)
"""Least and greatest power to which costs are raised: beyond, they are another population's."""

_STEPS = 5
_TOLERANCE = 1e-5


@dataclass(frozen=True)
class CostGroups:
    """Groups of people whose costs are to be made from those of other people.

    Attributes
    ----------
    labels : tuple of str
    mean : ndarray, shape (group,)
        Mean annual cost, in any currency, above 0.
    share : ndarray, shape (group,)
        Of all people; adds up to 1.
    cell : ndarray of int, shape (group,)
        The cell of the other people whose spread each takes.
    """

    labels: tuple[str, ...]
    mean: np.ndarray
    share: np.ndarray
    cell: np.ndarray


def stretched_costs(
    costs: AnnualCost, groups: CostGroups, k: np.ndarray, limit: float
) -> TabulatedCosts:
    """Return costs with other means and shares of the groups, and another k within groups.

    Draws are matched by rank: a draw in which costs vary much anyway gets a large k. They keep the
    order of `k`.

    Parameters
    ----------
    costs : AnnualCost
        Whose spread is taken.
    groups : CostGroups
        Who the people are whose costs are wanted.
    k : ndarray, shape (draw,)
        Wanted standard deviation within cells over the mean; as many as `costs` has draws.
    limit : float
        Most that one person may cost, in the currency of the groups' means.

    Raises
    ------
    ValueError
        If a k is out of reach: the costs would have to be raised to a power outside `POWERS`.
    """
    relative = np.append(0.0, np.geomspace(_SMALLEST, 1.0, _POINTS - 1))
    _, by_cell = costs.discretise(relative)
    probabilities = by_cell[:, groups.cell]
    unstretched = _k_within(probabilities, relative, np.ones(len(k)), groups, limit)
    order, wanted = np.argsort(unstretched), np.argsort(k)
    target = np.empty(len(k))
    target[order] = k[wanted]
    power = _power_for(target, unstretched, probabilities, relative, groups, limit)
    cost = _costs(probabilities, relative, power, groups, limit)
    points = np.append(0.0, np.geomspace(_SMALLEST * limit, limit, _POINTS - 1))
    group = np.repeat(np.arange(len(groups.mean)), _POINTS)
    tables = np.empty_like(probabilities)
    for row, place in zip(order, wanted, strict=True):
        tables[place] = on_grid(cost[row].ravel(), probabilities[row].ravel(), group, points)
    return TabulatedCosts(points, tables, groups.labels, limit=limit, share=groups.share)


def _costs(
    probabilities: np.ndarray,
    points: np.ndarray,
    power: np.ndarray,
    groups: CostGroups,
    limit: float,
) -> np.ndarray:
    """Costs of the points, none above the limit, shape (draw, group, point)."""
    raised = points ** power[:, None]
    expected = np.einsum("dgp,dp->dg", probabilities, raised)
    return np.minimum((groups.mean / expected)[..., None] * raised[:, None], limit)


def _k_within(
    probabilities: np.ndarray,
    points: np.ndarray,
    power: np.ndarray,
    groups: CostGroups,
    limit: float,
) -> np.ndarray:
    """K within groups when costs are raised to a power, shape (draw,)."""
    cost = _costs(probabilities, points, power, groups, limit)
    first = np.einsum("dgp,dgp->dg", probabilities, cost)
    second = np.einsum("dgp,dgp,dgp->dg", probabilities, cost, cost)
    return np.asarray(np.sqrt((second - first**2) @ groups.share) / (first @ groups.share))


def _power_for(
    target: np.ndarray,
    unstretched: np.ndarray,
    probabilities: np.ndarray,
    points: np.ndarray,
    groups: CostGroups,
    limit: float,
) -> np.ndarray:
    """Powers that give the wanted k, by the secant on the log of k, shape (draw,)."""
    before, k_before = np.ones(len(target)), unstretched
    power = 1 + 0.5 * np.log(target / unstretched)
    for _ in range(_STEPS):
        k = _k_within(probabilities, points, power, groups, limit)
        slope = np.log(k / k_before) / np.where(power == before, 1.0, power - before)
        before, k_before = power, k
        power = power - np.log(k / target) / np.where(slope > 0, slope, 1.0)
        power = np.clip(power, *POWERS)
    wrong = np.abs(k / target - 1) > _TOLERANCE
    if wrong.any():
        raise ValueError(
            f"k = {target[wrong][0]:.2f} is out of reach of these costs, whose own is "
            f"{unstretched[wrong][0]:.2f}."
        )
    return before
