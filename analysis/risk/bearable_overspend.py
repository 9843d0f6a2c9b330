"""The overspend that a group must be able to bear when chance and differences between groups add.

Normal approximation: where differences count, they outweigh what in chance is not normal.
"""

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from analysis.intervals import interval_columns


def bearable_overspend(
    k: np.ndarray, spread: np.ndarray, people: float, limit: float
) -> np.ndarray:
    """Return the overspend that groups of one size exceed in a share of years.

    Parameters
    ----------
    k : ndarray, shape (draw,)
        Standard deviation of one person's annual cost over its mean.
    spread : ndarray, shape (draw,)
        Standard deviation of differences between groups of that size, share of the budget; its
        draws decide how many there are.
    people : float
        Above 0.
    limit : float
        Share of years, between 0 and 1.

    Returns
    -------
    ndarray, shape (draw,)
        Share of the budget.
    """
    chance = np.resize(k, spread.shape) / np.sqrt(people)
    return np.asarray(-ndtri(limit) * np.hypot(chance, spread))


def over_with_differences(
    k: np.ndarray, spread: np.ndarray, people: float, tolerance: float
) -> np.ndarray:
    """Return how often groups of one size overspend by more than a tolerance, shape (draw,).

    The other way round of `bearable_overspend`, which says what the arguments are.

    Parameters
    ----------
    tolerance : float
        Overspend, share of the budget, above 0.
    """
    chance = np.resize(k, spread.shape) / np.sqrt(people)
    return np.asarray(ndtr(-tolerance / np.hypot(chance, spread)))


def bearable_by_size(
    k: np.ndarray,
    spread: Callable[[float], np.ndarray],
    people: Iterable[float],
    limit: float,
) -> pd.DataFrame:
    """Return the overspend to be borne, percent of the budget, a row for each size.

    Parameters
    ----------
    k, limit
        As in `bearable_overspend`.
    spread : callable
        From a number of people to draws of the spread between groups of that size.
    people : iterable of float

    Returns
    -------
    DataFrame
        ``people``, and ``chance`` and ``together`` with ``_low`` and ``_high`` ends.
    """
    rows = []
    for size in people:
        chance = bearable_overspend(k, np.zeros_like(k), size, limit)
        together = bearable_overspend(k, spread(float(size)), size, limit)
        columns = interval_columns("chance", 100 * chance)
        rows.append({"people": size, **columns, **interval_columns("together", 100 * together)})
    return pd.DataFrame(rows)
