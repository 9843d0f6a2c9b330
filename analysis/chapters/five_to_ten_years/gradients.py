"""How fast savings rise with years in a programme, by four ways of looking."""

import numpy as np
import pandas as pd

from analysis.models.growth.cohorts import KnownSpread, sampling_covariance
from analysis.models.savings.components import PERCENTAGE_POINTS


def raw_gradient(table: pd.DataFrame, known: KnownSpread) -> tuple[float, float]:
    """Return the slope of the mean savings rate on years in the programme.

    Parameters
    ----------
    table : DataFrame
        As `analysis.models.growth.cohorts.cohort_table`.
    known : KnownSpread

    Returns
    -------
    slope, error : float
        Percentage points per year, and the standard error, with organisations seen again.
    """
    return _slope(table, known, np.ones((len(table), 1)))


def year_adjusted_gradient(table: pd.DataFrame, known: KnownSpread) -> tuple[float, float]:
    """Return the slope between organisations of the same calendar year.

    Parameters
    ----------
    table : DataFrame
        As `analysis.models.growth.cohorts.cohort_table`.
    known : KnownSpread

    Returns
    -------
    slope, error : float
        Percentage points per year.
    """
    return _slope(table, known, pd.get_dummies(table["performance_year"]).to_numpy(float))


def _slope(table: pd.DataFrame, known: KnownSpread, levels: np.ndarray) -> tuple[float, float]:
    """Least squares weighted by organisations; the error allows for their dependence."""
    design = np.column_stack([table["elapsed"].to_numpy(float), levels])
    weight = table["n"].to_numpy(float)
    estimator = np.linalg.solve(design.T @ (weight[:, None] * design), design.T * weight)[0]
    variance = estimator @ sampling_covariance(table, known) @ estimator
    return float(estimator @ table["rate"].to_numpy(float)), float(np.sqrt(variance))


def stayers_gradient(pairs: pd.DataFrame, shortest: int = 5) -> tuple[float, float]:
    """Return the yearly rise of the savings rates of organisations seen many years apart.

    Parameters
    ----------
    pairs : DataFrame
        `analysis.evidence.mssp.pairs`.
    shortest : int
        Years apart, at least.

    Returns
    -------
    slope, error : float
        Percentage points per year. The error takes each year's pairs as one sample, and pairs
        of the same first year as one: it errs on the large side.
    """
    far = pairs[pairs["later_year"] - pairs["earlier_year"] >= shortest]
    lag = (far["later_year"] - far["earlier_year"]).to_numpy(float)
    n = far["n_pairs"].to_numpy(float)
    change = (far["later_rate_sum"] - far["earlier_rate_sum"]).to_numpy(float)
    slope = PERCENTAGE_POINTS * np.sum(change * lag) / np.sum(n * lag**2)
    variance = PERCENTAGE_POINTS**2 * np.sum(n * lag**2 * far["change_sd"].to_numpy(float) ** 2)
    # Each organisation gives up to as many pairs as there are combinations of years.
    repeats = max(n.sum() / n[lag == shortest].sum(), 1.0)
    return float(slope), float(np.sqrt(variance * repeats) / np.sum(n * lag**2))


def means_by_programme_year(cells: pd.DataFrame, years: tuple[int, int]) -> pd.DataFrame:
    """Return the raw mean savings rate by year in the programme.

    Parameters
    ----------
    cells : DataFrame
        `analysis.evidence.mssp.cells`.
    years : tuple of int
        First and last performance year.

    Returns
    -------
    DataFrame
        ``programme_year``, ``n``, ``rate`` (percentage points), ``deficit_share`` (of
        organisations without a saving).
    """
    kept = cells[cells["performance_year"].between(*years) & cells["programme_year"].notna()]
    sums = kept.groupby("programme_year")[["n_acos", "savings_rate_sum", "n_positive"]].sum()
    return pd.DataFrame(
        {
            "programme_year": sums.index.astype(int),
            "n": sums["n_acos"].to_numpy(int),
            "rate": (PERCENTAGE_POINTS * sums["savings_rate_sum"] / sums["n_acos"]).to_numpy(float),
            "deficit_share": (1 - sums["n_positive"] / sums["n_acos"]).to_numpy(float),
        }
    )
