"""What each column of a table of people holds, from sums that its own engine computes.

Text is read as text, so that nothing is lost before it is looked at; how much of it could be read
as numbers, ages in bands or dates is counted.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.tables.column import CODES, FEW_LEVELS, QUANTILES, Column

if TYPE_CHECKING:
    import ibis.expr.operations as ops
    import ibis.expr.types as ir

MOST_COLUMNS = 200
"""Columns looked at; a wider table is described in part, and says so."""

type Able = Callable[[type[ops.Value]], bool]
"""Says whether an engine knows an operation."""

BAND = r"^\s*(\d{1,3}\s*(-|–|to)\s*\d{1,3}|\d{1,3}\s*\+|<\s*\d{1,3}|\d{1,3}\s*(and|or) over)"
"""An age in bands: 40-44, 40 to 44, 85+."""

DATE = r"^\s*(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})"

DAY_FIRST = r"^\s*(1[3-9]|2\d|3[01])[-/.]\d{1,2}[-/.]\d{4}"
MONTH_FIRST = r"^\s*\d{1,2}[-/.](1[3-9]|2\d|3[01])[-/.]\d{4}"

YEAR_FIRST = r"^\s*\d{4}[-/.]\d"

MONEY = r"^\s*-?\s*[£$€]?\s*-?\d[\d,.' ]*\s*([£$€]|[A-Za-z]{3})?\s*$"
"""An amount that is written for people: £1,234.50 or 1.234,50 EUR."""


PATTERNS = {
    "bands": BAND,
    "dates": DATE,
    "money": MONEY,
    "day_first": DAY_FIRST,
    "month_first": MONTH_FIRST,
    "year_first": YEAR_FIRST,
}
"""What text that is no number may be."""


SLOW = ("ApproxMultiQuantile", "RegexSearch")


def describe_columns(people: "ir.Table", brief: bool = False) -> list[Column]:
    """Sum up every column of a table.

    Parameters
    ----------
    people : ibis Table
        On any backend; at most the first `MOST_COLUMNS` columns are read.
    brief : bool
        Leave out quantiles and what text looks like, which take longer than all the rest together.

    Returns
    -------
    list of Column
        In the order of the table.
    """
    names = list(people.columns)[:MOST_COLUMNS]
    kinds = {name: _kind(people[name]) for name in names}
    sums = {"rows": people.count()}
    has = people.get_backend().has_operation

    def able(operation: "type[ops.Value]") -> bool:
        return has(operation) and not (brief and operation.__name__ in SLOW)

    for index, name in enumerate(names):
        sums |= {f"{key}_{index}": s for key, s in _sums(people[name], kinds[name], able).items()}
    sums_found = people.aggregate(**sums).execute().iloc[0]
    columns = []
    for index, name in enumerate(names):
        own = {key: sums_found.get(f"{key}_{index}") for key in _KEYS}
        distinct = int(own["distinct"] or 0)
        levels = _levels(people, name) if 0 < distinct <= FEW_LEVELS else ()
        columns.append(_column(name, kinds[name], int(sums_found["rows"]), own, levels))
    return columns


_COUNTS = (
    "missing", "distinct", "numbers", "zeros", "negatives", "whole", "not_finite", "codes", "bands",
    "dates", "money", "day_first", "month_first", "year_first",
)  # fmt: skip
_KEYS = (*_COUNTS, "least", "most", "mean", "quantiles")


def _kind(column: "ir.Column") -> str:
    kind = column.type()
    if kind.is_boolean():
        return "boolean"
    if kind.is_numeric():
        return "number"
    if kind.is_string():
        return "text"
    return "date" if kind.is_date() or kind.is_timestamp() else "other"


def _sums(column: "ir.Column", kind: str, able: Able) -> "dict[str, ir.Scalar]":
    """Sums of one column, for one pass over all columns together.

    What an engine has no word for is left out: less is said, but not nothing.
    """
    import ibis.expr.operations as ops

    empty = column.isnull()
    if kind == "text":
        empty = empty | (column.strip() == "")
    sums: dict[str, ir.Scalar] = {"missing": empty.sum(), "distinct": column.approx_nunique()}
    if kind == "number":
        sums |= _number_sums(column.cast("float64"), able)
    if kind == "text" and able(ops.TryCast):
        number = column.try_cast("float64")
        sums |= _number_sums(number, able)
        if not able(ops.RegexSearch):
            return sums
        text = number.isnull() & ~empty
        for name, pattern in PATTERNS.items():
            sums[name] = (text & column.re_search(pattern)).sum()
    return sums


def _number_sums(number: "ir.FloatingColumn", able: Able) -> "dict[str, ir.Scalar]":
    import ibis.expr.operations as ops

    # Differences of an infinity or a NaN with itself are not 0.
    finite = number.notnull() & ((number - number) == 0)
    usable = finite.ifelse(number, None)
    sums = {
        "numbers": number.notnull().sum(),
        "zeros": (usable == 0).sum(),
        "negatives": (usable < 0).sum(),
        "whole": (usable % 1 == 0).sum(),  # floor() would make an integer of 1e308
        "codes": usable.isin(CODES).sum(),
        "not_finite": (number.notnull() & ~finite).sum(),
        "least": usable.min(),
        "most": usable.max(),
        "mean": usable.mean(),
    }
    if able(ops.ApproxMultiQuantile):
        sums["quantiles"] = usable.approx_quantile(list(QUANTILES))
    return sums


def _levels(people: "ir.Table", name: str) -> tuple[tuple[str, int], ...]:
    counted = people.group_by(value=people[name]).aggregate(rows=people.count())
    frame = counted.order_by([counted["rows"].desc(), counted["value"]]).limit(FEW_LEVELS + 1)
    levels = frame.execute()
    return tuple(
        ("" if value is None else str(value), int(rows))
        for value, rows in zip(levels["value"], levels["rows"], strict=True)
        if value == value  # leaves NaN out
    )[:FEW_LEVELS]


def _column(
    name: str, kind: str, rows: int, own: dict[str, Any], levels: Sequence[tuple[str, int]]
) -> Column:
    counts = {key: 0 if _absent(own[key]) else int(own[key]) for key in _COUNTS}
    least, most, mean = (
        None if _absent(own[key]) else float(own[key]) for key in ("least", "most", "mean")
    )
    listed = [] if np.ndim(own["quantiles"]) == 0 else list(own["quantiles"])
    quantiles = tuple(float(value) for value in listed if not _absent(value))
    return Column(
        name,
        kind,
        rows,
        **counts,
        least=least,
        most=most,
        mean=mean,
        quantiles=quantiles,
        levels=tuple(levels),
    )


def _absent(value: object) -> bool:
    """Whether a sum came back empty: None or not a number."""
    return value is None or value != value
