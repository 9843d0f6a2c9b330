"""Cover as a share of each year: from spans, which may overlap, or from months."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from analysis.errors import InputError
from analysis.own.claims.dates import as_date, as_text
from analysis.own.claims.opening import OpenTable
from analysis.own.claims.years import Years, told_year
from analysis.tables.read_errors import plain_read_errors

if TYPE_CHECKING:
    import ibis.expr.types as ir

MONTHS = 12


def spans_of_cover(table: OpenTable) -> "ir.Table":
    """Return ``person``, ``start`` and ``end`` of every span; an end that is missing is open."""
    import ibis

    rows = table.source.table
    with plain_read_errors(table.source.name):
        spans = rows.select(
            person=as_text(rows, table.column("person")),
            start=as_date(rows, table.column("start")),
            end=as_date(rows, table.column("end")) if table.has("end") else ibis.null("date"),
        )
        backward = spans.filter(spans["end"] < spans["start"]).limit(1).execute()
        if len(backward):
            raise InputError(
                f"column {table.column('end')}: a span ends on {backward['end'].iloc[0]:%Y-%m-%d}, "
                f"before it begins on {backward['start'].iloc[0]:%Y-%m-%d}; correct those rows"
            )
    return spans


def life_spans(people: "ir.Table") -> "ir.Table":
    """Return a span without ends for everybody; birth and death then end it."""
    import ibis

    return people.select("person", start=ibis.null("date"), end=ibis.null("date"))


def covered_shares(
    spans: "ir.Table", people: "ir.Table", years: Sequence[int], how: Years
) -> "ir.Table":
    """Return the share of each year that spans cover, days that two of them share counted once.

    Parameters
    ----------
    spans : ibis Table
        ``person``, ``start`` and ``end``, both days included; missing ends are open.
    people : ibis Table
        ``person``, ``birth`` and ``death``: nobody is covered before the one or after the other.
    years : sequence of int

    Returns
    -------
    ibis Table
        ``person``, ``year`` and ``exposure``, of those who were covered for a day at least.
    """
    import ibis

    alive = spans.inner_join(people.select("person", "birth", "death"), "person")
    each = alive.mutate(year=ibis.literal([*map(int, years)], "array<int64>").unnest())
    first, following = how.first_day(each["year"]), how.first_day(each["year"] + 1)
    cut = each.select(
        "person",
        "year",
        # Days since a day long ago: whole numbers can be compared and added on every engine.
        begin=_day(ibis.greatest(first, _or(each["start"], first), _or(each["birth"], first))),
        after=ibis.least(
            _day(following),
            _day(_or(each["end"], following)) + 1,
            _day(_or(each["death"], following)) + 1,
        ),
        days=_day(following) - _day(first),
    )
    cut = cut.filter(cut["after"] > cut["begin"])
    before = ibis.window(
        group_by=["person", "year"], order_by=["begin", "after"], preceding=(None, 1)
    )
    reached = cut.mutate(reached=cut["after"].max().over(before).fill_null(0))
    new = reached["after"] - ibis.greatest(reached["begin"], reached["reached"])
    summed = reached.mutate(new=ibis.greatest(new, 0)).group_by(["person", "year"])
    return summed.aggregate(exposure=lambda t: t["new"].sum().cast("float64") / t["days"].max())


def _or(day: "ir.DateValue", other: "ir.DateValue") -> "ir.DateValue":
    import ibis

    return ibis.coalesce(day, other)


def _day(day: "ir.DateValue") -> "ir.IntegerValue":
    """Days since 1 January 1900."""
    import ibis

    return day.delta(ibis.date(1900, 1, 1), unit="day").cast("int64")


def months_of_cover(table: OpenTable, years: Sequence[int], how: Years) -> "ir.Table":
    """Return the share of each year that months cover.

    Parameters
    ----------
    table : OpenTable
        One row a person and month, or a number of months by person and year.

    Raises
    ------
    InputError
        If somebody has more than twelve months in a year, or the year is not told.
    """
    rows = table.source.table
    with plain_read_errors(table.source.name):
        person = as_text(rows, table.column("person"))
        if table.has("month"):
            month = as_date(rows, table.column("month"))
            days = rows.select(person=person, year=how.year_of(month), month=month.truncate("M"))
            counted = days.group_by(["person", "year"]).aggregate(months=days["month"].nunique())
        else:
            months = rows[table.column("months")].cast("float64")
            plain = rows.select(person=person, year=told_year(table, how), months=months)
            counted = plain.group_by(["person", "year"]).aggregate(months=plain["months"].sum())
        check_months(counted["months"].max().execute(), counted["months"].min().execute())
    inside = counted.filter(counted["year"].isin([int(y) for y in years]) & (counted["months"] > 0))
    return inside.select(
        "person", "year", exposure=(inside["months"] / float(MONTHS)).cast("float64")
    )


def check_months(most: float, least: float) -> None:
    """Raise InputError if months of cover are not from 0 to 12."""
    if most is None or most != most:
        raise InputError("no month of cover is told")
    if most > MONTHS or least < 0:
        raise InputError(
            f"somebody has {most if most > MONTHS else least:g} months of cover in a year; give 0 "
            "to 12, and every month once"
        )
