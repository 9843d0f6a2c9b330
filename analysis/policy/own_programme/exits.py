"""What groups that left did to the mean of those still there."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.models.growth import GAIN_COLUMN
from analysis.models.growth_rows import Pattern
from analysis.models.variance_components import SpreadComponents
from analysis.policy.own_programme.fitting import OwnGrowth
from analysis.policy.own_programme.table import OwnGroups

DRAWS = 200
"""Draws that exits are worked out for."""


@dataclass(frozen=True)
class Exits:
    """Groups that left, and what that did.

    Attributes
    ----------
    left, began : int
        Groups not seen in the last calendar year of the table, and all.
    gap : float
        Mean rate of those about to leave less that of the others of the same start and year,
        percentage points; NaN where there is no such year.
    added : ndarray, shape (draw, year)
        What exits added to the mean of those still there, by years since the start.
    """

    left: int
    began: int
    gap: float
    added: np.ndarray


def exits(groups: OwnGroups, growth: OwnGrowth) -> Exits | None:
    """Return what exits did, or None where the table cannot show them.

    Parameters
    ----------
    groups : OwnGroups
    growth : OwnGrowth

    Returns
    -------
    Exits or None
        None without calendar years: then a group that is not seen may only have begun late.
    """
    if not groups.has_calendar:
        return None
    table = groups.table
    final = table["year"].max()
    last = table.groupby("group")["year"].max()
    leaving = table["year"].eq(table["group"].map(last)) & (table["year"] < final)
    picked = np.linspace(0, len(growth.level) - 1, DRAWS).astype(int)
    added = np.array([_added(groups, growth, draw) for draw in picked])
    return Exits(int((last < final).sum()), len(last), _gap(table, leaving), added)


def _gap(table: pd.DataFrame, leaving: pd.Series) -> float:
    """Leavers against stayers, weighted by leavers, in cells that have both."""
    keys = [table["start_year"], table["year"]]
    leave, stay = (table["rate"][rows].groupby([k[rows] for k in keys]).agg(["mean", "size"])
                   for rows in (leaving, ~leaving))  # fmt: skip
    both = leave.join(stay, lsuffix="_leave", rsuffix="_stay", how="inner")
    if both.empty:
        return float("nan")
    return float(np.average(both["mean_leave"] - both["mean_stay"], weights=both["size_leave"]))


def _added(groups: OwnGroups, growth: OwnGrowth, draw: int) -> np.ndarray:
    """Mean lasting difference of those present less that of all who could be, by year."""
    model, rows = growth.model, growth.model.rows
    components = model.components(growth.vectors[draw])
    lasting = replace(components, yearly=0.0, k_renewed=0.0)
    coefficient = growth.coefficients[draw]
    reached, _ = model.reached(float(growth.years_to_80pct[draw]))
    residual = rows.rate - rows.design @ coefficient - coefficient[GAIN_COLUMN] * reached
    years = np.arange(int(rows.elapsed.max()) + 1)
    could = (groups.table["year"].max() - groups.table["start_year"]).to_numpy()
    sums = np.zeros((4, len(years)))
    for pattern in model.patterns:
        kept = _lasting(pattern, components, lasting, residual[pattern.rows], growth)
        present = np.isin(years, pattern.elapsed) & np.ones((len(kept), 1), bool)
        eligible = (years >= pattern.elapsed[0]) & (years <= could[pattern.rows[:, :1]])
        sums += [(kept * present).sum(0), present.sum(0), (kept * eligible).sum(0), eligible.sum(0)]
    with np.errstate(invalid="ignore"):
        return np.asarray(sums[0] / sums[1] - sums[2] / sums[3])


def _lasting(
    pattern: Pattern,
    components: SpreadComponents,
    lasting: SpreadComponents,
    residual: np.ndarray,
    growth: OwnGrowth,
) -> np.ndarray:
    """Expected lasting difference of each group in every year, seen or not, given what was seen."""
    model = growth.model
    scales, axes = model.axes(components, pattern.lag)
    solved = (residual @ axes / (1 + pattern.relative_size * scales)) @ axes.T
    years = np.arange(int(model.rows.elapsed.max()) + 1)
    lag = np.abs(years[:, None] - pattern.elapsed)
    one = 1 / model.rows.middle_people
    sizeless = lasting.covariance(lag, 0.0)
    with_size = lasting.covariance(lag, one) - sizeless
    return np.asarray(solved @ sizeless.T + pattern.relative_size * (solved @ with_size.T))
