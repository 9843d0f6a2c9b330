"""The numbers that growth on rows is learned with, on scales without ends, and their priors.

=========  ================================================================================
``u[0]``   log of the variance of a rate at the middle size, squared percentage points
``u[1]``   probit of the part of it that is carried over and fades
``u[2]``   probit of the permanent part of the rest
``u[3]``   probit of the part of what is carried over that shrinks with size
``u[4]``   probit of the part of what is new every year that shrinks with size
``u[5]``   probit of what is kept from year to year
``u[6]``   years to 80 % of the plateau: standard normal score of the logarithm under the prior
``u[7]``   scatter of years, as a standard normal score under the prior
``u[8]``   scatter of cohorts, likewise
=========  ================================================================================

The first five stand for five variances, which data tell apart better than the components of
`analysis.models.savings.variance_components`: where sizes are alike, only the sum of a part that
shrinks with size and of one that does not is known.
"""

import numpy as np
from scipy.special import ndtr, ndtri

from analysis.models.savings.components import PERCENTAGE_POINTS, ComponentPriors, SpreadComponents

START = np.array([np.log(10.0), *np.zeros(8)])
SPREAD = np.array([2.0, *np.ones(8)])
"""Middle and width of a first guess, about as wide as the priors."""

FARTHEST = 20.0
"""A vector with a larger element is given no density: the shares there are below 1e-88."""


def half_normal(score: np.ndarray) -> np.ndarray:
    """Return what a standard normal score is on the half-normal scale of 1.

    Returns
    -------
    ndarray
        Above 0.
    """
    return -ndtri(0.5 * ndtr(-np.asarray(score)))


def components(vector: np.ndarray, middle_people: float) -> SpreadComponents:
    """Return the components of spread that a vector stands for.

    Parameters
    ----------
    vector : ndarray, shape (9,)
    middle_people : float
        The middle size.
    """
    per_person = PERCENTAGE_POINTS / np.sqrt(middle_people)
    permanent, fading, yearly, carried, renewed = np.sqrt(variances(vector))
    return SpreadComponents(
        k_renewed=renewed / per_person,
        k_carried=carried / per_person,
        permanent=permanent,
        fading=fading,
        yearly=yearly,
        kept=ndtr(vector[5]),
    )


def log_prior(vector: np.ndarray, priors: ComponentPriors, middle_people: float) -> float:
    """Return the log prior density of the nine numbers, up to a constant.

    Parameters
    ----------
    vector : ndarray, shape (9,)
    priors : ComponentPriors
        Shares must be uniform, as they are by default.
    """
    per_person = PERCENTAGE_POINTS**2 / middle_people
    permanent, fading, yearly, carried, renewed = variances(vector)
    persistent, shrinking = permanent + fading, carried + renewed
    # Half-normal k and tau and uniform shares of their squares, as densities of variances.
    total = -0.5 * persistent / priors.tau_points**2 - 1.5 * np.log(persistent)
    total += -0.5 * shrinking / (per_person * priors.k**2) - 1.5 * np.log(shrinking)
    total += -0.5 * yearly / priors.yearly_points**2 - 0.5 * np.log(yearly)
    return float(total + _log_slope(vector) - 0.5 * vector[1:] @ vector[1:])


def variances(vector: np.ndarray) -> np.ndarray:
    """Return the five variances that a vector stands for.

    Parameters
    ----------
    vector : ndarray, shape (9,)

    Returns
    -------
    ndarray, shape (5,)
        Permanent, fading and yearly; carried over and renewed in the part that shrinks with size,
        at the middle size. Squared percentage points.
    """
    _, rest, fades, renewed = _amounts(vector)
    permanent, carried_size, renewed_size = ndtr(vector[2:5])
    # One less a share is the share of the opposite score, also where the share is nearly one.
    carried_rest, renewed_rest = ndtr(-vector[3:5])
    return np.array(
        [
            rest * permanent,
            fades * carried_rest,
            renewed * renewed_rest,
            fades * carried_size,
            renewed * renewed_size,
        ]
    )


def _amounts(vector: np.ndarray) -> tuple[float, float, float, float]:
    """Variances that are split in two, each by one share of the vector."""
    total = float(np.exp(vector[0]))
    rest = total * ndtr(-vector[1])
    return total, rest, total * ndtr(vector[1]), rest * ndtr(-vector[2])


def _log_slope(vector: np.ndarray) -> float:
    """Log of the determinant of the map from the log total and the shares to the variances.

    Splitting an amount in two has the amount as its determinant. The slopes of the shares by the
    scores are the normal densities that `log_prior` adds.
    """
    return float(vector[0] + np.log(_amounts(vector)).sum())
