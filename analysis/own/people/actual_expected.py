"""What a reader's people cost over what a budget formula expects, by level of each factor.

The formula pays each group of its factors the mean cost of a member-year there: of the same people,
or of others. Actual less expected is then a weighted sum of the costs of cells, and its variance
follows from the variance of one person's cost within a cell, which the cost model gives. A formula
made from the same people pays each level of its own factors exactly what it cost: there actual over
expected is 1, with no interval.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.intervals import normal_half_width
from analysis.own.people.fitting import OwnFit
from analysis.own.people.observed import observed_costs
from analysis.own.people.settings import Settings

DRAWS = 400
EVERYBODY = "everybody"
"""Factor of the first row, which has all people."""


def actual_over_expected(
    fitted: OwnFit,
    settings: Settings,
    formula: Sequence[str],
    book: OwnFit | None = None,
) -> pd.DataFrame:
    """Return actual over expected cost by level of each factor.

    Parameters
    ----------
    formula : sequence of str
        Factors that the budget follows, crossed; none for one budget for everybody.
    book : OwnFit, optional
        The people whose mean costs are the budgets; the same people by default.

    Returns
    -------
    DataFrame, one row a level, everybody first
        ``factor``, ``level``, ``people``, ``member_years``, ``actual``, ``expected`` (sums of
        cost, in the currency), and ``ratio`` with ``low`` and ``high``: a normal interval that
        allows for chance in these costs and in the budgets.

    Raises
    ------
    InputError
        If a factor of the formula is not in the cells, or a group has no budget.
    """
    people, payers = _Sums(fitted, settings, formula), _Sums(book or fitted, settings, formula)
    per_year = payers.of_groups(payers.cost) / payers.of_groups(payers.years)
    unpaid = [name for name in people.names if not per_year.get(name, 0.0) > 0]
    if unpaid:
        option = "--formula" if book is None else "--against"
        group = f"{', '.join(formula)} {unpaid[0]}".strip() or EVERYBODY
        raise InputError(
            f"{option}: nobody of {group} has a cost in the cells that the budgets come from; "
            "make both with the same groups (--by, --bands), or leave that factor out of --formula"
        )
    expected = people.years * per_year[people.group].to_numpy()
    rows = []
    for factor, level, member in _levels(fitted):
        total = expected[member].sum()
        ratio = people.cost[member].sum() / total
        # The budget of a group is a sum over its payers, so each payer's cost enters by this much.
        years = people.of_groups(people.years * member).reindex(payers.group).fillna(0.0).to_numpy()
        budget = ratio * years / payers.of_groups(payers.years)[payers.group].to_numpy()
        variance = (
            (member - budget) ** 2 @ people.variance
            if book is None
            else member @ people.variance + budget**2 @ payers.variance
        )
        half = normal_half_width() * np.sqrt(variance) / total
        sums = (values[member].sum() for values in (people.number, people.years, people.cost))
        rows.append((factor, level, *sums, total, ratio, ratio - half, ratio + half))
    columns = ["factor", "level", "people", "member_years", "actual", "expected"]
    return pd.DataFrame(rows, columns=[*columns, "ratio", "low", "high"])


class _Sums:
    """People, years of cover, cost and its variance by cell, and the budget group of each cell."""

    def __init__(self, fitted: OwnFit, settings: Settings, formula: Sequence[str]) -> None:
        cells = fitted.cells
        missing = [name for name in formula if name not in cells.factors]
        if missing:
            raise InputError(
                f"--formula {missing[0]}: the cells of {fitted.manifest.get('source', 'the file')} "
                f"are by {', '.join(cells.factors)}; name one of these"
            )
        table = cells.table
        labels = table[list(formula)].astype(str)
        self.group = np.array([", ".join(row) for row in labels.to_numpy()], dtype=object)
        self.names = list(dict.fromkeys(self.group))
        self.number = table["n"].to_numpy(float)
        self.years = table["member_years"].to_numpy(float)
        self.cost = observed_costs(cells) * self.number
        one = np.median(fitted.costs(settings.maximum, DRAWS).variance(), axis=0)
        # Rows are the evidence: as many as there are, less what unequal weights take from them.
        evidence = table["rows"].to_numpy(float) / fitted.effects.body
        self.variance = self.number**2 * one / evidence

    def of_groups(self, values: np.ndarray) -> pd.Series:
        """Sum by budget group."""
        return pd.Series(values).groupby(self.group).sum()


def _levels(fitted: OwnFit) -> Iterator[tuple[str, str, np.ndarray]]:
    """Everybody, then each level of each factor, and the cells that have it."""
    table = fitted.cells.table
    yield EVERYBODY, "", np.ones(len(table), bool)
    for factor in fitted.cells.factors:
        labels = table[factor].astype(str).to_numpy()
        for level in sorted(set(labels)):
            yield factor, level, labels == level
