"""What the large claims of 1991 say about the shape of the tail: the prior of the hurdle model."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import ndtri

from analysis.settings import INTERVAL

THRESHOLDS_USD = (25_000, 50_000, 100_000, 200_000, 400_000)
"""Amounts above which the shape is estimated, US dollars of 1991."""


def _log_survival(excess: np.ndarray, scale: float, shape: float) -> np.ndarray:
    """Log survival of a generalised Pareto; minus infinity at an infinite excess."""
    return -np.log1p(shape * excess / scale) / shape


def grouped_pareto(lower: np.ndarray, counts: np.ndarray) -> tuple[float, float]:
    """Fit a generalised Pareto to binned excesses by maximum likelihood.

    Parameters
    ----------
    lower : ndarray, shape (bin,)
        Lower edges, increasing; the first is the threshold and the last bin is open.
    counts : ndarray, shape (bin,)

    Returns
    -------
    scale, shape : float
        Scale in the currency of the edges.

    Raises
    ------
    RuntimeError
        If no maximum is found.
    """
    excess = np.asarray(lower, float) - lower[0]
    start = max(excess[np.searchsorted(np.cumsum(counts), counts.sum() / 2)], excess[1])

    def loss(parameters: np.ndarray) -> float:
        scale, shape = np.exp(parameters)
        survival = np.append(np.exp(_log_survival(excess, scale, shape)), 0.0)
        return -float(counts @ np.log(np.maximum(-np.diff(survival), 1e-300)))

    found = minimize(loss, np.log([start, 0.4]), method="Nelder-Mead", options={"xatol": 1e-6})
    if not found.success:
        raise RuntimeError(f"the tail above {lower[0]:,.0f} could not be fitted: {found.message}")
    scale, shape = np.exp(found.x)
    return float(scale), float(shape)


def tail_shapes(claims: pd.DataFrame, thresholds: Sequence[float] = THRESHOLDS_USD) -> pd.DataFrame:
    """Return the tail's shape above several thresholds.

    Parameters
    ----------
    claims : DataFrame
        Binned claims: `analysis.evidence.large_claims`.
    thresholds : sequence of float
        US dollars of 1991; each takes effect at the next bin edge.

    Returns
    -------
    DataFrame, one row a threshold
        ``threshold_usd``, ``claims``, ``scale_usd``, ``shape``.
    """
    rows = []
    for threshold in thresholds:
        bins = claims[claims["cost_low_usd"] >= threshold]
        lower, counts = bins["cost_low_usd"].to_numpy(float), bins["n_claims"].to_numpy(float)
        scale, shape = grouped_pareto(lower, counts)
        rows.append((lower[0], int(counts.sum()), scale, shape))
    return pd.DataFrame(rows, columns=["threshold_usd", "claims", "scale_usd", "shape"])


def tail_shape_prior(claims: pd.DataFrame) -> tuple[float, float]:
    """Return mean and standard deviation of the prior of the tail's shape.

    The mean is that of the shapes above the thresholds. They differ by more than sampling error,
    since no single generalised Pareto fits the whole tail, so the spread comes from their range:
    twice the standard deviation of a normal whose central `INTERVAL` is that range. Doubled,
    because RAND's tail is of another decade and begins nearer the mean.

    Parameters
    ----------
    claims : DataFrame
        Binned claims: `analysis.evidence.large_claims`.
    """
    shapes = tail_shapes(claims)["shape"]
    width = 2 * ndtri((1 + INTERVAL) / 2)
    return float(shapes.mean()), float(2 * (shapes.max() - shapes.min()) / width)
