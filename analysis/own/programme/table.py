"""A reader's own groups by year, from a table: one row a group and year.

Columns: ``group``; ``start_year`` and ``year``, or ``years_since_start`` (0 in the first);
``savings_rate`` in percent of the benchmark, or ``spend`` and ``benchmark``; and ``people``.
"""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.errors import InputError
from analysis.tables.people_tables import open_people
from analysis.tables.read_errors import plain_read_errors
from analysis.tables.small_tables import (
    numbers_between,
    refuse,
    require_columns,
    small_table,
    text_labels,
)

FEWEST_GROUPS = 5
FEWEST_YEARS = 3
MOST_ROWS = 20_000
LONGEST = 40
"""Years since the start, at most."""

CALENDAR = (1900, 2200)
LARGEST_RATE = 100.0
LARGEST = 1e13

NUMBERS = ("savings_rate", "spend", "benchmark", "people")
TIMES = "start_year and year, or years_since_start (0 in the first)"
RATES = "savings_rate (percent of the benchmark), or spend and benchmark"


@dataclass(frozen=True)
class OwnGroups:
    """Rates by group and year.

    Attributes
    ----------
    table : DataFrame, one row a group and year
        ``group`` (text), ``start_year``, ``year``, ``elapsed`` (years since the start), ``rate``
        (percent of the benchmark) and ``people``; sorted by group and year.
    has_calendar : bool
        Whether the table tells calendar years; if not, ``start_year`` is 0 for all.
    left_out : int
        Rows in which a number is not available.
    """

    table: pd.DataFrame
    has_calendar: bool
    left_out: int = 0


def read_groups(file: Path) -> OwnGroups:
    """Read a table of groups by year.

    Parameters
    ----------
    file : Path
        Any that `open_people` opens; see the head of this module.

    Raises
    ------
    InputError
        If the table cannot be used; names the file, the column, the row and the fix.
    """
    source = open_people(str(file), "")  # no column of costs: a CSV file is read as text
    with plain_read_errors(source.name):
        frame = small_table(source, MOST_ROWS, "one row a group and year", NUMBERS)
        _need(frame, "group", "people")
        return _groups(frame)


def _need(frame: pd.DataFrame, *wanted: str) -> None:
    require_columns(list(frame.columns), wanted, f"group, people, {TIMES}, and {RATES}")


def _groups(frame: pd.DataFrame) -> OwnGroups:
    table, has_calendar = _times(frame)
    table.insert(0, "group", text_labels(frame, "group", "every row needs a group"))
    table["rate"] = _rates(frame)
    table["people"] = numbers_between(frame, "people", 1, 1e9)
    _check_groups(table, has_calendar)
    rows = table.sort_values(["group", "year"], ignore_index=True)
    return OwnGroups(rows, has_calendar, frame.attrs["left_out"])


def _times(frame: pd.DataFrame) -> tuple[pd.DataFrame, bool]:
    """Start, year and years since the start; without a calendar all begin in year 0."""
    if "start_year" in frame and "year" in frame:
        start, year = (_whole(frame, name, *CALENDAR) for name in ("start_year", "year"))
        late = year - start
        refuse(late < 0, frame["year"], "year", "it lies before start_year; correct one of them")
        refuse(late > LONGEST, frame["year"], "year", f"over {LONGEST} years after the start")
        return pd.DataFrame({"start_year": start, "year": year, "elapsed": late}), True
    _need(frame, "years_since_start")
    since = _whole(frame, "years_since_start", 0, LONGEST)
    return pd.DataFrame({"start_year": 0 * since, "year": since, "elapsed": since}), False


def _rates(frame: pd.DataFrame) -> pd.Series:
    if "savings_rate" in frame:
        return numbers_between(frame, "savings_rate", -LARGEST_RATE, LARGEST_RATE, percent=True)
    _need(frame, "spend", "benchmark")
    spend, benchmark = (numbers_between(frame, name, 0, LARGEST) for name in ("spend", "benchmark"))
    refuse(benchmark == 0, frame["benchmark"], "benchmark", "give an amount above 0")
    rate = 100 * (1 - spend / benchmark)
    far = "spend is more than twice the benchmark; are both in the same money?"
    refuse(rate < -LARGEST_RATE, frame["spend"], "spend", far)
    return rate


def _whole(frame: pd.DataFrame, name: str, low: int, high: int) -> pd.Series:
    years = numbers_between(frame, name, low, high)
    refuse(years.mod(1) != 0, frame[name], name, "give whole years")
    return years.astype(int)


def _check_groups(table: pd.DataFrame, has_calendar: bool) -> None:
    twice = table.duplicated(["group", "year"])
    once = "it has two rows in one year; give one row a group and year"
    refuse(twice, table["group"], "group", once)
    first = table.groupby("group")["start_year"].transform("first")
    moved = table["start_year"] != first
    refuse(moved, table["start_year"], "start_year", "the group has another one above")
    years_of_group = table.groupby("group").size()
    several = (years_of_group > 1).sum()
    if several < FEWEST_GROUPS:
        raise InputError(
            f"holds {len(years_of_group):,} groups, {several:,} of them in two years or more; "
            f"{FEWEST_GROUPS} of these are the fewest from which growth can be learned"
        )
    if (years := table["elapsed"].nunique()) < FEWEST_YEARS:
        raise InputError(
            f"shows groups in {years} different years since their start; {FEWEST_YEARS} are the "
            "fewest from which the form of growth can be learned"
        )
