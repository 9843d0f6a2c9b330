"""What the chapter's tables and its picture list: priors, what a formula explains, spreads."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import xarray as xr

from analysis.intervals import interval_columns


def half_normal(scale: float) -> str:
    """Return the name of a prior of a scale."""
    return f"half-normal({scale:g})"


def explained_between(people: pd.Series, cost: pd.Series, expected: pd.Series) -> float:
    """Return the share of the variance of cost a head between groups that a formula explains.

    Parameters
    ----------
    people, cost, expected : Series, one row a group
        People, and the cost of all of them: actual, and by the formula.

    Returns
    -------
    float
        One less the variance of what is unexplained over all variance, weighted by people; all
        costs relative to their mean.
    """

    def relative(total: pd.Series) -> pd.Series:
        return total / people / (total.sum() / people.sum()) - 1

    actual, unexplained = relative(cost), relative(cost) - relative(expected)
    return float(1 - (people * unexplained**2).sum() / (people * actual**2).sum())


def spread_curve(
    source: str,
    people: Sequence[float],
    spread: Callable[[float], np.ndarray | xr.DataArray],
    seen: tuple[float, float],
) -> pd.DataFrame:
    """Return medians and intervals of a spread by size, percent of the budget.

    Parameters
    ----------
    people : sequence of float
        Sizes, a row each.
    spread : callable
        From a size to draws of a standard deviation, share of the budget.
    seen : tuple of float
        Smallest and largest size of which the source has groups.

    Returns
    -------
    DataFrame
        ``source``, ``people``, ``value``, ``low``, ``high``, ``part``: "below", "seen" or "above".
        The ends of what was seen are in two parts, so that the parts of a line meet.
    """
    low, high = seen
    parts = {
        "below": [n for n in (*people, low) if n <= low],
        "seen": [n for n in (*people, low, high) if low <= n <= high],
        "above": [n for n in (*people, high) if n >= high],
    }
    rows = [(part, n) for part, sizes in parts.items() for n in sorted(set(sizes))]
    draws = np.column_stack([100 * np.ravel(spread(size)) for _, size in rows])
    columns = interval_columns("value", draws, ends=("low", "high"))
    named = {"source": source, "people": [n for _, n in rows], "part": [part for part, _ in rows]}
    return pd.DataFrame(named | columns)
