"""The smallest sets of groups that are safe together: those to merge, or to keep silent about."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.population.disclosure.dominance import COLUMNS

WORKING_NAMES = ("_everyone", "_required", "_unsafe", "_pool")
"""Names that no factor may have."""


@dataclass(frozen=True)
class Pools:
    """Levels of one factor, each in the pool of its parent or not.

    Attributes
    ----------
    levels : DataFrame, one row a combination of the factors so far
        Those factors, what `dominance.COLUMNS` names, and ``_pool``.
    together : DataFrame, one row a parent
        The sums over all its levels.
    safe : bool
        Whether some pool is safe, or none was needed.
    """

    levels: pd.DataFrame
    together: pd.DataFrame
    safe: bool

    def of(self, cells: pd.DataFrame, factors: Sequence[str]) -> pd.Series:
        """Return for each cell whether its level is in the pool."""
        key = cells[list(factors)].merge(
            self.levels[[*factors, "_pool"]], how="left", on=list(factors)
        )
        return pd.Series(key["_pool"].to_numpy(bool), index=cells.index)


def pools(
    cells: pd.DataFrame,
    factors: Sequence[str],
    parents: int,
    size: str,
    is_unsafe: Callable[[pd.DataFrame], pd.Series],
    pooled: pd.Series | None = None,
    required: pd.Series | None = None,
) -> Pools:
    """Pool combinations of factors, within each combination of the first, until each is safe.

    A pool holds the unsafe ones. While it is unsafe itself, the smallest beside it joins; at last
    it holds them all. A parent without an unsafe one has no pool.

    Parameters
    ----------
    parents : int
        Number of factors of a parent.
    size : str
        Column by which a combination is small.
    pooled, required : Series of bool, optional
        By cell: whether it is in the pool in any case, and whether its parent needs one.
    """
    levels = cells.assign(
        _required=False if required is None else required,
        _unsafe=False if pooled is None else pooled,
    )
    how = COLUMNS | {"_required": "max", "_unsafe": "max"}
    levels = levels.groupby(list(factors), as_index=False).agg(how).assign(_everyone=0)
    levels["_unsafe"] |= is_unsafe(levels)
    group = [*factors[:parents], "_everyone"]
    # A pool is the head of its group, as far as it is needed.
    order = [*group, "_unsafe", size, *factors[parents:]]
    levels = levels.sort_values(order, ascending=[name != "_unsafe" for name in order])
    levels = levels.reset_index(drop=True)
    within = levels.groupby(group, sort=False)
    running = _running(levels, within)
    complete = within["_unsafe"].cumsum() == within["_unsafe"].transform("sum")
    safe = complete & ~is_unsafe(running)
    before = safe.groupby([levels[name] for name in group], sort=False).cumsum() - safe.astype(int)
    needed = within["_unsafe"].transform("any") | within["_required"].transform("any")
    levels["_pool"] = (before == 0) & needed
    last = ~levels.duplicated(group, keep="last")
    return Pools(levels, running[last], bool((safe | ~needed).any()))


def _running(levels: pd.DataFrame, within: "pd.api.typing.DataFrameGroupBy") -> pd.DataFrame:
    """Sums and largest parts from the first level of a group to each."""
    sums = [name for name, how in COLUMNS.items() if how == "sum"]
    largest = [name for name, how in COLUMNS.items() if how == "max"]
    return pd.concat([within[sums].cumsum(), within[largest].cummax()], axis=1)
