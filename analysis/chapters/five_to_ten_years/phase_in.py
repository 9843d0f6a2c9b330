"""Phasing risk in: the share at risk by year that keeps ruin rare, and what failures cost.

A group begins with a reserve. Each year it makes or loses its share at risk of the difference
between budget and cost, and is ruined when the reserve is gone. The rest is its payer's.
Shares are the same for all groups, or follow each group's reserve. Savings, losses and reserves
are shares of one year's budget; a limit is the largest probability of ruin in any one year, of
groups still there.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.risk.performance import PerformanceNoise, observed_deficits

TIMETABLE_STEPS = 256
"""Steps in which a timetable is sought."""

NO_LOSS = 1e-12
"""Losses and shares below this are taken as this, not to divide by nothing."""


@dataclass(frozen=True)
class SavingsPaths:
    """Savings of simulated groups: share of the budget.

    Attributes
    ----------
    saving : ndarray, shape (group, year)
        Budget less cost, before anything is shared.
    persistent : ndarray, shape (group, year)
        The part that is the group's own doing: mean growth and permanent difference.
    """

    saving: np.ndarray
    persistent: np.ndarray


@dataclass(frozen=True)
class Ruin:
    """What a schedule of shares at risk leads to.

    Attributes
    ----------
    share : ndarray, shape (year,)
        Share at risk, mean of the groups still there.
    ruined_by : ndarray, shape (year,)
        Share of groups whose reserve was gone by the end of each year.
    """

    share: np.ndarray
    ruined_by: np.ndarray


def savings_paths(
    mean_saving: np.ndarray,
    permanent_sd: float,
    noise: PerformanceNoise,
    groups: int,
    generator: np.random.Generator,
) -> SavingsPaths:
    """Draw the savings of groups that grow alike and differ for good and by luck.

    Parameters
    ----------
    mean_saving : ndarray, shape (year,)
        Share of the budget.
    permanent_sd : float
        Permanent differences between groups, share of the budget.
    """
    permanent = permanent_sd * generator.standard_normal((groups, 1))
    persistent = mean_saving[None, :] + permanent
    luck = observed_deficits(noise, 0.0, mean_saving.size, groups, generator)
    return SavingsPaths(persistent - luck, persistent)


def phase_in(paths: SavingsPaths, reserve: float, limit: float) -> Ruin:
    """Return the largest share, the same for all, that keeps ruin in each year under a limit.

    Among groups still there, the share that ruins one group is its reserve over its loss; so the
    largest allowed share is a quantile of that.
    """

    def largest_share(reserves: np.ndarray, saving: np.ndarray, _: int) -> float:
        ruining_share = np.where(saving < 0, reserves / np.maximum(-saving, NO_LOSS), np.inf)
        # Not interpolated: between two groups that nothing ruins there is no number.
        return min(float(np.quantile(ruining_share, limit, method="lower")), 1.0)

    return _follow_reserves(paths, reserve, largest_share)


def risk_by_reserve(paths: SavingsPaths, reserve: float, limit: float) -> Ruin:
    """Return what shares at risk lead to that follow each group's own reserve.

    A group bears the share at which its reserve covers the loss that only the limit's part of
    groups still there exceeds in that year. So no more than that part is ruined in a year, and a
    group that has lost bears less.
    """

    def covered_share(reserves: np.ndarray, saving: np.ndarray, _: int) -> np.ndarray:
        rare_loss = max(float(np.quantile(-saving, 1 - limit, method="higher")), NO_LOSS)
        return np.minimum(reserves / rare_loss, 1.0)

    return _follow_reserves(paths, reserve, covered_share)


def fixed_share(paths: SavingsPaths, reserve: float, share: np.ndarray) -> Ruin:
    """Return what a given schedule of shares by year, between 0 and 1, leads to."""
    return _follow_reserves(paths, reserve, lambda reserves, saving, year: float(share[year]))


def largest_timetable(paths: SavingsPaths, reserve: float, limit: float, shape: np.ndarray) -> Ruin:
    """Return the largest timetable of a shape, one for all, that keeps ruin under a limit.

    Parameters
    ----------
    shape : ndarray, shape (year,)
        Shares relative to each other, between 0 and 1. The timetable is found to one part in
        `TIMETABLE_STEPS` of the shape.
    """

    def worst(step: int) -> float:
        return worst_year(fixed_share(paths, reserve, step / TIMETABLE_STEPS * shape).ruined_by)

    return fixed_share(paths, reserve, largest_step(worst, limit) / TIMETABLE_STEPS * shape)


def largest_step(worst: Callable[[int], float], limit: float) -> int:
    """Return the last of `TIMETABLE_STEPS` steps whose worst year keeps the limit, by bisection."""
    low, high = 0, TIMETABLE_STEPS  # a share of nothing ruins nobody
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if worst(middle) <= limit else (low, middle - 1)
    return low


def worst_year(ruined_by: np.ndarray) -> float:
    """Return the largest probability of ruin in one year, of groups still there."""
    surviving = 1 - np.concatenate([[0.0], ruined_by])
    return float(np.max(1 - surviving[1:] / np.maximum(surviving[:-1], NO_LOSS)))


def _follow_reserves(
    paths: SavingsPaths,
    reserve: float,
    choose: Callable[[np.ndarray, np.ndarray, int], np.ndarray | float],
) -> Ruin:
    """Follow reserves; `choose` sets shares from reserves, savings and the year's number."""
    groups, years = paths.saving.shape
    reserves, alive = np.full(groups, reserve), np.ones(groups, dtype=bool)
    mean_share, ruined = np.zeros(years), np.zeros(years)
    for year in range(years):
        saving = paths.saving[alive, year]
        if alive.any():
            share = choose(reserves[alive], saving, year)
            mean_share[year] = np.mean(share)
            reserves[alive] += share * saving
            alive &= reserves >= 0
        ruined[year] = 1 - alive.mean()
    return Ruin(mean_share, ruined)


@dataclass(frozen=True)
class Support:
    """What supporting groups in deficit costs those who pay, a share of one year's budget.

    Attributes
    ----------
    cost : float
        Deficits made good over all years, mean over all groups that began.
    ended : float
        Share of groups whose support ended.
    ended_by_mistake : float
        Share of those that had their support ended whose lasting saving would have been
        positive in the last year.
    """

    cost: float
    ended: float
    ended_by_mistake: float


def support_cost(paths: SavingsPaths, review: int | None = None, seen: int = 3) -> Support:
    """Return what it costs to make good every deficit, for ever or until a review.

    Parameters
    ----------
    review : int, optional
        Year after which groups whose mean saving over the last `seen` years was negative get no
        more support, and are replaced by others that break even. None supports all for ever.
    """
    deficits = np.maximum(-paths.saving, 0)
    if review is None:
        return Support(float(deficits.sum(axis=1).mean()), 0.0, 0.0)
    failed = paths.saving[:, review - seen : review].mean(axis=1) < 0
    spared = np.where(failed, deficits[:, review:].sum(axis=1), 0.0)
    made_good = deficits.sum(axis=1) - spared
    mistaken = paths.persistent[failed, -1] > 0
    share_mistaken = float(mistaken.mean()) if failed.any() else 0.0
    return Support(float(made_good.mean()), float(failed.mean()), share_mistaken)
