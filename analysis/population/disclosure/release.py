"""Cells that may leave the place where the rows are kept: computed, merged and rounded.

The rules are in `dominance`, `merging`, `withholding`, `rounding` and `cost_rounding` beside this
module; nothing that they have not passed is returned. They bound what the cells of one release
tell. They are no guarantee against every use of other knowledge (as differential privacy is), and
two releases about nearly the same people need `differencing` besides.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from analysis.errors import InputError
from analysis.population.cells import LARGEST, SUMS_FOR_RULES, cell_expression, cost_bins
from analysis.population.disclosure.cost_rounding import round_costs
from analysis.population.disclosure.merged_labels import checked_labels
from analysis.population.disclosure.merging import merge_small_cells, too_few_people
from analysis.population.disclosure.pools import WORKING_NAMES
from analysis.population.disclosure.rounding import round_counts, round_people, round_sums
from analysis.population.disclosure.withholding import withheld_tails
from analysis.population.risk_cells import OF_THE_TAIL, SUMS, RiskCells
from analysis.tables.checks import (
    check_columns,
    check_currency,
    check_people,
    check_persons,
    check_weights,
)
from analysis.tables.people_tables import PeopleSource
from analysis.tables.read_errors import plain_read_errors

if TYPE_CHECKING:
    import ibis.expr.types as ir

LOWEST_FEWEST = 5
"""Nobody may ask for smaller cells than this; for open data there is `risk_cells`."""

MOST_LEVELS = 1_000
"""A factor with more levels than this is taken for an identifier."""

COST_COLUMNS = ("cost_above", "rows", "n", "mean_log", "variance_log")
"""Columns of the released table of costs."""

TAKEN_NAMES = frozenset(["table", *SUMS, *COST_COLUMNS, *SUMS_FOR_RULES, *LARGEST, *WORKING_NAMES])
"""No factor may have one of these names, which the cells use."""

MOST_CELLS = 100_000


@dataclass(frozen=True)
class ReleaseRules:
    """What a released cell must satisfy.

    Attributes
    ----------
    fewest_people : int
        Least people in a cell, in each part of it that is not empty, and in a bin of costs; at
        least 5.
    count_step : int
        Counts are rounded to multiples of this; 1 leaves them exact.
    """

    fewest_people: int = 10
    count_step: int = 1

    def __post_init__(self) -> None:
        if self.fewest_people < LOWEST_FEWEST:
            raise InputError(
                f"fewest people {self.fewest_people}: at least {LOWEST_FEWEST} must be in a cell"
            )
        if not 1 <= self.count_step <= self.fewest_people:
            raise InputError(
                f"count step {self.count_step}: give 1 (exact) to {self.fewest_people}, the fewest "
                "people of a cell, so that no count becomes 0"
            )


@dataclass(frozen=True)
class Release:
    """Cells that may leave, and what was done to them.

    Attributes
    ----------
    cells : RiskCells
        Merged and rounded; what some know of their people above the threshold is missing.
    cells_found, cells_merged, tails_withheld : int
        Cells before merging; how many of them were merged; cells after it that keep silent about
        their people above the threshold.
    too_few : dict of str to int
        How many of the cells found have too few people in all, or in a part; for whoever makes the
        cells, and not released with them.
    """

    cells: RiskCells
    rules: ReleaseRules
    cells_found: int
    cells_merged: int
    tails_withheld: int
    too_few: dict[str, int] = field(default_factory=dict)


def release_cells(
    people: "ir.Table",
    by: Sequence[str],
    cost: str,
    rules: ReleaseRules = ReleaseRules(),
    weight: str | None = None,
    exposure: str | None = None,
) -> Release:
    """Return the risk cells of a table that may be released; one row a person and year.

    The rows stay where they are: the table's engine computes the sums, and only those of cells and
    of bins of cost are fetched.

    Parameters
    ----------
    by : sequence of str
        Factor columns, from the one to keep longest to the one to give up first when cells are
        small.
    cost : str
        Column with the annual cost, at least 0, in any currency.
    weight, exposure : str, optional
        As for `analysis.population.cells.cell_expression`. The rules count rows, whatever their
        weights.

    Raises
    ------
    InputError
        If a column is absent or unusable, or the people are too few; the message names the column,
        the fault and the fix.
    """
    _check_names(by, [cost, *(name for name in (weight, exposure) if name is not None)])
    check_columns(people, by, cost)
    check_currency(people)
    number, _ = check_people(people, by, cost, MOST_LEVELS)
    check_weights(people, weight, exposure)
    fewest = rules.fewest_people
    costs, threshold = cost_bins(people, cost, number, weight, fewest_people=fewest)
    expression = cell_expression(people, by, cost, threshold, weight, exposure)
    frame = expression.limit(MOST_CELLS + 1).execute()
    if len(frame) > MOST_CELLS:
        raise InputError(
            f"columns {', '.join(by)}: more than {MOST_CELLS:,} combinations; use fewer factors or "
            "wider groups"
        )
    return apply_rules(checked_labels(frame, by), costs, by, threshold, rules)


def release_source(
    source: PeopleSource,
    by: Sequence[str],
    cost: str,
    rules: ReleaseRules = ReleaseRules(),
    person: str | None = None,
    weight: str | None = None,
    exposure: str | None = None,
) -> Release:
    """Return the cells of an opened source that `release_cells` allows.

    Where a column `person` tells people apart, each must have one row. Errors name the source.
    """
    with plain_read_errors(source.name):
        if person is not None:
            check_persons(source.table, person)
        return release_cells(source.table, by, cost, rules, weight, exposure)


def _check_names(by: Sequence[str], numbers: Sequence[str]) -> None:
    """Check the names of factors, and of the columns of numbers: cost, weight and exposure."""
    if not by:
        raise InputError("name at least one factor column")
    if len({*by, *numbers}) < len(by) + len(numbers):
        raise InputError(
            f"columns {', '.join([*by, *numbers])}: each may be named once, and the cost is no "
            "factor"
        )
    if taken := [name for name in by if name in TAKEN_NAMES]:
        raise InputError(f"column {taken[0]}: the cells use this name; rename the factor")


def apply_rules(
    frame: pd.DataFrame,
    costs: pd.DataFrame,
    by: Sequence[str],
    threshold: float,
    rules: ReleaseRules,
) -> Release:
    """Merge cells, withhold what shows a few people, and round: in this order.

    Parameters
    ----------
    frame : DataFrame
        An executed `analysis.population.cells.cell_expression`, its factors as text.
    costs : DataFrame
        From `analysis.population.cost_table.joined_bins`, with the same fewest people.
    """
    fewest, step = rules.fewest_people, rules.count_step
    merged, number = merge_small_cells(frame, by, fewest)
    withheld = withheld_tails(merged, by, fewest)
    table = round_sums(round_people(round_counts(merged, step)))
    table.loc[withheld, list(OF_THE_TAIL)] = float("nan")
    return Release(
        cells=RiskCells(table[[*by, *SUMS]], round_costs(costs, step), threshold, tuple(by)),
        rules=rules,
        cells_found=len(frame),
        cells_merged=number,
        tails_withheld=int(withheld.sum()),
        too_few=too_few_people(frame, fewest),
    )
