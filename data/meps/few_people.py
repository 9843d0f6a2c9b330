"""No count of fewer than ten people is kept: small groups are merged, sums of a few withheld."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.population.risk_cells import OF_THE_TAIL

FEWEST = 10
"""Least people behind any count that is kept."""

MERGED = "(merged)"


def with_small_groups_merged(people: pd.DataFrame, factors: Sequence[str]) -> pd.DataFrame:
    """Return people with the labels of small groups merged, the last factor's first.

    A group is small if fewer than ten are in it, or in the part of it with or without a cost.
    """
    merged = people.copy()
    for depth in reversed(range(len(factors))):
        merged.loc[_in_small_group(merged, factors), list(factors[depth:])] = MERGED
    if _in_small_group(merged, factors).any():
        raise ValueError(f"too few people to merge small groups of {', '.join(factors)}")
    return merged


def _in_small_group(people: pd.DataFrame, factors: Sequence[str]) -> pd.Series:
    group = [people[name] for name in factors]
    positive = people["cost_total"] > 0
    small = pd.Series(False, index=people.index)
    for part in (positive, ~positive):
        small |= part.groupby(group).transform("sum").between(1, FEWEST - 1)
    return small


def without_few(
    cells: pd.DataFrame, people: pd.DataFrame, factors: Sequence[str], threshold: float
) -> pd.DataFrame:
    """Withhold what a cell's sums tell of fewer than ten costly people.

    Where they are fewer than ten in all, or in one cell alone, the next larger cell is withheld
    too: else the pooled costs would give them by subtraction.
    """
    above = people.assign(above=people["cost_total"] > threshold)
    number = above.groupby(list(factors))["above"].sum()
    number = cells[list(factors)].join(number, on=list(factors))["above"]
    hidden = number.between(1, FEWEST - 1)
    while hidden.any() and (number[hidden].sum() < FEWEST or hidden.sum() < 2):
        hidden[number.mask(hidden).replace(0, np.nan).idxmin()] = True
    return cells.assign(**{name: cells[name].mask(hidden) for name in OF_THE_TAIL})
