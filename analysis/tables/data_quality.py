"""What makes a file of people no table of annual costs: costs in parts, the dead, conditions.

Such columns are found by their names and content. They are shown to the user, who alone knows what
they mean.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from analysis.tables.column import Column
from analysis.tables.column_roles import Guess, looks_like_cost

type QualityProblem = tuple[str, str, str, bool]
"""Column, problem, fix, and whether the answer would be wrong without it."""

MOST_NAMED = 8
"""Columns that one sentence names."""

_WHOLE = {"total", "tot", "sum", "all", "annual", "yearly"}
_DEATH = ("death", "died", "deceased", "dod")
_CONDITIONS = (
    "diabet", "copd", "asthma", "cancer", "cncr", "stroke", "strke", "depress", "dement", "alzh",
    "kidney", "kidn", "renal", "esrd", "osteo", "arthrit", "hypertens", "chf", "heart",
)  # fmt: skip


def holds_written_dates(column: Column) -> bool:
    """Return whether whole numbers are dates without a divider, such as 19430101."""
    numbers = 0 < column.numbers == column.filled == column.whole
    least, most = column.least or 0, column.most or 0
    months = 101 <= least % 10_000 <= 1231 and 101 <= most % 10_000 <= 1231
    named = re.search(r"date|birth|death|dob|dod|_dt$|^dt_", column.name.lower())
    return bool(numbers and named and 18_000_101 <= least <= most <= 21_001_231 and months)


def parts_of_cost(cost: str, columns: Sequence[Column]) -> list[str]:
    """Return other columns whose names differ from that of the cost in their last word only.

    Parameters
    ----------
    cost : str
        Name of the column that is taken for the cost.

    Returns
    -------
    list of str
        Empty where a name says that it is a total, or where the last word is a year.
    """
    *stem, last = _words(cost) or [""]
    if not stem or last.isdigit() or _WHOLE & {*stem, last}:
        return []
    return [
        column.name
        for column in columns
        if (words := _words(column.name))[:-1] == stem
        and words[-1] != last
        and not words[-1].isdigit()
        and looks_like_cost(column)
    ]


def less_sure(guesses: Sequence[Guess], columns: Sequence[Column]) -> list[Guess]:
    """Return guesses in which a cost that may be one part of several is only a guess."""
    return [
        replace(guess, sureness="guess", why=f"{guess.why}, but others are named like it")
        if guess.role == "cost" and parts_of_cost(guess.column, columns)
        else guess
        for guess in guesses
    ]


def quality_problems(cost: str | None, columns: Sequence[Column]) -> Iterator[QualityProblem]:
    """Say what has to be done before rows of a file are people with annual costs.

    Parameters
    ----------
    cost : str or None
        Name of the column that is taken for the cost.
    """
    if cost and (parts := parts_of_cost(cost, columns)):
        yield (
            cost,
            f"it may be one part of the cost: {_named(parts)} {_is(parts)} named like it",
            "add up the columns that make up what a person costs in a year, into one column",
            True,
        )
    for column in columns:
        if column.filled and any(word in _joined(column) for word in _DEATH):
            yield (
                column.name,
                f"{column.filled:,} rows may be of people who died",
                "keep who died in the year of the costs, with what they cost until then; a pool "
                "pays for them too",
                False,
            )
    flags = [column.name for column in columns if _flag_of_condition(column)]
    if len(flags) > 1:
        yield (
            "",
            f"{_named(flags)} may say who has which condition",
            "count them in one column, from the year before the costs; conditions found in the "
            "same year are partly found because of its costs",
            False,
        )


def _flag_of_condition(column: Column) -> bool:
    two = 2 <= len(column.levels) <= 3
    return two and any(word in _joined(column) for word in _CONDITIONS)


def _words(name: str) -> list[str]:
    return re.findall(r"[a-z]+|\d+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower())


def _joined(column: Column) -> str:
    return "".join(_words(column.name))


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


def _is(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"
