"""A reader's own groups by year, from a table: one row a group and year.

Columns: ``group``; ``start_year`` and ``year``, or ``years_since_start`` (0 in the first);
``savings_rate`` in percent of the benchmark, or ``spend`` and ``benchmark``; and ``people``.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.tables.csv_files import check_names
from analysis.tables.people_tables import open_people
from analysis.tables.read_errors import plain_read_errors

FEWEST_GROUPS = 5
FEWEST_YEARS = 3
MOST_ROWS = 20_000
LONGEST = 40
"""Years since the start, at most."""

CALENDAR = (1900, 2200)
LARGEST_RATE = 100.0
LARGEST = 1e13

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
    """

    table: pd.DataFrame
    has_calendar: bool


def read_groups(file: Path) -> OwnGroups:
    """Read a table of groups by year.

    Parameters
    ----------
    file : Path
        CSV or Parquet; see the head of this module.

    Raises
    ------
    InputError
        If the table cannot be used; names the file, the column, the row and the fix.
    """
    source = open_people(str(file), "")  # no column of costs: a CSV file is read as text
    with plain_read_errors(source.name):
        names = [name.strip().casefold() for name in source.table.columns]
        check_names(names)
        _need(names, "group", "people")
        frame = source.table.limit(MOST_ROWS + 1).to_pandas()
        frame.columns = pd.Index(names)
        if frame.empty:
            raise InputError("has no row below its header; give one row a group and year")
        if len(frame) > MOST_ROWS:
            raise InputError(f"has more than {MOST_ROWS:,} rows; give one row a group and year")
        # Rows are counted as an editor counts the lines of a CSV file, its header included.
        frame.index = pd.RangeIndex(2, len(frame) + 2)
        return _groups(frame)


def _need(names: list[str], *wanted: str) -> None:
    if lacks := [name for name in wanted if name not in names]:
        raise InputError(
            f"column {lacks[0]} is not in the table; it needs group, people, {TIMES}, and {RATES}"
        )


def _groups(frame: pd.DataFrame) -> OwnGroups:
    table, has_calendar = _times(frame)
    table.insert(0, "group", _labels(frame["group"]))
    table["rate"] = _rates(frame)
    table["people"] = _numbers(frame, "people", 1, 1e9)
    _check_groups(table, has_calendar)
    return OwnGroups(table.sort_values(["group", "year"], ignore_index=True), has_calendar)


def _labels(column: pd.Series) -> pd.Series:
    labels = column.astype("string").str.strip()
    _refuse(labels.isna() | (labels == ""), column, "group", "every row needs a group")
    return labels.astype(str)


def _times(frame: pd.DataFrame) -> tuple[pd.DataFrame, bool]:
    """Start, year and years since the start; without a calendar all begin in year 0."""
    if "start_year" in frame and "year" in frame:
        start, year = (_whole(frame, name, *CALENDAR) for name in ("start_year", "year"))
        late = year - start
        _refuse(late < 0, frame["year"], "year", "it lies before start_year; correct one of them")
        _refuse(late > LONGEST, frame["year"], "year", f"over {LONGEST} years after the start")
        return pd.DataFrame({"start_year": start, "year": year, "elapsed": late}), True
    _need(list(frame.columns), "years_since_start")
    since = _whole(frame, "years_since_start", 0, LONGEST)
    return pd.DataFrame({"start_year": 0 * since, "year": since, "elapsed": since}), False


def _rates(frame: pd.DataFrame) -> pd.Series:
    if "savings_rate" in frame:
        return _numbers(frame, "savings_rate", -LARGEST_RATE, LARGEST_RATE)
    _need(list(frame.columns), "spend", "benchmark")
    spend, benchmark = (_numbers(frame, name, 0, LARGEST) for name in ("spend", "benchmark"))
    _refuse(benchmark == 0, frame["benchmark"], "benchmark", "give an amount above 0")
    rate = 100 * (1 - spend / benchmark)
    far = "spend is more than twice the benchmark; are both in the same money?"
    _refuse(rate < -LARGEST_RATE, frame["spend"], "spend", far)
    return rate


def _whole(frame: pd.DataFrame, name: str, low: int, high: int) -> pd.Series:
    years = _numbers(frame, name, low, high)
    _refuse(years.mod(1) != 0, frame[name], name, "give whole years")
    return years.astype(int)


def _numbers(frame: pd.DataFrame, name: str, low: float, high: float) -> pd.Series:
    numbers = pd.to_numeric(frame[name], errors="coerce").astype(float)
    written = "write numbers without units or thousands separators"
    _refuse(numbers.isna() | np.isinf(numbers), frame[name], name, written)
    # Years are written without a thousands separator.
    span = " to ".join(f"{end:.0f}" if abs(end) < 10_000 else f"{end:,.0f}" for end in (low, high))
    _refuse(~numbers.between(low, high), frame[name], name, f"give {span}")
    return numbers


def _refuse(wrong: pd.Series, column: pd.Series, name: str, advice: str) -> None:
    if wrong.any():
        row = wrong.index[wrong.to_numpy(bool)][0]
        value = column.loc[row]
        shown = "" if pd.isna(value) else str(value)[:40]
        raise InputError(f"column {name}, row {row}, value {shown!r}: {advice}")


def _check_groups(table: pd.DataFrame, has_calendar: bool) -> None:
    twice = table.duplicated(["group", "year"])
    once = "it has two rows in one year; give one row a group and year"
    _refuse(twice, table["group"], "group", once)
    first = table.groupby("group")["start_year"].transform("first")
    moved = table["start_year"] != first
    _refuse(moved, table["start_year"], "start_year", "the group has another one above")
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
