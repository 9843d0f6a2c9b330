"""The components of spread and the scales of years as the unbounded parameters of a search."""

import numpy as np
from scipy.special import expit

from analysis.models.savings.components import SpreadComponents

YEAR_SCALE_SD = 0.15
"""Spread of the log scales of years in the first fit."""


def starting_parameters(years: int) -> np.ndarray:
    """Return where a search for point estimates starts, shape (6 + years,).

    Logs of the five spreads, the logit of `kept`, and the log scales of the years.
    """
    return np.array([*np.log([1.5, 3.0, 0.7, 2.5, 0.7]), 1.0, *np.zeros(years)])


def unpacked(parameters: np.ndarray) -> tuple[SpreadComponents, np.ndarray]:
    """Return components, and scales of years whose logs add up to zero, of unbounded parameters."""
    k_renewed, k_carried, permanent, fading, yearly = np.exp(parameters[:5])
    kept = expit(parameters[5])
    components = SpreadComponents(k_renewed, k_carried, permanent, fading, yearly, kept)
    return components, np.exp(parameters[6:] - parameters[6:].mean())


def weak_penalty(parameters: np.ndarray) -> np.ndarray:
    """Return standardised distances whose squares keep every parameter of a search finite.

    They draw spreads gently towards 2, and scales of years towards 1.
    """
    return np.array([*(parameters[:5] - np.log(2)) / 3, *parameters[6:] / YEAR_SCALE_SD])
