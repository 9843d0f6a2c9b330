"""Correlation of savings rate and quality score by year, and the priors of its model."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.evidence.mssp_sums import combine, with_pair_moments


@dataclass(frozen=True)
class QualitySavingsData:
    """What the correlation depends on, by year.

    Attributes
    ----------
    years : tuple of int
        Performance years.
    degrees_of_freedom : ndarray, shape (year,)
        Groups less the means taken out.
    correlation : ndarray, shape (year,)
        Of savings rate and quality score, as observed.
    design_effect : float
        At least 1: the log-likelihood is divided by it, because a group is seen in several years.
    """

    years: tuple[int, ...]
    degrees_of_freedom: np.ndarray
    correlation: np.ndarray
    design_effect: float = 1.0


@dataclass(frozen=True)
class QualitySavingsPriors:
    """Priors on the scale of Fisher's z, which is close to the correlation when small.

    Attributes
    ----------
    mean : tuple of float
        Mean over years: normal with this mean and standard deviation.
    year_spread : float
        Mean of the gamma prior (shape 2) of the standard deviation between years.
    log_sd : float
        Standard deviation of the logs of true over observed standard deviations, both outcomes.
    """

    mean: tuple[float, float] = (0.0, 0.3)
    year_spread: float = 0.1
    log_sd: float = 0.5


def quality_savings_data(
    cells: pd.DataFrame, within: Sequence[str] = (), design_effect: float = 1.0
) -> QualitySavingsData:
    """Return the observed correlation of a table of cells, by performance year.

    Parameters
    ----------
    cells : DataFrame
        As `analysis.evidence.mssp.cells` returns. Cells without a quality score are left out.
    within : sequence of str
        Columns that are held fixed, for example the start year and the size: means are taken out
        cell by cell, so that differences between such cells do not count.
    design_effect : float
        At least 1.

    Raises
    ------
    InputError
        If a cell scores some of its groups only: its savings sums would be of other groups.
    """
    scored = cells[cells["n_quality"] > 0]
    partly = scored[scored["n_quality"] != scored["n_acos"]]
    if len(partly):
        raise InputError(
            f"{len(partly)} cells score some of their groups only, the first in "
            f"{partly['performance_year'].iloc[0]}: split them by whether there is a score."
        )
    table = combine(scored, by=["performance_year", *within])
    n = table["n_acos"]
    sums = pd.DataFrame(
        {
            "year": table["performance_year"],
            "freedom": n - 1,
            "savings": table["savings_rate_square_sum"] - table["savings_rate_sum"] ** 2 / n,
            "quality": table["quality_square_sum"] - table["quality_sum"] ** 2 / n,
            "product": table["quality_rate_product_sum"]
            - table["quality_sum"] * table["quality_rate_sum"] / n,
        }
    )
    sums = sums.groupby("year").sum()
    return QualitySavingsData(
        years=tuple(int(year) for year in sums.index),
        degrees_of_freedom=sums["freedom"].to_numpy(float),
        correlation=(sums["product"] / np.sqrt(sums["savings"] * sums["quality"])).to_numpy(float),
        design_effect=design_effect,
    )


def repeat_design_effect(
    pairs: pd.DataFrame, scored: pd.Series, quality_persistence: float
) -> float:
    """Return by how much repeated groups inflate the variance of the mean correlation.

    The product of two standardised variables that last from year to year with correlations *a* and
    *b* lasts with about *ab*. With *m* years, the variance of the mean over years is that of
    independent years times 1 + 2/m x the sum over pairs of years of *ab* x the share of groups
    seen in both.

    Parameters
    ----------
    pairs : DataFrame
        As `analysis.evidence.mssp.pairs` returns.
    scored : Series
        Number of groups with a score, by performance year.
    quality_persistence : float
        Correlation of the quality scores of a group in two years, 0 to 1.

    Returns
    -------
    float
        At least 1 if savings last.
    """
    both = pairs[pairs["earlier_year"].isin(scored.index) & pairs["later_year"].isin(scored.index)]
    sums = [name for name in both.columns if name == "n_pairs" or name.endswith("_sum")]
    persistent = with_pair_moments(
        both.groupby(["earlier_year", "later_year"])[sums].sum().reset_index()
    )
    groups = np.sqrt(
        scored.loc[persistent["earlier_year"]].to_numpy(float)
        * scored.loc[persistent["later_year"]].to_numpy(float)
    )
    shared = np.minimum(persistent["n_pairs"] / groups, 1.0)
    repeated = (shared * persistent["rate_correlation"] * quality_persistence).sum()
    return float(1 + 2 * repeated / len(scored))
