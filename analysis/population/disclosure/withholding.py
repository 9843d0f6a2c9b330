"""Cells that keep silent about their people above the threshold, because those are a few.

A cell need not be merged for having few people above the threshold, since its sums are over costs
cut there. But how many they are, and the sums of whole costs, would show them. These are withheld;
and so that nobody finds them by subtraction from a total, other cells keep silent too, until those
that do have enough people above the threshold together. Totals are known of all people (the pooled
table tells them) and of every combination of earlier factors (a release by fewer factors may have
told them), so this holds within each.
"""

from collections.abc import Sequence
from functools import partial

import pandas as pd

from analysis.population.disclosure.dominance import is_unsafe_tail
from analysis.population.disclosure.pools import pools


def withheld_tails(cells: pd.DataFrame, by: Sequence[str], fewest_people: int) -> pd.Series:
    """Say of each cell whether what it knows of its people above the threshold is withheld.

    Parameters
    ----------
    cells : DataFrame, one row a cell
        After merging, with the columns for the rules.

    Returns
    -------
    Series of bool
    """
    somebody = cells[cells["rows_tail"] > 0]
    unsafe = partial(is_unsafe_tail, fewest_people=fewest_people)
    withheld = pd.Series(False, index=somebody.index)
    for depth in range(len(by)):
        levels = list(by[: depth + 1])
        # A total that a coarser release withholds must not be the sum of what this one shows.
        found = pools(somebody, levels, depth, "rows_tail", unsafe, required=withheld)
        for parents in reversed(range(depth)):
            silent = found.of(somebody, levels)
            found = pools(somebody, levels, parents, "rows_tail", unsafe, silent)
        withheld = found.of(somebody, levels)
    return withheld.reindex(cells.index, fill_value=False)
