"""What is in a table of people: columns, what they are taken for, problems with their fixes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.errors import InputError
from analysis.tables.column import Column
from analysis.tables.column_roles import OLDEST, Guess, guess_roles, looks_like_cost
from analysis.tables.columns import MOST_COLUMNS, describe_columns
from analysis.tables.data_quality import (
    holds_written_dates,
    less_sure,
    parts_of_cost,
    quality_problems,
)
from analysis.tables.people_tables import PeopleSource
from analysis.tables.read_errors import plain_read_errors

if TYPE_CHECKING:
    import ibis.expr.types as ir

FEWEST_ROWS = 1_000
"""Below it, the intervals of everything are so wide that little can be said."""

MOST_ROWS_COUNTED = 20_000_000
"""People are counted one by one up to so many rows; beyond, approximately."""

GIANT_SHARE = 0.1
"""A single cost above this share of all cost decides every answer."""


@dataclass(frozen=True)
class Problem:
    """Something that stands in the way, or that a reader should know.

    Attributes
    ----------
    column : str
        Empty where it concerns the whole table.
    stops : bool
        Whether `cells` would refuse the table because of it, or the answers would be wrong.
    """

    column: str
    problem: str
    fix: str
    stops: bool


@dataclass(frozen=True)
class Description:
    """What is in a table."""

    source: str
    engine: str
    rows: int
    columns: list[Column]
    guesses: list[Guess]
    problems: list[Problem]

    def column_for(self, role: str) -> Column | None:
        """Return the column that is taken for a role; None where there is none."""
        names = [guess.column for guess in self.guesses if guess.role == role]
        return next((column for column in self.columns if column.name in names), None)


def describe_source(source: PeopleSource) -> Description:
    """Describe an opened table of people.

    Parameters
    ----------
    source : PeopleSource
        Opened by `analysis.tables.people_tables.open_people` without a cost column.

    Raises
    ------
    InputError
        If the table has no rows or cannot be read.
    """
    with plain_read_errors(source.name):
        columns = describe_columns(source.table)
        rows = columns[0].rows if columns else 0
        if not rows:
            raise InputError("the table of people has no rows")
        guesses = less_sure(guess_roles(columns), columns)
        description = Description(source.name, source.engine, rows, columns, guesses, [])
        description.problems.extend(_problems(source.table, description))
        return description


def _problems(people: "ir.Table", description: Description) -> Iterator[Problem]:
    if len(people.columns) > MOST_COLUMNS:
        yield Problem(
            "",
            f"the table has {len(people.columns):,} columns; the first {MOST_COLUMNS} were read",
            "keep the columns that are needed",
            False,
        )
    if description.rows < FEWEST_ROWS:
        yield Problem(
            "",
            f"{description.rows:,} rows are few",
            "expect wide intervals, and most cells to be merged",
            False,
        )
    yield from _about_cost(description)
    yield from _about_age(description)
    for role in ("sex", "health"):
        for guess in description.guesses:
            column = next(c for c in description.columns if c.name == guess.column)
            if guess.role == role and column.missing:
                yield _missing(column, "label")
    cost = description.column_for("cost")
    for quality_problem in quality_problems(cost.name if cost else None, description.columns):
        yield Problem(*quality_problem)
    yield from _about_people(people, description)


def _about_cost(description: Description) -> Iterator[Problem]:
    column = description.column_for("cost")
    if column is None:
        numbers = [c.name for c in description.columns if c.number_share > 0.95][:8]
        others = f"; columns of numbers: {', '.join(numbers)}" if numbers else ""
        yield Problem(
            "", f"no column looks like an annual cost{others}", "name it with --cost", True
        )
        return
    name, unread = column.name, column.filled - column.numbers
    if unread:
        written = " (such as £1,234.50 or 1.234,50)" if column.money else ""
        yield Problem(
            name,
            f"{unread:,} rows are not plain numbers{written}",
            "write amounts as plain numbers with a decimal point and in one currency",
            True,
        )
    if column.missing:
        yield _missing(column, "cost; write 0 for people without any")
    if column.negatives:
        yield Problem(
            name,
            f"{column.negatives:,} rows are negative (the least is {column.least:g})",
            "net corrections against the payments they correct, or drop those rows",
            True,
        )
    if column.not_finite:
        yield Problem(
            name,
            f"{column.not_finite:,} rows are infinite or not a number",
            "correct or drop those rows",
            True,
        )
    yield from _about_amounts(column)
    yield from _about_other_costs(description, name)


def _about_other_costs(description: Description, name: str) -> Iterator[Problem]:
    taken = {guess.column for guess in description.guesses}
    taken |= set(parts_of_cost(name, description.columns))
    likely = [c.name for c in description.columns if looks_like_cost(c) and c.name not in taken]
    if likely:
        yield Problem(
            name,
            f"{', '.join(likely[:8])} may hold costs too",
            "if a person's cost is the sum of several columns, add them up first",
            False,
        )


def _about_amounts(column: Column) -> Iterator[Problem]:
    if not column.numbers or column.mean is None or column.most is None:
        return
    if column.least == column.most:
        what = "0" if column.most == 0 else "the same"
        yield Problem(
            column.name, f"every cost is {what}", "look for the column with the real costs", True
        )
    elif column.mean > 0 and column.most > GIANT_SHARE * column.mean * column.numbers:
        yield Problem(
            column.name,
            f"one row has {column.most / (column.mean * column.numbers):.0%} of all cost",
            "check that it is a cost of one person in one year and not a total",
            False,
        )


def _about_age(description: Description) -> Iterator[Problem]:
    column = description.column_for("age")
    if column is None:
        dates = [
            c for c in description.columns if c.kind == "date" or c.dates or holds_written_dates(c)
        ]
        # A name that says so first: the first date of a file may be another.
        births = [c.name for c in description.columns if _birth(c.name)] or [c.name for c in dates]
        if births:
            yield Problem(
                births[0],
                "no column of ages, and this one may hold dates of birth",
                "compute the age at the start of the year of the costs, in whole years",
                False,
            )
        return
    if column.missing:
        yield _missing(column, "age")
    unread = column.filled - column.numbers - column.bands
    if column.number_share > 0.5 and unread > 0:
        yield Problem(
            column.name, f"{unread:,} rows are not numbers", "correct or drop those rows", True
        )
    if column.number_share > 0.5 and ((column.least or 0) < 0 or (column.most or 0) > OLDEST):
        yield Problem(
            column.name,
            f"ages run from {column.least:g} to {column.most:g}",
            f"correct or drop ages outside 0 to {OLDEST}",
            True,
        )


def _birth(name: str) -> bool:
    return any(part in name.lower() for part in ("birth", "dob", "born"))


def _missing(column: Column, needed: str) -> Problem:
    return Problem(
        column.name,
        f"{column.missing:,} rows are missing",
        f"every person needs a {needed}, or drop those rows",
        True,
    )


def _about_people(people: "ir.Table", description: Description) -> Iterator[Problem]:
    """Whether somebody stands in several rows."""
    person, year = description.column_for("person"), description.column_for("year")
    if person is None:
        return
    is_exact = description.rows <= MOST_ROWS_COUNTED
    counted = people[person.name].nunique() if is_exact else people[person.name].approx_nunique()
    number = int(people.aggregate(number=counted).execute()["number"].iloc[0])
    more = description.rows - person.missing - number
    if more <= (0 if is_exact else 0.05 * description.rows):
        return
    about = "" if is_exact else "about "
    if year is not None and year.distinct > 1:
        fix = f"keep one year (column {year.name}): cells take rows for different people"
    else:
        fix = "add the costs of a person and year up to one row"
    yield Problem(
        person.name, f"{about}{more:,} rows are of people who are there before", fix, False
    )
