"""Median and equal-tailed interval of draws: the only place where their quantiles are written."""

import math
from functools import cache

import numpy as np
from numpy.typing import ArrayLike

from analysis.settings import INTERVAL

LOW = (1 - INTERVAL) / 2
"""Probability below the interval."""

HIGH = (1 + INTERVAL) / 2
"""Probability below the upper end of the interval."""


def median_and_interval(draws: ArrayLike, axis: int | None = None) -> np.ndarray:
    """Return median, low end and high end along a new first axis, in the unit of the draws.

    Parameters
    ----------
    draws : array_like
        A quantity with infinite draws is given actual draws, for interpolation beside an infinite
        one would yield NaN.
    axis : int, optional
        Axis of the draws; over all axes by default, as of chain and draw.
    """
    array = np.asarray(draws, dtype=float)
    points = [0.5, LOW, HIGH]
    finite = np.isfinite(array).all(axis=axis)
    if finite.all():
        return np.asarray(np.quantile(array, points, axis=axis))
    bounded = np.where(np.isfinite(array), array, 0.0)
    between = np.quantile(bounded, points, axis=axis)
    return np.where(finite, between, np.quantile(array, points, axis=axis, method="inverted_cdf"))


def interval_columns(
    name: str,
    draws: ArrayLike,
    axis: int | None = 0,
    ends: tuple[str, str] | None = None,
) -> dict[str, np.ndarray]:
    """Return columns of a table, a row for each quantity.

    They are called `name`, `name_low` and `name_high`, or `ends` where a table has one interval.
    """
    low, high = ends or (f"{name}_low", f"{name}_high")
    return dict(zip((name, low, high), median_and_interval(draws, axis), strict=True))


@cache
def normal_half_width() -> float:
    """Return half the width of a normal interval, in standard deviations (1.645 for 90%)."""
    from scipy.special import ndtri

    return float(ndtri(HIGH))


def normal_spread(low: float, high: float) -> float:
    """Return the standard deviation of a normal distribution with these ends of its interval."""
    return (high - low) / (2 * normal_half_width())


def log_normal_spread(low: float, high: float) -> float:
    """Return the same of the logarithm, for ends above 0."""
    return normal_spread(math.log(low), math.log(high))
