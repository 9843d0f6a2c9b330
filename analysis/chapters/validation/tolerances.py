"""How far off a rebuilt figure may be: from one tolerance on k and from how a figure was made."""

import numpy as np
from scipy.special import ndtr, ndtri

from analysis.evidence.assumptions import assumption
from analysis.intervals import LOW, normal_half_width

BECAUSE_K = "an error of {:.0%} in k, and rounding"


def k_tolerance() -> float:
    """Return the largest relative error of k that counts as agreement.

    Returns
    -------
    float
        Share of k.
    """
    return assumption("validation_k_tolerance").value


def because_k() -> str:
    """Return why a tolerance that follows from k is what it is."""
    return BECAUSE_K.format(k_tolerance())


def proportional(published: float, last_digit: float) -> float:
    """Return the tolerance of a figure that is proportional to k.

    Parameters
    ----------
    last_digit : float
        Worth of one in its last printed digit.

    Returns
    -------
    float
        In the unit of the figure.
    """
    return k_tolerance() * abs(published) + last_digit / 2


def tail_probability(published: float, last_digit: float) -> float:
    """Return the tolerance of the probability that chance goes beyond a fixed threshold.

    The threshold is some number of standard deviations away, and that number is inverse to k.

    Parameters
    ----------
    published : float
        Between 0 and 0.5.
    last_digit : float
        Worth of one in its last printed digit.

    Returns
    -------
    float
        Probability; the larger of the two sides.
    """
    z = ndtri(published)
    changed = ndtr(z / (1 + np.array([-1, 1]) * k_tolerance()))
    return float(np.abs(changed - published).max() + last_digit / 2)


def simulated_range(published: float, years: int, last_digit: float) -> float:
    """Return the tolerance of a range that someone took from simulated years.

    The range runs between the ends of the project's interval. Its sampling error is that of two
    order statistics of a normal variable (Cramér 1946, Mathematical Methods of Statistics,
    section 28.5); the tolerance holds it with the probability of the project's interval.

    Parameters
    ----------
    years : int
        Number of simulated years.
    last_digit : float
        Worth of one in its last printed digit.

    Returns
    -------
    float
        In the unit of the figure.
    """
    z = normal_half_width()
    density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    one_end = LOW * (1 - LOW) / density**2
    both_ends = LOW**2 / density**2
    relative_error = np.sqrt(2 * (one_end - both_ends) / years) / (2 * z)
    return float(z * relative_error * published + last_digit / 2)
