"""Risk cells: the sufficient statistics of person-level cost models, from one Ibis expression.

Every likelihood in `analysis.models.hurdle` depends on people only through these sums, so a fit
needs the cells and never the rows. The same expression runs on DuckDB, Spark or any other Ibis
backend; only cells leave the place where the rows are kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

BINS_PER_DECADE = 10
TAIL_DECADES = 4
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
    """

    table: pd.DataFrame
    tail_counts: np.ndarray
    edges: np.ndarray
    factors: tuple[str, ...]

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
        return RiskCells(table, counts, self.edges, self.factors)

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
        raise ValueError(
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


def cell_expression(people: ir.Table, by: Sequence[str], cost: str, edges: np.ndarray) -> ir.Table:
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

    Returns
    -------
    ibis Table
        One row a cell, not yet computed; ``above_00`` and on count people above each edge.

    Raises
    ------
    ValueError
        If a named column is absent, or the costs are not numbers.
    """
    for column in [*by, cost]:
        if column not in people.columns:
            raise ValueError(
                f"column {column} is not in the table; it has {', '.join(people.columns)}"
            )
    if not people[cost].type().is_numeric():
        raise ValueError(
            f"column {cost}: holds {people[cost].type()}, not numbers; convert it to amounts first"
        )
    amount = people[cost].cast("float64")
    return people.group_by(list(by)).aggregate(**_aggregates(amount, edges)).order_by(list(by))


def check_people(people: ir.Table, by: Sequence[str], cost: str) -> None:
    """Raise ValueError if a cost or factor is unusable or nobody is there; name the first fault."""
    amount = people[cost].cast("float64")
    faults = {
        (cost, "missing"): amount.isnull(),  # noqa: PD003 - Ibis has no isna
        (cost, "negative"): amount < 0,
        (cost, "infinite"): amount.isinf(),
        **{(factor, "missing"): people[factor].isnull() for factor in by},  # noqa: PD003
    }
    sums = {f"fault_{index}": fault.sum() for index, fault in enumerate(faults.values())}
    found = people.aggregate(people=people.count(), total=amount.sum(), **sums).execute().iloc[0]
    if not found["people"]:
        raise ValueError("the table of people has no rows")
    for index, (column, fault) in enumerate(faults):
        if count := int(found[f"fault_{index}"]):
            raise ValueError(_fault(column, f"{count} rows are {fault}", column == cost))
    # Parquet keeps NaN apart from null. Its statistics leave NaN out, so DuckDB answers isnan()
    # with no for the whole column; but one NaN makes the sum NaN.
    if not np.isfinite(found["total"]):
        raise ValueError(_fault(cost, "some rows are missing (NaN)", True))


def _fault(column: str, fault: str, is_cost: bool) -> str:
    costs, labels = "annual costs must be finite and at least 0", "every person needs a label"
    return f"column {column}: {fault}; {costs if is_cost else labels}: correct or drop those rows"


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
    ValueError
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
    frame = expression.execute()
    above_columns = [_ABOVE.format(index) for index in range(len(edges))]
    above = frame[above_columns].to_numpy(dtype=np.int64)
    return RiskCells(
        table=frame.drop(columns=above_columns),
        tail_counts=-np.diff(above, axis=1, append=0),
        edges=edges,
        factors=tuple(by),
    )
