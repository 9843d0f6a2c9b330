"""What groups that left did to the mean of those still there."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.models.growth.priors import GAIN_COLUMN
from analysis.models.growth.rows import GrowthOfRows
from analysis.models.savings.components import SpreadComponents
from analysis.own.programme.fitting import OwnGrowth
from analysis.own.programme.table import OwnGroups

DRAWS = 100
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
    leave, stay = (
        table["rate"][rows].groupby([key[rows] for key in keys]).agg(["mean", "size"])
        for rows in (leaving, ~leaving)
    )
    both = leave.join(stay.add_suffix("_stay"), how="inner")
    if both.empty:
        return float("nan")
    return float(np.average(both["mean"] - both["mean_stay"], weights=both["size"]))


def _added(groups: OwnGroups, growth: OwnGrowth, draw: int) -> np.ndarray:
    """Mean lasting difference of those present less that of all who could be, by year."""
    model, rows = growth.model, growth.model.rows
    components = model.components(growth.vectors[draw])
    coefficient = growth.coefficients[draw]
    reached, _ = model.reached(float(growth.years_to_80pct[draw]))
    residual = rows.rate - rows.design @ coefficient - coefficient[GAIN_COLUMN] * reached
    years = np.arange(int(rows.elapsed.max()) + 1)
    persistent = _persistent(model, components, residual, years)
    elapsed_seen = model.blocks.elapsed[model.blocks.pattern_idx]
    present = (elapsed_seen[:, :, None] == years).any(axis=1)
    final = (groups.table["year"].max() - groups.table["start_year"]).to_numpy()
    could = (years >= elapsed_seen[:, :1]) & (years <= final[model.blocks.rows[:, :1]])
    with np.errstate(invalid="ignore"):
        still, all_of_them = ((persistent * who).sum(0) / who.sum(0) for who in (present, could))
    return np.asarray(still - all_of_them)


def _persistent(
    model: GrowthOfRows, components: SpreadComponents, residual: np.ndarray, years: np.ndarray
) -> np.ndarray:
    """Expected lasting difference of each group in every year, seen or not, given what was seen."""
    blocks = model.blocks
    scales, axes, _ = model.axes(model.by_lag(components))
    along = (blocks.filled(residual)[:, None, :] @ axes)[:, 0] / (1 + blocks.relative_size * scales)
    solved = (axes @ along[:, :, None])[:, :, 0]
    lasting = model.by_lag(replace(components, yearly=0.0, k_renewed=0.0))
    # A slot that is not used has a residual of zero, and so weighs nothing at any lag.
    lag = np.abs(years[:, None] - np.maximum(blocks.elapsed, 0)[:, None, :])
    sizeless, with_size = (part[lag][blocks.pattern_idx] for part in lasting)
    carried = sizeless + blocks.relative_size[:, :, None] * with_size
    return np.asarray((carried @ solved[:, :, None])[:, :, 0])
