"""What a table of people must be before its costs are summed; each fault is one message."""

from collections.abc import Sequence

import ibis.expr.types as ir
import numpy as np

from analysis.errors import InputError


def check_columns(people: ir.Table, by: Sequence[str], cost: str) -> None:
    """Raise InputError if a named column is absent or the costs are not numbers."""
    for column in [*by, cost]:
        if column not in people.columns:
            raise InputError(
                f"column {column} is not in the table; it has {', '.join(people.columns)}"
            )
    kind = people[cost].type()
    if not kind.is_numeric():
        value = unreadable_amount(people, cost) if kind.is_string() else None
        example = "" if value is None else f" (such as {value!r})"
        raise InputError(
            f"column {cost}: holds {kind}, not numbers{example}; convert it to amounts first"
        )


def unreadable_amount(people: ir.Table, cost: str) -> str | None:
    """Return the first text in a column of text that is not a number; None where all are."""
    is_number = people[cost].try_cast("float64").notnull()
    text = people[cost].notnull() & ~is_number
    found = people.filter(text).select(cost).limit(1).execute()[cost].tolist()
    return found[0] if found else None


def check_people(
    people: ir.Table, by: Sequence[str], cost: str, most_levels: int | None = None
) -> tuple[int, float]:
    """Return the number of people and their total cost, or name the first fault.

    Parameters
    ----------
    people, by, cost
        As for `analysis.population.cells.cell_expression`.
    most_levels : int, optional
        Most levels of a factor, so that an identifier does not make a cell for every person. They
        are counted approximately, so a few more may pass.

    Returns
    -------
    people : int
    total_cost : float

    Raises
    ------
    InputError
        If a cost is missing, negative, infinite, not a number or too large to square, a factor is
        missing or has too many levels, or nobody is there.
    """
    amount = people[cost].cast("float64")
    faults = {
        (cost, "missing"): amount.isnull(),
        (cost, "negative"): amount < 0,
        **{(factor, "missing"): people[factor].isnull() for factor in by},
    }
    sums = {f"fault_{index}": fault.sum() for index, fault in enumerate(faults.values())}
    ends = {"people": people.count(), "total": amount.sum(), "least": amount.min()}
    ends["squares"] = (amount * amount).sum()
    if most_levels is not None:
        ends |= {f"levels_{index}": people[name].approx_nunique() for index, name in enumerate(by)}
    found = people.aggregate(**ends, **sums).execute().iloc[0]
    if not found["people"]:
        raise InputError("the table of people has no rows")
    for index, (column, fault) in enumerate(faults):
        if count := int(found[f"fault_{index}"]):
            value = f" (the least is {found['least']:g})" if fault == "negative" else ""
            raise InputError(_fault(column, f"{count} rows are {fault}{value}", column == cost))
    # Found by the sums: some engines have no isinf(), and DuckDB answers isnan() with no for a
    # whole column of Parquet, whose statistics leave NaN out.
    if np.isnan(found["total"]):
        raise InputError(_fault(cost, "some rows are missing (NaN)", True))
    if np.isinf(found["squares"]):
        raise InputError(_fault(cost, "some rows are infinite, or too large for money", True))
    if most_levels is not None:
        _check_levels(
            {name: found[f"levels_{index}"] for index, name in enumerate(by)}, most_levels
        )
    return int(found["people"]), float(found["total"])


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
