"""Tables: accessible HTML with a caption, readable on a phone, and their data as CSV."""

from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any, cast

from analysis.report.checks import check_display
from analysis.report.figures import csv_text

if TYPE_CHECKING:
    import pandas as pd

TABLE_MIME = "application/vnd.tensuggestions.table+json"
"""Type of the output that the book turns into a numbered table."""


@dataclass(frozen=True)
class TableBundle:
    """What a table cell returns: the table with its caption, note and data."""

    name: str
    caption: str
    note: str
    rows: str = field(repr=False)
    csv: str = field(repr=False)
    plain: str = field(repr=False)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        content = {key: getattr(self, key) for key in ("name", "caption", "note", "rows", "csv")}
        page = f"<table><caption>{escape(self.caption)}</caption>{self.rows}</table>"
        note = f"<p>{escape(self.note)}</p>" if self.note else ""
        return {TABLE_MIME: content, "text/html": page + note, "text/plain": self.plain}


def show_table(
    df: "pd.DataFrame", *, name: str, caption: str, note: str = "", decimals: int | None = None
) -> TableBundle:
    """Return a table for display in a notebook and, numbered, in the book.

    Parameters
    ----------
    df : pandas.DataFrame
        Column names are the headings, units included. A named index becomes the row headings;
        without one the first column does.
    name : str
        Lower-case words joined by hyphens: its label for `{numref}` and the name of its CSV.
    caption : str
        MyST Markdown; may contain the number role.
    note : str
        MyST Markdown shown under the table: sources, intervals, abbreviations.
    decimals : int, optional
        Decimals of every float; by default three significant digits. The CSV has six.

    Raises
    ------
    InputError
        When the name or caption is malformed or the table is empty.
    """
    check_display(name, caption)
    csv = csv_text(df, name)
    named = any(level is not None for level in df.index.names)
    flat = df.reset_index() if named else df
    cells = [[cell_text(cell, decimals) for cell in row] for row in flat.itertuples(index=False)]
    headings = [_heading(column) for column in flat.columns]
    plain = "\n".join("  ".join(row) for row in [headings, *cells])
    return TableBundle(
        name, caption.strip(), note.strip(), _rows(headings, cells, flat), csv, plain
    )


def _heading(column: object) -> str:
    return ", ".join(map(str, column)) if isinstance(column, tuple) else str(column)


def cell_text(value: object, decimals: int | None = None) -> str:
    """Return one value as a reader should see it: separators, a true minus, a dash for missing.

    A float has three significant digits, or so many decimals; None and NaN become an en dash; what
    is not a number is shown as text.
    """
    import numpy as np
    import pandas as pd

    if pd.api.types.is_scalar(value) and pd.isna(cast("Any", value)):
        return "–"
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, int | np.integer):
        return f"{value:,}".replace("-", "−")
    if isinstance(value, float | np.floating):
        return _float_text(float(value), decimals)
    return str(value)


def _float_text(value: float, decimals: int | None) -> str:
    import math

    if math.isinf(value):
        return "no limit"
    if decimals is None:
        size = math.floor(math.log10(abs(value))) if value else 0
        decimals = min(max(2 - size, 0), 6)
    return f"{value:,.{decimals}f}".replace("-", "−")


def _rows(headings: list[str], cells: list[list[str]], flat: "pd.DataFrame") -> str:
    """Return the `thead` and `tbody` of the table, with scopes and everything escaped."""
    import pandas as pd

    numeric = [pd.api.types.is_numeric_dtype(flat.iloc[:, i]) for i in range(flat.shape[1])]
    head = "".join(
        f'<th scope="col"{_number_class(is_number)}>{escape(text)}</th>'
        for text, is_number in zip(headings, numeric, strict=True)
    )
    body = "".join(_row(row, numeric) for row in cells)
    return f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>"


def _row(row: list[str], numeric: list[bool]) -> str:
    first, *rest = zip(row, numeric, strict=True)
    header = f'<th scope="row"{_number_class(first[1])}>{escape(first[0])}</th>'
    cells = "".join(f"<td{_number_class(number)}>{escape(text)}</td>" for text, number in rest)
    return f"<tr>{header}{cells}</tr>"


def _number_class(is_number: bool) -> str:
    return ' class="number"' if is_number else ""
