"""How often held-out people cost more than the quantiles predicted for them."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.intervals import median_and_interval
from analysis.risk.scores import resampled_totals

QUANTILES = (0.90, 0.95, 0.99, 0.999)


def exceedance_shares(
    survival: np.ndarray,
    person: np.ndarray,
    seed: int,
    quantiles: Sequence[float] = QUANTILES,
    resamples: int = 2000,
) -> pd.DataFrame:
    """Return how many held-out costs lie above the predictive quantiles of their cells.

    A cost lies above the quantile of level q exactly when the predictive probability of a larger
    one is below 1 - q, so no quantile needs to be computed.

    Parameters
    ----------
    survival : ndarray, shape (row,)
        Predictive probability of a cost above the one that came; `HeldOut.survival`.
    person : ndarray, shape (row,)
        All rows of a person are resampled together.
    quantiles : sequence of float
        Levels, between 0 and 1.

    Returns
    -------
    DataFrame, one row a quantile
        ``quantile``, ``expected`` share above it, ``observed`` share, ``low`` and ``high`` (ends
        of the interval over resamples), ``rows_above``.
    """
    levels = np.asarray(quantiles, float)
    above = survival[:, None] < 1 - levels[None, :]
    columns = np.column_stack([above, np.ones(len(survival))])
    totals = resampled_totals(columns, person, seed, resamples)
    shares = totals[:, :-1] / totals[:, -1:]
    _, low, high = median_and_interval(shares, axis=0)
    return pd.DataFrame(
        {
            "quantile": levels,
            "expected": 1 - levels,
            "observed": above.mean(axis=0),
            "low": low,
            "high": high,
            "rows_above": above.sum(axis=0),
        }
    )


def empirical_survival(observed: np.ndarray, amount: np.ndarray) -> np.ndarray:
    """Return the share of observed costs above each amount: a forecast without a model.

    Parameters
    ----------
    observed : ndarray, shape (row,)
        Costs of the people a forecast may use.
    amount : ndarray, shape (other_row,)

    Returns
    -------
    ndarray, shape (other_row,)
    """
    ordered = np.sort(observed)
    return 1 - np.searchsorted(ordered, amount, side="right") / len(ordered)
