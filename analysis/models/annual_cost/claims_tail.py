"""The shape of the tail of the large claims of 1991, above one threshold after another."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.optimize import minimize

THRESHOLDS_USD = (25_000, 50_000, 100_000, 200_000, 400_000)
"""Amounts above which the shape is estimated, US dollars of 1991."""


def _log_survival(excess: np.ndarray, scale: float, shape: float) -> np.ndarray:
    """Log survival of a generalised Pareto; minus infinity at an infinite excess."""
    return -np.log1p(shape * excess / scale) / shape


def grouped_pareto(lower: np.ndarray, counts: np.ndarray) -> tuple[float, float]:
    """Fit a generalised Pareto to binned excesses by maximum likelihood; return scale and shape.

    The lower edges of the bins increase; the first is the threshold and the last bin is open. The
    scale is in the currency of the edges. RuntimeError is raised if no maximum is found.
    """
    excess = np.asarray(lower, float) - lower[0]
    start = max(excess[np.searchsorted(np.cumsum(counts), counts.sum() / 2)], excess[1])

    def loss(parameters: np.ndarray) -> float:
        scale, shape = np.exp(parameters)
        survival = np.append(np.exp(_log_survival(excess, scale, shape)), 0.0)
        return -float(counts @ np.log(np.maximum(-np.diff(survival), 1e-300)))

    fit = minimize(loss, np.log([start, 0.4]), method="Nelder-Mead", options={"xatol": 1e-6})
    if not fit.success:
        raise RuntimeError(f"the tail above {lower[0]:,.0f} could not be fitted: {fit.message}")
    scale, shape = np.exp(fit.x)
    return float(scale), float(shape)


def tail_shapes(claims: pd.DataFrame, thresholds: Sequence[float] = THRESHOLDS_USD) -> pd.DataFrame:
    """Return the tail's shape above several thresholds, US dollars of 1991, one row a threshold.

    Each threshold takes effect at the next bin edge of `analysis.evidence.large_claims`. Columns:
    ``threshold_usd``, ``claims``, ``scale_usd``, ``shape``.
    """
    rows = []
    for threshold in thresholds:
        bins = claims[claims["cost_low_usd"] >= threshold]
        lower, counts = bins["cost_low_usd"].to_numpy(float), bins["n_claims"].to_numpy(float)
        scale, shape = grouped_pareto(lower, counts)
        rows.append((lower[0], int(counts.sum()), scale, shape))
    return pd.DataFrame(rows, columns=["threshold_usd", "claims", "scale_usd", "shape"])
