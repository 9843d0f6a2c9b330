"""A fine histogram of the log of cost by risk cell: the sums that a generalised gamma needs.

Its likelihood holds the sum of cost to a power that is itself a parameter, so no fixed list of
sums is sufficient. Bins this narrow are, for every practical purpose: from the count, the mean and
the variance of log cost in each bin, any power sum follows with a relative error below 1e-5.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.population.cost_table import bin_expression

if TYPE_CHECKING:
    import ibis.expr.types as ir

BINS_PER_DECADE = 40
WIDTH = np.log(10) / BINS_PER_DECADE


@dataclass(frozen=True)
class LogHistogram:
    """Positive costs by cell and bin of log cost, only bins that hold anybody.

    Attributes
    ----------
    table : DataFrame, one row a cell and bin
        The factor columns, then ``n``, ``mean_log`` and ``variance_log`` of natural log cost.
    factors : tuple of str
        The columns of `table` that define a cell.
    """

    table: pd.DataFrame
    factors: tuple[str, ...]

    def power_sum(self, power: float) -> float:
        """Return the sum of cost to a power over everybody.

        The error grows with the third power of the power, and is below 1e-5 up to 3.
        """
        mean, variance = self.table["mean_log"], self.table["variance_log"]
        return float((self.table["n"] * np.exp(power * mean + power**2 * variance / 2)).sum())


def log_histogram(
    people: "pd.DataFrame | ir.Table", by: Sequence[str], cost: str = "annual_cost_usd"
) -> LogHistogram:
    """Aggregate people with a cost into a fine histogram of log cost by cell.

    Columns and errors are those of `analysis.population.cells.risk_cells`.
    """
    import ibis

    from analysis.tables.checks import check_people

    source = ibis.memtable(people) if isinstance(people, pd.DataFrame) else people
    check_people(source, by, cost)
    frame = bin_expression(source, cost, by=by, width=WIDTH).execute()
    mean = frame["first"] / frame["rows"]
    table = frame[list(by)].assign(
        n=frame["rows"],
        mean_log=(frame["bin"] - 0.5) * WIDTH + mean,
        variance_log=np.maximum(frame["second"] / frame["rows"] - mean**2, 0.0),
    )
    return LogHistogram(table, tuple(by))
