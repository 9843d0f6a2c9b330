"""A user's own payments, read from a CSV file: long (one row a payment) or wide (one column a lag).

Long: columns ``month`` (of care), ``paid_month`` or ``lag``, and ``paid``. Wide: column ``month``
and one column for each lag, named 0, 1, 2 and so on. Both may have a column ``service``. Months are
written 2024-04. What was paid after the last month on the books is not known; until then, what a
long file does not name was not paid.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.chapters.real_or_virtual_budgets.estimates import known_cells
from analysis.errors import InputError
from analysis.tables.csv_files import check_names, csv_header
from analysis.tables.read_errors import plain_read_errors

FEWEST_MONTHS = 4
MOST_MONTHS = 60
MOST_SERVICES = 8
LARGEST_NUMBER = 1e15


@dataclass(frozen=True)
class UserTriangle:
    """Payments by service, month of care and lag.

    Attributes
    ----------
    paid : ndarray, shape (service, month, lag)
        Not cumulated, in the user's currency; 0 where it is not known yet.
    known : ndarray of bool, shape (month, lag)
    months : tuple of str
        As 2024-04.
    """

    paid: np.ndarray
    known: np.ndarray
    services: tuple[str, ...]
    months: tuple[str, ...]


def read_triangle(file: Path, *, cumulative: bool = False) -> UserTriangle:
    """Read a triangle of payments.

    Parameters
    ----------
    file : pathlib.Path
        CSV, long or wide; see the head of this module.
    cumulative : bool
        Whether the amounts of a month of care add up from lag to lag.

    Raises
    ------
    InputError
        Naming the file, the column, the row or value, and what to do.
    """
    table = _read(file)
    rows = _long(table, file.name) if "paid" in table.columns else _wide(table, file.name)
    return _triangle(rows, file.name, cumulative)


def _read(file: Path) -> pd.DataFrame:
    if not file.is_file():
        raise InputError(f"{file}: there is no such file; give a CSV file of payments")
    with plain_read_errors(file.name):
        if file.stat().st_size == 0:
            raise InputError("is empty; give a CSV file of payments")
        names, delimiter = csv_header(file)
        table = _lines(file, names, delimiter)
    if "month" not in table.columns:
        raise InputError(
            f"{file.name}: has no column month; it has {', '.join(table.columns)}. Name the month "
            "of care month"
        )
    if table.empty:
        raise InputError(f"{file.name}: has no row below its header; add payments")
    if "service" not in table.columns:
        table["service"] = "all"
    return table


def _lines(file: Path, names: list[str], delimiter: str) -> pd.DataFrame:
    """Everything as text; a line of other length than the first is refused."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            lines = list(csv.reader(stream, delimiter=delimiter, strict=True))
    except UnicodeDecodeError as error:
        raise InputError("is not text in UTF-8; save it as a CSV file in UTF-8") from error
    except csv.Error as error:
        raise InputError(f"cannot be read as CSV: {error}") from error
    filled = [(number, line) for number, line in enumerate(lines, 1) if line][1:]
    for number, line in filled:
        if len(line) != len(names):
            raise InputError(
                f"line {number} has {len(line)} fields and the first line {len(names)}; correct it"
            )
    columns = [name.strip() for name in names]
    check_names(columns)
    return pd.DataFrame([line for _, line in filled], columns=columns, dtype=str)


def _long(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Rows of service, month (Period), lag and paid."""
    month = _months(table, "month", name)
    if "lag" in table.columns:
        lag = _numbers(table["lag"], "lag", name)
        _refuse(lag.mod(1) != 0, table["lag"], "lag", name, "give whole months, 0 for the first")
        advice = "payment cannot come before care; lag 0 is the month of the care"
        _refuse(lag < 0, table["lag"], "lag", name, advice)
    elif "paid_month" in table.columns:
        paid_month = _months(table, "paid_month", name)
        ordinals = (each.map(lambda period: period.ordinal) for each in (paid_month, month))
        lag = next(ordinals) - next(ordinals)
        advice = "it lies before the month of the care; correct one of them"
        _refuse(lag < 0, table["paid_month"], "paid_month", name, advice)
    else:
        raise InputError(
            f"{name}: has a column paid, but neither paid_month nor lag; add one of them"
        )
    paid = _numbers(table["paid"], "paid", name)
    return pd.DataFrame(
        {"service": table["service"], "month": month, "lag": lag.astype(int), "paid": paid}
    )


def _wide(table: pd.DataFrame, name: str) -> pd.DataFrame:
    lags = [column for column in table.columns if column not in {"month", "service"}]
    wanted = [str(lag) for lag in range(len(lags))]
    if lags != wanted:
        odd = next((c for c, w in zip(lags, wanted, strict=True) if c != w), "none")
        raise InputError(
            f"{name}: column {odd!r} is neither paid nor a lag. A long file needs month, "
            "paid_month or lag, and paid; a wide one month and the lags 0, 1, 2 and so on, in order"
        )
    doubled = table.duplicated(["service", "month"])
    _refuse(doubled, table["month"], "month", name, "it stands there twice; keep one row a month")
    month = _months(table, "month", name)
    long = table.assign(month=month).melt(["service", "month"], lags, "lag", "paid")
    filled = long[long["paid"].str.strip() != ""].reset_index(drop=True)
    paid = _numbers(filled["paid"], "lags", name)
    rows = filled.assign(lag=filled["lag"].astype(int), paid=paid)
    _check_gaps(rows, name)
    return rows


def _check_gaps(rows: pd.DataFrame, name: str) -> None:
    """In a wide file an empty cell means not known yet, so none may lie among known ones."""
    if rows.empty:
        raise InputError(f"{name}: no amount was found; fill the columns of the lags")
    ordinal = rows["month"].map(lambda period: period.ordinal)
    closed = (ordinal + rows["lag"]).max()
    most = int(rows["lag"].max())
    for (service, month), row in rows.assign(at=ordinal).groupby(["service", "month"]):
        due = set(range(min(closed - int(row["at"].iloc[0]), most) + 1))
        if lacking := sorted(due - set(row["lag"])):
            raise InputError(
                f"{name}: month {month} of service {service!r} is empty at lag {lacking[0]}, "
                "which other months show to be on the books; write 0 if nothing was paid"
            )


def _months(table: pd.DataFrame, column: str, name: str) -> pd.Series:
    text = table[column].str.strip()
    bad = ~text.str.fullmatch(r"\d{4}-(0[1-9]|1[0-2])(-\d{2})?")
    _refuse(bad, table[column], column, name, "write months as 2024-04")
    return text.str[:7].map(lambda month: pd.Period(month, freq="M"))


def _numbers(values: pd.Series, column: str, name: str) -> pd.Series:
    numbers = pd.to_numeric(values.str.strip(), errors="coerce").astype(float)
    bad = ~numbers.between(-np.inf, np.inf, inclusive="neither")
    _refuse(bad, values, column, name, "write numbers without signs of currency or thousands")
    _refuse(numbers.abs() > LARGEST_NUMBER, values, column, name, "it is too large to be meant")
    return numbers


def _refuse(bad: pd.Series, values: pd.Series, column: str, name: str, advice: str) -> None:
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        raise InputError(
            f"{name}: column {column}, row {row + 2}, value {values.iloc[row]!r}: {advice}"
        )


def _triangle(rows: pd.DataFrame, name: str, cumulative: bool) -> UserTriangle:
    ordinal = rows["month"].map(lambda period: period.ordinal).to_numpy()
    first, lag = ordinal.min(), rows["lag"].to_numpy()
    services = tuple(dict.fromkeys(rows["service"]))
    months, lags = int(ordinal.max() - first + 1), int(lag.max() + 1)
    closed = int((ordinal + lag).max() - first)
    _check_size(months, lags, len(services), name)
    missing = sorted(set(range(months)) - set(ordinal - first))
    if missing:
        lacking = pd.Period(ordinal=int(first + missing[0]), freq="M")
        raise InputError(f"{name}: month {lacking} is missing; add it, with 0 if nothing was paid")
    paid = np.zeros((len(services), months, lags))
    at = rows["service"].map(services.index).to_numpy()
    np.add.at(paid, (at, ordinal - first, lag), rows["paid"].to_numpy())
    known = known_cells(months, lags, closed)
    if cumulative:
        paid = np.diff(paid, axis=-1, prepend=0.0) * known
    silent = [each for each, sums in zip(services, paid.sum(axis=(1, 2)), strict=True) if sums <= 0]
    if silent:
        raise InputError(
            f"{name}: payments of service {silent[0]!r} do not add up to more than 0; leave it out"
        )
    names = tuple(str(pd.Period(ordinal=int(first + at), freq="M")) for at in range(months))
    return UserTriangle(paid, known, services, names)


def _check_size(months: int, lags: int, services: int, name: str) -> None:
    if months < FEWEST_MONTHS or lags < 2:
        raise InputError(
            f"{name}: {months} months of care and {lags} lags are too few to see how bills arrive; "
            f"give at least {FEWEST_MONTHS} months and 2 lags"
        )
    if months > MOST_MONTHS or lags > MOST_MONTHS:
        raise InputError(
            f"{name}: {months} months of care and {lags} lags are more than {MOST_MONTHS}; leave "
            "out old months, of which everything is paid"
        )
    if services > MOST_SERVICES:
        raise InputError(
            f"{name}: {services} services are more than {MOST_SERVICES}; join small ones"
        )
