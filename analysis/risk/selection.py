"""Predictable profit: what a pool could earn by choosing whom to serve.

A budget formula that knows less than the pool does pays too much for some people and too little
for others, and the pool can tell them apart beforehand. Chance plays no part in it.
"""

import numpy as np

from analysis.risk.adjustment import formula_budgets
from analysis.risk.annual_cost import AnnualCost
from analysis.risk.scores import equal_groups, resampled_totals


def rank_groups(ranking: np.ndarray, share: np.ndarray, bins: int = 10) -> np.ndarray:
    """Return how equal groups of people, from the lowest rank to the highest, are made of cells.

    Parameters
    ----------
    ranking : ndarray, shape (cell,)
        What people are ranked by; ties keep their order.
    share : ndarray, shape (cell,)
        Share of people in each cell; adds up to 1.
    bins : int
        Number of groups, at least 1.

    Returns
    -------
    ndarray, shape (bin, cell)
        Share of each group that belongs to each cell; rows add up to 1. A cell on the border of
        two groups is split between them.
    """
    order = np.argsort(ranking, kind="stable")
    upper = np.cumsum(share[order])
    lower = upper - share[order]
    edges = np.linspace(0, upper[-1], bins + 1)
    overlap = np.minimum(upper, edges[1:, None]) - np.maximum(lower, edges[:-1, None])
    groups = np.zeros((bins, len(share)))
    groups[:, order] = np.clip(overlap, 0, None)
    return groups / groups.sum(axis=1, keepdims=True)


def predictable_profit(costs: AnnualCost, budget_groups: np.ndarray, bins: int = 10) -> np.ndarray:
    """Return the profit a head that a pool could foresee, by rank of expected cost.

    People are ranked by their expected cost under the fullest model (its posterior mean), which
    is what the pool is taken to know; budgets follow a coarser formula.

    Parameters
    ----------
    costs : AnnualCost
        Of the fullest model.
    budget_groups : ndarray, shape (cell,)
        Label of the budget group of each cell under the formula that pays; one label for all
        cells is a flat budget, one label a cell leaves no profit.
    bins : int
        Number of equal groups of people: 10 for deciles.

    Returns
    -------
    ndarray, shape (draw, bin)
        Budget minus expected cost a head, over the mean cost of all people, from the group with
        the lowest expected cost to the group with the highest. Its mean over groups is 0.

    References
    ----------
    van Barneveld, Lamers, van Vliet & van de Ven (2000), Ignoring small predictable profits and
    losses, Health Care Management Science 3:131.

    Examples
    --------
    >>> profit = predictable_profit(formula.costs, formula.cells.table["age_sex"])  # doctest: +SKIP
    """
    expected = costs.mean()
    groups = rank_groups(expected.mean(axis=0), costs.share, bins)
    profit = formula_budgets(costs, budget_groups) - expected
    return profit @ groups.T / costs.population_mean()


def held_out_profit(
    observed: np.ndarray,
    budget: np.ndarray,
    ranking: np.ndarray,
    person: np.ndarray,
    seed: int,
    bins: int = 10,
) -> np.ndarray:
    """Return the profit a head that selection would have made on people not seen by any model.

    Parameters
    ----------
    observed, budget : ndarray, shape (row,)
        Costs, and held-out predictions of the formula that pays.
    ranking : ndarray, shape (row,)
        Costs that the fullest model expects of each row's cell: see `equal_groups`.
    person : ndarray, shape (row,)
        All rows of a person are resampled together.
    bins : int
        Number of equal groups of rows.

    Returns
    -------
    ndarray, shape (resample, bin)
        Budget minus cost a head, over the mean cost, from the lowest rank to the highest. Budgets
        are first scaled to add up to the costs: a formula shares out a given sum.
    """
    scaled = budget * (observed.sum() / budget.sum())
    member = np.eye(bins)[equal_groups(ranking, bins) - 1]
    profit = (scaled - observed)[:, None] * member
    columns = np.column_stack([profit, member, observed, np.ones(len(observed))])
    totals = resampled_totals(columns, person, seed)
    mean = totals[:, [-2]] / totals[:, [-1]]
    return totals[:, :bins] / totals[:, bins : 2 * bins] / mean
