"""Draws as text: median and interval in one form, with the digits their Monte Carlo error bears.

Records, tables and reports print quantities by these functions only.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from numpy.typing import ArrayLike

from analysis.report.formatting import (
    SIGNIFICANT_DIGITS,
    ends_text,
    printed_steps,
    signed_text,
    significant_step,
    unit_named,
    value_text,
)
from analysis.report.monte_carlo import Simulated
from analysis.report.summaries import Summary, summarise

if TYPE_CHECKING:
    import pandas as pd

FEWEST_IN_TABLES = 20
"""Fewer draws than this have no end of a 90% interval to speak of, in whatever digits."""


@dataclass(frozen=True)
class SummaryTexts:
    """A summary in print; `low`, `high` and `ends` are empty where it has no interval.

    Attributes
    ----------
    value, low, high : str
        With the whole unit, as `73,000 people`.
    cell : str
        The value with no more than the sign of its unit, for tables.
    ends : str
        The interval, as `6.1%–10.4%`.
    """

    value: str
    cell: str
    low: str = ""
    high: str = ""
    ends: str = ""


def summary_texts(summary: Summary, unit: str, decimals: int | None = None) -> SummaryTexts:
    """Return a summary in print, each part rounded by its own Monte Carlo error."""
    printed = unit_named(unit)
    ends, errors = [], [summary.mcse]
    if summary.has_interval:
        ends = [summary.low, summary.high]
        errors += [summary.mcse_low, summary.mcse_high]
    step, *end_steps = printed_steps([summary.value, *ends], errors, printed, decimals)
    value = value_text(summary.value, printed, step)
    cell = signed_text(summary.value, printed, step)
    if not ends:
        return SummaryTexts(value, cell)
    low, high = (value_text(end, printed, at) for end, at in zip(ends, end_steps, strict=True))
    return SummaryTexts(value, cell, low, high, ends_text(ends, printed, end_steps))


def interval_text(
    draws: ArrayLike | Simulated,
    unit: str = "none",
    decimals: int | None = None,
    infinite: str = "no limit",
) -> str:
    """Return median and interval as a table prints them: `126,000 (96,000–174,000)`.

    Parameters
    ----------
    draws : array_like or Simulated
        As `summarise` takes them, however few: their error sets the digits.
    unit : str
        A key of `UNITS`. Its sign is printed, its words belong into the heading of the column.
    decimals : int, optional
        Upper limit on the decimals shown.
    infinite : str
        What an infinite median means, where `no limit` says too little: `no size`.

    Raises
    ------
    InputError
        When a draw is not a number, or the draws are too few.
    """
    return _cell_text(_summary(draws), unit, decimals, infinite)


def median_text(
    draws: ArrayLike | Simulated,
    unit: str = "none",
    decimals: int | None = None,
    infinite: str = "no limit",
) -> str:
    """Return the median alone, with the digits that it would have beside its interval."""
    summary = _summary(draws)
    return infinite if math.isinf(summary.value) else summary_texts(summary, unit, decimals).cell


def bounds_text(
    draws: ArrayLike | Simulated, unit: str = "none", decimals: int | None = None
) -> str:
    """Return the interval alone, as `96,000–174,000`, for a table that gives the value apart."""
    return summary_texts(_summary(draws), unit, decimals).ends


def values_text(
    value: float,
    low: float,
    high: float,
    unit: str = "none",
    decimals: int | None = None,
    *,
    exact: bool = False,
    infinite: str = "no limit",
) -> str:
    """Return a value and an interval whose draws are gone: published ones, or rows of a table.

    Three digits of the value, or of half the interval's width where that is larger, in all three;
    all digits where they are `exact`, as those of a source are.
    """
    error = None if exact else 0.0
    return _cell_text(Summary(value, low, high, error, error, error), unit, decimals, infinite)


def measured_texts(
    measured: Callable[[str], "pd.DataFrame"], columns: Mapping[str, tuple[str, float, int]]
) -> dict[str, list[str]]:
    """Return columns of a table from measures that have intervals of their own.

    Parameters
    ----------
    measured : callable
        From a measure to ``value``, ``low`` and ``high``, one row a row of the table.
    columns : mapping of str to (str, float, int)
        By heading: the measure, what it is multiplied by, and its decimals.
    """
    return {
        heading: [
            values_text(value, low, high, decimals=decimals)
            for value, low, high in scale * measured(measure).to_numpy()
        ]
        for heading, (measure, scale, decimals) in columns.items()
    }


def rounded_text(value: float, unit: str = "none", digits: int = SIGNIFICANT_DIGITS) -> str:
    """Return a value that has neither draws nor interval with so many significant digits."""
    printed = unit_named(unit)
    step = significant_step(value * printed.scale, digits) if math.isfinite(value) else 0.0
    return signed_text(value, printed, max(step, 10.0**-printed.most_decimals) if step else 0.0)


def probability_text(happens: ArrayLike | Simulated, decimals: int = 0) -> str:
    """Return how probable something is: `63%`, and `<1%` or `>99%` where draws cannot tell more.

    Parameters
    ----------
    happens : array_like of bool or Simulated or float
        Whether it happens, by draw; or its probability.
    decimals : int
        Upper limit on the decimals of the percentage.
    """
    summary = _summary(happens)
    least = 10.0 ** (-2 - decimals)
    if summary.value < least:
        return f"<{least:.{decimals}%}"
    if summary.value > 1 - least:
        return f">{1 - least:.{decimals}%}"
    return summary_texts(summary, "probability", decimals).cell


def _summary(draws: ArrayLike | Simulated) -> Summary:
    """Summarise whatever effective sample there is: where it is small, digits are few."""
    return summarise(draws, fewest=FEWEST_IN_TABLES, min_ess=0)


def _cell_text(summary: Summary, unit: str, decimals: int | None, infinite: str) -> str:
    texts = summary_texts(summary, unit, decimals)
    value = infinite if math.isinf(summary.value) else texts.cell
    if not texts.ends or (math.isinf(summary.low) and summary.low == summary.high):
        return value
    return f"{value} ({texts.ends})"
