r"""Savings rates of ACOs as sample covariances, and how those covariances vary together.

The committed tables hold sums, not rows: for every size band the variance of each year's savings
rates and their covariance over any two years. Covariances that share ACOs are dependent. For
normal rows the sample covariances of the years (a, b) and (c, d) vary together as

.. math:: (\sigma_{ac}\sigma_{bd} + \sigma_{ad}\sigma_{bc})\, n_{abcd} / (f_{ab} f_{cd})

with :math:`f` the degrees of freedom and :math:`n_{abcd}` the number of ACOs seen in all four
years (Anderson 2003, An Introduction to Multivariate Statistical Analysis, theorem 3.4.4, p. 88).
No ACO ever returns after a gap, so that number is the number seen in the first and in the last of
them, which the table of pairs holds. The :math:`\sigma` come from a first fit and not from the
sample: sample covariances that weight themselves are biased (Altonji and Segal 1996, Journal of
Business & Economic Statistics 14:353).
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import least_squares
from scipy.special import expit

SIZE_EDGES = (8_000, 15_000, 30_000)
"""Beneficiaries at which one size band ends and the next begins; edges of the committed bands."""

PERCENTAGE_POINTS = 100.0

FIRST_FIT_ROUNDS = 3
"""Rounds of weighted least squares for the first fit; weights settle after two."""

SMALLEST_EIGENVALUE = 1e-4
"""Of the covariance of the moments, relative to the median one. Bands follow the size in the
earlier year of a pair, so the counts of ACOs seen four times are approximate."""

YEAR_SCALE_SD = 0.15
"""Spread of the log scales of years in the first fit."""


type Numbers = Any
"""A number, an array of numbers or of draws, or a tensor: the algebra is the same."""


@dataclass(frozen=True)
class SavingsMoments:
    """Sample covariances of savings rates; arrays have shape (moment,) unless said.

    Attributes
    ----------
    covariance : ndarray
        Within a size band, in squared percentage points of the benchmark.
    lag : ndarray
        Years between the two rates; 0 for a variance.
    inverse_size : ndarray
        Mean of 1 / sqrt(N N'), N the beneficiaries in either year.
    earlier_idx, later_idx : ndarray of int
        Positions of the two years in `years`.
    whitener : ndarray, shape (moment, moment)
        Turns sampling errors of normal rows into independent ones of variance 1.
    years : list of str
        Performance years.
    labels : list of str
        One label a moment: the years and the smallest size of the band.
    band_low : ndarray of int
        Smallest size of the band.
    n : ndarray of int
        ACOs behind each moment.
    """

    covariance: np.ndarray
    lag: np.ndarray
    inverse_size: np.ndarray
    earlier_idx: np.ndarray
    later_idx: np.ndarray
    whitener: np.ndarray
    years: list[str]
    labels: list[str]
    band_low: np.ndarray
    n: np.ndarray


def moment_table(
    cross_section: pd.DataFrame, pairs: pd.DataFrame, edges: tuple[int, ...] = SIZE_EDGES
) -> pd.DataFrame:
    """Return variances and covariances by years and size band, pooled within the given bands.

    Parameters
    ----------
    cross_section, pairs : DataFrame
        `analysis.evidence.mssp.cross_section` and `pairs`.
    edges : tuple of int
        Beneficiaries; each an edge of the given bands.

    Returns
    -------
    DataFrame, one row a pair of years (or a year with itself) and band
        ``earlier_year``, ``later_year``, ``lag``, ``band_low``, ``n`` (ACOs), ``df`` (degrees of
        freedom), ``covariance`` (squared percentage points), ``inverse_size``.
    """
    same = cross_section.assign(
        earlier_year=cross_section["performance_year"],
        later_year=cross_section["performance_year"],
        n=cross_section["n_acos"],
        product=cross_section["savings_rate_variance"] * (cross_section["n_acos"] - 1),
        inverse=cross_section["inverse_size_sum"],
    )
    other = pairs.assign(
        n=pairs["n_pairs"],
        product=pairs["rate_covariance"] * (pairs["n_pairs"] - 1),
        inverse=pairs["root_inverse_sizes_sum"],
    )
    columns = ["earlier_year", "later_year", "size_low", "n", "product", "inverse"]
    rows = pd.concat([same[columns], other[columns]], ignore_index=True)
    lower = np.array([0, *edges])
    rows["band_low"] = lower[np.searchsorted(lower, rows["size_low"], side="right") - 1]
    rows["df"] = rows["n"] - 1
    keys = ["band_low", "earlier_year", "later_year"]
    table = rows.groupby(keys, as_index=False)[["n", "df", "product", "inverse"]].sum()
    table["covariance"] = PERCENTAGE_POINTS**2 * table["product"] / table["df"]
    table["inverse_size"] = table["inverse"] / table["n"]
    table["lag"] = table["later_year"] - table["earlier_year"]
    return table[table["df"] > 0].drop(columns=["product", "inverse"]).reset_index(drop=True)


@dataclass(frozen=True)
class SpreadComponents:
    """What makes ACOs' savings rates differ; each field a number, an array of draws or a tensor.

    Attributes
    ----------
    k_renewed, k_carried : float, ndarray or tensor
        Part that shrinks with size, as its standard deviation times sqrt(N), a share of the
        benchmark: new every year, and carried over to the next.
    permanent, fading, yearly : float, ndarray or tensor
        Standard deviations of differences that size does not shrink, percentage points: for good,
        fading from year to year, and new every year.
    kept : float, ndarray or tensor
        Share of what is carried over that is left a year later, between 0 and 1.
    """

    k_renewed: Numbers
    k_carried: Numbers
    permanent: Numbers
    fading: Numbers
    yearly: Numbers
    kept: Numbers

    def covariance(self, lag: Numbers, inverse_size: Numbers) -> Numbers:
        """Return the covariance of one ACO's rates in two years, squared percentage points.

        Parameters
        ----------
        lag : int or ndarray
            Years between the two rates; 0 gives the variance.
        inverse_size : float or ndarray
            1 / sqrt(N N'), N the beneficiaries in either year.

        Returns
        -------
        float, ndarray or tensor
        """
        scale = PERCENTAGE_POINTS**2
        new = self.yearly**2 + scale * self.k_renewed**2 * inverse_size
        carried = self.fading**2 + scale * self.k_carried**2 * inverse_size
        # "Less than one", because a tensor's == compares identities.
        return self.permanent**2 + carried * self.kept**lag + (lag < 1) * new


def savings_moments(
    cross_section: pd.DataFrame, pairs: pd.DataFrame, edges: tuple[int, ...] = SIZE_EDGES
) -> SavingsMoments:
    """Return the moments of the model, with what their dependence makes of them.

    Parameters
    ----------
    cross_section, pairs : DataFrame
        `analysis.evidence.mssp.cross_section` and `pairs`.
    edges : tuple of int
        See `moment_table`.

    Returns
    -------
    SavingsMoments
    """
    table = moment_table(cross_section, pairs, edges)
    earlier, later = table["earlier_year"], table["later_year"]
    years = sorted(set(earlier) | set(later))
    names = zip(earlier, later, table["band_low"], strict=True)
    unweighted = SavingsMoments(
        covariance=table["covariance"].to_numpy(float),
        lag=table["lag"].to_numpy(np.int64),
        inverse_size=table["inverse_size"].to_numpy(float),
        earlier_idx=earlier.map(years.index).to_numpy(np.int64),
        later_idx=later.map(years.index).to_numpy(np.int64),
        whitener=np.eye(len(table)),
        years=[str(year) for year in years],
        labels=[f"{first} and {second}, from {low}" for first, second, low in names],
        band_low=table["band_low"].to_numpy(np.int64),
        n=table["n"].to_numpy(np.int64),
    )
    return replace(unweighted, whitener=_whitener(unweighted, table["df"].to_numpy(float)))


def _whitener(moments: SavingsMoments, df: np.ndarray) -> np.ndarray:
    """Inverse Cholesky factor of the moments' covariance under a first fit."""
    shared = _shared(moments) / np.outer(df, df)
    parameters = np.array([*np.log([1.5, 3.0, 0.7, 2.5, 0.7]), 1.0, *np.zeros(len(moments.years))])
    for _ in range(FIRST_FIT_ROUNDS):
        whitener = _inverse_factor(_products(moments, parameters) * shared)
        parameters = least_squares(_errors, parameters, args=(moments, whitener)).x
    return _inverse_factor(_products(moments, parameters) * shared)


def _shared(moments: SavingsMoments) -> np.ndarray:
    """ACOs that two moments have in common; bands share none."""
    earlier, later, band = moments.earlier_idx, moments.later_idx, moments.band_low
    bands = np.searchsorted(np.unique(band), band)
    seen = np.zeros((bands.max() + 1, len(moments.years), len(moments.years)))
    seen[bands, earlier, later] = moments.n
    first, last = np.minimum.outer(earlier, earlier), np.maximum.outer(later, later)
    counts = np.minimum(seen[bands[:, None], first, last], np.minimum.outer(moments.n, moments.n))
    return np.where(np.equal.outer(bands, bands), counts, 0.0)


def _unpacked(parameters: np.ndarray) -> tuple[SpreadComponents, np.ndarray]:
    """Components and scales of years from the unbounded parameters of the first fit."""
    renewed, carried, permanent, fading, yearly = np.exp(parameters[:5])
    kept = expit(parameters[5])
    components = SpreadComponents(renewed, carried, permanent, fading, yearly, kept)
    return components, np.exp(parameters[6:])


def _errors(parameters: np.ndarray, moments: SavingsMoments, whitener: np.ndarray) -> np.ndarray:
    """Whitened residuals, with a gentle pull that keeps each parameter finite."""
    components, scale = _unpacked(parameters)
    fitted = components.covariance(moments.lag, moments.inverse_size)
    fitted = fitted * scale[moments.earlier_idx] * scale[moments.later_idx]
    pull = [*(parameters[:5] - np.log(2)) / 3, *parameters[6:] / YEAR_SCALE_SD]
    return np.array([*whitener @ (moments.covariance - fitted), *pull])


def _products(moments: SavingsMoments, parameters: np.ndarray) -> np.ndarray:
    """The bracket of the formula above: products of the rows' covariances, by two moments."""
    components, scale = _unpacked(parameters)
    root = np.sqrt(moments.inverse_size)

    def sigma(first: np.ndarray, second: np.ndarray) -> np.ndarray:
        lag = np.abs(np.subtract.outer(first, second))
        return components.covariance(lag, np.outer(root, root)) * np.outer(
            scale[first], scale[second]
        )

    earlier, later = moments.earlier_idx, moments.later_idx
    across = sigma(earlier, later)
    return sigma(earlier, earlier) * sigma(later, later) + across * across.T


def _inverse_factor(covariance: np.ndarray) -> np.ndarray:
    values, vectors = np.linalg.eigh(covariance)
    values = np.maximum(values, SMALLEST_EIGENVALUE * np.median(values))
    return np.linalg.inv(np.linalg.cholesky(vectors * values @ vectors.T))
