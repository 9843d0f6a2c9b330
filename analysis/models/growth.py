r"""Growth of savings with years in a programme, beside calendar year, cohort, size and exit.

The mean savings rate of the cohort that began in year :math:`c`, seen in year :math:`p`, is

.. math::
    \alpha + G\,\frac{1 - e^{-t/T}}{1 - e^{-H/T}} + \pi_p + \gamma_c + \beta x_{cp} + B_{cp},
    \qquad t = p - c

with :math:`\alpha` the level in the first year, :math:`G` the gain over the horizon :math:`H`,
:math:`T` the time constant of the approach to a plateau, :math:`x` the mean of 1/N and :math:`B`
what earlier exits did to those still there.
Age, period and cohort add up (:math:`t = p - c`), so only two of their three linear trends can be
learned (Holford 1983, Biometrics 39:311). The third is given: `GrowthData.period_trend` and
`cohort_trend`, each a mean and a standard deviation, which may be zero.
"""

from dataclasses import dataclass

import numpy as np
import pymc as pm
import pytensor.tensor as pt

HORIZON_YEARS = 9.0
"""Years over which the gain is measured: from the first to the tenth year in the programme."""

REFERENCE_PEOPLE = 15_000.0
"""Size of organisation for which levels are stated."""

PER_TEN_THOUSAND = 1e4
"""Inverse sizes enter as ten thousand over N, so that their coefficient is of order one."""


@dataclass(frozen=True)
class GrowthData:
    """Mean savings rates by cohort and year; rates in percentage points of the benchmark.

    Attributes
    ----------
    mean_rate : ndarray, shape (mean,)
    elapsed : ndarray, shape (mean,)
        Years since the first calendar year, at least 0.
    period_idx, cohort_idx : ndarray of int, shape (mean,)
    inverse_size : ndarray, shape (mean,)
        Mean of 10,000 / N, less that of `REFERENCE_PEOPLE`.
    exit_shift : ndarray, shape (mean,)
        What earlier exits did to the mean of those still there; zeros ignore exit.
    whitener : ndarray, shape (mean, mean)
        Turns sampling errors of the means into independent ones of variance 1; a row of zeros
        leaves a mean out.
    n_included : float
        Rows of the whitener that are not zero.
    period_basis, cohort_basis : ndarray, shape (period, free) and (cohort, free)
        Orthonormal columns, orthogonal to a level and to a linear trend.
    period_slope, cohort_slope : ndarray, shape (period,) and (cohort,)
        Years from the middle.
    period_trend, cohort_trend : ndarray, shape (2,)
        Mean and standard deviation of the prior of the linear trend, points per year.
    band_contrast, band_inverse, band_error : ndarray, shape (band,)
        Mean of a size band less the mean of its year, the same of 10,000 / N, and the sampling
        error of the first.
    means, periods, cohorts, bands : list of str
        Labels.
    """

    mean_rate: np.ndarray
    elapsed: np.ndarray
    period_idx: np.ndarray
    cohort_idx: np.ndarray
    inverse_size: np.ndarray
    exit_shift: np.ndarray
    whitener: np.ndarray
    n_included: float
    period_basis: np.ndarray
    cohort_basis: np.ndarray
    period_slope: np.ndarray
    cohort_slope: np.ndarray
    period_trend: np.ndarray
    cohort_trend: np.ndarray
    band_contrast: np.ndarray
    band_inverse: np.ndarray
    band_error: np.ndarray
    means: list[str]
    periods: list[str]
    cohorts: list[str]
    bands: list[str]


@dataclass(frozen=True)
class GrowthPriors:
    """Priors of growth.

    Attributes
    ----------
    gain_points : float
        Standard deviation of the gain over the horizon, which may be negative: points.
    years_to_80pct : tuple of float
        Median and standard deviation of the logarithm of the years to 80 % of the plateau. The
        default puts a third on five to ten years, a third below and a third above.
    level_points, size_points : float
        Standard deviations of the middle level and of the coefficient of 10,000 / N.
    period_points, cohort_points : float
        Scales of the half-normal priors of how years and cohorts scatter around their trends.
    dispersion : float
        Standard deviation of the logarithm of what sampling errors are multiplied by, squared.
    """

    gain_points: float = 5.0
    years_to_80pct: tuple[float, float] = (7.0, 0.8)
    level_points: float = 3.0
    size_points: float = 2.0
    period_points: float = 1.0
    cohort_points: float = 1.0
    dispersion: float = 0.7


def growth_model(data: GrowthData, priors: GrowthPriors) -> pm.Model:
    """Return the model of growth of savings.

    Parameters
    ----------
    data : GrowthData
    priors : GrowthPriors

    Returns
    -------
    pymc.Model
        With dims ``mean``, ``period``, ``cohort`` and ``band``. ``gain`` is the gain over the
        horizon and ``plateau_gain`` that of the plateau (percentage points), ``years_to_80pct``
        the years to 80 % of the plateau's gain, ``period_effect`` and ``cohort_effect`` include
        their trends, ``expected`` is what the means should be.
    """
    coords = {
        "mean": data.means,
        "whitened": range(len(data.means)),
        "period": data.periods,
        "cohort": data.cohorts,
        "band": data.bands,
        "free_period": range(data.period_basis.shape[1]),
        "free_cohort": range(data.cohort_basis.shape[1]),
        "moment": ["mean", "sd"],
    }
    with pm.Model(coords=coords) as model:
        period = _effects(data, "period", priors.period_points)
        cohort = _effects(data, "cohort", priors.cohort_points)
        growth = _growth(data, priors, model["period_trend"])
        size = pm.Normal("size", 0, priors.size_points)
        expected = growth + size * pm.Data("inverse_size", data.inverse_size, dims="mean")
        expected += period[pm.Data("period_idx", data.period_idx, dims="mean")]
        expected += cohort[pm.Data("cohort_idx", data.cohort_idx, dims="mean")]
        expected += pm.Data("exit_shift", data.exit_shift, dims="mean")
        pm.Deterministic("expected", expected, dims="mean")
        _likelihood(data, priors, expected, size)
    return model


def _growth(
    data: GrowthData, priors: GrowthPriors, period_trend: pt.TensorVariable
) -> pt.TensorVariable:
    """Level and gain.

    The data know the middle level, and the gain and the trend of the years together, so these are
    sampled: the level and the gain by themselves go up and down with the trend.
    """
    elapsed = pm.Data("elapsed", data.elapsed, dims="mean")
    median, log_sd = priors.years_to_80pct
    years = pm.LogNormal("years_to_80pct", np.log(median), log_sd)
    constant = years / np.log(5)  # exp(-years/T) = 1/5
    together = pm.Flat("rise_within_cohorts")
    gain = pm.Deterministic("gain", together - HORIZON_YEARS * period_trend)
    pm.Potential("prior_of_gain", -0.5 * (gain / priors.gain_points) ** 2)
    whole = -pt.expm1(-HORIZON_YEARS / constant)
    pm.Deterministic("plateau_gain", gain / whole)
    reached = -pt.expm1(-elapsed / constant) / whole
    middle = pm.Normal("middle_level", 0, priors.level_points)
    pm.Deterministic("level", middle - gain * pt.mean(reached))
    return middle + gain * (reached - pt.mean(reached))


def _effects(data: GrowthData, name: str, scale: float) -> pt.TensorVariable:
    """Effects of years or cohorts: a linear trend of stated prior, and scatter around it."""
    basis = pm.Data(f"{name}_basis", getattr(data, f"{name}_basis"), dims=(name, f"free_{name}"))
    slope = pm.Data(f"{name}_slope", getattr(data, f"{name}_slope"), dims=name)
    given = pm.Data(f"{name}_trend_prior", getattr(data, f"{name}_trend"), dims="moment")
    trend = pm.Deterministic(
        f"{name}_trend", given[0] + given[1] * pm.Normal(f"{name}_trend_standard", 0, 1)
    )
    sd = pm.HalfNormal(f"{name}_sd", scale)
    scatter = pm.Normal(f"{name}_scatter", 0, 1, dims=f"free_{name}")
    effect = trend * slope + sd * (basis @ scatter)
    return pm.Deterministic(f"{name}_effect", effect, dims=name)


def _likelihood(
    data: GrowthData, priors: GrowthPriors, expected: pt.TensorVariable, size: pt.TensorVariable
) -> None:
    observed = pm.Data("mean_rate", data.mean_rate, dims="mean")
    whitener = pm.Data("whitener", data.whitener, dims=("whitened", "mean"))
    included = pm.Data("n_included", np.float64(data.n_included))
    log_dispersion = pm.Normal("log_dispersion", 0, priors.dispersion)
    errors = whitener @ (observed - expected)
    pm.Potential(
        "of_means",
        -0.5 * (included * log_dispersion + pt.sum(errors**2) * pt.exp(-log_dispersion)),
    )
    contrast, inverse, error = (
        pm.Data(name, getattr(data, name), dims="band")
        for name in ("band_contrast", "band_inverse", "band_error")
    )
    of_bands = ((contrast - size * inverse) / error) ** 2
    band_count = contrast.shape[0]
    pm.Potential(
        "of_bands",
        -0.5 * (band_count * log_dispersion + pt.sum(of_bands) * pt.exp(-log_dispersion)),
    )
