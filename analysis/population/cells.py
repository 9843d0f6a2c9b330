"""Risk cells: the sufficient statistics of person-level cost models, from one Ibis expression.

Every likelihood in `analysis.models.hurdle.model` depends on people only through these sums, so a
fit needs the cells and never the rows. The same expression runs on DuckDB, Spark or any other Ibis
backend; only cells leave the place where the rows are kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.tables.checks import check_columns, check_people

BINS_PER_DECADE = 10
TAIL_DECADES = 4
LARGEST = "largest_cost"
"""Column with the largest cost of a cell, for the rules of release; it is never released itself."""
_ABOVE = "above_{:02d}"


@dataclass(frozen=True)
class RiskCells:
    """Sufficient statistics of annual cost by risk cell.

    Attributes
    ----------
    table : DataFrame, one row a cell
        The factor columns, then ``n``, ``n_positive``, ``sum_cost``, ``sum_cost_squared``,
        ``sum_log``, ``sum_log_squared`` (over costs above zero), ``n_body``, ``sum_log_body``,
        ``sum_log_squared_body`` (over costs above zero and at most the threshold) and
        ``n_tail``.
    tail_counts : ndarray of int, shape (cell, tail_bin)
        People in each bin of `edges` above the threshold; the last bin is open.
    edges : ndarray of float, shape (tail_bin,)
        Lower edge of each tail bin, in the currency of the costs; the first is the threshold.
    factors : tuple of str
        The columns of `table` that define a cell.
    joined : ndarray of bool, shape (cell, tail_bin), optional
        True where a bin was joined to the bin below it, which then counts the people of both, so
        that no bin shows a few people (`analysis.population.disclosure.release`). None: no bin was
        joined.
    """

    table: pd.DataFrame
    tail_counts: np.ndarray
    edges: np.ndarray
    factors: tuple[str, ...]
    joined: np.ndarray | None = None

    @property
    def threshold(self) -> float:
        """Cost above which a person belongs to the tail."""
        return float(self.edges[0])

    @property
    def share(self) -> np.ndarray:
        """Share of all people in each cell, shape (cell,); adds up to 1."""
        n = self.table["n"].to_numpy(float)
        return n / n.sum()

    def aligned_with(self, other: "RiskCells") -> "RiskCells":
        """Return these cells in the order of another set; cells that are absent here are empty.

        Part of the people, for example the people a model may see, then has the same cells as
        all of them.

        Parameters
        ----------
        other : RiskCells
            With the same factors and edges, and at least these cells.

        Returns
        -------
        RiskCells

        Raises
        ------
        ValueError
            If the two sets differ in factors or edges, or a cell here is absent there.
        """
        if self.factors != other.factors or not np.array_equal(self.edges, other.edges):
            raise ValueError("the two sets of cells differ in their factors or tail edges")
        keys = list(self.factors)
        position = other.table[keys].merge(self.table[keys].reset_index(), how="left", on=keys)
        if position["index"].notna().sum() != len(self.table):
            raise ValueError("a cell is absent from the set to align with")
        row = position["index"].fillna(-1).astype(int).to_numpy()
        sums = self.table.drop(columns=keys)
        aligned = np.where((row >= 0)[:, None], sums.to_numpy()[row], 0)
        table = pd.concat([other.table[keys], pd.DataFrame(aligned, columns=sums.columns)], axis=1)
        counts = np.where((row >= 0)[:, None], self.tail_counts[row], 0)
        joined = None if self.joined is None else (row >= 0)[:, None] & self.joined[row]
        return replace(self, table=table, tail_counts=counts, joined=joined)

    def tail_upper(self) -> np.ndarray:
        """Return the upper edge of each tail bin, beyond the bins that were joined to it.

        Returns
        -------
        ndarray of float, shape (cell, tail_bin)
            In the currency of the costs; infinite for an open bin. A joined bin holds nobody, and
            its entry is that of the bin it was joined to.
        """
        upper = np.tile(np.append(self.edges[1:], np.inf), (len(self.table), 1))
        if self.joined is not None:
            for index in range(len(self.edges) - 2, -1, -1):
                with_next = self.joined[:, index + 1]
                upper[with_next, index] = upper[with_next, index + 1]
        return upper

    def labels(self) -> list[str]:
        """Return one readable label a cell."""
        return [" · ".join(row) for row in self.table[list(self.factors)].astype(str).to_numpy()]


def tail_edges(threshold: float) -> np.ndarray:
    """Return log-spaced lower edges of the tail bins, from the threshold upwards.

    Parameters
    ----------
    threshold : float
        Cost at which the tail begins, above 0.

    Returns
    -------
    ndarray, shape (40,)
        Ten bins a decade for four decades; the last bin is open.
    """
    if not 0 < threshold < np.inf:
        raise InputError(
            f"threshold: {threshold} is not a finite amount above 0; give a cost inside the data"
        )
    return threshold * 10 ** (np.arange(BINS_PER_DECADE * TAIL_DECADES) / BINS_PER_DECADE)


def _aggregates(cost: ir.NumericColumn, edges: np.ndarray) -> dict[str, ir.Scalar]:
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
    people: ir.Table, by: Sequence[str], cost: str, edges: np.ndarray, largest: bool = False
) -> ir.Table:
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
    people: pd.DataFrame | ir.Table,
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

    Returns
    -------
    RiskCells

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
