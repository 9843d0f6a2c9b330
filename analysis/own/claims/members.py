"""Who was there in which year, for how much of it, of which age and sex."""

from collections.abc import Sequence
from functools import reduce
from typing import TYPE_CHECKING

from analysis.errors import InputError
from analysis.own.claims.cover import covered_shares, life_spans, months_of_cover, spans_of_cover
from analysis.own.claims.dates import as_date, as_text
from analysis.own.claims.opening import OpenTable
from analysis.own.claims.years import Years
from analysis.tables.column_roles import OLDEST
from analysis.tables.read_errors import plain_read_errors

if TYPE_CHECKING:
    import ibis.expr.types as ir

UNKNOWN_SEX = "unknown"


def people_of(tables: Sequence[OpenTable]) -> "ir.Table":
    """Return one row a person from lists of members and deaths.

    Parameters
    ----------
    tables : sequence of OpenTable
        Of the kinds members and deaths; a person may have several rows.

    Returns
    -------
    ibis Table
        ``person``, ``birth``, ``age`` (missing where there is no such column), ``sex``, ``death``,
        and ``births``: how many dates of birth, or ages, and sexes the rows of the person have.

    Raises
    ------
    InputError
        If a date is none, nobody has an age, or there are no members.
    """
    import ibis

    rows = [_attributes(each) for each in tables if each.known.kind == "members"]
    if not rows:
        raise InputError("a list of members is needed, with birth (or age) and sex; give --members")
    rows += [_deaths(each) for each in tables if each.known.kind == "deaths"]
    all_rows = ibis.union(*rows) if len(rows) > 1 else rows[0]
    all_rows = all_rows.filter(all_rows["person"].notnull())
    people = all_rows.group_by("person").aggregate(
        birth=all_rows["birth"].min(),
        age=all_rows["age"].min(),
        sex=all_rows["sex"].min(),
        death=all_rows["death"].max(),
        member=all_rows["member"].max(),
        several=(all_rows["birth"].nunique() > 1) | (all_rows["sex"].nunique() > 1),
    )
    return people.filter(people["member"] == 1).drop("member")


def _attributes(members: OpenTable) -> "ir.Table":
    import ibis

    table = members.source.table
    with plain_read_errors(members.source.name):
        return table.select(
            person=as_text(table, members.column("person")),
            birth=as_date(table, members.column("birth"))
            if members.has("birth")
            else ibis.null("date"),
            age=whole_number(table, members.column("age"))
            if members.has("age") and not members.has("birth")
            else ibis.null("int64"),
            sex=sex_words(members),
            death=as_date(table, members.column("death"))
            if members.has("death")
            else ibis.null("date"),
            member=ibis.literal(1, "int8"),
        )


def _deaths(deaths: OpenTable) -> "ir.Table":
    import ibis

    table = deaths.source.table
    with plain_read_errors(deaths.source.name):
        return table.select(
            person=as_text(table, deaths.column("person")),
            birth=ibis.null("date"),
            age=ibis.null("int64"),
            sex=ibis.null("string"),
            death=as_date(table, deaths.column("death")),
            member=ibis.literal(0, "int8"),
        )


def whole_number(table: "ir.Table", column: str) -> "ir.IntegerValue":
    """Return a column as whole numbers; text that is none raises InputError, which names it."""
    if table[column].type().is_integer():
        return table[column].cast("int64")
    text = as_text(table, column) if table[column].type().is_string() else table[column]
    number = text.try_cast("float64") if table[column].type().is_string() else text.cast("float64")
    strange = table.filter(text.notnull() & (number.isnull() | (number % 1 != 0)))
    values = strange.select(value=table[column]).limit(1).execute()["value"].tolist()
    if values:
        raise InputError(f"column {column}, value {values[0]!r}: is no whole number; correct it")
    return number.cast("int64")


def sex_words(table: OpenTable) -> "ir.StringValue":
    """Return sex in words where the layout says what its codes stand for, else as it stands."""
    import ibis

    code = as_text(table.source.table, table.column("sex"))
    cases = [(code == given, word) for given, word in table.known.layout.sex_codes.items()]
    return ibis.cases(*cases, else_=code) if cases else code


def members_by_year(
    people: "ir.Table",
    cover: OpenTable | None,
    members: Sequence[OpenTable],
    years: Sequence[int],
    how: Years,
) -> "ir.Table":
    """Return one row a person and year in which they were there.

    Parameters
    ----------
    people : ibis Table
        From `people_of`.
    cover : OpenTable or None
        Spans or months of cover; by default spans that the lists of members have, else everybody
        is there from birth to death.
    years : sequence of int
        The years asked about, without a gap.

    Returns
    -------
    ibis Table
        ``person``, ``year``, ``age`` on the first day of the year (0 for who is born in it),
        ``sex``, ``exposure`` (share of the year, above 0 and at most 1) and ``died`` in that year.
    """
    import ibis

    spans = [each for each in members if each.has("start")] if cover is None else []
    if cover is not None and not cover.has("start"):
        shares = months_of_cover(cover, years, how)
    elif cover is not None or spans:
        tables = [cover] if cover is not None else spans
        union = reduce(lambda one, other: one.union(other), map(spans_of_cover, tables))
        shares = covered_shares(union, people, years, how)
    else:
        shares = covered_shares(life_spans(people), people, years, how)
    joined = shares.inner_join(people, "person")
    return joined.select(
        "person",
        "year",
        age=ibis.coalesce(completed_years(joined["birth"], joined["year"], how), joined["age"]),
        sex=joined["sex"].fill_null(UNKNOWN_SEX),
        exposure=joined["exposure"],
        died=(how.year_of(joined["death"]) == joined["year"]).fill_null(False),
    )


def completed_years(
    birth: "ir.DateValue", year: "ir.IntegerValue", how: Years
) -> "ir.IntegerValue":
    """Return age on the first day of a year: 0 for who is born in it, missing without a birth."""
    import ibis

    had = (birth.month() * 100 + birth.day()) <= how.first_month * 100 + 1
    # The first day of a year lies in the calendar year of its name.
    completed = year - birth.year() - (~had).cast("int64")
    # Not the greatest of it and 0, which is 0 where nothing is known.
    return ibis.ifelse(completed < 0, 0, completed).cast("int64")


def check_ages(members: "ir.Table") -> None:
    """Raise InputError if somebody has no age, or one that nobody has."""
    age = members["age"]
    found = (
        members.aggregate(
            missing=age.isnull().sum(),
            strange=((age < 0) | (age > OLDEST)).sum(),
            least=age.min(),
            most=age.max(),
        )
        .execute()
        .iloc[0]
    )
    if found["missing"]:
        raise InputError(
            f"{int(found['missing']):,} people and years have no date of birth and no age; correct "
            "or drop those members"
        )
    if found["strange"]:
        raise InputError(
            f"{int(found['strange']):,} people and years have an age that nobody has (from "
            f"{found['least']:g} to {found['most']:g}); a code such as -1 is no age: correct or "
            "drop those rows, or name another column with --map age=COLUMN"
        )
