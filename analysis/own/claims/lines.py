"""Claim lines, whatever their layout, and their sums by person and year.

Amounts are whole ten-thousandths, so that sums are the same in every order, on every engine, and
money that goes in can be compared with money that comes out to the last digit.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from analysis.errors import InputError
from analysis.own.claims.dates import as_date, as_text
from analysis.own.claims.opening import OpenTable
from analysis.own.claims.years import Years, told_year
from analysis.tables.read_errors import plain_read_errors

if TYPE_CHECKING:
    import ibis.expr.types as ir

PARTS_OF_ONE = 10_000
"""Amounts are counted in this part of the unit of money."""

LARGEST_AMOUNT = 1e11
"""Beyond it an amount is no money, and sums of many would not fit into 64 bits."""

LINES_AT_ONCE = 16_000_000
"""Lines whose keys are compared at once, so that memory does not grow with their number."""

COLUMNS = ("person", "year", "day", "amount", "key")


def claim_lines(tables: Sequence[OpenTable], years: Years) -> "ir.Table":
    """Return all lines in one table.

    Parameters
    ----------
    tables : sequence of OpenTable
        Of the kinds claims, or costs with visits.

    Returns
    -------
    ibis Table
        ``person``, ``year`` and ``day`` (missing where the line does not say), ``amount`` in parts
        of `PARTS_OF_ONE` (missing where there is none; negative where a line takes one back) and
        ``key``, which tells one line from another (missing where the layout cannot).

    Raises
    ------
    InputError
        If an amount or a date cannot be one.
    """
    import ibis

    costs = [each for each in tables if each.known.kind == "costs"]
    visits = [each for each in tables if each.known.kind == "visits"]
    parts = [_own_lines(each, years) for each in tables if each.known.kind in ("claims", "people")]
    parts += [_joined_lines(each, visits, years) for each in costs]
    return ibis.union(*parts) if len(parts) > 1 else parts[0]


def _own_lines(claims: OpenTable, years: Years) -> "ir.Table":
    import ibis

    table = claims.source.table
    with plain_read_errors(claims.source.name):
        amount = _amount(claims)
        day = as_date(table, claims.column("date")) if claims.has("date") else ibis.null("date")
        year = years.year_of(day) if claims.has("date") else told_year(claims, years)
        return table.select(
            person=as_text(table, claims.column("person")),
            year=year,
            day=day,
            amount=amount,
            key=_key(claims),
        )


def _joined_lines(costs: OpenTable, visits: Sequence[OpenTable], years: Years) -> "ir.Table":
    """Costs that name an event: person and day are those of the event."""
    import ibis

    if not visits:
        raise InputError(
            f"{costs.source.name}: its costs belong to events, whose person and day stand in other "
            "tables; give these too, such as visit_occurrence"
        )
    events = ibis.union(*map(_events, visits)) if len(visits) > 1 else _events(visits[0])
    table = costs.source.table
    with plain_read_errors(costs.source.name):
        lines = table.select(
            event=as_text(table, costs.column("event")),
            domain=as_text(table, costs.column("domain")),
            amount=_amount(costs),
        )
    joined = lines.left_join(events, ["domain", "event"])
    return joined.select(
        "person",
        "day",
        "amount",
        year=years.year_of(joined["day"]),
        key=ibis.null("int64"),
    ).select(*COLUMNS)


def _events(visits: OpenTable) -> "ir.Table":
    import ibis

    table = visits.source.table
    with plain_read_errors(visits.source.name):
        return table.select(
            person=as_text(table, visits.column("person")),
            event=as_text(table, visits.column("event")),
            domain=ibis.literal(visits.known.layout.of_domain),
            day=as_date(table, visits.column("date")),
        )


def _amount(claims: OpenTable) -> "ir.IntegerColumn":
    """Amounts as whole parts, negative where a code says that a line takes one back."""
    import ibis

    table, name = claims.source.table, claims.column("amount")
    if not table[name].type().is_numeric():
        raise InputError(f"column {name}: holds {table[name].type()}, not numbers; convert it")
    value = table[name].cast("float64")
    strange = value.notnull() & ~(value.abs() < LARGEST_AMOUNT)
    if table.aggregate(rows=strange.sum()).execute()["rows"].iloc[0]:
        raise InputError(
            f"column {name}: some amounts are infinite, no number (NaN) or above "
            f"{LARGEST_AMOUNT:g}; correct those rows"
        )
    whole = (value * PARTS_OF_ONE).round().cast("int64")
    layout = claims.known.layout
    if not claims.has("reversal") or layout.reversals_signed:
        return whole
    code = as_text(table, claims.column("reversal"))
    return ibis.ifelse(code.isin(layout.reversed_by), -whole, whole)


def _key(claims: OpenTable) -> "ir.IntegerColumn":
    """A number that two lines share only if they are the same line again."""
    import ibis

    table = claims.source.table
    # Two lines of one claim may be alike but for their number.
    if not claims.has("claim", "line"):
        return ibis.null("int64")
    roles = ("person", "claim", "line", "date", "reversal", "amount")
    parts = [
        table[claims.column(role)].cast("string").fill_null("")
        for role in roles
        if claims.has(role)
    ]
    joined = parts[0]
    for part in parts[1:]:
        joined = joined + ibis.literal("|") + part
    return joined.hash()


def check_no_line_twice(lines: "ir.Table", number: int) -> None:
    """Raise InputError if a line is there again, as when a delivery is read twice.

    Parameters
    ----------
    number : int
        Of lines; they are compared in portions, so that memory stays bounded.
    """
    portions = 1
    while number > portions * LINES_AT_ONCE:
        portions *= 2
    with_key = lines.filter(lines["key"].notnull())
    for portion in range(portions):
        chosen = with_key.filter((with_key["key"] & (portions - 1)) == portion)
        counted = chosen.group_by("key").aggregate(rows=chosen.count())
        again = counted.filter(counted["rows"] > 1)
        found = again.aggregate(lines=again.count(), rows=again["rows"].sum()).execute().iloc[0]
        if found["lines"]:
            raise InputError(
                f"{int(found['lines']):,} claim lines are there more than once "
                f"({int(found['rows']):,} rows alike in person, claim, line, date and amount): a "
                "delivery was read twice? Give every line once"
            )


def sums_by_person(lines: "ir.Table") -> "ir.Table":
    """Return lines summed by person and year; lines without one of them have a row as well.

    Returns
    -------
    ibis Table
        ``person``, ``year``, ``amount``, ``lines``, ``empty`` (lines without an amount),
        ``back`` and ``amount_back`` (lines below 0), ``first`` and ``last`` day.
    """
    amount = lines["amount"]
    return lines.group_by(["person", "year"]).aggregate(
        amount=amount.sum().cast("int64").fill_null(0),
        lines=lines.count(),
        empty=amount.isnull().sum(),
        back=(amount < 0).sum().fill_null(0),
        amount_back=(amount < 0).ifelse(amount, 0).sum().cast("int64").fill_null(0),
        first=lines["day"].min(),
        last=lines["day"].max(),
    )
