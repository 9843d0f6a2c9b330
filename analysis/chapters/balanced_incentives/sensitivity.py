"""Which primitive moves the best balance of rewards most, and where the answer turns."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import bisect, brentq
from scipy.stats import sobol_indices, uniform

from analysis.chapters.balanced_incentives.primitives import NAMES, primitives_at
from analysis.risk.incentivised_groups import group, reward_ratio
from analysis.risk.multitask import optimal_slopes
from analysis.seeds import seed_for

EDGE = 1e-3
"""Primitives are moved no further out than this probability on each side."""


def best_ratio(primitives: Mapping[str, np.ndarray], people: float) -> np.ndarray:
    """Return the ratio of potential quality to potential savings rewards under the best payments.

    Parameters
    ----------
    primitives : mapping of str to ndarray, shape (draw,)
    people : float
        Size of the group.

    Returns
    -------
    ndarray, shape (draw,)
        Infinite where savings should not be rewarded.
    """
    return reward_ratio(optimal_slopes(group(primitives, people)), primitives)


def score_share(ratio: np.ndarray) -> np.ndarray:
    """Return the share of all potential rewards that is for quality and experience.

    Parameters
    ----------
    ratio : ndarray
        Potential quality and experience rewards over the potential savings reward; at least 0.

    Returns
    -------
    ndarray
        0 to 1; 1 where the ratio is infinite.
    """
    return 1 - 1 / (1 + ratio)


def variance_shares(
    fitted: Mapping[str, np.ndarray], people: float, points: int = 2048
) -> pd.DataFrame:
    """Return how much of the variance of the best share of quality each primitive accounts for.

    Sobol' indices of `score_share`, by the estimators of Saltelli and others (2010), Computer
    Physics Communications 181:259.

    Parameters
    ----------
    fitted : mapping of str to ndarray
        Posterior draws of the fitted primitives.
    points : int
        A power of 2.

    Returns
    -------
    DataFrame, one row a primitive, largest first
        ``primitive``, ``alone`` (share by which the variance would fall if only this primitive
        became known), ``total`` (with its interactions).
    """
    found: Any = sobol_indices(
        func=lambda u: score_share(
            best_ratio(primitives_at(fitted, np.clip(u, EDGE, 1 - EDGE)), people)
        ),
        n=points,
        dists=[uniform()] * len(NAMES),
        rng=np.random.default_rng(seed_for("incentives-sobol")),
    )
    table = pd.DataFrame(
        {"primitive": NAMES, "alone": found.first_order, "total": found.total_order}
    )
    return table.sort_values("total", ascending=False, ignore_index=True)


def ratio_by_primitive(
    name: str,
    fitted: Mapping[str, np.ndarray],
    draws: Mapping[str, np.ndarray],
    people: float,
    probability: np.ndarray,
) -> pd.DataFrame:
    """Return the median best ratio as one primitive moves and the others keep their draws.

    Parameters
    ----------
    name : str
        Of `primitives.NAMES`.
    fitted, draws : mapping of str to ndarray
        Posterior draws of the fitted primitives; draws of all.
    probability : ndarray, shape (point,)
        Where in its distribution the primitive is put.

    Returns
    -------
    DataFrame, one row a point
        ``probability``, ``value`` of the primitive, ``ratio``.
    """
    at = np.full((len(NAMES), len(probability)), 0.5)
    at[NAMES.index(name)] = probability
    values = primitives_at(fitted, at)[name]
    ratios = [
        float(np.median(best_ratio({**draws, name: np.full(_draws(draws), value)}, people)))
        for value in values
    ]
    return pd.DataFrame({"probability": probability, "value": values, "ratio": ratios})


def flip_value(
    name: str,
    fitted: Mapping[str, np.ndarray],
    draws: Mapping[str, np.ndarray],
    people: float,
    ratio: float = 1.0,
) -> float:
    """Return the value of a primitive at which the median best ratio equals a given one.

    Parameters
    ----------
    fitted, draws : mapping of str to ndarray
        As in `ratio_by_primitive`.
    ratio : float
        Above 0.

    Returns
    -------
    float
        In the primitive's unit; nan if no value within its distribution does it.
    """

    def excess(probability: float) -> float:
        at = ratio_by_primitive(name, fitted, draws, people, np.array([probability]))
        return float(np.log(max(at["ratio"][0], 1e-9) / ratio))

    if excess(EDGE) * excess(1 - EDGE) > 0:
        return float("nan")
    root = brentq(excess, EDGE, 1 - EDGE, xtol=1e-4)
    at = ratio_by_primitive(name, fitted, draws, people, np.array([root]))
    return float(at["value"][0])


def turning_value(
    name: str,
    draws: Mapping[str, np.ndarray],
    measure: Callable[[Mapping[str, np.ndarray]], np.ndarray],
    target: float,
) -> float:
    """Return the value of a primitive at which the median of a measure equals a target.

    Parameters
    ----------
    name : str
        Of `primitives.NAMES`.
    draws : mapping of str to ndarray, shape (draw,)
        Draws of all primitives; the others keep theirs.
    measure : callable
        From draws of all primitives to draws of the measure; it rises or falls with the
        primitive, and may be infinite.
    target : float
        In the unit of the measure.

    Returns
    -------
    float
        In the unit of the primitive; nan if no value within its distribution does it.
    """

    def excess(value: float) -> float:
        moved = {**draws, name: np.full(len(draws[name]), value)}
        # Bisection needs the sign alone, and infinity has one.
        return float(np.sign(np.median(measure(moved)) - target))

    low, high = np.quantile(draws[name], [EDGE, 1 - EDGE])
    if excess(low) * excess(high) > 0:
        return float("nan")
    return float(bisect(excess, low, high, rtol=1e-3))


def _draws(draws: Mapping[str, np.ndarray]) -> int:
    return len(next(iter(draws.values())))
