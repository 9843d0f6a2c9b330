"""Risk cells: what a cost model needs to know of people, as sums.

A cell tells how many people there are, how many have a cost, and what they cost up to a high
threshold; one pooled table tells how costs are spread (`analysis.population.cost_table`).
`analysis.population.cells` makes them of people.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

SUMS = (
    "rows",
    "n",
    "member_years",
    "n_positive",
    "sum_limited",
    "sum_limited_squared",
    "n_tail",
    "sum_cost",
    "sum_cost_squared",
)
"""Columns of a cell beside its factors."""

OF_THE_TAIL = ("n_tail", "sum_cost", "sum_cost_squared")
"""Columns that tell about people above the threshold; missing where they are too few."""


@dataclass(frozen=True)
class RiskCells:
    """Sums of annual cost by risk cell, and the pooled table of costs.

    Attributes
    ----------
    table : DataFrame, one row a cell
        The factor columns, then `SUMS`: ``rows`` (people seen), ``n`` (people they stand for; the
        same without weights), ``member_years`` (of cover; the same as ``n`` where everybody is
        covered all year), ``n_positive`` (with a cost), ``sum_limited`` and
        ``sum_limited_squared`` (of the smaller of each cost and the threshold, and of its square),
        ``n_tail`` (with a cost above the threshold), ``sum_cost``, ``sum_cost_squared``. The last
        three are missing where they would show a few people.
    costs : DataFrame, one row a bin of cost
        From `analysis.population.cost_table.joined_bins`.
    threshold : float
        Lowest cost at which a tail begins, in the currency of the costs; an edge of `costs`.
    factors : tuple of str
        The columns of `table` that define a cell.
    """

    table: pd.DataFrame
    costs: pd.DataFrame
    threshold: float
    factors: tuple[str, ...]

    @property
    def share(self) -> np.ndarray:
        """Share of all people in each cell, shape (cell,); adds up to 1."""
        n = self.table["n"].to_numpy(float)
        return n / n.sum()

    @property
    def people(self) -> int:
        """Number of people seen."""
        return int(self.table["rows"].sum())

    def mean_cost(self) -> float:
        """Return the mean cost of a person, from the pooled table, in the currency."""
        mean, variance, n = (
            self.costs[name].to_numpy(float) for name in ("mean_log", "variance_log", "n")
        )
        return float(n @ np.exp(mean + variance / 2) / self.table["n"].sum())

    def with_factors(self, factors: tuple[str, ...]) -> "RiskCells":
        """Return the cells by some of the factors, or by none."""
        if not factors:
            everyone = self.table[list(SUMS)].sum(skipna=False).to_frame().T
            return replace(self, table=everyone.assign(everyone="everyone"), factors=("everyone",))
        sums = self.table.groupby(list(factors), as_index=False)[list(SUMS)]
        table = sums.sum(skipna=False)
        return replace(self, table=table, factors=factors)

    def aligned_with(self, other: "RiskCells") -> "RiskCells":
        """Return these cells in the order of another set; cells that are absent here are empty.

        Part of the people, for example the people a model may see, then has the same cells as all
        of them.

        Raises
        ------
        ValueError
            If the two sets differ in factors, or a cell here is absent there.
        """
        if self.factors != other.factors:
            raise ValueError("the two sets of cells differ in their factors")
        keys = list(self.factors)
        table = other.table[keys].merge(self.table, how="left", on=keys, indicator=True)
        if (table["_merge"] == "both").sum() != len(self.table):
            raise ValueError("a cell is absent from the set to align with")
        absent = table["_merge"] == "left_only"
        table.loc[absent, list(SUMS)] = 0
        return replace(self, table=table.drop(columns="_merge"))

    def labels(self) -> list[str]:
        """Return one readable label a cell."""
        return [" · ".join(row) for row in self.table[list(self.factors)].astype(str).to_numpy()]
