"""Tables that have one row a person and year already, such as surveys and panels."""

from typing import TYPE_CHECKING

from analysis.errors import InputError
from analysis.own.claims.cover import MONTHS, check_months
from analysis.own.claims.dates import as_date, as_text
from analysis.own.claims.members import (
    UNKNOWN_SEX,
    completed_years,
    sex_words,
    whole_number,
)
from analysis.own.claims.opening import OpenTable
from analysis.own.claims.years import Years, told_year
from analysis.tables.read_errors import plain_read_errors

if TYPE_CHECKING:
    import ibis.expr.types as ir

WEIGHT = "weight"
"""Column of people, from surveys only."""


def members_of_rows(people: OpenTable, how: Years) -> "ir.Table":
    """Return the rows as `members_by_year` returns members, with `WEIGHT` where there is one.

    Raises
    ------
    InputError
        If a person has several rows in a year, as in a table of claims, or months are not 0 to 12.
    """
    import ibis

    table = people.source.table
    with plain_read_errors(people.source.name):
        year = told_year(people, how)
        rows = table.select(
            person=as_text(table, people.column("person")),
            year=year,
            age=_age(people, year, how),
            sex=sex_words(people).fill_null(UNKNOWN_SEX),
            exposure=_exposure(people),
            died=ibis.literal(False),
            **_weight(people),
        )
        counted = rows.group_by(["person", "year"]).aggregate(rows=rows.count())
        several = counted.filter(counted["rows"] > 1)
        if number := int(several.count().execute()):
            raise InputError(
                f"{number:,} people have more than one row in a year, so it is a table of claims; "
                "give the list of all members with --members, since people without a claim are not "
                "in it"
            )
    return rows.filter((rows["exposure"] > 0) & rows["person"].notnull() & rows["year"].notnull())


def _weight(people: OpenTable) -> dict[str, "ir.FloatingValue"]:
    """How many people a row of a survey stands for, where it says so."""
    if not people.has("weight"):
        return {}
    return {WEIGHT: people.source.table[people.column("weight")].cast("float64")}


def _exposure(people: OpenTable) -> "ir.FloatingValue":
    import ibis

    if not people.has("months"):
        return ibis.literal(1.0, "float64")
    table = people.source.table
    months = table[people.column("months")].cast("float64")
    ends = table.aggregate(most=months.max(), least=months.min()).execute().iloc[0]
    check_months(ends["most"], ends["least"])
    return (months / float(MONTHS)).cast("float64")


def _age(people: OpenTable, year: "ir.IntegerValue", how: Years) -> "ir.IntegerValue":
    if not people.has("birth"):
        return whole_number(people.source.table, people.column("age"))
    return completed_years(as_date(people.source.table, people.column("birth")), year, how)
