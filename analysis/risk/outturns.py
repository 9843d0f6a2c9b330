"""What a spread of balances says of one year's outturns, and the spread that an outturn asks for.

An outturn is predicted given what is known of the year as a whole: its total balance, or how many
organisations missed their budget at all.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr

DRAWS = 1_000
"""Draws on which outcomes are simulated."""

type Spread = Callable[[np.ndarray], np.ndarray]
"""From sizes (organisation,) to standard deviations of balances, shares of the budget, shape
(draw, organisation)."""

type Predict = Callable[[Spread, np.random.Generator], np.ndarray]
"""From a spread to draws of an outcome, shape (draw,)."""


@dataclass(frozen=True)
class Outcome:
    """One outcome of a year, and how it is predicted.

    Attributes
    ----------
    name, condition : str
        What is predicted, and what of the same year is taken as known.
    observed : float
        In `unit`.
    predict : callable
        See `Predict`.
    """

    name: str
    condition: str
    observed: float
    unit: str
    predict: Predict = field(repr=False)


def balances(
    sd: np.ndarray, budget: np.ndarray, net: float, generator: np.random.Generator
) -> np.ndarray:
    """Simulate balances of commissioners whose total is known.

    Parameters
    ----------
    sd : ndarray, shape (draw, organisation)
        Standard deviations of balances, shares of the budget.
    budget : ndarray, shape (organisation,)
        GBP million.
    net : float
        Sum of all balances, GBP million; above 0 is an underspend.

    Returns
    -------
    ndarray, shape (draw, organisation)
        GBP million; below 0 is an overspend. All plans are off by one share of the budget, the one
        that gives the total.
    """
    raw = generator.normal(size=sd.shape) * sd * budget
    shift = (net - raw.sum(axis=1, keepdims=True)) / budget.sum()
    return raw + shift * budget


def shifted_to_share(sd: np.ndarray, threshold: float, share: float) -> np.ndarray:
    """Find the mean deficit with which a share of organisations lies above a threshold.

    Parameters
    ----------
    sd : ndarray, shape (draw, organisation)
        Standard deviations of normal deficits, shares of the budget.
    threshold : float
        Share of the budget.
    share : float
        Of organisations, between 0 and 1.

    Returns
    -------
    ndarray, shape (draw, 1), or (1, 1) if all draws are one
        Share of the budget.
    """
    if sd.strides[0] == 0:  # one draw, repeated by broadcasting
        sd = sd[:1]
    low, high = np.full((len(sd), 1), -5.0), np.full((len(sd), 1), 5.0)
    for _ in range(50):
        middle = (low + high) / 2
        too_many = ndtr((middle - threshold) / sd).mean(axis=1, keepdims=True) > share
        low, high = np.where(too_many, low, middle), np.where(too_many, middle, high)
    return (low + high) / 2


def spread_needed(outcome: Outcome, k: float, seed: int, most: float = 0.12) -> float:
    """Return the lasting spread with which the median prediction of an outcome is what was seen.

    Parameters
    ----------
    k : float
        Coefficient of variation of one person's annual cost.
    seed : int
        The same for every spread that is tried.
    most : float
        Largest spread tried, share of the budget.

    Returns
    -------
    float
        Share of the budget, the same at every size; nan if none up to `most` does it.
    """
    draws = DRAWS // 2

    def miss(persistent: float) -> float:
        def spread(people: np.ndarray) -> np.ndarray:
            return np.broadcast_to(np.hypot(k / np.sqrt(people), persistent), (draws, len(people)))

        predicted = outcome.predict(spread, np.random.default_rng(seed))
        return float(np.median(predicted)) - outcome.observed

    if miss(0.0) * miss(most) > 0:
        return float("nan")
    return float(brentq(miss, 0.0, most, xtol=1e-4))
