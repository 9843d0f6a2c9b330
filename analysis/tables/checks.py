"""What a table of people must be before its costs are summed; each fault is one message."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING
from unicodedata import normalize

import numpy as np

from analysis.errors import InputError

if TYPE_CHECKING:
    import ibis.expr.types as ir

SMALLEST_COST = 1e-9
"""A cost above 0 and below this is what arithmetic left of a 0."""

CURRENCY_NAMES = ("currency", "currency_code", "ccy")
"""Names of a column that says what a cost is counted in."""

SHOWN_NAMES = 20


def check_columns(people: "ir.Table", by: Sequence[str], cost: str) -> None:
    """Raise InputError if a named column is absent, or holds what cannot be used as it should."""
    for column in [*by, cost]:
        check_there(people, column)
    for column in by:
        kind = people[column].type()
        if kind.is_nested() or kind.is_binary():
            raise InputError(
                f"column {column}: holds {kind}, which is no label; a factor holds text, numbers, "
                "dates or true and false"
            )
    kind = people[cost].type()
    if not kind.is_numeric():
        value = unreadable_amount(people, cost) if kind.is_string() else None
        example = "" if value is None else f" (such as {value!r})"
        held = "nothing but missing values" if kind.is_unknown() or kind.is_null() else str(kind)
        raise InputError(
            f"column {cost}: holds {held}, not numbers{example}; convert it to amounts first"
        )


def check_there(people: "ir.Table", column: str) -> None:
    """Raise InputError if a column is absent; says which are there."""
    if column not in people.columns:
        raise InputError(
            f"column {column} is not in the table; it has {_listed(people.columns)}"
            f"{_near(column, people.columns)}"
        )


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN_NAMES:,} more" if len(names) > SHOWN_NAMES else ""
    shortened = [name if len(name) <= 60 else f"{name[:60]}…" for name in names[:SHOWN_NAMES]]
    return ", ".join(shortened) + more


def _near(column: str, names: Sequence[str]) -> str:
    """Return a question about the name that was probably meant; it shows what misleads."""
    plain = {_plain(name): name for name in names}
    matches = get_close_matches(_plain(column), plain, 1, 0.65)
    if not matches:
        return ""
    return f". Did you mean {plain[matches[0]]!a}? Name it as it stands, or rename it"


def _plain(name: str) -> str:
    """Name without what the eye overlooks: capitals, spaces, marks, widths."""
    return "".join(c for c in normalize("NFKD", name).casefold() if c.isalnum())


def unreadable_amount(people: "ir.Table", cost: str) -> str | None:
    """Return the first text in a column of text that is not a number; None where all are."""
    is_number = people[cost].try_cast("float64").notnull()
    text = people[cost].notnull() & ~is_number
    texts = people.filter(text).select(cost).limit(1).execute()[cost].tolist()
    return texts[0] if texts else None


def check_currency(people: "ir.Table") -> None:
    """Raise InputError if a column that names the currency holds more than one."""
    for column in people.columns:
        if column.strip().casefold() in CURRENCY_NAMES and people[column].type().is_string():
            currencies = (
                people.select(people[column]).distinct().limit(5).execute()[column].dropna()
            )
            if len(currencies) > 1:
                raise InputError(
                    f"column {column}: holds {', '.join(sorted(currencies))}, and costs in several "
                    "currencies cannot be added; convert them and leave the column out"
                )


def check_persons(people: "ir.Table", person: str) -> None:
    """Raise InputError if somebody has more than one row."""
    check_there(people, person)
    rows = people.group_by(person).aggregate(rows=people.count())
    several = rows.filter(rows["rows"] > 1)
    repeated = several.aggregate(persons=several.count(), most=several["rows"].max()).execute()
    if number := int(repeated["persons"].iloc[0]):
        who = "person has" if number == 1 else "people have"
        raise InputError(
            f"column {person}: {number:,} {who} more than one row (up to "
            f"{int(repeated['most'].iloc[0]):,}); give one row for each person and year, with the "
            "year's total cost"
        )


def check_people(
    people: "ir.Table", by: Sequence[str], cost: str, most_levels: int | None = None
) -> tuple[int, float]:
    """Return the number of people and their total cost, or name the first fault.

    Parameters
    ----------
    people, by, cost
        As for `analysis.population.cells.cell_expression`.
    most_levels : int, optional
        Most levels of a factor, so that an identifier does not make a cell for every person. They
        are counted approximately, so a few more may pass.

    Raises
    ------
    InputError
        If a cost is missing, negative, infinite, not a number, too large to square or too small for
        money, a factor is missing or has too many levels, or nobody is there.
    """
    amount = people[cost].cast("float64")
    faults = {
        (cost, "missing"): amount.isnull(),
        (cost, "negative"): amount < 0,
        **{(factor, "missing"): people[factor].isnull() for factor in by},
    }
    sums = {f"fault_{index}": fault.sum() for index, fault in enumerate(faults.values())}
    ends = {"people": people.count(), "total": amount.sum(), "least": amount.min()}
    ends |= {"squares": (amount * amount).sum(), "smallest": amount.min(where=amount > 0)}
    if most_levels is not None:
        ends |= {f"levels_{index}": people[name].approx_nunique() for index, name in enumerate(by)}
    aggregates = people.aggregate(**ends, **sums).execute().iloc[0]
    if not aggregates["people"]:
        raise InputError("the table of people has no rows")
    for index, (column, fault) in enumerate(faults):
        if count := int(aggregates[f"fault_{index}"]):
            value = f" (the least is {aggregates['least']:g})" if fault == "negative" else ""
            raise InputError(_fault(column, f"{count} rows are {fault}{value}", column == cost))
    _check_sums(cost, *(aggregates[name] for name in ("total", "squares", "smallest")))
    if most_levels is not None:
        _check_levels(
            {name: aggregates[f"levels_{index}"] for index, name in enumerate(by)}, most_levels
        )
    return int(aggregates["people"]), float(aggregates["total"])


def _check_sums(cost: str, total: float, squares: float, smallest: float | None) -> None:
    # Found by the sums: some engines have no isinf(), and DuckDB answers isnan() with no for a
    # whole column of Parquet, whose statistics leave NaN out.
    if np.isnan(total):
        raise InputError(_fault(cost, "some rows are missing (NaN)", True))
    if np.isinf(squares):
        raise InputError(_fault(cost, "some rows are infinite, or too large for money", True))
    if smallest is not None and 0 < smallest < SMALLEST_COST:
        raise InputError(
            f"column {cost}: the smallest cost above 0 is {smallest:g}, too small for money; round "
            "costs to the smallest coin"
        )


def _check_levels(levels: dict[str, int], most: int) -> None:
    for factor, number in levels.items():
        if number > 1.1 * most:
            raise InputError(
                f"column {factor}: about {int(number):,} different values, more than the {most:,} "
                "allowed; group them into bands, or leave an identifier out"
            )


def _fault(column: str, fault: str, is_cost: bool) -> str:
    costs, labels = "annual costs must be finite and at least 0", "every person needs a label"
    return f"column {column}: {fault}; {costs if is_cost else labels}: correct or drop those rows"


def check_weights(people: "ir.Table", weight: str | None, exposure: str | None) -> None:
    """Raise InputError if a weight is missing, negative or infinite, or an exposure not in 0 to 1.

    Parameters
    ----------
    weight, exposure : str, optional
        As for `analysis.population.cells.cell_expression`.
    """
    for column, most in ((weight, np.inf), (exposure, 1.0)):
        if column is not None:
            _check_weight(people, column, most)


def check_numbers(people: "ir.Table", column: str) -> None:
    """Raise InputError if a column is absent, or holds no numbers."""
    check_there(people, column)
    kind = people[column].type()
    if not kind.is_numeric():
        raise InputError(f"column {column}: holds {kind}, not numbers; convert it first")


def _check_weight(people: "ir.Table", column: str, most: float) -> None:
    check_numbers(people, column)
    value = people[column].cast("float64")
    found = people.aggregate(
        missing=value.isnull().sum(),
        negative=(value < 0).sum(),
        least=value.min(),
        largest=value.max(),
        total=value.sum(),
    )
    sums = found.execute().iloc[0]
    fault = ""
    if sums["missing"] or np.isnan(sums["total"]):
        fault = f"{int(sums['missing']) or 'some'} rows are missing"
    elif sums["negative"]:
        fault = f"{int(sums['negative'])} rows are negative (the least is {sums['least']:g})"
    elif sums["largest"] > most or np.isinf(sums["largest"]):
        fault = f"the largest is {sums['largest']:g}"
    elif sums["total"] == 0:
        fault = "every row is 0"
    if fault:
        what = (
            "the share of the year in which a person was covered, from 0 to 1 (months over 12)"
            if most == 1.0
            else "the number of people that a row stands for, at least 0 and finite"
        )
        raise InputError(f"column {column}: {fault}; give {what}, and correct or drop those rows")
