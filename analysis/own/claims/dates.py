"""Dates as tables hold them, as dates of the engine: nothing is guessed that could be otherwise."""

from typing import TYPE_CHECKING

from analysis.errors import InputError

if TYPE_CHECKING:
    import ibis.expr.types as ir

SLASHED = r"^([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})([ T].*)?$"
COMPACT = r"^([0-9]{4})([0-9]{2})([0-9]{2})$"
MONTH = r"^([0-9]{4})[-/]?([0-9]{2})$"
YEAR = r"^([0-9]{4})$"
FRACTION = r"\.0+$"
"""What a program that knows only numbers appended to 20240131."""

MIDDLE_OF_YEAR = "-07-01"
"""Where only the year is known; whoever was born in it is of the right age on 1 January."""


def as_date(table: "ir.Table", column: str) -> "ir.DateValue":
    """Return a column as dates; missing where it is empty.

    Parameters
    ----------
    table : ibis Table
        Read once if the column holds text or numbers, to see how its dates are written.
    column : str
        Dates, timestamps, or text or whole numbers such as 2024-01-31, 20240131, 31/01/2024,
        202401 (the first of the month) and 2024 (its middle).

    Raises
    ------
    InputError
        If a value is no date, or if it cannot be told whether the day or the month stands first.
    """
    import ibis

    kind = table[column].type()
    if kind.is_date():
        return table[column]
    if kind.is_timestamp():
        return table[column].date()
    text = _text(table, column)
    day_first = _day_first(table, text, column)
    order = r"\3-\2-\1" if day_first else r"\3-\1-\2"
    iso = text.re_replace(SLASHED, order).re_replace(COMPACT, r"\1-\2-\3")
    iso = iso.re_replace(MONTH, r"\1-\2-01").re_replace(YEAR, rf"\1{MIDDLE_OF_YEAR}")
    date = iso.try_cast("date")
    _check_all_read(table, text, date, column)
    return ibis.ifelse(text.isnull(), ibis.null("date"), date)


def as_text(table: "ir.Table", column: str) -> "ir.StringValue":
    """Return a column of labels as text without spaces around it; missing where it is empty."""
    kind = table[column].type()
    value = table[column].cast("int64") if kind.is_floating() else table[column]
    text = value.cast("string").strip()
    return text.nullif("")


def _text(table: "ir.Table", column: str) -> "ir.StringValue":
    if table[column].type().is_string():
        return table[column].strip().nullif("").re_replace(FRACTION, "")
    return as_text(table, column)


def _day_first(table: "ir.Table", text: "ir.StringValue", column: str) -> bool:
    """Whether the day stands before the month, which one day beyond the twelfth tells."""
    slashed = text.re_search(SLASHED)
    first, second = (
        text.re_extract(SLASHED, part).nullif("").try_cast("int64").max() for part in (1, 2)
    )
    found = table.aggregate(rows=slashed.sum(), first=first, second=second).execute().iloc[0]
    if not found["rows"]:
        return False
    beyond = [bool(found[name] > 12) for name in ("first", "second")]
    if beyond[0] == beyond[1]:
        why = "no day is after the 12th, so day and month cannot be told apart"
        if beyond[0]:
            why = "some begin with the day and some with the month"
        raise InputError(f"column {column}: {why}; write dates as 2024-01-31")
    return beyond[0]


def _check_all_read(
    table: "ir.Table", text: "ir.StringValue", date: "ir.DateValue", column: str
) -> None:
    unread = table.filter(text.notnull() & date.isnull()).select(value=table[column])
    values = unread.limit(1).execute()["value"].tolist()
    if values:
        raise InputError(
            f"column {column}, value {str(values[0])[:40]!r}: is no date; write dates as 2024-01-31"
        )
