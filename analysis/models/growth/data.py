"""What the model of growth needs of the published sums."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.models.growth.cohorts import (
    KnownSpread,
    cohort_table,
    exit_shift,
    sampling_covariance,
)
from analysis.models.growth.priors import PER_TEN_THOUSAND, REFERENCE_PEOPLE
from analysis.models.savings.components import PERCENTAGE_POINTS


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
        Turns sampling errors of the means into independent ones of variance 1.
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


def growth_data(
    cells: pd.DataFrame,
    cross_section: pd.DataFrame,
    spread: KnownSpread,
    period_trend: tuple[float, float],
    cohort_trend: tuple[float, float],
    *,
    ignore_exit: bool = False,
    last_year: int | None = None,
) -> GrowthData:
    """Return the data of the model of growth, of the tables of `analysis.evidence.mssp`.

    Parameters
    ----------
    period_trend, cohort_trend : tuple of float
        Mean and standard deviation of linear trends, percentage points per year: the constraint.
    ignore_exit : bool
        Take those still there for a fair sample of those who began.
    last_year : int, optional
        Leave later performance years out, to forecast them.
    """
    table = cohort_table(cells, last_year)
    if last_year is not None:
        cross_section = cross_section[cross_section["performance_year"] <= last_year]
    periods = sorted(table["performance_year"].unique())
    cohorts = sorted(table["start_year"].unique())
    shift = np.zeros(len(table)) if ignore_exit else exit_shift(table, spread)
    inverse = PER_TEN_THOUSAND * (table["inverse_size"] - 1 / REFERENCE_PEOPLE)
    period, cohort = (np.array(v, dtype=float) for v in (periods, cohorts))
    contrast, band_inverse, band_error, bands = _bands(cross_section, spread)
    return GrowthData(
        mean_rate=table["rate"].to_numpy(float),
        elapsed=table["elapsed"].to_numpy(float),
        period_idx=table["performance_year"].map(periods.index).to_numpy(np.int64),
        cohort_idx=table["start_year"].map(cohorts.index).to_numpy(np.int64),
        inverse_size=inverse.to_numpy(float),
        exit_shift=shift,
        whitener=np.linalg.inv(np.linalg.cholesky(sampling_covariance(table, spread))),
        period_basis=_around_a_trend(period),
        cohort_basis=_around_a_trend(cohort),
        period_slope=period - period.mean(),
        cohort_slope=cohort - cohort.mean(),
        period_trend=np.array(period_trend, dtype=float),
        cohort_trend=np.array(cohort_trend, dtype=float),
        means=[
            f"{c} in {p}" for c, p in zip(table.start_year, table.performance_year, strict=True)
        ],
        periods=[str(year) for year in periods],
        cohorts=[str(year) for year in cohorts],
        band_contrast=contrast,
        band_inverse=band_inverse,
        band_error=band_error,
        bands=bands,
    )


def _around_a_trend(years: np.ndarray) -> np.ndarray:
    """Orthonormal columns that are orthogonal to a level and to a linear trend."""
    trend = np.column_stack([np.ones_like(years), years - years.mean()])
    full, _ = np.linalg.qr(np.column_stack([trend, np.eye(len(years))]))
    return full[:, 2 : len(years)]


def _bands(
    cross_section: pd.DataFrame, spread: KnownSpread
) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[str]]:
    """Size bands against the mean of their year: they tell of size alone."""
    rows = cross_section.reset_index(drop=True)
    year = rows["performance_year"].to_numpy(int)
    n = rows["n_acos"].to_numpy(float)
    rate = PERCENTAGE_POINTS * rows["savings_rate_mean"].to_numpy(float)
    inverse = rows["inverse_size_mean"].to_numpy(float)
    total = rows.groupby("performance_year")["n_acos"].transform("sum").to_numpy(float)

    def within(values: np.ndarray) -> np.ndarray:
        weighted = pd.Series(values * n).groupby(year).transform("sum").to_numpy()
        return values - weighted / total

    # Bands lose the share n / total of their variance to the mean they are compared with.
    error = np.sqrt(spread.covariance(year, year, inverse) * (1 / n - 1 / total))
    labels = [f"{y} from {low}" for y, low in zip(year, rows["size_low"], strict=True)]
    return within(rate), PER_TEN_THOUSAND * within(inverse), error, labels


def whitened(
    data: GrowthData, design: np.ndarray, size_column: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return design and rates of means and size bands, with independent errors of variance 1.

    Parameters
    ----------
    design : ndarray, shape (mean, coefficient)
    size_column : int
        Its column of sizes: all that the bands, which come after the means, tell of.
    """
    bands = np.zeros((len(data.bands), design.shape[1]))
    bands[:, size_column] = data.band_inverse / data.band_error
    means = data.whitener @ (data.mean_rate - data.exit_shift)
    return (
        np.concatenate([data.whitener @ design, bands]),
        np.concatenate([means, data.band_contrast / data.band_error]),
    )
