"""What ways of phasing risk in lead to, as tables by reserve and limit.

Where shares are the same for all groups, a group is ruined as soon as its summed losses, weighted
by the shares, pass its reserve. So one sorted array of the largest losses so far tells how many
are ruined under any reserve and any multiple of the same timetable.
"""

from collections.abc import Sequence

import numpy as np

from analysis.chapters.five_to_ten_years.phase_in import TIMETABLE_STEPS, Paths, risk_by_reserve
from analysis.risk.chance_table import three
from analysis.risk.lookup import Axis, Lookup

RESERVES = (0.01, 0.02, 0.03, 0.05, 0.1, 0.2)
"""Reserves at the start, shares of one year's budget."""

LIMITS = (0.005, 0.01, 0.02, 0.05)
"""Largest acceptable probabilities of ruin in a year."""


def phase_in_tables(paths: Sequence[Paths]) -> dict[str, Lookup]:
    """Return shares at risk and groups ruined by year, under four ways of phasing risk in.

    Parameters
    ----------
    paths : sequence of Paths
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
    shapes = {"steps": np.arange(1, years + 1) / years, "constant": np.ones(years)}
    losses = {name: [worst_losses(one, shape) for one in paths] for name, shape in shapes.items()}
    found = {
        name: [
            [
                [_largest(one, reserve, limit, shapes[name]) for one in losses[name]]
                for limit in LIMITS
            ]
            for reserve in RESERVES
        ]
        for name in shapes
    }
    found["own"] = [
        [[_own(one, reserve, limit) for one in paths] for limit in LIMITS] for reserve in RESERVES
    ]
    found["full"] = [
        [[(np.ones(years), ruined_by(one, 1.0, reserve)) for one in losses["constant"]]]
        * len(LIMITS)
        for reserve in RESERVES
    ]
    axes = [
        Axis("reserve", RESERVES, "log"),
        Axis("limit", LIMITS, "log"),
        Axis("year", tuple(float(year) for year in range(1, years + 1))),
    ]
    tables = {}
    for name, values in found.items():
        # reserve, limit, draw, (share, ruined), year
        share, ruined = np.moveaxis(np.array(values), 3, 0)
        tables[f"{name}/share"] = Lookup(axes, three(np.moveaxis(share, 2, -1)))
        tables[f"{name}/ruined"] = Lookup(axes, three(np.moveaxis(ruined, 2, -1)))
    return tables


def worst_losses(paths: Paths, shape: np.ndarray) -> np.ndarray:
    """Return the largest weighted loss so far of each group, sorted within each year.

    Parameters
    ----------
    shape : ndarray, shape (year,)
        Weights: shares at risk relative to each other.

    Returns
    -------
    ndarray, shape (year, group)
        Share of the budget.
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

    Returns
    -------
    ndarray, shape (year,)
    """
    if multiple == 0:
        return np.zeros(len(losses))
    groups = losses.shape[1]
    spared = [np.searchsorted(year, reserve / multiple, side="right") for year in losses]
    return 1 - np.array(spared) / groups


def _largest(
    losses: np.ndarray, reserve: float, limit: float, shape: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Shares and groups ruined of the largest timetable under the limit."""
    low, high = 0, TIMETABLE_STEPS
    while low < high:
        middle = (low + high + 1) // 2
        ruined = ruined_by(losses, middle / TIMETABLE_STEPS, reserve)
        there = 1 - np.concatenate([[0.0], ruined])
        worst = np.max(1 - there[1:] / np.maximum(there[:-1], 1e-12))
        low, high = (middle, high) if worst <= limit else (low, middle - 1)
    return low / TIMETABLE_STEPS * shape, ruined_by(losses, low / TIMETABLE_STEPS, reserve)


def _own(paths: Paths, reserve: float, limit: float) -> tuple[np.ndarray, np.ndarray]:
    followed = risk_by_reserve(paths, reserve, limit)
    return followed.share, followed.ruined_by
