"""Merging cells of few people, so that no released cell, or difference of cells, shows a few.

Nothing is left out: the released cells add up to all people, so nothing can be had by subtracting
them from a total. Cells are merged along the last factor first. A release by the same factors and
one more therefore only splits cells of the first, and the two cannot be subtracted either.
"""

from collections.abc import Sequence
from functools import partial

import pandas as pd

from analysis.errors import InputError
from analysis.population.cells import LARGEST
from analysis.population.disclosure.dominance import is_unsafe, parts
from analysis.population.disclosure.pools import pools

MERGED = "(merged)"
"""Label of the people whose own level was too small to be shown."""


def too_few_people(cells: pd.DataFrame, fewest_people: int) -> dict[str, int]:
    """Count the cells with too few people, in all or in a part; a cell may count twice."""
    too_few = {"in all": int((cells["rows"] < fewest_people).sum())}
    enough = cells[cells["rows"] >= fewest_people]
    for name, part in parts(enough).items():
        too_few[name] = int(part.between(1, fewest_people - 1).sum())
    return {name: number for name, number in too_few.items() if number}


def merge_small_cells(
    cells: pd.DataFrame, by: Sequence[str], fewest_people: int
) -> tuple[pd.DataFrame, int]:
    """Merge cells until none is unsafe.

    Within each combination of the earlier factors, the unsafe levels of the last factor are pooled.
    A pool that is still unsafe takes in the smallest level beside it, and the next, until it is
    safe. Where all levels together are not safe, the same is done with the factor before.

    Parameters
    ----------
    by : sequence of str
        Factors (columns of text), from the one to keep longest to the one to give up first.

    Returns
    -------
    cells : DataFrame, one row a cell
        In the order of their labels; what was merged is labelled ``(merged)``.
    merged : int
        How many cells were merged with others.

    Raises
    ------
    InputError
        If even all people together are too few.
    """
    labels = cells[list(by)].copy()
    for depth in reversed(range(len(by))):
        levels = list(by[: depth + 1])
        found = pools(cells, levels, depth, "rows", partial(is_unsafe, fewest_people=fewest_people))
        if depth == 0 and not found.safe:
            raise InputError(_too_few(found.together.iloc[0], fewest_people))
        labels.loc[found.of(cells, levels), list(by[depth:])] = MERGED
    sums = cells.columns.difference([*by, *LARGEST], sort=False)
    how = dict.fromkeys(sums, "sum") | dict.fromkeys(LARGEST, "max")
    together = pd.concat([labels, cells.drop(columns=list(by))], axis=1)
    return together.groupby(list(by), as_index=False).agg(how), int(
        (labels == MERGED).any(axis=1).sum()
    )


def _too_few(everyone: pd.Series, fewest_people: int) -> str:
    """Say why not even all people together may be shown."""
    people, positive = int(everyone["rows"]), int(everyone["rows_positive"])
    counts = (people, positive, people - positive)
    if not any(0 < count < fewest_people for count in counts):
        share = everyone["largest_limited"] / everyone["sum_limited"]
        return (
            f"one person has {share:.0%} of the cost of all {people:,} people, who could then be "
            "told from the rest; check that cost, or leave the person out and say so"
        )
    return (
        f"all {people:,} people together are too few to release ({people - positive:,} without "
        f"cost, {positive:,} with a cost): each part needs {fewest_people} people or none; add "
        "people"
    )
