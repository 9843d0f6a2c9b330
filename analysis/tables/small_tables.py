"""Small tables of groups, read whole: rows checked one by one, each fault named by column and row.

Rows are counted as an editor counts the lines of a CSV file, its header included.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.tables.csv_files import check_names
from analysis.tables.people_tables import PeopleSource, with_amounts
from analysis.tables.written_amounts import written_amounts

NOT_AVAILABLE = frozenset([".", "..", "*", "NA", "N/A"])
"""What agencies write where a number is not available."""


def small_table(
    source: PeopleSource, most_rows: int, one_row: str, numbers: Sequence[str] = ()
) -> pd.DataFrame:
    """Return a table with the names of its columns in small letters, indexed by row.

    Rows that say of a number that it is not available are left out: ``frame.attrs["left_out"]``
    counts them.

    Parameters
    ----------
    source : PeopleSource
        Opened without a column of costs, so that a CSV file is read as text.
    most_rows : int
        More are refused: such a table is held in memory.
    one_row : str
        What one row is, for the message: ``one row a group and year``.
    numbers : sequence of str
        Columns of numbers, in small letters: their amounts may have decimal commas or marks for
        thousands where a whole column agrees.

    Raises
    ------
    InputError
        If it has no row, or too many.
    """
    names = [name.strip().casefold() for name in source.table.columns]
    check_names(names)
    written = [name for name in source.table.columns if name.strip().casefold() in numbers]
    source = with_amounts(source, written_amounts(source.table, written))
    frame = source.table.limit(most_rows + 1).to_pandas()
    frame.columns = pd.Index(names)
    if frame.empty:
        raise InputError(f"has no row below its header; give {one_row}")
    if len(frame) > most_rows:
        raise InputError(f"has more than {most_rows:,} rows; give {one_row}")
    frame.index = pd.RangeIndex(2, len(frame) + 2)
    absent = frame[[name for name in numbers if name in frame]].isin(NOT_AVAILABLE).any(axis=1)
    if absent.all():
        raise InputError(f"every row has a number that is not available; give {one_row}")
    kept = frame[~absent]
    kept.attrs["left_out"] = int(absent.sum())
    return kept


def left_out_words(rows: int) -> str:
    """Say how many rows were left out; empty where none was."""
    if not rows:
        return ""
    held = "1 row was" if rows == 1 else f"{rows:,} rows were"
    return f"{held} left out, in which a number is said not to be available (such as a point)."


def require_columns(names: Sequence[str], wanted: Sequence[str], needs: str) -> None:
    """Raise InputError if a column is absent; `needs` says which columns such a table has."""
    if lacks := [name for name in wanted if name not in names]:
        raise InputError(f"column {lacks[0]} is not in the table; it needs {needs}")


def text_labels(frame: pd.DataFrame, name: str, advice: str) -> pd.Series:
    """Return a column of labels as text; an empty one raises InputError with the advice."""
    labels = frame[name].astype("string").str.strip()
    refuse(labels.isna() | (labels == ""), frame[name], name, advice)
    return labels.astype(str)


def numbers_between(
    frame: pd.DataFrame, name: str, low: float, high: float, percent: bool = False
) -> pd.Series:
    """Return a column of numbers; one that is none, infinite or outside raises InputError.

    Parameters
    ----------
    percent : bool
        Whether the numbers are percent, so that all of them may have the sign, or none.
    """
    text = frame[name].astype("string").str.strip()
    signed = percent and bool(text.str.endswith("%").all())
    bare = text.str.removesuffix("%") if signed else frame[name]
    numbers = pd.to_numeric(bare, errors="coerce").astype(float)
    written = "write numbers without units or thousands separators"
    if percent and not signed and text.str.endswith("%").any():
        written = "give every row the percent sign, or none"
    refuse(numbers.isna() | np.isinf(numbers), frame[name], name, written)
    # Years are written without a thousands separator.
    span = " to ".join(f"{end:.0f}" if abs(end) < 10_000 else f"{end:,.0f}" for end in (low, high))
    refuse(~numbers.between(low, high), frame[name], name, f"give {span}")
    return numbers


def refuse(wrong: pd.Series, column: pd.Series, name: str, advice: str) -> None:
    """Raise InputError for the first row that is wrong: column, row, value and advice."""
    if wrong.any():
        row = wrong.index[wrong.to_numpy(bool)][0]
        value = column.loc[row]
        shown = "" if pd.isna(value) else str(value)[:40]
        raise InputError(f"column {name}, row {row}, value {shown!r}: {advice}")
