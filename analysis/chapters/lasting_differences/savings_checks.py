"""Does the model of savings rates reproduce what was seen: spread by size, likeness by lag."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import xarray as xr

from analysis.fits.savings_components import MsspComponents
from analysis.models.savings.components import PERCENTAGE_POINTS
from analysis.settings import INTERVAL

_ENDS = [(1 - INTERVAL) / 2, 0.5, (1 + INTERVAL) / 2]


def _stacked(values: xr.DataArray) -> np.ndarray:
    """Draws of all chains, first axis draw."""
    drawn = values.transpose("chain", "draw", ...).to_numpy()
    return drawn.reshape(-1, *drawn.shape[2:])


def predicted_variances(
    components: MsspComponents, cells: pd.DataFrame, generator: np.random.Generator
) -> np.ndarray:
    """Return variances of savings rates that the model predicts for some cells of rows.

    Parameters
    ----------
    components : MsspComponents
    cells : DataFrame
        ``performance_year``, ``n_acos`` (at least 2), ``inverse_size_mean``: as
        `analysis.evidence.mssp.cross_section`, whose bands are finer than those fitted.
    generator : numpy.random.Generator

    Returns
    -------
    ndarray, shape (draw, cell)
        Squared percentage points: expected variance with its sampling error, whose variance is
        1 + 1.5 h times that of normal rows (Muirhead 1982, section 1.6, h the heaviness).
    """
    draws = components.fit.posterior
    inverse = xr.DataArray(cells["inverse_size_mean"].to_numpy(float), dims="cell")
    year = xr.DataArray(cells["performance_year"].astype(str).to_numpy(), dims="cell")
    scale = np.exp(2 * draws["log_year_scale"].sel(year=year).drop_vars("year"))
    expected = _stacked(components.components.covariance(0, inverse) * scale)
    df = cells["n_acos"].to_numpy(float) - 1
    shape = df / (2 + 3 * _stacked(draws["heaviness"])[:, None])
    return expected * generator.gamma(shape) / shape


def spread_by_size(
    components: MsspComponents, cells: pd.DataFrame, generator: np.random.Generator
) -> tuple[pd.DataFrame, Callable[[np.ndarray], float]]:
    """Return the spread of savings rates by size, observed and predicted.

    Parameters
    ----------
    components : MsspComponents
    cells : DataFrame
        `analysis.evidence.mssp.cross_section`.
    generator : numpy.random.Generator

    Returns
    -------
    table : DataFrame, one row a size band, years pooled
        ``size_low``, ``people`` (harmonic mean), ``n_aco_years``, ``observed``, and the predicted
        ``low``, ``median``, ``high`` (project's interval); standard deviations within a year, in
        percentage points.
    covered : callable
        From the places of some draws to the share of single cells, a band in a year, whose spread
        lies in the interval that these draws predict.
    """
    predicted = predicted_variances(components, cells, generator)
    observed = PERCENTAGE_POINTS**2 * cells["savings_rate_variance"].to_numpy(float)

    def covered(places: np.ndarray) -> float:
        low, high = np.quantile(predicted[places], [_ENDS[0], _ENDS[-1]], axis=0)
        return float(((low <= observed) & (observed <= high)).mean())

    rows = []
    for size_low, band in cells.reset_index(drop=True).groupby("size_low"):
        at, df = band.index.to_numpy(), band["n_acos"].to_numpy(float) - 1
        people = band["n_acos"].sum() / band["inverse_size_sum"].sum()
        seen = np.sqrt(np.average(observed[at], weights=df))
        pooled = np.sqrt(np.average(predicted[:, at], axis=1, weights=df))
        rows.append((size_low, people, band["n_acos"].sum(), seen, *np.quantile(pooled, _ENDS)))
    columns = ["size_low", "people", "n_aco_years", "observed", "low", "median", "high"]
    return pd.DataFrame(rows, columns=columns), covered


def correlation_by_lag(components: MsspComponents, generator: np.random.Generator) -> pd.DataFrame:
    """Return how an organisation's rates some years apart go together, observed and predicted.

    Parameters
    ----------
    components : MsspComponents
    generator : numpy.random.Generator

    Returns
    -------
    DataFrame, one row a size band and lag
        ``band_low``, ``lag`` (years), ``n_pairs``, ``observed`` and the predicted ``low``,
        ``median``, ``high``: covariance over variance, each pooled over years.
    """
    moments, draws = components.moments, components.fit.posterior
    errors = _stacked(draws["error_sd"])
    errors = np.linalg.solve(moments.whitener, (errors * generator.normal(size=errors.shape)).T).T
    predicted = _stacked(draws["expected"]) + errors
    rows = []
    for band in np.unique(moments.band_low):
        same = (moments.band_low == band) & (moments.lag == 0)
        for lag in range(1, moments.lag.max() + 1):
            apart = (moments.band_low == band) & (moments.lag == lag)
            seen, likely = (
                np.average(values[..., apart], axis=-1, weights=moments.n[apart])
                / np.average(values[..., same], axis=-1, weights=moments.n[same])
                for values in (moments.covariance, predicted)
            )
            rows.append((band, lag, moments.n[apart].sum(), seen, *np.quantile(likely, _ENDS)))
    columns = ["band_low", "lag", "n_pairs", "observed", "low", "median", "high"]
    return pd.DataFrame(rows, columns=columns)
