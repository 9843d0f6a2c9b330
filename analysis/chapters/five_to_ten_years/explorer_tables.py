"""What ways of phasing risk in lead to, as tables by reserve and limit.

Where shares are the same for all groups, a group is ruined as soon as its summed losses, weighted
by the shares, pass its reserve. So one sorted array of the largest losses so far tells how many
are ruined under any reserve and any multiple of the same timetable.
"""

from collections.abc import Callable, Sequence

import numpy as np

from analysis.chapters.five_to_ten_years.phase_in import (
    TIMETABLE_STEPS,
    SavingsPaths,
    largest_step,
    risk_by_reserve,
    worst_year,
)
from analysis.risk.chance_table import low_median_high
from analysis.risk.lookup import Axis, Lookup

RESERVES = (0.01, 0.02, 0.03, 0.05, 0.1, 0.2)
"""Reserves at the start, shares of one year's budget."""

LIMITS = (0.005, 0.01, 0.02, 0.05)
"""Largest acceptable probabilities of ruin in a year."""

type ShareAndRuined = tuple[np.ndarray, np.ndarray]
"""Mean share at risk, and share of groups ruined so far, each of shape (year,)."""


def phase_in_tables(paths: Sequence[SavingsPaths]) -> dict[str, Lookup]:
    """Return shares at risk and groups ruined by year, under four ways of phasing risk in.

    Parameters
    ----------
    paths : sequence of SavingsPaths
        Simulated groups, one for each draw.

    Returns
    -------
    dict of str to Lookup
        ``own``: a share by each group's own reserve; ``steps``: one timetable that rises in equal
        steps; ``constant``: the same in every year; ``full``: full risk at once. Each with
        ``/share``, the mean share at risk, and ``/ruined``, the share of groups whose reserve was
        gone, by reserve, limit and year.
    """
    years = paths[0].saving.shape[1]
    rising, level = np.arange(1, years + 1) / years, np.ones(years)
    rising_losses = [worst_losses(draw, rising) for draw in paths]
    level_losses = [worst_losses(draw, level) for draw in paths]

    def steps(draw: int, reserve: float, limit: float) -> ShareAndRuined:
        return _largest_timetable(rising_losses[draw], reserve, limit, rising)

    def constant(draw: int, reserve: float, limit: float) -> ShareAndRuined:
        return _largest_timetable(level_losses[draw], reserve, limit, level)

    def own(draw: int, reserve: float, limit: float) -> ShareAndRuined:
        ruin = risk_by_reserve(paths[draw], reserve, limit)
        return ruin.share, ruin.ruined_by

    def full(draw: int, reserve: float, _: float) -> ShareAndRuined:
        return level, ruined_by(level_losses[draw], 1.0, reserve)

    ways = {"steps": steps, "constant": constant, "own": own, "full": full}
    tables: dict[str, Lookup] = {}
    for name, way in ways.items():
        tables |= _tables_of_way(name, way, draws=len(paths), years=years)
    return tables


def _tables_of_way(
    name: str, way: Callable[[int, float, float], ShareAndRuined], *, draws: int, years: int
) -> dict[str, Lookup]:
    """Tabulate what one way of phasing risk in leads to, by draw, reserve and limit."""
    outcomes = np.empty((len(RESERVES), len(LIMITS), years, 2, draws))
    for row, reserve in enumerate(RESERVES):
        for column, limit in enumerate(LIMITS):
            for draw in range(draws):
                outcomes[row, column, ..., draw] = np.stack(way(draw, reserve, limit), axis=-1)
    axes = [
        Axis("reserve", RESERVES, "log"),
        Axis("limit", LIMITS, "log"),
        Axis("year", tuple(float(year) for year in range(1, years + 1))),
    ]
    return {
        f"{name}/share": Lookup(axes, low_median_high(outcomes[..., 0, :])),
        f"{name}/ruined": Lookup(axes, low_median_high(outcomes[..., 1, :])),
    }


def worst_losses(paths: SavingsPaths, shape: np.ndarray) -> np.ndarray:
    """Return the largest weighted loss so far, shape (year, group), sorted within each year.

    Parameters
    ----------
    shape : ndarray, shape (year,)
        Weights: shares at risk relative to each other.
    """
    lost = np.maximum.accumulate(-np.cumsum(shape * paths.saving, axis=1), axis=1)
    return np.sort(lost, axis=0).T


def ruined_by(losses: np.ndarray, multiple: float, reserve: float) -> np.ndarray:
    """Return the share of groups ruined by each year under a multiple of a timetable.

    Parameters
    ----------
    losses : ndarray, shape (year, group)
        From `worst_losses`.
    multiple : float
        Of the shape that the losses were weighted with.
    reserve : float
        At the start, share of the budget.
    """
    if multiple == 0:
        return np.zeros(len(losses))
    groups = losses.shape[1]
    spared = [np.searchsorted(year, reserve / multiple, side="right") for year in losses]
    return 1 - np.array(spared) / groups


def _largest_timetable(
    losses: np.ndarray, reserve: float, limit: float, shape: np.ndarray
) -> ShareAndRuined:
    """Shares and groups ruined of the largest timetable under the limit."""

    def worst(step: int) -> float:
        return worst_year(ruined_by(losses, step / TIMETABLE_STEPS, reserve))

    multiple = largest_step(worst, limit) / TIMETABLE_STEPS
    return multiple * shape, ruined_by(losses, multiple, reserve)
