r"""Savings rates of ACOs as sample covariances, and how those covariances vary together.

The committed tables hold sums, not rows: for every size band the variance of each year's savings
rates and their covariance over any two years. Covariances that share ACOs are dependent. The sample
covariances of the years (a, b) and (c, d) vary together as

.. math:: \left[(1 + h)(\sigma_{ac}\sigma_{bd} + \sigma_{ad}\sigma_{bc})
    + h\,\sigma_{ab}\sigma_{cd}\right] n_{abcd} / (f_{ab} f_{cd})

with :math:`f` the degrees of freedom, :math:`n_{abcd}` the number of ACOs seen in all four years,
and :math:`h` the kurtosis parameter of rows with elliptical contours, 0 for normal ones (Muirhead
1982, Aspects of Multivariate Statistical Theory, section 1.6; Browne 1984, British Journal of
Mathematical and Statistical Psychology 37:62). The last term says that an ACO whose rates are wild
moves all its moments at once. No ACO ever returns after a gap, so the number seen four times is the
number seen in the first and in the last of the years, which the table of pairs holds. The
:math:`\sigma` come from a first fit and not from the sample: sample covariances that weight
themselves are biased (Altonji and Segal 1996, Journal of Business & Economic Statistics 14:353).

The first two terms whiten the errors; turned so that the last term is diagonal too, each error is
independent with variance :math:`1 + h (1 + c)`, where :math:`c` is its `common` part.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.optimize import least_squares

from analysis.models.savings.components import PERCENTAGE_POINTS, SpreadComponents
from analysis.models.savings.search_parameters import (
    SizeLaw,
    starting_parameters,
    unpacked,
    weak_penalty,
)

SIZE_EDGES = (8_000, 15_000, 30_000)
"""Beneficiaries at which one size band ends and the next begins; edges of the committed bands."""

FIRST_FIT_ROUNDS = 3
"""Rounds of weighted least squares for the first fit; weights settle after two."""

SMALLEST_EIGENVALUE = 1e-4
"""Of the covariance of the moments, relative to the median one. Bands follow the size in the
earlier year of a pair, so the counts of ACOs seen four times are approximate."""


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
        Turns sampling errors into independent ones, for normal rows of variance 1.
    common : ndarray, shape (moment,)
        By how much heavy tails add to the variance of each whitened error, beyond what they add
        to all; see `analysis.models.savings.moments`.
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
    common: np.ndarray
    years: list[str]
    labels: list[str]
    band_low: np.ndarray
    n: np.ndarray


def moment_table(
    cross_section: pd.DataFrame, pairs: pd.DataFrame, edges: tuple[int, ...] = SIZE_EDGES
) -> pd.DataFrame:
    """Return variances and covariances by years and size band, pooled within the given bands.

    Sums are those of `analysis.evidence.mssp.cross_section` and `pairs`; every edge (beneficiaries)
    is one of theirs.

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


def savings_moments(
    cross_section: pd.DataFrame,
    pairs: pd.DataFrame,
    edges: tuple[int, ...] = SIZE_EDGES,
    law: SizeLaw = "power",
) -> SavingsMoments:
    """Return the moments of `moment_table`, with what their dependence makes of them.

    The first fit, which gives the weights, has the size law `law`: under the power law its exponent
    is free, so that the weights favour no law.
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
        common=np.zeros(len(table)),
        years=[str(year) for year in years],
        labels=[f"{first} and {second}, from {low}" for first, second, low in names],
        band_low=table["band_low"].to_numpy(np.int64),
        n=table["n"].to_numpy(np.int64),
    )
    whitener, common = _whitened(unweighted, table["df"].to_numpy(float), law)
    return replace(unweighted, whitener=whitener, common=common)


def _whitened(
    moments: SavingsMoments, df: np.ndarray, law: SizeLaw
) -> tuple[np.ndarray, np.ndarray]:
    """Whitening of the errors under a first fit, and the common part of each whitened error."""
    shared = _shared(moments) / np.outer(df, df)
    parameters = starting_parameters(len(moments.years))
    for _ in range(FIRST_FIT_ROUNDS):
        whitener = _inverse_factor(_products(moments, parameters, law) * shared)
        parameters = least_squares(_errors, parameters, args=(moments, whitener, law)).x
    whitener = _inverse_factor(_products(moments, parameters, law) * shared)
    expected = expected_moments(moments, parameters, law)
    together = whitener @ (np.outer(expected, expected) * shared) @ whitener.T
    common, turn = np.linalg.eigh(together)
    return turn.T @ whitener, np.maximum(common, 0.0)


def _shared(moments: SavingsMoments) -> np.ndarray:
    """ACOs that two moments have in common; bands share none."""
    earlier, later, band = moments.earlier_idx, moments.later_idx, moments.band_low
    bands = np.searchsorted(np.unique(band), band)
    acos_in_both = np.zeros((bands.max() + 1, len(moments.years), len(moments.years)))
    acos_in_both[bands, earlier, later] = moments.n
    first, last = np.minimum.outer(earlier, earlier), np.maximum.outer(later, later)
    counts = np.minimum(
        acos_in_both[bands[:, None], first, last], np.minimum.outer(moments.n, moments.n)
    )
    return np.where(np.equal.outer(bands, bands), counts, 0.0)


def point_estimate(moments: SavingsMoments, law: SizeLaw = "power") -> SpreadComponents:
    """Return the components by generalised least squares, for a quick look."""
    start = starting_parameters(len(moments.years))
    return unpacked(least_squares(_errors, start, args=(moments, moments.whitener, law)).x, law)[0]


def _errors(
    parameters: np.ndarray, moments: SavingsMoments, whitener: np.ndarray, law: SizeLaw
) -> np.ndarray:
    """Whitened residuals and the weak penalty."""
    errors = moments.covariance - expected_moments(moments, parameters, law)
    return np.array([*whitener @ errors, *weak_penalty(parameters)])


def expected_moments(
    moments: SavingsMoments, parameters: np.ndarray, law: SizeLaw = "power"
) -> np.ndarray:
    """Return what each moment should be, given the parameters of a search, shape (moment,)."""
    components, scale = unpacked(parameters, law)
    same = components.covariance(moments.lag, moments.inverse_size)
    return same * scale[moments.earlier_idx] * scale[moments.later_idx]


def _products(moments: SavingsMoments, parameters: np.ndarray, law: SizeLaw) -> np.ndarray:
    """The first bracket of the formula above, by two moments."""
    components, scale = unpacked(parameters, law)
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
