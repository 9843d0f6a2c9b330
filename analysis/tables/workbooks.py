"""Excel and Stata files, read whole into a table: values as they are stored, not as they look.

Both are small enough for memory: a sheet has at most a million rows.
"""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.errors import InputError
from analysis.tables.csv_files import check_names

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

EXCEL_ENDINGS = (".xlsx", ".xlsm")
STATA_ENDINGS = (".dta",)


def excel_table(path: Path, sheet: str) -> "pa.Table":
    """Return a sheet of a workbook, its first row the names of the columns.

    Parameters
    ----------
    sheet : str
        Its name; may be empty where the workbook has one sheet.

    Raises
    ------
    InputError
        If there is no such sheet, or a column has no name.
    """
    import pandas as pd

    with pd.ExcelFile(path, engine="openpyxl") as book:
        sheets = [str(name) for name in book.sheet_names]
        if sheet not in sheets and (sheet or len(sheets) > 1):
            wanted = f"sheet {sheet} is not there" if sheet else "name a sheet after ::"
            raise InputError(f"{wanted}; it has {', '.join(sheets[:20])}")
        # As they are stored: otherwise a code such as 007 becomes 7.
        raw = book.parse(sheet or sheets[0], header=None, dtype=object)
    if raw.empty:
        raise InputError("is empty")
    names = ["" if name is None or name != name else str(name) for name in raw.iloc[0]]
    if not all(name.strip() for name in names):
        raise InputError("has a column without a name in its first row; give every column one")
    check_names(names)
    frame = raw.iloc[1:].dropna(how="all").set_axis(names, axis="columns")
    return _arrow(frame.apply(_of_one_kind))


def stata_table(path: Path) -> "pa.Table":
    """Return a Stata file: codes as numbers, not their labels."""
    import pandas as pd

    frame = pd.read_stata(path, convert_categoricals=False)
    check_names(list(frame.columns))
    return _arrow(frame)


def _arrow(frame: "pd.DataFrame") -> "pa.Table":
    import pyarrow as pa

    return pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata()


def _of_one_kind(column: "pd.Series") -> "pd.Series":
    """A column of numbers or of dates as such, and any other as text."""
    held = column.dropna()
    kinds = {type(value) for value in held}
    if held.empty or kinds <= {int, float}:
        whole = kinds == {int}
        return column.astype("Int64" if whole else "float64")
    if kinds <= {dt.datetime}:
        return column.astype("datetime64[us]")
    # A whole number beside text is written as a sheet shows it.
    text = held.map(lambda v: str(int(v)) if isinstance(v, float) and v == int(v) else str(v))
    return text.reindex(column.index).astype("string")
