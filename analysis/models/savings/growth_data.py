r"""Savings rates by cohort and year, with their dependence and what exit did to them.

The mean of a cohort in one year and in another share organisations, and those last: sampling
errors of the means are dependent, with the covariance of `SpreadComponents`. Exit changes who is
left. If leaving depends on rates seen so far, and rates are jointly normal, then leaving that
shifts the mean of those who stay by :math:`d` in year :math:`p` shifts their mean in year
:math:`q` by :math:`\rho_{q-p} d` (Pearson 1903, Philosophical Transactions A 200:1; first order
in :math:`d`). The shifts :math:`d` are in the cells: stayers and leavers are apart.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.evidence import mssp
from analysis.models.savings.growth import PER_TEN_THOUSAND, REFERENCE_PEOPLE, GrowthData
from analysis.models.savings.variance_components import PERCENTAGE_POINTS, SpreadComponents

LEFT_OUT = 1e6
"""Error of a size band of a year that is left out, percentage points."""


@dataclass(frozen=True)
class KnownSpread:
    """What is known of the spread of rates between organisations.

    Attributes
    ----------
    components : SpreadComponents
        Of numbers; percentage points.
    year_scale : mapping of int to float
        Scale of each year's spread, about 1.
    """

    components: SpreadComponents
    year_scale: Mapping[int, float]

    def covariance(
        self, first: np.ndarray, second: np.ndarray, inverse_size: np.ndarray
    ) -> np.ndarray:
        """Return the covariance of one organisation's rates in two years.

        Parameters
        ----------
        first, second : ndarray of int
            Performance years; later ones than those known have scale 1.
        inverse_size : ndarray
            1 / sqrt(N N').

        Returns
        -------
        ndarray
            Squared percentage points.
        """
        scale = np.vectorize(lambda year: self.year_scale.get(int(year), 1.0))
        lag = np.abs(first - second)
        return self.components.covariance(lag, inverse_size) * scale(first) * scale(second)

    def carried(self, lag: np.ndarray, inverse_size: float) -> np.ndarray:
        """Return the correlation of an organisation's rates some years apart.

        Parameters
        ----------
        lag : ndarray of int
        inverse_size : float

        Returns
        -------
        ndarray
        """
        covariance = self.components.covariance
        return covariance(lag, inverse_size) / covariance(np.zeros_like(lag), inverse_size)


def cohort_table(cells: pd.DataFrame) -> pd.DataFrame:
    """Return mean savings rates by cohort and year, and the shift by those about to leave.

    Parameters
    ----------
    cells : DataFrame
        `analysis.evidence.mssp.cells`; an unknown start year is left out.

    Returns
    -------
    DataFrame, one row a cohort and year
        ``start_year``, ``performance_year``, ``elapsed``, ``n``, ``rate`` (percentage points),
        ``inverse_size`` (mean of 1/N), ``leaving_share``, and ``shift``: mean of those who stay
        next year less mean of all (zero where nobody is known to leave).
    """
    known = cells[cells["start_year"].notna()]
    keys = ["start_year", "performance_year"]
    everyone = mssp.combine(known, by=keys)
    # A cell of both leavers and stayers tells nothing of their difference, and counts as neither.
    staying = mssp.combine(known[known["n_leaving_next_year"].fillna(-1) == 0], by=keys)
    leaving = mssp.combine(
        known[(known["n_leaving_next_year"] == known["n_acos"]).fillna(False)], by=keys
    )
    table = everyone[keys].astype(int).reset_index(drop=True)
    table["elapsed"] = table["performance_year"] - table["start_year"]
    table["n"] = everyone["n_acos"].to_numpy(int)
    table["rate"] = PERCENTAGE_POINTS * everyone["savings_rate_mean"].to_numpy(float)
    table["inverse_size"] = everyone["inverse_size_mean"].to_numpy(float)
    left = everyone["n_leaving_next_year"].astype("Float64").to_numpy(float, na_value=np.nan)
    table["leaving_share"] = left / table["n"]
    gap = _gap(staying, leaving, keys)
    matched = table[keys].merge(gap, on=keys, how="left")["gap"].to_numpy(float)
    table["gap"] = matched
    table["shift"] = np.nan_to_num(matched * table["leaving_share"].to_numpy(float))
    return table


def _gap(staying: pd.DataFrame, leaving: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Mean rate of stayers less that of leavers, percentage points."""
    both = staying.merge(leaving, on=keys, suffixes=("_stay", "_leave"))
    both["gap"] = PERCENTAGE_POINTS * (
        both["savings_rate_mean_stay"] - both["savings_rate_mean_leave"]
    )
    return both[[*keys, "gap"]].astype({key: int for key in keys})


def exit_shift(table: pd.DataFrame, known: KnownSpread) -> np.ndarray:
    """Return what earlier exits did to the mean of those still there.

    Parameters
    ----------
    table : DataFrame
        As `cohort_table`.
    known : KnownSpread

    Returns
    -------
    ndarray, shape (row,)
        Percentage points.
    """
    shifts = np.zeros(len(table))
    inverse = float(np.average(table["inverse_size"], weights=table["n"]))
    for _, rows in table.groupby("start_year"):
        year = rows["performance_year"].to_numpy()
        lag = year[:, None] - year[None, :]
        kept = np.where(lag > 0, known.carried(np.maximum(lag, 0), inverse), 0.0)
        shifts[rows.index] = kept @ rows["shift"].to_numpy(float)
    return shifts


def sampling_covariance(table: pd.DataFrame, known: KnownSpread) -> np.ndarray:
    """Return the covariance of the sampling errors of cohort means.

    Those seen in the later of two years were all seen in the earlier one, so the covariance of
    two means is that of one organisation over the number in the earlier year.

    Parameters
    ----------
    table : DataFrame
        As `cohort_table`.
    known : KnownSpread

    Returns
    -------
    ndarray, shape (row, row)
        Squared percentage points.
    """
    year, n = table["performance_year"].to_numpy(), table["n"].to_numpy(float)
    root = np.sqrt(table["inverse_size"].to_numpy(float))
    first, second = np.broadcast_arrays(year[:, None], year[None, :])
    one = known.covariance(first, second, np.outer(root, root))
    start = table["start_year"].to_numpy()
    count = np.where(first <= second, n[:, None], n[None, :])
    return np.where(np.equal.outer(start, start), one / count, 0.0)


def growth_data(
    cells: pd.DataFrame,
    cross_section: pd.DataFrame,
    known: KnownSpread,
    period_trend: tuple[float, float],
    cohort_trend: tuple[float, float],
    *,
    ignore_exit: bool = False,
    last_year: int | None = None,
) -> GrowthData:
    """Return the data of the model of growth.

    Parameters
    ----------
    cells, cross_section : DataFrame
        `analysis.evidence.mssp.cells` and `cross_section`.
    known : KnownSpread
    period_trend, cohort_trend : tuple of float
        Mean and standard deviation of linear trends, percentage points per year: the constraint.
    ignore_exit : bool
        Take those still there for a fair sample of those who began.
    last_year : int, optional
        Leave later performance years out, to forecast them.

    Returns
    -------
    GrowthData
    """
    table = cohort_table(cells)
    used = table["performance_year"] <= (last_year or table["performance_year"].max())
    periods = sorted(table["performance_year"].unique())
    cohorts = sorted(table["start_year"].unique())
    shift = np.zeros(len(table)) if ignore_exit else exit_shift(table, known)
    inverse = PER_TEN_THOUSAND * (table["inverse_size"] - 1 / REFERENCE_PEOPLE)
    period, cohort = (np.array(v, dtype=float) for v in (periods, cohorts))
    contrast, band_inverse, band_error, bands = _bands(cross_section, known, last_year)
    return GrowthData(
        mean_rate=table["rate"].to_numpy(float),
        elapsed=table["elapsed"].to_numpy(float),
        period_idx=table["performance_year"].map(periods.index).to_numpy(np.int64),
        cohort_idx=table["start_year"].map(cohorts.index).to_numpy(np.int64),
        inverse_size=inverse.to_numpy(float),
        exit_shift=shift,
        whitener=_whitener(sampling_covariance(table, known), used.to_numpy()),
        n_included=float(used.sum() + np.sum(band_error < LEFT_OUT)),
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


def with_trends(
    data: GrowthData, period_trend: tuple[float, float], cohort_trend: tuple[float, float]
) -> GrowthData:
    """Return the same data under another constraint.

    Parameters
    ----------
    data : GrowthData
    period_trend, cohort_trend : tuple of float
        As in `growth_data`.

    Returns
    -------
    GrowthData
    """
    return replace(
        data,
        period_trend=np.array(period_trend, dtype=float),
        cohort_trend=np.array(cohort_trend, dtype=float),
    )


def _whitener(covariance: np.ndarray, used: np.ndarray) -> np.ndarray:
    """Inverse Cholesky factor of the used part; rows of zeros elsewhere."""
    whole = np.zeros_like(covariance)
    at = np.ix_(used, used)
    whole[at] = np.linalg.inv(np.linalg.cholesky(covariance[at]))
    return whole


def _around_a_trend(years: np.ndarray) -> np.ndarray:
    """Orthonormal columns that are orthogonal to a level and to a linear trend."""
    trend = np.column_stack([np.ones_like(years), years - years.mean()])
    full, _ = np.linalg.qr(np.column_stack([trend, np.eye(len(years))]))
    return full[:, 2 : len(years)]


def _bands(
    cross_section: pd.DataFrame, known: KnownSpread, last_year: int | None
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
    error = np.sqrt(known.covariance(year, year, inverse) * (1 / n - 1 / total))
    late = year > (last_year or year.max())
    error = np.where(late, LEFT_OUT, error)
    labels = [f"{y} from {low}" for y, low in zip(year, rows["size_low"], strict=True)]
    return within(rate), PER_TEN_THOUSAND * within(inverse), error, labels
