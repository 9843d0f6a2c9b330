"""The components of spread and the scales of years as the unbounded parameters of a search."""

import numpy as np
from scipy.special import expit

from analysis.models.savings.components import SpreadComponents

YEAR_SCALE_SD = 0.15
"""Spread of the log scales of years in the first fit."""


def starting_parameters(years: int) -> np.ndarray:
    """Return where a search for point estimates starts.

    Parameters
    ----------
    years : int
        Number of performance years.

    Returns
    -------
    ndarray, shape (6 + years,)
        Logs of the five spreads, the logit of `kept`, and the log scales of the years.
    """
    return np.array([*np.log([1.5, 3.0, 0.7, 2.5, 0.7]), 1.0, *np.zeros(years)])


def unpacked(parameters: np.ndarray) -> tuple[SpreadComponents, np.ndarray]:
    """Return components and scales of years from unbounded parameters.

    Parameters
    ----------
    parameters : ndarray
        As `starting_parameters`.

    Returns
    -------
    year_scale : ndarray
        Their logs add up to zero.
    """
    renewed, carried, permanent, fading, yearly = np.exp(parameters[:5])
    kept = expit(parameters[5])
    components = SpreadComponents(renewed, carried, permanent, fading, yearly, kept)
    return components, np.exp(parameters[6:] - parameters[6:].mean())


def pull(parameters: np.ndarray) -> np.ndarray:
    """Return standardised distances that keep every parameter of a search finite.

    Parameters
    ----------
    parameters : ndarray
        As `starting_parameters`.

    Returns
    -------
    ndarray
        Spreads are pulled gently to 2, scales of years to 1.
    """
    return np.array([*(parameters[:5] - np.log(2)) / 3, *parameters[6:] / YEAR_SCALE_SD])
