"""What risk adjustment explains, what it leaves to chance, and whom it leaves short."""

import numpy as np

from analysis.risk.annual_cost import AnnualCost
from analysis.risk.scores import resampled_totals


def variation(costs: AnnualCost, *, adjusted: bool) -> np.ndarray:
    """Return k, the coefficient of variation of one person's annual cost.

    A pool of N independent people has a ratio of cost to budget with standard deviation
    k / sqrt(N).

    Parameters
    ----------
    adjusted : bool
        If true the budget follows the cells, and k counts only the variance within them; if false
        the budget is the same for everybody, and differences between cells count too.

    Returns
    -------
    ndarray, shape (draw,)
    """
    mean = costs.mean()
    population_mean = (mean * costs.share).sum(axis=1)
    within_cells = (costs.variance() * costs.share).sum(axis=1)
    between_cells = ((mean - population_mean[:, None]) ** 2 * costs.share).sum(axis=1)
    return np.sqrt(within_cells + (0 if adjusted else between_cells)) / population_mean


def explained_share(costs: AnnualCost) -> np.ndarray:
    """Return R², the share of the variance of individual cost between cells, shape (draw,).

    This is what a budget that follows the cells explains if their means are known; out of sample
    it is a little lower (`analysis.risk.scores`).
    """
    return 1 - (variation(costs, adjusted=True) / variation(costs, adjusted=False)) ** 2


def sicker_mix(
    weight: np.ndarray, sicker: np.ndarray, groups: np.ndarray, excess: float
) -> np.ndarray:
    """Return the weights of a pool with more sick people and the same mix of groups.

    The pool has `excess` more people in the sickest cells than the population has, at the expense
    of the other cells *of the same group*.

    Parameters
    ----------
    weight : ndarray, shape (cell,)
        People in each cell of the population, as counts or shares; or 1 for each person.
    sicker : ndarray of bool, shape (cell,)
        The sickest cells.
    groups : ndarray, shape (cell,)
        Label of the group of each cell, for example its age and sex.
    excess : float
        0.2 for 20 % more people in the sickest cells.

    Returns
    -------
    ndarray, shape (cell,)
        Adding up to the same as `weight` in every group.

    Raises
    ------
    ValueError
        If a group has too few other people to make room.
    """
    labels, position = np.unique(np.asarray(groups), return_inverse=True)
    sick = np.bincount(position, weight * sicker, len(labels))
    other = np.bincount(position, weight * ~sicker, len(labels))
    crowded = excess * sick > other
    if crowded.any():
        raise ValueError(
            f"group {labels[crowded.argmax()]}: an excess of {excess:.0%} needs more people than "
            "are not sick"
        )
    remaining = 1 - excess * sick / np.where(other > 0, other, 1)
    return weight * np.where(sicker, 1 + excess * (other > 0)[position], remaining[position])


def pool_shortfall(
    costs: AnnualCost,
    sicker: np.ndarray,
    groups: np.ndarray,
    excess: float,
    budget_groups: np.ndarray | None = None,
) -> np.ndarray:
    """Return the share of its budget that a sicker pool lacks.

    Parameters
    ----------
    costs : AnnualCost
        From a model whose cells know sickness.
    sicker, groups, excess
        As for `sicker_mix`.
    budget_groups : ndarray, shape (cell,), optional
        Label of the group whose mean cost each cell's budget is; by default `groups`, so that
        the budget ignores sickness.

    Returns
    -------
    ndarray, shape (draw,)
        (expected cost - budget) / budget.

    Raises
    ------
    ValueError
        As `sicker_mix`.
    """
    share = sicker_mix(costs.share, sicker, groups, excess)
    budget = formula_budgets(costs, groups if budget_groups is None else budget_groups)
    return (costs.mean() * share).sum(axis=1) / (budget * share).sum(axis=1) - 1


def formula_budgets(costs: AnnualCost, budget_groups: np.ndarray) -> np.ndarray:
    """Return the budget of each cell under a formula that knows only some groups of cells.

    Parameters
    ----------
    costs : AnnualCost
        From a model whose cells know more than the formula does.
    budget_groups : ndarray, shape (cell,)
        Label of the budget group of each cell; the budget is the mean cost of the group.

    Returns
    -------
    ndarray, shape (draw, cell)
        In the currency of `costs`.
    """
    labels, position = np.unique(np.asarray(budget_groups), return_inverse=True)
    member = np.eye(len(labels))[position] * costs.share[:, None]
    people = np.maximum(member.sum(axis=0), np.finfo(float).tiny)
    return ((costs.mean() @ member) / people)[:, position]


def resampled_shortfall(
    observed: np.ndarray, budget: np.ndarray, weight: np.ndarray, person: np.ndarray, seed: int
) -> np.ndarray:
    """Return the share of its budget that a pool of held-out people lacks, in resamples.

    Budgets are scaled to add up to the costs of all the people: a formula shares out a given sum,
    and only whom it favours counts here.

    Parameters
    ----------
    observed, budget : ndarray, shape (row,)
        Costs, and held-out predictions of the formula.
    weight : ndarray, shape (row,)
        Of each row in the pool, from `sicker_mix`.
    person : ndarray, shape (row,)
        All rows of a person are resampled together.

    Returns
    -------
    ndarray, shape (resample,)
        (cost - budget) / budget.
    """
    columns = np.column_stack([weight * observed, weight * budget, observed, budget])
    totals = resampled_totals(columns, person, seed)
    return totals[:, 0] / totals[:, 1] * totals[:, 3] / totals[:, 2] - 1
