"""The pooled table of costs: all people with a cost, in bins of log cost.

A cost model needs the whole shape of the distribution once, for everybody together; by cell a few
sums are enough (`analysis.population.risk_cells`). A bin tells its people and the mean and variance
of their log cost: with the counts alone, where the tail ends could not be told.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.errors import InputError

if TYPE_CHECKING:
    import ibis.expr.types as ir

BINS_PER_DECADE = 20
WIDTH = np.log(10) / BINS_PER_DECADE
"""Of a bin, natural logarithm."""

FEWEST_PEOPLE = 10
"""Least people in a bin."""

DOMINANCE = 2.1
"""A sum must be this many times the largest part in it.

Then the person with the second largest part, subtracting their own, still cannot tell the largest
to within 10 %: the p-percent rule with p = 10 (Hundepool and others 2012, Statistical Disclosure
Control, chapter 4), on the safe side because the second largest is taken to be as large as the
largest.
"""

DOMINANCE_OF_SQUARES = 1 + (DOMINANCE - 1) ** 2
"""The same for a sum of squares; it implies the former, for parts that count alike."""

TAIL_RANKS = (100, 150, 200)
"""The tail begins above so many of the costliest people, each in turn."""

TAIL_RANKS_OF_MANY = (200, 500)
MANY_PEOPLE = 100_000
FEWEST_BINS = 4
MOST_IN_TAIL = 0.025
"""Largest share of all people above the lowest threshold."""


def bin_expression(
    people: "ir.Table",
    cost: str,
    weight: str | None = None,
    by: Sequence[str] = (),
    width: float = WIDTH,
) -> "ir.Table":
    """Return the Ibis expression of the narrow bins of positive cost, before any is joined.

    Executed, it has one row a bin: ``bin`` (its number; it holds its upper edge), ``rows``, ``n``
    (with weights, the people they stand for), ``heaviest`` (largest weight), ``first`` and
    ``second`` (sums of the log's deviation from the bin's middle, and of its square) and ``top``
    (largest deviation).

    Parameters
    ----------
    by : sequence of str
        Factors; with them it has one row a bin of each cell.
    width : float
        Of a bin, natural logarithm.
    """
    positive = people.filter(people[cost] > 0)
    log_cost = positive[cost].cast("float64").ln()
    number = (log_cost / width - 1e-9).ceil()
    # Sums around the middle of the bin: the variance would drown in rounding otherwise.
    deviation = log_cost - (number - 0.5) * width
    counts = column_or_one(positive, weight, cost)
    binned = positive.mutate(bin=number.cast("int64"), _d=deviation, _w=counts)
    keys = [*by, "bin"]
    return (
        binned.group_by(keys)
        .aggregate(
            rows=binned.count(),
            n=binned["_w"].sum(),
            heaviest=binned["_w"].max(),
            first=(binned["_w"] * binned["_d"]).sum(),
            second=(binned["_w"] * binned["_d"] * binned["_d"]).sum(),
            top=binned["_d"].max(),
        )
        .order_by(keys)
    )


def column_or_one(people: "ir.Table", column: str | None, cost: str) -> "ir.NumericColumn":
    """Return a column of numbers, or 1 in every row that has a cost if there is no such column."""
    return people[column].cast("float64") if column else people[cost].cast("float64") * 0.0 + 1.0


def joined_bins(narrow: pd.DataFrame, fewest_people: int = FEWEST_PEOPLE) -> pd.DataFrame:
    """Join narrow bins from the top until each holds enough people and nobody stands out.

    Parameters
    ----------
    narrow : DataFrame
        An executed `bin_expression` with at least `fewest_people` people in all.

    Returns
    -------
    DataFrame, one row a bin, from the lowest to the highest
        ``cost_above`` (lower edge, in the currency; the first 0), ``rows``, ``n``, ``mean_log``,
        ``variance_log`` of natural log cost.
    """
    bins = {str(name): narrow[name].to_numpy(float) for name in narrow}
    starts, end = [], len(narrow)
    for start in reversed(range(len(narrow))):
        if _is_safe({name: values[start:end] for name, values in bins.items()}, fewest_people):
            starts.append(start)
            end = start
    # Too few are left at the bottom: they join the lowest bin above them.
    edges = [0, *reversed(starts[:-1]), len(narrow)]
    table = pd.DataFrame(
        [
            _joined({name: values[start:end] for name, values in bins.items()})
            for start, end in pairwise(edges)
        ]
    )
    table.loc[0, "cost_above"] = 0.0
    return table


def _is_safe(part: Mapping[str, np.ndarray], fewest_people: int) -> bool:
    """Whether enough people are there, and no excess over the edge is most of the sum of all.

    Logs are measured from the lower edge of the bin, which everybody knows.
    """
    if part["rows"].sum() < fewest_people:
        return False
    above = (part["bin"] - part["bin"].min() + 0.5) * WIDTH
    total = (part["first"] + part["n"] * above).sum()
    squares = (part["second"] + 2 * part["first"] * above + part["n"] * above**2).sum()
    largest = above + part["top"]
    return bool(
        DOMINANCE * (part["heaviest"] * largest).max() <= total
        and DOMINANCE_OF_SQUARES * (part["heaviest"] * largest**2).max() <= squares
    )


def _joined(part: Mapping[str, np.ndarray]) -> dict[str, float]:
    middle = (part["bin"] - 0.5) * WIDTH
    people = part["n"].sum()
    mean = (part["n"] * middle + part["first"]).sum() / people
    from_mean = middle - mean
    squares = part["second"] + 2 * from_mean * part["first"] + part["n"] * from_mean**2
    return {
        "cost_above": float(10 ** ((part["bin"].min() - 1) / BINS_PER_DECADE)),
        "rows": int(part["rows"].sum()),
        "n": float(people),
        "mean_log": float(mean),
        "variance_log": max(float(squares.sum() / people), 0.0),
    }


def tail_ranks(people: int) -> tuple[int, ...]:
    """Return how many of the costliest people the tail has, threshold by threshold."""
    ranks = TAIL_RANKS if people <= MANY_PEOPLE else TAIL_RANKS_OF_MANY
    scale = min(1.0, MOST_IN_TAIL * people / max(ranks))
    return tuple(int(rank * scale) for rank in ranks)


def tail_starts(costs: pd.DataFrame, ranks: Sequence[int]) -> list[int]:
    """Return for each rank the lowest bin of the tail: the last with so many people from it on.

    Parameters
    ----------
    costs : DataFrame
        From `joined_bins`.
    """
    from_here = costs["rows"].to_numpy()[::-1].cumsum()[::-1]
    return [max(int((from_here >= rank).sum()) - 1, 0) for rank in ranks]


def lowest_threshold(
    costs: pd.DataFrame,
    people: int,
    ranks: Sequence[int] = (),
    fewest_people: int = FEWEST_PEOPLE,
) -> float:
    """Return the lowest cost at which a tail begins, in the currency of the costs.

    Parameters
    ----------
    ranks : sequence of int
        Costliest people in the tail, threshold by threshold; by default those of `tail_ranks`.
    fewest_people : int
        As for `joined_bins`.
    """
    if len(costs) < FEWEST_BINS:
        bins = "1 bin" if len(costs) == 1 else f"{len(costs)} bins"
        raise InputError(
            f"the people with a cost ({int(costs['rows'].sum()):,}) fill {bins} of at least "
            f"{fewest_people} people, and {FEWEST_BINS} are needed to tell how costs are spread; "
            "add people, or check that costs are amounts and the largest is no slip"
        )
    start = min(tail_starts(costs, ranks or tail_ranks(people)))
    return float(costs["cost_above"].iloc[max(start, 1)])
