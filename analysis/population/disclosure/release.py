"""Cells that may leave the place where the rows are kept: computed, merged and rounded.

The rules are in `analysis.population.disclosure.merging` and
`analysis.population.disclosure.rounding`; nothing that they have not passed is returned. They bound
what the cells of one release tell. They are no guarantee against every use of other knowledge (as
differential privacy is), and two releases about nearly the same people need
`analysis.population.disclosure.differencing` besides.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.population.cells import cell_expression, cells_from_frame
from analysis.population.disclosure.merged_labels import checked_labels
from analysis.population.disclosure.merging import merge_small_cells, too_few_people
from analysis.population.disclosure.rounding import join_bins, round_counts, round_sums
from analysis.population.risk_cells import RiskCells, tail_edges
from analysis.tables.checks import check_columns, check_currency, check_people, check_persons
from analysis.tables.people_tables import PeopleSource
from analysis.tables.read_errors import plain_read_errors

if TYPE_CHECKING:
    import ibis.expr.types as ir

LOWEST_FEWEST = 5
"""Nobody may ask for smaller cells than this; for open data there is `risk_cells`."""

MOST_LEVELS = 1_000
"""A factor with more levels than this is taken for an identifier."""

CELL_COLUMNS = (
    "n",
    "n_positive",
    "sum_cost",
    "sum_cost_squared",
    "sum_log",
    "sum_log_squared",
    "n_body",
    "sum_log_body",
    "sum_log_squared_body",
    "n_tail",
)
"""Columns of a released cell beside its factors and its tail bins."""

MOST_CELLS = 100_000

MEANS_TO_THRESHOLD = 3
"""The automatic threshold, in mean costs: that of the book's own data."""


@dataclass(frozen=True)
class ReleaseRules:
    """What a released cell must satisfy.

    Attributes
    ----------
    fewest_people : int
        Least people in a cell, and in each part or tail bin of it that is not empty; at least 5.
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
        Merged, with joined tail bins and rounded sums; a withheld ``sum_cost_squared`` is missing.
    cells_found, cells_merged, squares_withheld : int
        Cells before merging; how many of them were merged; sums of squares that are withheld.
    automatic_threshold : bool
        Whether the threshold was taken from the data.
    too_few : dict of str to int
        How many of the cells found have too few people in all, or in a part; for whoever makes the
        cells, and not released with them.
    """

    cells: RiskCells
    rules: ReleaseRules
    cells_found: int
    cells_merged: int
    squares_withheld: int
    automatic_threshold: bool = False
    too_few: dict[str, int] = field(default_factory=dict)


def release_cells(
    people: "ir.Table",
    by: Sequence[str],
    cost: str,
    threshold: float | None = None,
    rules: ReleaseRules = ReleaseRules(),
) -> Release:
    """Return the risk cells of a table that may be released.

    The rows stay where they are: the table's engine computes the sums, and only those of the cells
    are fetched.

    Parameters
    ----------
    people : ibis Table, one row a person and year
        On any backend.
    by : sequence of str
        Factor columns, from the one to keep longest to the one to give up first when cells are
        small.
    cost : str
        Column with the annual cost, at least 0, in any currency.
    threshold : float, optional
        Cost at which the tail begins; by default three times the mean cost, to two digits.

    Raises
    ------
    InputError
        If a column is absent or unusable, or the people are too few; the message names the column,
        the fault and the fix.
    """
    _check_names(by, cost)
    check_columns(people, by, cost)
    check_currency(people)
    count, total = check_people(people, by, cost, MOST_LEVELS)
    start = _automatic_threshold(cost, count, total) if threshold is None else threshold
    edges = tail_edges(start)
    frame = cell_expression(people, by, cost, edges, largest=True).limit(MOST_CELLS + 1).execute()
    if len(frame) > MOST_CELLS:
        raise InputError(
            f"columns {', '.join(by)}: more than {MOST_CELLS:,} combinations; use fewer factors or "
            "wider groups"
        )
    found = apply_rules(checked_labels(frame, by), by, edges, rules)
    return replace(found, automatic_threshold=threshold is None)


def release_source(
    source: PeopleSource,
    by: Sequence[str],
    cost: str,
    threshold: float | None = None,
    rules: ReleaseRules = ReleaseRules(),
    person: str | None = None,
) -> Release:
    """Return the risk cells of an opened source that may be released.

    Parameters
    ----------
    source : PeopleSource
        From `analysis.tables.people_tables.open_people`.
    by, cost, threshold, rules
        As for `release_cells`.
    person : str, optional
        Column that tells people apart, to check that each has one row.

    Raises
    ------
    InputError
        As for `release_cells`, and if the engine cannot read the source; names the source.
    """
    with plain_read_errors(source.name):
        if person is not None:
            check_persons(source.table, person)
        return release_cells(source.table, by, cost, threshold, rules)


def _check_names(by: Sequence[str], cost: str) -> None:
    if not by:
        raise InputError("name at least one factor column")
    if len({*by, cost}) <= len(by):
        raise InputError(
            f"columns {', '.join([*by, cost])}: each may be named once, and the cost is no factor"
        )
    if taken := [name for name in by if name in CELL_COLUMNS or name.startswith("tail_")]:
        raise InputError(f"column {taken[0]}: the cells use this name; rename the factor")


def _automatic_threshold(cost: str, people: int, total: float) -> float:
    if total == 0:
        raise InputError(f"column {cost}: every cost is 0; there is nothing to model")
    return float(f"{MEANS_TO_THRESHOLD * total / people:.1e}")


def apply_rules(
    frame: pd.DataFrame, by: Sequence[str], edges: np.ndarray, rules: ReleaseRules
) -> Release:
    """Merge cells, join tail bins, round counts and round sums, in this order.

    Parameters
    ----------
    frame : DataFrame, one row a cell
        Executed `analysis.population.cells.cell_expression` with ``largest_cost``; factors as text.
    edges : ndarray, shape (tail_bin,)
    """
    merged, number = merge_small_cells(frame, by, rules.fewest_people)
    exact = cells_from_frame(merged, by, edges)
    counts, joined = join_bins(exact.tail_counts, rules.fewest_people)
    table, counts = round_counts(exact.table, counts, rules.count_step)
    table = round_sums(table)
    return Release(
        cells=RiskCells(table, counts, edges, tuple(by), joined),
        rules=rules,
        cells_found=len(frame),
        cells_merged=number,
        squares_withheld=int(table["sum_cost_squared"].isna().sum()),
        too_few=too_few_people(frame, rules.fewest_people),
    )
