"""Merging cells of few people, so that no released cell, or difference of cells, shows a few.

Nothing is left out: the released cells add up to all people, so nothing can be had by subtracting
them from a total. Cells are merged along the last factor first. A release by the same factors and
one more therefore only splits cells of the first, and the two cannot be subtracted either.
"""

from collections.abc import Sequence

import pandas as pd

from analysis.errors import InputError
from analysis.population.risk_cells import LARGEST

MERGED = "(merged)"
"""Label of the people whose own level was too small to be shown."""

DOMINANCE = 2.1
"""A sum must be this many times its largest cost.

Then the person with the second largest cost, subtracting their own, still cannot tell the largest
to within 10 %: the p-percent rule with p = 10 (Hundepool and others 2012, Statistical Disclosure
Control, chapter 4), on the safe side because the second largest is taken to be as large as the
largest.
"""


def is_unsafe(cells: pd.DataFrame, fewest_people: int) -> pd.Series:
    """Return for each cell whether it may not be released as it stands.

    Parameters
    ----------
    cells : DataFrame, one row a cell
        With ``n``, ``n_positive``, ``n_body``, ``n_tail``, ``sum_cost`` and ``largest_cost``.
    fewest_people : int
        At least this many people must be in the cell, and in each part of it that is not empty:
        those without cost, with a cost up to the threshold, and above it.
    """
    small = cells["n"] < fewest_people
    for part in _parts(cells).values():
        small |= part.between(1, fewest_people - 1)
    return small | (cells[LARGEST] * DOMINANCE > cells["sum_cost"])


def _parts(cells: pd.DataFrame) -> dict[str, pd.Series]:
    return {
        "without cost": cells["n"] - cells["n_positive"],
        "up to the threshold": cells["n_body"],
        "above the threshold": cells["n_tail"],
    }


def too_few_people(cells: pd.DataFrame, fewest_people: int) -> dict[str, int]:
    """Count the cells that have too few people, in all or in a part.

    Parameters
    ----------
    cells : DataFrame, one row a cell
        As for `is_unsafe`.

    Returns
    -------
    dict of str to int
        Cells by what there are too few of; a cell may count more than once.
    """
    found = {"in all": int((cells["n"] < fewest_people).sum())}
    enough = cells[cells["n"] >= fewest_people]
    for name, part in _parts(enough).items():
        found[name] = int(part.between(1, fewest_people - 1).sum())
    return {name: number for name, number in found.items() if number}


def merge_small_cells(
    cells: pd.DataFrame, by: Sequence[str], fewest_people: int
) -> tuple[pd.DataFrame, int]:
    """Merge cells until none is unsafe.

    Within each combination of the earlier factors, the unsafe levels of the last factor are pooled.
    A pool that is still unsafe takes in the smallest level beside it, and the next, until it is
    safe. Where all levels together are not safe, the same is done with the factor before.

    Parameters
    ----------
    cells : DataFrame, one row a cell
        Factor columns of text, sums, and ``largest_cost``.
    by : sequence of str
        Factors, from the one to keep longest to the one to give up first.
    fewest_people : int
        See `is_unsafe`.

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
        pool = _pooled(cells, list(by[: depth + 1]), fewest_people)
        labels.loc[pool, list(by[depth:])] = MERGED
    sums = cells.columns.difference([*by, LARGEST], sort=False)
    how = dict.fromkeys(sums, "sum") | {LARGEST: "max"}
    together = pd.concat([labels, cells.drop(columns=list(by))], axis=1)
    return together.groupby(list(by), as_index=False).agg(how), int(
        (labels == MERGED).any(axis=1).sum()
    )


def _pooled(cells: pd.DataFrame, levels: list[str], fewest_people: int) -> pd.Series:
    """Say of each cell whether it joins the pool along the last of the given factors."""
    *parents, factor = levels
    sums = ["n", "n_positive", "n_body", "n_tail", "sum_cost"]
    how = dict.fromkeys(sums, "sum") | {LARGEST: "max"}
    total = cells.groupby(levels, as_index=False).agg(how).assign(everyone=0)
    total["unsafe"] = is_unsafe(total, fewest_people)
    group = [*parents, "everyone"]
    # Unsafe levels first, then the smallest: a pool is the head of its group, as far as needed.
    total = total.sort_values(
        [*group, "unsafe", "n", factor], ascending=[True] * len(group) + [False, True, True]
    )
    within = total.groupby(group, sort=False)
    running = within[sums].cumsum().assign(**{LARGEST: within[LARGEST].cummax()})
    complete = within["unsafe"].cumsum() == within["unsafe"].transform("sum")
    safe = complete & ~is_unsafe(running, fewest_people)
    if not parents and not safe.any():
        raise InputError(_too_few(running.iloc[-1], fewest_people))
    ended = safe.groupby([total[name] for name in group], sort=False)
    already = ended.cumsum() - safe.astype(int)
    total["pool"] = (already == 0) & within["unsafe"].transform("any")
    key = cells[levels].merge(total[[*levels, "pool"]], how="left", on=levels)
    return pd.Series(key["pool"].to_numpy(), index=cells.index)


def _too_few(everyone: pd.Series, fewest_people: int) -> str:
    """Say why not even all people together may be shown."""
    people = int(everyone["n"])
    zero, body, tail = people - everyone["n_positive"], everyone["n_body"], everyone["n_tail"]
    parts = f"{zero:.0f} without cost, {body:.0f} up to the threshold, {tail:.0f} above it"
    if people >= fewest_people and everyone[LARGEST] * DOMINANCE > everyone["sum_cost"] > 0:
        share = everyone[LARGEST] / everyone["sum_cost"]
        return (
            f"one person has {share:.0%} of the cost of all {people:,} people, who could then be "
            "told from the rest; check that cost, or leave the person out and say so"
        )
    return (
        f"all {people:,} people together are too few to release ({parts}): each part needs "
        f"{fewest_people} people or none; add people, or give another --threshold"
    )
