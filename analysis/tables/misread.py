"""What would be taken for one year of one person and is not: found in the data before it misleads.

Claim lines, several years, groups, part-years, codes and totals all look like costs of people. Each
is found by the name and the content of its columns, both by `describe` and by `cells`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.tables.column import Column
from analysis.tables.column_roles import (
    guess_roles,
    is_named,
    plain_label,
    same_labels,
    unit_of_cover,
)
from analysis.tables.columns import describe_columns
from analysis.tables.problem import Problem

if TYPE_CHECKING:
    import ibis.expr.types as ir

MOST_ROWS_COUNTED = 20_000_000
"""People are counted one by one up to so many rows; beyond, approximately."""

GIANT_SHARE = 0.1
"""A single cost above this share of all cost decides every answer."""

FEWEST_WITHOUT_A_ZERO = 200
"""Rows among which, in one year, somebody would cost nothing."""

MOST_YEARS = 25

WHOSE_YEAR = frozenset(
    ["year", "fy", "fiscal", "fiscalyear", "calendar", "financial", "plan", "benefit", "service",
     "period", "policy", "claim", "cost", "data", "survey", "panel", "jaar", "jahr"]
)  # fmt: skip
"""Words of a column of years that are those of the costs, and not of a birth."""

MORE_THAN_A_YEAR = r"lifetime|life time|cumulative|cumul|ever\b|to date|since"

LOOKED_AT = ("weight", "exposure", "claim", "count", "person", "year")
"""Roles that say what a row is."""


@dataclass(frozen=True)
class Rows:
    """What is known of a table before its rows are taken for people.

    Attributes
    ----------
    roles : mapping of str to Column
        What columns are, as they were named or guessed.
    factors : tuple of str
        Columns that define a cell.
    used : tuple of str
        Columns that were named as weight or exposure.
    """

    columns: Sequence[Column]
    roles: Mapping[str, Column]
    factors: tuple[str, ...]
    used: tuple[str, ...] = ()

    @property
    def number(self) -> int:
        """Number of rows."""
        return self.columns[0].rows


def named_rows(
    people: "ir.Table",
    by: Sequence[str],
    cost: str,
    person: str | None = None,
    used: Sequence[str] = (),
) -> Rows:
    """Sum up the columns that were named, and those whose names say what a row is.

    Parameters
    ----------
    person : str, optional
        Column that tells people apart; ``none``: rows are people, whatever columns are called.
    used : sequence of str
        Columns of weight and exposure.
    """
    told = [name for name in people.columns if any(is_named(role, name) for role in LOOKED_AT)]
    named = [name for name in [*by, cost, *used, *([person] if person else [])] if name != "none"]
    columns = describe_columns(people.select(list(dict.fromkeys([*named, *told]))), brief=True)
    by_name = {column.name: column for column in columns}
    others = [column for column in columns if column.name in told]
    roles = {guess.role: by_name[guess.column] for guess in guess_roles(others)}
    roles = {role: column for role, column in roles.items() if role in LOOKED_AT}
    if person == "none":
        roles = {role: roles[role] for role in ("weight", "exposure") if role in roles}
    elif person and not is_named("claim", person):
        roles["person"] = by_name[person]
    return Rows(columns, roles | {"cost": by_name[cost]}, tuple(by), tuple(used))


def misread(people: "ir.Table", rows: Rows) -> Iterator[Problem]:
    """Say what would be taken for costs of people and is not, the gravest first.

    Parameters
    ----------
    people : ibis Table
        In which people are counted.
    """
    if groups := list(_groups(rows)):
        yield from groups  # of which nothing else can be said that is true of people
        return
    yield from _repeated(people, rows)
    for about in (_lifetime, _giant, _no_zeros, _codes, _alike, _unused):
        yield from about(rows)


def _groups(rows: Rows) -> Iterator[Problem]:
    count = rows.roles.get("count")
    if count is None or count.name in rows.used:
        return
    yield Problem(
        count.name,
        f"each row may hold many people ({count.mean:,.0f} on average), so rows are groups and "
        "not people",
        "`groups` takes such a table, with columns group, people (this one, or its years of "
        "cover), age, sex and total_cost; here give one row a person",
        True,
    )


def _repeated(people: "ir.Table", rows: Rows) -> Iterator[Problem]:
    """Whether rows are claims, or years, of people who stand in several."""
    person, claim, year = (rows.roles.get(role) for role in ("person", "claim", "year"))
    several_years = year is not None and _of_costs(year)
    more, about = (0, "") if person is None else _more_rows_than_people(people, person, rows.number)
    if person is not None and not more:
        return
    who = ""
    if person is not None:
        number = rows.number - person.missing - more
        who = f"{about}{more:,} rows are of people who are there before ({about}{number:,} people)"
    if claim is not None:
        name = person.name if person else "the person"
        yield Problem(
            claim.name,
            f"rows are claims and not people{'; ' + who if who else ''}",
            f"`people` adds them up by {name} and year, net of reversals, and puts in the members "
            "without a claim, who cost 0",
            True,
        )
    elif several_years and year is not None:
        same = who or "the same people may be there several times, and no column tells them apart"
        yield Problem(
            person.name if person else year.name,
            f"{year.name} holds several years ({year.least:.0f} to {year.most:.0f}); {same}",
            f"keep one year (column {year.name}{', or `people --year`' if person else ''}): cells "
            "take rows for different people; the cost of the year before can be a factor",
            True,
        )
    elif person is not None:
        yield Problem(person.name, who, "add the costs of a person and year up to one row", True)


def _of_costs(year: Column) -> bool:
    words = set(re.findall(r"[a-z]+", year.name.lower()))
    several = (year.least or 0) < (year.most or 0)
    return words <= WHOSE_YEAR and several and year.distinct <= MOST_YEARS


def _more_rows_than_people(people: "ir.Table", person: Column, rows: int) -> tuple[int, str]:
    """How many rows are of people who are there before, and whether that is exact."""
    is_exact = rows <= MOST_ROWS_COUNTED
    column = people[person.name]
    counted = column.nunique() if is_exact else column.approx_nunique()
    number = int(people.aggregate(number=counted).execute()["number"].iloc[0])
    more = rows - person.missing - number
    enough = 0 if is_exact else 0.05 * rows
    return (more if more > enough else 0), "" if is_exact else "about "


def _lifetime(rows: Rows) -> Iterator[Problem]:
    cost = rows.roles.get("cost")
    names = {column.name.casefold() for column in rows.columns}
    if cost is None:
        return
    words = " ".join(re.findall(r"[a-z]+", cost.name.lower()))
    # Synthea's table of patients, whose two amounts are of a whole life.
    of_a_life = cost.name.casefold() == "healthcare_expenses" and "healthcare_coverage" in names
    if of_a_life or re.search(MORE_THAN_A_YEAR, words):
        yield Problem(
            cost.name,
            "its name says that it is a total over more than a year",
            "give the cost of one year, or rename the column if it is that",
            True,
        )


def _giant(rows: Rows) -> Iterator[Problem]:
    cost = rows.roles.get("cost")
    if cost is None or not cost.numbers or not cost.mean or cost.most is None:
        return
    share = cost.most / (cost.mean * cost.numbers)
    if cost.mean > 0 and cost.least != cost.most and share > GIANT_SHARE:
        yield Problem(
            cost.name,
            f"one row has {share:.0%} of all cost",
            "check that it is a cost of one person in one year and not a total",
            False,
        )


def _no_zeros(rows: Rows) -> Iterator[Problem]:
    cost = rows.roles.get("cost")
    if cost is not None and cost.numbers >= FEWEST_WITHOUT_A_ZERO and (cost.least or 0) > 0:
        yield Problem(
            cost.name,
            "nobody costs 0, so these may be users of care and not all members; then the mean is "
            "too high and k too low",
            "add the members without a cost, who cost 0",
            False,
        )


def _codes(rows: Rows) -> Iterator[Problem]:
    for column in rows.columns:
        if not column.codes or column.codes != column.negatives:
            continue
        is_age = is_named("age", column.name)
        cost = rows.roles.get("cost")
        measure = is_age or column is cost
        whole = "by which surveys say that something was not asked or not known"
        yield Problem(
            column.name,
            f"{column.codes:,} rows are {_codes_of(column)}, {whole}",
            "correct or drop those rows"
            if measure
            else "they stay a group of their own; drop those rows if they should be none",
            measure and (column.name in rows.factors or column is cost),
        )


def _codes_of(column: Column) -> str:
    return "-1" if column.least == -1 else f"codes such as {column.least:g}"


def _alike(rows: Rows) -> Iterator[Problem]:
    for column in rows.columns:
        for alike in same_labels([label for label, _ in column.levels]):
            one = len(set(map(plain_label, alike))) == 1
            how = "differ only in spaces, capitals or the form of a character"
            yield Problem(
                column.name,
                f"the labels {' and '.join(map(repr, sorted(alike)))} "
                f"{how if one else 'mean the same'}",
                "make them one",
                column.name in rows.factors,
            )


def _unused(rows: Rows) -> Iterator[Problem]:
    weight, exposure = (rows.roles.get(role) for role in ("weight", "exposure"))
    if weight is not None and weight.name not in rows.used:
        none = f" ({weight.zeros:,} rows stand for nobody)" if weight.zeros else ""
        yield Problem(
            weight.name,
            f"it may be a weight, the number of people that a row stands for{none}; without it "
            "answers are for these rows and not for the population",
            f"name it with --weight {weight.name}",
            False,
        )
    if exposure is not None and exposure.name not in rows.used:
        none = f"; drop the {exposure.zeros:,} rows without any" if exposure.zeros else ""
        unit = unit_of_cover(exposure.name)
        yield Problem(
            "",
            f"{exposure.name} may hold {unit} of cover, and not everybody was covered all year; "
            "without it a part-year counts as a year",
            f"name it with --exposure {exposure.name}{none}",
            False,
        )
