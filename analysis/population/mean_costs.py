"""Cost of a head and of a member-year, and how much unequal weights weaken the evidence.

With exposure e of each person (share of the year), cost Y and weight w, the cost of a head is
sum(w Y) / sum(w), and that of a member-year sum(w Y) / sum(w e). They are of the same people and
the same money, and differ by the mean cover alone.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.population.cost_table import column_or_one

if TYPE_CHECKING:
    import ibis.expr.types as ir


@dataclass(frozen=True)
class MeanCosts:
    """Sums over all rows of a table of people.

    Attributes
    ----------
    rows : int
    people, member_years : float
        Whom the rows stand for, and their years of cover.
    total : float
        What they cost, in the currency.
    of_rows : float
        Mean cost of a row, whatever it stands for.
    squared_weights : float
    """

    rows: int
    people: float
    member_years: float
    total: float
    of_rows: float
    squared_weights: float

    @property
    def of_a_head(self) -> float:
        """Mean cost of a person, for as long as each was covered."""
        return self.total / self.people

    @property
    def of_a_member_year(self) -> float:
        """Mean cost of a year of cover."""
        return self.total / self.member_years

    @property
    def weight_effect(self) -> float:
        """Variance of a weighted mean over that of as many equal rows (Kish 1965), at least 1."""
        return max(self.rows * self.squared_weights / self.people**2, 1.0)


def mean_costs(
    people: "ir.Table", cost: str, weight: str | None = None, exposure: str | None = None
) -> MeanCosts:
    """Return the sums of a table that `analysis.population.cells` may read.

    Parameters
    ----------
    weight, exposure : str, optional
        As for `analysis.population.cells.cell_expression`.
    """
    amount = people[cost].cast("float64")
    counts, covered = (column_or_one(people, column, cost) for column in (weight, exposure))
    sums = people.aggregate(
        rows=people.count(),
        people=counts.sum(),
        member_years=(counts * covered).sum(),
        total=(counts * amount).sum(),
        of_rows=amount.mean(),
        squared_weights=(counts * counts).sum(),
    )
    found = {name: float(value) for name, value in sums.execute().iloc[0].items()}
    return MeanCosts(int(found.pop("rows")), **found)
