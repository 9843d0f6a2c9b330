"""Numbers of the report on a reader's own population, as they are printed and as JSON has them."""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.settings import INTERVAL

PERCENT = f"{INTERVAL:.0%}"
"""Probability of every interval, in words."""


def rounded(value: float, digits: int = 3) -> str:
    """Return a number with so many significant digits and thousands separators.

    Parameters
    ----------
    value : float
        Infinite reads ``no size``.
    """
    if math.isinf(value):
        return "no size"
    shown = float(f"{value:.{digits}g}")
    whole = shown == 0 or abs(shown) >= 10 ** (digits - 1)
    decimals = 0 if whole else digits - 1 - math.floor(math.log10(abs(shown)))
    return f"{shown:,.{decimals}f}".replace("-", "−")


def with_interval(row: Mapping[Any, Any], name: str = "", digits: int = 3) -> str:
    """Return a value with its interval: ``67,500 (65,800 to 69,400)``.

    Parameters
    ----------
    row : mapping
        With ``name``, ``name_low`` and ``name_high``; without a name ``value``, ``low``, ``high``.
    digits : int
        Significant digits; one fewer where the interval is wide.
    """
    keys = (name, f"{name}_low", f"{name}_high") if name else ("value", "low", "high")
    value, low, high = (float(row[key]) for key in keys)
    if math.isinf(value) and math.isinf(low):
        return rounded(value)
    wide = math.isinf(high) or (value and (high - low) / abs(value) > 0.2)
    shown = [rounded(one, max(2, digits - bool(wide))) for one in (value, low, high)]
    return f"{shown[0]} ({shown[1]} to {shown[2]})"


def size_words(row: Mapping[Any, Any]) -> str:
    """Return a minimum size in words, with its interval.

    Parameters
    ----------
    row : mapping
        ``people``, ``low``, ``high``.
    """
    named = {"value": row["people"], "low": row["low"], "high": row["high"]}
    if math.isinf(row["people"]):
        return "no size is enough" if math.isinf(row["low"]) else with_interval(named)
    value, _, ends = with_interval(named).partition(" ")
    return f"{value} people ({PERCENT} interval {ends[1:]}"


def needs(row: Mapping[Any, Any]) -> str:
    """Return a clause that says how many people are needed, or that no number is enough.

    Parameters
    ----------
    row : mapping
        ``people``, ``low``, ``high``.
    """
    never = math.isinf(row["people"]) and math.isinf(row["low"])
    return "no number of people is enough" if never else f"it needs {size_words(row)}"


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
