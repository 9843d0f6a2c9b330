"""What a record keeps of its draws: their quantiles, from which probabilities are read.

A verdict needs the probability that a number lies where a claim puts it. The draws themselves are
too many to keep; a hundred steps of their distribution give any probability to within one percent.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

STEPS = 100
"""Equal steps of probability from the smallest draw to the largest."""

type Quantile = float | str
"""A number, or `inf` or `-inf`, for which JSON has no number."""


def quantiles_of(draws: ArrayLike) -> tuple[Quantile, ...]:
    """Return the quantiles of draws at every hundredth, smallest and largest draw included.

    Parameters
    ----------
    draws : array_like
        Draws of one quantity, of any shape; infinite draws are allowed.

    Returns
    -------
    tuple of float or str
        `STEPS` + 1 of them, in the unit of the draws, each a draw itself, to six significant
        digits: the last bits differ between processors.
    """
    levels = np.linspace(0, 1, STEPS + 1)
    found = np.quantile(np.asarray(draws, dtype=float), levels, method="inverted_cdf")
    rounded = [float(f"{quantile:.6g}") for quantile in found]
    return tuple(q if math.isfinite(q) else str(q) for q in rounded)


def probability_between(quantiles: Sequence[Quantile], low: float, high: float) -> float:
    """Return the share of draws in a range, both ends included, to within one percent.

    Parameters
    ----------
    quantiles : sequence of float or str
        From `quantiles_of`.
    low, high : float
        Ends of the range, in the unit of the draws; may be infinite.

    Examples
    --------
    >>> round(probability_between(quantiles_of(range(1000)), 250, math.inf), 2)
    0.75
    """
    points = [float(quantile) for quantile in quantiles]
    below = _share(points, low, bisect_left(points, low))
    reached = _share(points, high, bisect_right(points, high))
    return max(0.0, reached - below)


def _share(points: Sequence[float], bound: float, passed: int) -> float:
    """Return the share of draws up to a bound, from the number of quantiles that lie below it."""
    if passed in {0, len(points)}:
        return float(passed > 0)
    last, following = points[passed - 1], points[passed]
    within = (bound - last) / (following - last) if math.isfinite(following - last) else 0.0
    return (passed - 1 + within) / (len(points) - 1)
