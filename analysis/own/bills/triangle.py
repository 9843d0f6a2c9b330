"""A user's own payments, read from a CSV file: long (one row a payment) or wide (one column a lag).

Long: columns ``month`` (of care), ``paid_month`` or ``lag``, and ``paid``. Wide: column ``month``
and one column for each lag, named 0, 1, 2 and so on. Both may have a column ``service``. What was
paid after the last month on the books is not known; until then, what a long file does not name was
not paid.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.chapters.real_or_virtual_budgets.estimates import known_cells
from analysis.errors import InputError
from analysis.own.bills.cumulation import payments_of, refuse_misread
from analysis.own.bills.months import months_of
from analysis.tables.csv_files import check_names, csv_header
from analysis.tables.read_errors import plain_read_errors
from analysis.tables.small_tables import refuse

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
    unnamed : int
        Known cells that the file does not name: nothing was paid there.
    """

    paid: np.ndarray
    known: np.ndarray
    services: tuple[str, ...]
    months: tuple[str, ...]
    unnamed: int


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
    if not file.is_file():
        raise InputError(f"{file}: there is no such file; give a CSV file of payments")
    with plain_read_errors(file.name):
        table = _read(file)
        rows = _long(table) if "paid" in table.columns else _wide(table)
        return _triangle(rows, cumulative)


def _read(file: Path) -> pd.DataFrame:
    if file.stat().st_size == 0:
        raise InputError("is empty; give a CSV file of payments")
    names, delimiter = csv_header(file)
    table = _lines(file, names, delimiter)
    if "month" not in table.columns:
        raise InputError(
            f"has no column month; it has {', '.join(table.columns)}. Name the month of care month"
        )
    if table.empty:
        raise InputError("has no row below its header; add payments")
    if "service" not in table.columns:
        table["service"] = "all"
    return table


def _lines(file: Path, names: list[str], delimiter: str) -> pd.DataFrame:
    """Everything as text, by the number of its line; one of other length than the first fails."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            lines = list(csv.reader(stream, delimiter=delimiter, strict=True))
    except UnicodeDecodeError as error:
        raise InputError("is not text in UTF-8; save it as a CSV file in UTF-8") from error
    except csv.Error as error:
        raise InputError(f"cannot be read as CSV: {error}") from error
    filled = {number: line for number, line in enumerate(lines, 1) if line and number > 1}
    for number, line in filled.items():
        if len(line) != len(names):
            raise InputError(
                f"line {number} has {len(line)} fields and the first line {len(names)}; correct it"
            )
    columns = [name.strip() for name in names]
    check_names(columns)
    return pd.DataFrame.from_dict(filled, orient="index", columns=columns, dtype=str)


def _long(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of service, month (Period), lag and paid."""
    month = months_of(table["month"])
    if "lag" in table.columns:
        lag = _numbers(table["lag"])
        refuse(lag.mod(1) != 0, table["lag"], "lag", "give whole months, 0 for the first")
        advice = "payment cannot come before care; lag 0 is the month of the care"
        refuse(lag < 0, table["lag"], "lag", advice)
    elif "paid_month" in table.columns:
        lag = _ordinals(months_of(table["paid_month"])) - _ordinals(month)
        advice = "it lies before the month of the care; correct one of them"
        refuse(lag < 0, table["paid_month"], "paid_month", advice)
    else:
        raise InputError("has a column paid, but neither paid_month nor lag; add one of them")
    paid = _numbers(table["paid"])
    return pd.DataFrame(
        {"service": table["service"], "month": month, "lag": lag.astype(int), "paid": paid}
    )


def _wide(table: pd.DataFrame) -> pd.DataFrame:
    lags = [column for column in table.columns if column not in {"month", "service"}]
    wanted = [str(lag) for lag in range(len(lags))]
    if lags != wanted:
        odd = next((c for c, w in zip(lags, wanted, strict=True) if c != w), "none")
        raise InputError(
            f"column {odd!r} is neither paid nor a lag. A long file needs month, "
            "paid_month or lag, and paid; a wide one month and the lags 0, 1, 2 and so on, in order"
        )
    keys = table[["service"]].assign(month=months_of(table["month"]))
    advice = "it stands there twice; keep one row a month"
    refuse(keys.duplicated(), table["month"], "month", advice)
    amounts = (table.loc[table[lag].str.strip() != "", lag] for lag in lags)
    rows = pd.concat(
        keys.loc[each.index].assign(lag=int(str(each.name)), paid=_numbers(each))
        for each in amounts
    )
    _check_gaps(rows)
    return rows


def _check_gaps(rows: pd.DataFrame) -> None:
    """In a wide file an empty cell means not known yet, so none may lie among known ones."""
    if rows.empty:
        raise InputError("no amount was found; fill the columns of the lags")
    ordinal = _ordinals(rows["month"])
    closed = (ordinal + rows["lag"]).max()
    most = int(rows["lag"].max())
    for (service, month), row in rows.assign(at=ordinal).groupby(["service", "month"]):
        due = set(range(min(closed - int(row["at"].iloc[0]), most) + 1))
        if lacking := sorted(due - set(row["lag"])):
            raise InputError(
                f"month {month} of service {service!r} is empty at lag {lacking[0]}, "
                "which other months show to be on the books; write 0 if nothing was paid"
            )


def _ordinals(months: pd.Series) -> pd.Series:
    return months.dt.year * 12 + months.dt.month - 1


def _numbers(values: pd.Series) -> pd.Series:
    numbers = pd.to_numeric(values.str.strip(), errors="coerce").astype(float)
    bad, column = ~numbers.between(-np.inf, np.inf, inclusive="neither"), str(values.name)
    refuse(bad, values, column, "write numbers without signs of currency or thousands")
    refuse(numbers.abs() > LARGEST_NUMBER, values, column, "it is too large to be meant")
    return numbers


def _triangle(rows: pd.DataFrame, cumulative: bool) -> UserTriangle:
    first = rows["month"].min()
    month, lag = (_ordinals(rows["month"]) - first.year * 12 - first.month + 1), rows["lag"]
    services = tuple(dict.fromkeys(rows["service"]))
    count, lags = int(month.max() + 1), int(lag.max() + 1)
    _check_size(count, lags, len(services))
    if missing := sorted(set(range(count)) - set(month)):
        raise InputError(
            f"month {first + missing[0]} is missing; add it, with 0 if nothing was paid"
        )
    months = tuple(str(first + at) for at in range(count))
    known = known_cells(count, lags, int((month + lag).max()))
    cells = (rows["service"].map(services.index).to_numpy(), month.to_numpy(), lag.to_numpy())
    paid, named = np.zeros((len(services), count, lags)), np.zeros((len(services), count, lags))
    np.add.at(paid, cells, rows["paid"].to_numpy())
    named[cells] = 1
    refuse_misread(paid.sum(axis=0), known, months, cumulative=cumulative)
    if cumulative:
        paid = payments_of(paid, named > 0) * known
    silent = [each for each, sums in zip(services, paid.sum(axis=(1, 2)), strict=True) if sums <= 0]
    if silent:
        raise InputError(
            f"payments of service {silent[0]!r} do not add up to more than 0; leave it out"
        )
    unnamed = int((known * (1 - named)).sum())
    return UserTriangle(paid, known, services, months, unnamed)


def _check_size(months: int, lags: int, services: int) -> None:
    if months < FEWEST_MONTHS or lags < 2:
        raise InputError(
            f"{months} months of care and {lags} lags are too few to see how bills arrive; "
            f"give at least {FEWEST_MONTHS} months and 2 lags"
        )
    if months > MOST_MONTHS or lags > MOST_MONTHS:
        raise InputError(
            f"{months} months of care and {lags} lags are more than {MOST_MONTHS}; leave "
            "out old months, of which everything is paid"
        )
    if services > MOST_SERVICES:
        raise InputError(f"{services} services are more than {MOST_SERVICES}; join small ones")
