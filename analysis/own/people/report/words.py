"""Numbers of the report on a reader's own population, as they are printed and as JSON has them."""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.own.people.settings import Settings
from analysis.report.draws_text import values_text
from analysis.report.formatting import UNITS, digits, supported_step, value_text
from analysis.settings import INTERVAL_WORDS

NO_SIZE = "no size"
"""What an infinite number of people reads."""


def rounded(value: float) -> str:
    """Return a number with three digits and thousands separators; infinite reads ``no size``."""
    return NO_SIZE if math.isinf(value) else digits(value, UNITS["none"], supported_step(value, 0))


def with_interval(row: Mapping[Any, Any], name: str = "", unit: str = "none") -> str:
    """Return a value with its interval: ``67,500 (65,800–69,400)``.

    Parameters
    ----------
    row : mapping
        With ``name``, ``name_low`` and ``name_high``; without a name ``value``, ``low``, ``high``.
    unit : str
        A key of `analysis.report.formatting.UNITS`.
    """
    keys = (name, f"{name}_low", f"{name}_high") if name else ("value", "low", "high")
    value, low, high = (float(row[key]) for key in keys)
    return values_text(value, low, high, unit, infinite=NO_SIZE)


def size_words(row: Mapping[Any, Any]) -> str:
    """Return a minimum size in words, with its interval.

    Parameters
    ----------
    row : mapping
        ``people``, ``low``, ``high``.
    """
    size = {"value": row["people"], "low": row["low"], "high": row["high"]}
    text = with_interval(size, unit="count")
    if math.isinf(row["people"]):
        return "no size is enough" if math.isinf(row["low"]) else text
    return text.replace(" (", f" people ({INTERVAL_WORDS} ")


def needs(row: Mapping[Any, Any]) -> str:
    """Return a clause that says how many people are needed, or that no number is enough.

    Parameters
    ----------
    row : mapping
        ``people``, ``low``, ``high``.
    """
    never = math.isinf(row["people"]) and math.isinf(row["low"])
    return "no number of people is enough" if never else f"it needs {size_words(row)}"


def probability_words(row: Mapping[Any, Any]) -> str:
    """Return a probability that was simulated, never as certain.

    Parameters
    ----------
    row : mapping
        ``probability`` and its Monte Carlo error ``mcse``.
    """
    step = max(1.0, supported_step(100 * row["probability"], 100 * row["mcse"]))
    return value_text(row["probability"], UNITS["probability"], step)


def reading(settings: Settings) -> str:
    """Return what a pool that is large enough does, in words."""
    return (
        f"overspends by more than {100 * settings.tolerance:g}% in at most "
        f"{100 * settings.probability:g}% of years"
    )


def by_name(frame: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Return the rows of a table by their names.

    Parameters
    ----------
    frame : DataFrame
        Its index holds the names.
    """
    names = [str(name) for name in frame.index]
    return dict(zip(names, records(frame.reset_index(drop=True)), strict=True))


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as JSON can hold them.

    Parameters
    ----------
    frame : DataFrame
        A named or text index becomes a column ``measure``.
    """
    flat = frame if isinstance(frame.index, pd.RangeIndex) else frame.rename_axis("measure")
    flat = flat if isinstance(flat.index, pd.RangeIndex) else flat.reset_index()
    return [
        {str(key): value.item() if hasattr(value, "item") else value for key, value in row.items()}
        for row in flat.to_dict(orient="records")
    ]
