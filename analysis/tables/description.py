"""What is in a table of people: columns, what they are taken for, problems with their fixes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.errors import InputError
from analysis.tables.checks import unreadable_amount
from analysis.tables.column import Column
from analysis.tables.column_roles import OLDEST, Guess, guess_roles, looks_like_cost
from analysis.tables.columns import MOST_COLUMNS, describe_columns
from analysis.tables.data_quality import (
    holds_written_dates,
    less_sure,
    parts_of_cost,
    quality_problems,
)
from analysis.tables.misread import Rows, misread
from analysis.tables.people_tables import PeopleSource, with_amounts
from analysis.tables.problem import Problem
from analysis.tables.read_errors import plain_read_errors
from analysis.tables.written_amounts import written_amounts

if TYPE_CHECKING:
    import ibis.expr.types as ir

FEWEST_ROWS = 1_000
"""Below it, the intervals of everything are so wide that little can be said."""


@dataclass(frozen=True)
class Description:
    """What is in a table."""

    source: str
    engine: str
    rows: int
    columns: list[Column]
    guesses: list[Guess]
    problems: list[Problem]
    read_as: tuple[str, ...] = ()
    """What was not read as it stands; see `PeopleSource`."""

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
        source, columns, unclear = _with_amounts(source, describe_columns(source.table))
        rows = columns[0].rows if columns else 0
        if not rows:
            raise InputError("the table of people has no rows")
        guesses = less_sure(guess_roles(columns), columns)
        description = Description(
            source.name, source.engine, rows, columns, guesses, unclear, source.read_as
        )
        description.problems.extend(_problems(source.table, description))
        return description


def _with_amounts(
    source: PeopleSource, columns: list[Column]
) -> tuple[PeopleSource, list[Column], list[Problem]]:
    """Read amounts that people wrote as `cells` would, and say where that cannot be done."""
    unclear = []
    for number, column in enumerate(columns):
        if not column.money or column.numbers + column.money < column.filled:
            continue
        try:
            writings = written_amounts(source.table, [column.name])
        except InputError as error:
            where, _, what = str(error).partition(": ")
            problem, _, fix = what.rpartition("; ")
            unclear.append(Problem(where.removeprefix("column "), problem, fix, True))
            continue
        if writings:
            source = with_amounts(source, writings)
            read = describe_columns(source.table.select(column.name))[0]
            columns[number] = read
    return source, columns, unclear


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
    roles = {guess.role: description.column_for(guess.role) for guess in description.guesses}
    factors = tuple(g.column for g in description.guesses if g.role in ("age", "sex", "health"))
    known = {role: column for role, column in roles.items() if column is not None}
    yield from misread(people, Rows(description.columns, known, factors))
    yield from _about_cost(people, description)
    yield from _about_age(people, description)
    for role in ("sex", "health"):
        for guess in description.guesses:
            column = next(c for c in description.columns if c.name == guess.column)
            if guess.role == role and column.missing:
                yield _missing(column, "a label")
    cost = description.column_for("cost")
    for quality_problem in quality_problems(cost.name if cost else None, description.columns):
        yield Problem(*quality_problem)


def _about_cost(people: "ir.Table", description: Description) -> Iterator[Problem]:
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
        yield Problem(
            name,
            f"{unread:,} rows are not plain numbers{_example(people, column)}",
            "write amounts as plain numbers with a decimal point and in one currency",
            True,
        )
    if column.missing:
        yield _missing(column, "a cost; write 0 for people without any")
    if column.negatives > column.codes:
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
            "if a person's cost is the sum of several columns, add them up first; leave out what "
            "is a part of a total",
            False,
        )


def _about_amounts(column: Column) -> Iterator[Problem]:
    if column.numbers and column.least is not None and column.least == column.most:
        what = "0" if column.most == 0 else "the same"
        yield Problem(
            column.name, f"every cost is {what}", "look for the column with the real costs", True
        )


def _about_age(people: "ir.Table", description: Description) -> Iterator[Problem]:
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
        yield _missing(column, "an age")
    unread = column.filled - column.numbers - column.bands
    if column.number_share > 0.5 and unread > 0:
        yield Problem(
            column.name,
            f"{unread:,} rows are not numbers{_example(people, column)}",
            "correct or drop those rows",
            True,
        )
    if column.number_share > 0.5 and _beyond_ages(column):
        yield Problem(
            column.name,
            f"ages run from {column.least:g} to {column.most:g}",
            f"correct or drop ages outside 0 to {OLDEST}",
            True,
        )


def _beyond_ages(column: Column) -> bool:
    return column.negatives > column.codes or (column.most or 0) > OLDEST


def _example(people: "ir.Table", column: Column) -> str:
    """One text that is no number, where an age is one."""
    is_text = column.kind == "text" and not column.bands
    value = unreadable_amount(people, column.name) if is_text else None
    return "" if value is None else f" (such as {value[:40]!r})"


def _birth(name: str) -> bool:
    return any(part in name.lower() for part in ("birth", "dob", "born"))


def _missing(column: Column, needed: str) -> Problem:
    return Problem(
        column.name,
        f"{column.missing:,} rows are missing",
        f"every person needs {needed}, or drop those rows",
        True,
    )
