"""Risk cells: the sufficient statistics of person-level cost models.

Every likelihood in `analysis.models.hurdle.model` depends on people only through these sums, so a
fit needs the cells and never the rows; `analysis.population.cells` makes them of people.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.errors import InputError

BINS_PER_DECADE = 10

TAIL_DECADES = 4

LARGEST = "largest_cost"
"""Column with the largest cost of a cell, for the rules of release; it is never released itself."""


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
