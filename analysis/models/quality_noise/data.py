"""Spread of quality scores by year and size band, and the priors of its model."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class QualityNoiseData:
    """Spread of quality scores by year and size band.

    Attributes
    ----------
    years : tuple of int
        Performance years.
    year_idx : ndarray of int, shape (band,)
        Position in `years`.
    degrees_of_freedom : ndarray, shape (band,)
        Groups less one.
    variance : ndarray, shape (band,)
        Sample variance of scores, each on a scale from 0 to 1.
    inverse_size : ndarray, shape (band,)
        Mean of 1 over the number of people.
    design_effect : float
        At least 1: the log-likelihood is divided by it. Tails heavier than normal, and groups seen
        in two years, make a sample variance less certain than it looks.
    """

    years: tuple[int, ...]
    year_idx: np.ndarray
    degrees_of_freedom: np.ndarray
    variance: np.ndarray
    inverse_size: np.ndarray
    design_effect: float = 2.0


@dataclass(frozen=True)
class QualityNoisePriors:
    """Priors.

    Attributes
    ----------
    log_half_size : tuple of float
        Normal prior of the log of the half size, people: mean and standard deviation.
    log_spread : tuple of float
        Normal prior of the log of the standard deviation of scores, noise included, at the typical
        size: in a year it is well known, so that the sampler meets no ridge.
    """

    log_half_size: tuple[float, float] = (float(np.log(3_000)), 1.5)
    log_spread: tuple[float, float] = (float(np.log(0.05)), 1.0)


def quality_noise_data(
    cross_section: pd.DataFrame, years: Sequence[int], design_effect: float = 2.0
) -> QualityNoiseData:
    """Return the spread of scores by year and size band.

    Parameters
    ----------
    cross_section : DataFrame
        As `analysis.evidence.mssp.cross_section` returns.
    years : sequence of int
        Years in which the score measured performance of every group.
    design_effect : float
        At least 1.
    """
    rows = cross_section[cross_section["performance_year"].isin(years)]
    return QualityNoiseData(
        years=tuple(years),
        year_idx=np.array([list(years).index(year) for year in rows["performance_year"]]),
        degrees_of_freedom=(rows["n_quality"] - 1).to_numpy(float),
        variance=rows["quality_variance"].to_numpy(float),
        inverse_size=rows["inverse_size_mean"].to_numpy(float),
        design_effect=design_effect,
    )
