"""Months as people and their programs write them; a date that can be read two ways is refused."""

import re

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.tables.small_tables import refuse

NAMES = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)

_TIME = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?Z| ?[+-]\d{2}:?\d{2})?)?"
_YEAR, _MONTH, _DAY = r"(?P<year>(?:19|20)\d{2})", r"(?P<month>\d{1,2})", r"(?P<day>\d{1,2})"
_NAME = r"(?P<name>[A-Za-z]{3,9})\.?"

FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{_YEAR}[-/]{_MONTH}(?:[-/]{_DAY}{_TIME})?",  # 2024-04, 2024-04-01 00:00:00
        rf"{_YEAR}(?P<month>\d{{2}})(?P<day>\d{{2}})?(?:\.0+)?",  # 202404, 202404.0, 20240401
        rf"{_YEAR}[- ]?[Mm]{_MONTH}",  # 2024M04
        rf"{_MONTH}[-/]{_YEAR}",  # 04/2024
        rf"{_NAME}[-/ ]?{_YEAR}",  # Apr 2024
        rf"{_YEAR}[-/ ]?{_NAME}",
        rf"{_DAY}[-/ ]?{_NAME}[-/ ]?{_YEAR}{_TIME}",  # 1 Apr 2024, 01APR2024
        rf"{_NAME} {_DAY}, ?{_YEAR}",  # April 1, 2024
    )
)
TWO_WAYS = re.compile(rf"(?P<first>\d{{1,2}})[-/.](?P<second>\d{{1,2}})[-/.]{_YEAR}{_TIME}")
QUARTER = re.compile(r"(?:19|20)\d{2}[- ]?[Qq][1-4]|[Qq][1-4][-/ ]?(?:19|20)\d{2}")

ADVICE = "write months as 2024-04"


def months_of(values: pd.Series) -> pd.Series:
    """Return the month of each value, as a `pandas.Period`.

    Parameters
    ----------
    values : Series of str
        Named as the column, indexed by the row of the file.

    Raises
    ------
    InputError
        Naming column, row and value: if it is no month, a quarter, or a date of which day and
        month can be told apart nowhere in the column.
    """
    text, name = values.str.strip(), str(values.name)
    quarters = text.str.fullmatch(QUARTER)
    refuse(quarters, values, name, f"it is a quarter; give payments by month, and {ADVICE}")
    two_ways = text.str.fullmatch(TWO_WAYS)
    parts = pd.DataFrame([_parts(each) for each in text], index=text.index)
    if two_ways.any():
        parts.loc[two_ways, ["day", "month"]] = _told_apart(values[two_ways], name)
    dates = pd.to_datetime(parts.fillna({"day": 1}), errors="coerce")
    refuse(dates.isna(), values, name, ADVICE)
    return dates.dt.to_period("M")


def _parts(text: str) -> dict[str, float]:
    """Year, month and day of a date; nothing where it has none of the forms."""
    found = next((match for form in (*FORMS, TWO_WAYS) if (match := form.fullmatch(text))), None)
    parts = found.groupdict() if found else {}
    month = parts.get("month") or _number_of(parts.get("name") or "")
    numbers = {"year": parts.get("year"), "month": month, "day": parts.get("day")}
    return {part: float(value) if value else np.nan for part, value in numbers.items()}


def _number_of(word: str) -> int | None:
    """Return 1 to 12 of the name of a month, whole or its first three letters (or Sept)."""
    lower = "sep" if word.lower() == "sept" else word.lower()
    return next((at for at, name in enumerate(NAMES, 1) if lower in {name, name[:3]}), None)


def _told_apart(values: pd.Series, name: str) -> np.ndarray:
    """Day and month of dates such as 31/01/2024, whose order some date of the column must show."""
    numbers = values.str.strip().str.extract(TWO_WAYS)[["first", "second"]].astype(int)
    first, second = numbers["first"], numbers["second"]
    refuse((first > 12) & (second > 12), values, name, ADVICE)
    day_first, month_first = (first > 12).any(), (second > 12).any()
    if day_first and month_first:
        odd = values[second > 12].iloc[0].strip()
        raise InputError(
            f"column {name}: {values[first > 12].iloc[0].strip()!r} has the day first and {odd!r} "
            f"the month; {ADVICE}"
        )
    if not day_first and not month_first:
        advice = f"it can be read in two ways, day first or month first; {ADVICE}"
        refuse(first != second, values, name, advice)
    return numbers[["second", "first"] if month_first else ["first", "second"]].to_numpy(float)
