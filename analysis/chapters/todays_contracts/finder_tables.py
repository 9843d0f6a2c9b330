"""Tables from which the page *Find your organisation* reads what differences between groups add."""

from collections.abc import Callable

import numpy as np

from analysis.risk.bearable_overspend import bearable_overspend
from analysis.risk.chance_table import PROBABILITIES, low_median_high
from analysis.risk.lookup import Axis, Lookup

PEOPLE = (1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 2e6, 5e6)
"""Sizes of the tables: from a large practice to more than the largest board."""


def spread_table(spread: Callable[[float], np.ndarray]) -> Lookup:
    """Return the standard deviation of differences between groups by size, share of the budget.

    Parameters
    ----------
    spread : callable
        From a number of people to draws.

    Returns
    -------
    Lookup
        Low end, median and high end by people.
    """
    values = np.stack([low_median_high(spread(people)) for people in PEOPLE])
    return Lookup([Axis("people", PEOPLE, "log")], values, "log")


def overspend_table(k: np.ndarray, spread: Callable[[float], np.ndarray]) -> Lookup:
    """Return the overspend that chance and differences together exceed, share of the budget.

    Parameters
    ----------
    k : ndarray, shape (draw,)
        Standard deviation of one person's cost that the budget does not foresee, over the mean.
    spread : callable
        From a number of people to draws.

    Returns
    -------
    Lookup
        Low end, median and high end by people and probability.
    """
    values = []
    for people in PEOPLE:
        between = spread(people)
        borne = [bearable_overspend(k, between, people, limit) for limit in PROBABILITIES]
        values.append(low_median_high(np.stack(borne)))
    axes = [Axis("people", PEOPLE, "log"), Axis("probability", PROBABILITIES, "normal")]
    return Lookup(axes, np.stack(values), "log")
