"""People aggregated into risk cells by one Ibis expression.

The same expression runs on DuckDB, Spark or any other Ibis backend; only cells leave the place
where the rows are kept.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.population.risk_cells import LARGEST, RiskCells, tail_edges
from analysis.tables.checks import check_columns, check_people

if TYPE_CHECKING:
    import ibis.expr.types as ir

_ABOVE = "above_{:02d}"


def _aggregates(cost: "ir.NumericColumn", edges: np.ndarray) -> "dict[str, ir.Scalar]":
    """Every sum of one cell, as one pass over its rows."""
    positive = cost > 0
    body = positive & (cost <= edges[0])
    # log() of a cost of zero is minus infinity, so it is replaced before it is summed.
    log_cost = positive.ifelse(cost, 1.0).ln()
    sums = {
        "n": cost.count(),
        "n_positive": positive.sum(),
        "sum_cost": cost.sum(),
        "sum_cost_squared": (cost * cost).sum(),
        "sum_log": log_cost.sum(),
        "sum_log_squared": (log_cost * log_cost).sum(),
        "n_body": body.sum(),
        "sum_log_body": body.ifelse(log_cost, 0.0).sum(),
        "sum_log_squared_body": body.ifelse(log_cost * log_cost, 0.0).sum(),
        "n_tail": (cost > edges[0]).sum(),
    }
    # One comparison an edge; people in each bin are the differences, taken in `risk_cells`.
    return sums | {_ABOVE.format(i): (cost > edge).sum() for i, edge in enumerate(edges)}


def cell_expression(
    people: "ir.Table", by: Sequence[str], cost: str, edges: np.ndarray, largest: bool = False
) -> "ir.Table":
    """Return the Ibis expression that turns people into risk cells.

    Parameters
    ----------
    people : ibis Table, one row a person and year
        On any backend.
    by : sequence of str
        Factor columns that define a cell.
    cost : str
        Column with the annual cost, at least 0.
    edges : ndarray, shape (tail_bin,)
        See `tail_edges`.
    largest : bool
        Whether to add ``largest_cost``, which the rules of release need.

    Returns
    -------
    ibis Table
        One row a cell, not yet computed; ``above_00`` and on count people above each edge.

    Raises
    ------
    InputError
        If a named column is absent, or the costs are not numbers.
    """
    check_columns(people, by, cost)
    amount = people[cost].cast("float64")
    sums = _aggregates(amount, edges) | ({LARGEST: amount.max()} if largest else {})
    return people.group_by(list(by)).aggregate(**sums).order_by(list(by))


def risk_cells(
    people: "pd.DataFrame | ir.Table",
    by: Sequence[str],
    cost: str = "annual_cost_usd",
    threshold: float = 10**2.7,
) -> RiskCells:
    """Aggregate people into risk cells.

    Parameters
    ----------
    people : DataFrame or ibis Table, one row a person and year
        A DataFrame is read by DuckDB in this process.
    by : sequence of str
        Factor columns that define a cell.
    cost : str
        Column with the annual cost, at least 0.
    threshold : float
        Cost above which a person belongs to the tail. The default, 10^2.7 = 501 US dollars, is
        for RAND: three times the mean cost; one positive cost in eleven lies above it.

    Raises
    ------
    InputError
        If there are no people, a column is absent, a factor is missing, or a cost is missing,
        negative, infinite or not a number.

    Examples
    --------
    >>> people = pd.DataFrame({"sex": ["f", "f", "m"], "cost": [0.0, 10.0, 2000.0]})
    >>> risk_cells(people, ["sex"], "cost", threshold=1000).table[["sex", "n", "n_tail"]]
      sex  n  n_tail
    0   f  2       0
    1   m  1       1
    """
    import ibis

    source = ibis.memtable(people) if isinstance(people, pd.DataFrame) else people
    edges = tail_edges(threshold)
    expression = cell_expression(source, by, cost, edges)
    check_people(source, by, cost)
    return cells_from_frame(expression.execute(), by, edges)


def cells_from_frame(frame: pd.DataFrame, by: Sequence[str], edges: np.ndarray) -> RiskCells:
    """Return risk cells from the executed `cell_expression`."""
    above_columns = [_ABOVE.format(index) for index in range(len(edges))]
    above = frame[above_columns].to_numpy(dtype=np.int64)
    return RiskCells(
        table=frame.drop(columns=above_columns),
        tail_counts=-np.diff(above, axis=1, append=0),
        edges=edges,
        factors=tuple(by),
    )
