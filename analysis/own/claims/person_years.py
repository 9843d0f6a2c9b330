"""One row a person and year, and an account of how it came about."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from analysis.errors import InputError
from analysis.own.claims.account import Account, account_of, check_years
from analysis.own.claims.conditions import COUNT, conditions_by_person
from analysis.own.claims.engine import kept
from analysis.own.claims.lines import (
    PARTS_OF_ONE,
    check_no_line_twice,
    claim_lines,
    sums_by_person,
)
from analysis.own.claims.members import check_ages, members_by_year, people_of
from analysis.own.claims.opening import OpenTable, Tables
from analysis.own.claims.rows_of_people import WEIGHT, members_of_rows
from analysis.own.claims.years import Years
from analysis.tables.read_errors import plain_read_errors

if TYPE_CHECKING:
    import ibis.expr.types as ir

MOST_YEARS = 40


def person_years(tables: Tables, how: Years) -> tuple["ir.Table", Account]:
    """Turn claims, members and cover into one row a person and year.

    Returns
    -------
    people : ibis Table
        ``person``, ``year``, ``age`` (at the start of the year), ``sex``, ``exposure`` (share of
        the year), ``weight`` in a survey that has one, ``cost`` (in that year, not divided by the
        exposure) and, where the year before is known, ``prior_cost`` and conditions; missing for
        who was not there in it.
    account : Account
        Lines and money that came in, what was left out and why, and what came out.

    Raises
    ------
    InputError
        If a table is not what it should be, a year looks incomplete, or sums do not agree.
    """
    lines = claim_lines(tables.claims, how)
    with plain_read_errors(tables.name):
        amount = lines["amount"].sum().cast("int64").fill_null(0)
        total = lines.aggregate(lines=lines.count(), amount=amount).execute().iloc[0]
        if not total["lines"]:
            raise InputError("has no rows")
        check_no_line_twice(lines, int(total["lines"]))
        sums = kept(sums_by_person(lines))
        years = _years(sums, how)
    members = kept(_members(tables, how, years))
    with plain_read_errors(
        " and ".join(each.source.name for each in tables.members or tables.claims)
    ):
        check_ages(members)
    with plain_read_errors(tables.name):
        all_years = kept(_joined(members, sums))
        account = account_of(total, sums, all_years, years, members)
        check_years(account, bool(how.wanted))
    people = _with_year_before(all_years, sums, tables, years, how)
    return people.order_by(["year", "person"]), account


def _years(sums: "ir.Table", how: Years) -> list[int]:
    """The years to write: those wanted, or all from the first to the last of the claims."""
    found = sums.filter(sums["year"].notnull()).select("year").distinct().execute()["year"]
    there = sorted(int(year) for year in found)
    if not there:
        raise InputError("no line has a date")
    if how.wanted:
        if absent := sorted({*how.wanted} - {*there}):
            listed = ", ".join(map(str, there[:MOST_YEARS]))
            raise InputError(
                f"--year {absent[0]}: there is no claim of that year; there are {listed}"
            )
        return sorted(set(how.wanted))
    if there[-1] - there[0] >= MOST_YEARS:
        raise InputError(
            f"claims reach from {there[0]} to {there[-1]}; name the years that are complete with "
            "--year"
        )
    return list(range(there[0], there[-1] + 1))


def _members(tables: Tables, how: Years, years: Sequence[int]) -> "ir.Table":
    if tables.claims[0].known.kind == "people":
        return members_of_rows(tables.claims[0], how)
    people = people_of(tables.members)
    with plain_read_errors(" and ".join(each.source.name for each in tables.members)):
        if (
            len(years) > 1
            and people.aggregate(ages=people["age"].count()).execute()["ages"].iloc[0]
        ):
            raise InputError(
                "has an age and no date of birth, which fits one year only; give dates of birth "
                "(--map birth=COLUMN) or one --year"
            )
    with_before = sorted({*years, *(year - 1 for year in years)})
    return members_by_year(people, tables.cover, tables.members, with_before, how)


def _joined(members: "ir.Table", sums: "ir.Table") -> "ir.Table":
    """Everybody who was there, with the sum of their claims: 0 for who has none."""
    import ibis

    joined = members.left_join(sums, ["person", "year"])
    amount = joined["amount"].fill_null(0)
    return joined.select(
        "person",
        "year",
        "age",
        "sex",
        "exposure",
        *_weight_of(members),
        "died",
        amount=ibis.greatest(amount, 0),
        # Whose lines take back more than there is costs 0; what is lacking is accounted for.
        raised=ibis.greatest(-amount, 0),
        lines=joined["lines"].fill_null(0),
    )


def _weight_of(members: "ir.Table") -> list[str]:
    return [name for name in members.columns if name == WEIGHT]


def _with_year_before(
    all_years: "ir.Table", sums: "ir.Table", tables: Tables, years: Sequence[int], how: Years
) -> "ir.Table":
    wanted = all_years.filter(all_years["year"].isin(list(years)))
    names = ["person", "year", "age", "sex", "exposure", *_weight_of(all_years)]
    # A year of which no claim tells is not known to have cost nothing.
    told = sums.select("year").distinct()
    before = all_years.semi_join(told, "year")
    before = before.select("person", year=before["year"] + 1, prior_amount=before["amount"])
    joined = wanted.left_join(before, ["person", "year"])
    claimed = set(told.execute()["year"].dropna().astype(int))
    costs = {"cost": joined["amount"].cast("float64") / PARTS_OF_ONE}
    if any(year - 1 in claimed for year in years):
        costs["prior_cost"] = joined["prior_amount"].cast("float64") / PARTS_OF_ONE
    people = joined.select(*names, **costs, _known=joined["prior_amount"].notnull())
    if tables.conditions is not None:
        people = _with_conditions(people, tables.conditions, how)
    return people.drop("_known")


def _with_conditions(people: "ir.Table", conditions: OpenTable, how: Years) -> "ir.Table":
    """Conditions of the year before: none for who was there and has none, missing for newcomers."""
    import ibis

    found, flags = conditions_by_person(conditions, how)
    found = found.mutate(year=found["year"] + 1)
    joined = people.left_join(found, ["person", "year"])
    told = {
        name: ibis.ifelse(joined["_known"], joined[name].fill_null(0), ibis.null("int64"))
        for name in (COUNT, *flags)
    }
    return joined.select(*people.columns, **told)
