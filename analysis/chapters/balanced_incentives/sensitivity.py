"""Which primitive moves the best balance of rewards most, and where the answer turns.

Draws of primitives are mappings of the names of `primitives.NAMES` to ndarrays of shape (draw,);
`fitted` holds posterior draws of the names of `primitives.FITTED`.
"""

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

    Infinite where savings should not be rewarded.
    """
    return reward_ratio(optimal_slopes(group(primitives, people)), primitives)


def score_share(ratio: np.ndarray) -> np.ndarray:
    """Return the share of all potential rewards that is for quality and experience.

    Parameters
    ----------
    ratio : ndarray
        From `best_ratio`, at least 0; where it is infinite the share is 1.
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
    points : int
        A power of 2.

    Returns
    -------
    DataFrame, one row a primitive, largest first
        ``primitive``, ``alone`` (share by which the variance would fall if only this primitive
        became known), ``total`` (with its interactions).
    """

    def share_at(probability: np.ndarray) -> np.ndarray:
        inside = np.clip(probability, EDGE, 1 - EDGE)
        return score_share(best_ratio(primitives_at(fitted, inside), people))

    indices: Any = sobol_indices(
        func=share_at,
        n=points,
        dists=[uniform()] * len(NAMES),
        rng=np.random.default_rng(seed_for("incentives-sobol")),
    )
    table = pd.DataFrame(
        {"primitive": NAMES, "alone": indices.first_order, "total": indices.total_order}
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
        float(np.median(best_ratio(_with_value(draws, name, value), people))) for value in values
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

    In the primitive's unit; nan if no value within its distribution does it.
    """

    def log_excess(probability: float) -> float:
        at = ratio_by_primitive(name, fitted, draws, people, np.array([probability]))
        return float(np.log(max(at["ratio"][0], 1e-9) / ratio))

    if log_excess(EDGE) * log_excess(1 - EDGE) > 0:
        return float("nan")
    root = brentq(log_excess, EDGE, 1 - EDGE, xtol=1e-4)
    at = ratio_by_primitive(name, fitted, draws, people, np.array([root]))
    return float(at["value"][0])


def turning_value(
    name: str,
    draws: Mapping[str, np.ndarray],
    measure: Callable[[Mapping[str, np.ndarray]], np.ndarray],
    target: float,
) -> float:
    """Return the value of a primitive at which the median of a measure equals a target.

    In the primitive's unit; nan if no value within its distribution does it.

    Parameters
    ----------
    measure : callable
        From draws of all primitives to draws of the measure; it rises or falls with the
        primitive, and may be infinite.
    target : float
        In the unit of the measure.
    """

    def side_of_target(value: float) -> float:
        # Bisection needs the sign alone, and infinity has one.
        return float(np.sign(np.median(measure(_with_value(draws, name, value))) - target))

    low, high = np.quantile(draws[name], [EDGE, 1 - EDGE])
    if side_of_target(low) * side_of_target(high) > 0:
        return float("nan")
    return float(bisect(side_of_target, low, high, rtol=1e-3))


def _with_value(draws: Mapping[str, np.ndarray], name: str, value: float) -> dict[str, np.ndarray]:
    """Return the draws with one primitive at a single value."""
    return {**draws, name: np.full(len(draws[name]), value)}
