"""How good an interval is: how wide, and how far off when it misses."""

import numpy as np

from analysis.settings import INTERVAL


def interval_score(
    truth: np.ndarray, low: np.ndarray, high: np.ndarray, probability: float = INTERVAL
) -> np.ndarray:
    """Return the interval score: the width, and a penalty for each truth outside. Less is better.

    In the one unit of truths and ends, where ``low <= high``. Gneiting T, Raftery AE (2007)
    Strictly proper scoring rules, prediction, and estimation. Journal of the American Statistical
    Association 102:359-378, equation 43.

    Parameters
    ----------
    probability : float
        Meant to lie inside, between 0 and 1.

    Examples
    --------
    >>> interval_score(np.array([1.0, 3.0]), np.zeros(2), np.full(2, 2.0), 0.9)
    array([ 2., 22.])
    """
    outside = np.maximum(low - truth, 0) + np.maximum(truth - high, 0)
    return np.asarray((high - low) + 2 / (1 - probability) * outside)
