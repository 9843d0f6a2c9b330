"""What risk adjustment explains, what it leaves to chance, and whom it leaves short."""

import numpy as np

from analysis.risk.severity import CostDistribution


def variation(costs: CostDistribution, *, adjusted: bool) -> np.ndarray:
    """Return k, the coefficient of variation of one person's annual cost.

    A pool of N independent people has a ratio of cost to budget with standard deviation
    k / sqrt(N).

    Parameters
    ----------
    costs : CostDistribution
    adjusted : bool
        If true the budget follows the cells, and k counts only the variance within them; if false
        the budget is the same for everybody, and differences between cells count too.

    Returns
    -------
    ndarray, shape (draw,)
    """
    mean = costs.mean()
    population = (mean * costs.share).sum(axis=1)
    within = (costs.variance() * costs.share).sum(axis=1)
    between = ((mean - population[:, None]) ** 2 * costs.share).sum(axis=1)
    return np.sqrt(within + (0 if adjusted else between)) / population


def explained_share(costs: CostDistribution) -> np.ndarray:
    """Return R²: the share of the variance of individual cost that lies between cells.

    This is what a budget that follows the cells explains if their means are known; out of sample
    it is a little lower (`analysis.risk.scores`).

    Parameters
    ----------
    costs : CostDistribution

    Returns
    -------
    ndarray, shape (draw,)
    """
    return 1 - (variation(costs, adjusted=True) / variation(costs, adjusted=False)) ** 2


def pool_shortfall(
    costs: CostDistribution, sicker: np.ndarray, groups: np.ndarray, excess: float
) -> np.ndarray:
    """Return the share of its budget that a sicker pool lacks when budgets ignore sickness.

    The pool has `excess` more people in the sickest cells than the population has, at the expense
    of the other cells *of the same budget group*: its mix of groups, and so its budget, is that of
    the population.

    Parameters
    ----------
    costs : CostDistribution
        From a model whose cells know sickness.
    sicker : ndarray of bool, shape (cell,)
        The sickest cells.
    groups : ndarray, shape (cell,)
        Label of the budget group of each cell, for example its age and sex.
    excess : float
        0.2 for 20 % more people in the sickest cells.

    Returns
    -------
    ndarray, shape (draw,)
        (expected cost - budget) / budget.

    Raises
    ------
    ValueError
        If a group has too few other people to make room.
    """
    mean, share = costs.mean(), costs.share.copy()
    for group in np.unique(groups):
        sick, other = (groups == group) & sicker, (groups == group) & ~sicker
        moved = excess * share[sick].sum()
        if moved > share[other].sum():
            raise ValueError(
                f"group {group}: an excess of {excess:.0%} needs more people than are not sick"
            )
        share[sick] *= 1 + excess
        if moved > 0:
            share[other] *= 1 - moved / share[other].sum()
    budget = (mean * costs.share).sum(axis=1)
    return (mean * share).sum(axis=1) / budget - 1
