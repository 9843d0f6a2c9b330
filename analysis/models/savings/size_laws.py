"""Which law of size the sums of savings rates prefer: a free power, a floor, or chance's 1/N.

Laws are compared by the likelihood of the same whitened sums, each at its best parameters, heavy
tails included. All have the same weak penalty, which is not counted in what is returned.
"""

import numpy as np
from scipy.optimize import least_squares, minimize_scalar

from analysis.models.savings.moments import SavingsMoments, expected_moments
from analysis.models.savings.search_parameters import SizeLaw, starting_parameters, weak_penalty

ROUNDS = 8
"""Rounds in which components and heaviness are found in turn; both settle after five."""

HEAVIEST = 10.0
"""Largest kurtosis parameter looked at."""


def log_likelihood(moments: SavingsMoments, law: SizeLaw) -> float:
    """Return the largest log likelihood of the sums under one law of size, without constants.

    Examples
    --------
    The same law of chance that makes single years uncertain does not describe what lasts:

    >>> from analysis.evidence import mssp
    >>> from analysis.models.savings.moments import savings_moments
    >>> sums = savings_moments(mssp.cross_section(), mssp.pairs())
    >>> log_likelihood(sums, "power") > log_likelihood(sums, "chance") + 10
    True
    """
    parameters, heaviness = starting_parameters(len(moments.years)), 0.0
    for _ in range(ROUNDS):
        sd = np.sqrt(1 + heaviness * (1 + moments.common))
        parameters = least_squares(_standardised, parameters, args=(moments, law, sd)).x
        errors = _whitened_errors(parameters, moments, law)
        found = minimize_scalar(
            lambda h, e=errors: -_at(h, e, moments.common), bounds=(0.0, HEAVIEST), method="bounded"
        )
        heaviness = float(found.x)
    return _at(heaviness, errors, moments.common)


def _whitened_errors(parameters: np.ndarray, moments: SavingsMoments, law: SizeLaw) -> np.ndarray:
    return moments.whitener @ (moments.covariance - expected_moments(moments, parameters, law))


def _standardised(
    parameters: np.ndarray, moments: SavingsMoments, law: SizeLaw, sd: np.ndarray
) -> np.ndarray:
    errors = _whitened_errors(parameters, moments, law)
    return np.array([*errors / sd, *weak_penalty(parameters)])


def _at(heaviness: float, errors: np.ndarray, common: np.ndarray) -> float:
    """Log likelihood of whitened errors whose variances grow with the heaviness."""
    variance = 1 + heaviness * (1 + common)
    return float(-0.5 * np.sum(np.log(variance) + errors**2 / variance))
