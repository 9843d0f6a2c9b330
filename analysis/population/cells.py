"""People aggregated into risk cells by two Ibis expressions.

The same expressions run on DuckDB, Spark or any other Ibis backend; only sums leave the place
where the rows are kept.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from analysis.errors import InputError
from analysis.population.cost_table import (
    FEWEST_PEOPLE,
    bin_expression,
    column_or_one,
    joined_bins,
    lowest_threshold,
)
from analysis.population.risk_cells import SUMS, RiskCells
from analysis.tables.checks import check_columns, check_people, check_weights

if TYPE_CHECKING:
    import ibis.expr.types as ir

SUMS_FOR_RULES = ("rows_positive", "rows_tail", "sum_excess", "sum_excess_squared")
"""Sums that only the rules of release need: people seen with a cost and above the threshold, and
sums of what costs have above it. They are never released."""

LARGEST = (
    "largest_limited",
    "largest_limited_squared",
    "largest_excess",
    "largest_excess_squared",
)
"""The largest part of the sum with the same ending, for the rules of release; never released."""


def cost_bins(
    people: "ir.Table",
    cost: str,
    number: int,
    weight: str | None = None,
    ranks: Sequence[int] = (),
    fewest_people: int = FEWEST_PEOPLE,
) -> tuple[pd.DataFrame, float]:
    """Return the pooled table of costs, and the lowest cost at which a tail begins.

    Parameters
    ----------
    number : int
        Of people.
    ranks, fewest_people
        As for `analysis.population.cost_table.lowest_threshold`.

    Raises
    ------
    InputError
        If nobody has a cost, or costs fill too few bins.
    """
    narrow = bin_expression(people, cost, weight).execute()
    if narrow.empty:
        raise InputError(f"column {cost}: every cost is 0; there is nothing to model")
    costs = joined_bins(narrow, fewest_people)
    return costs, lowest_threshold(costs, number, ranks, fewest_people)


def cell_expression(
    people: "ir.Table",
    by: Sequence[str],
    cost: str,
    threshold: float,
    weight: str | None = None,
    exposure: str | None = None,
) -> "ir.Table":
    """Return the Ibis expression, on any backend, that turns people into risk cells.

    Executed, it has one row a cell, in the order of the factors: `SUMS`, and for the rules of
    release `SUMS_FOR_RULES` and `LARGEST`.

    Parameters
    ----------
    threshold : float
        Lowest cost at which a tail begins.
    weight, exposure : str, optional
        Columns with the number of people that a row stands for, and with the share of the year
        that it was covered.

    Raises
    ------
    InputError
        If a named column is absent, or the costs are not numbers.
    """
    check_columns(people, by, cost)
    amount = people[cost].cast("float64")
    counts, covered = (column_or_one(people, column, cost) for column in (weight, exposure))
    limited = (amount > threshold).ifelse(threshold, amount)
    excess = amount - limited
    parts = {
        "limited": counts * limited,
        "limited_squared": counts * limited * limited,
        "excess": counts * excess,
        "excess_squared": counts * excess * excess,
    }
    sums = {
        "rows": people.count(),
        "n": counts.sum(),
        "member_years": (counts * covered).sum(),
        "n_positive": (amount > 0).ifelse(counts, 0.0).sum(),
        "n_tail": (amount > threshold).ifelse(counts, 0.0).sum(),
        "sum_cost": (counts * amount).sum(),
        "sum_cost_squared": (counts * amount * amount).sum(),
        "rows_positive": (amount > 0).sum(),
        "rows_tail": (amount > threshold).sum(),
    }
    sums |= {f"sum_{name}": part.sum() for name, part in parts.items()}
    sums |= {f"largest_{name}": part.max() for name, part in parts.items()}
    return people.group_by(list(by)).aggregate(**sums).order_by(list(by))


def risk_cells(
    people: "pd.DataFrame | ir.Table",
    by: Sequence[str],
    cost: str = "annual_cost_usd",
    weight: str | None = None,
    exposure: str | None = None,
    ranks: Sequence[int] = (),
) -> RiskCells:
    """Aggregate people, one row a person and year, into risk cells.

    Parameters
    ----------
    by : sequence of str
        Factor columns that define a cell.
    cost : str
        Column with the annual cost, at least 0.
    weight, exposure : str, optional
        As for `cell_expression`.
    ranks : sequence of int
        Costliest people in the tail; by default those of `cost_table.tail_ranks`.

    Raises
    ------
    InputError
        If there are no people, a column is absent, a factor is missing, costs fill too few bins,
        or a cost, a weight or an exposure cannot be one.

    Examples
    --------
    >>> spread = [0.0, 10.0, 40.0, 90.0, 500.0, 2000.0]
    >>> people = pd.DataFrame({"sex": ["f", "f", "m"] * 40, "cost": spread * 20})
    >>> risk_cells(people, ["sex"], "cost").table[["sex", "n", "n_positive"]]
      sex     n  n_positive
    0   f  80.0        60.0
    1   m  40.0        40.0
    """
    import ibis

    source = ibis.memtable(people) if isinstance(people, pd.DataFrame) else people
    check_columns(source, by, cost)
    number, _ = check_people(source, by, cost)
    check_weights(source, weight, exposure)
    costs, threshold = cost_bins(source, cost, number, weight, ranks)
    frame = cell_expression(source, by, cost, threshold, weight, exposure).execute()
    return RiskCells(frame[[*by, *SUMS]], costs, threshold, tuple(by))
