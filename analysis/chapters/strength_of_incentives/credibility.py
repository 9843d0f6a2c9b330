"""What a practice's own cost says about the practice: credibility.

Bühlmann (1967), ASTIN Bulletin 4:199: the best linear estimate of a practice's true level moves
from the mean of all practices towards its own experience by Z = n a / (n a + v), with a the
variance between practices and v that of chance in one year.
"""

import numpy as np


def credibility(
    people: np.ndarray | float,
    k: np.ndarray | float,
    between_sd: np.ndarray | float,
    *,
    years: float = 1.0,
    other_sd: np.ndarray | float = 0.0,
) -> np.ndarray:
    """Return the credibility Z of a practice's own cost, 0 to 1.

    Parameters
    ----------
    people : ndarray or float
        Registered patients, above 0.
    k : ndarray or float
        Coefficient of variation of one person's annual cost.
    between_sd : ndarray or float
        Spread of what is to be estimated between practices, share of the budget.
    years : float
        Years observed, above 0; a quarter is 0.25.
    other_sd : ndarray or float
        Spread of lasting differences that are not to be estimated (for example need that the
        budget misses), which years do not average out.
    """
    between_variance = np.asarray(between_sd, float) ** 2
    chance_variance = np.asarray(k, float) ** 2 / people / years
    other_variance = np.asarray(other_sd, float) ** 2
    return between_variance / (between_variance + chance_variance + other_variance)


def misallocation(
    between_sd: np.ndarray | float, weight: np.ndarray | float, believed: np.ndarray | float
) -> np.ndarray:
    """Return the typical error when practices are paid on a weighted own experience.

    Root mean squared error of the level paid on, share of the budget.

    Parameters
    ----------
    between_sd : ndarray or float
        Spread of true levels between practices, share of the budget.
    weight : ndarray or float
        Credibility of the own experience.
    believed : ndarray or float
        Weight that the payment gives to it: 1 for none of the shrinkage, `weight` for all.
    """
    between_variance = np.asarray(between_sd, float) ** 2
    noise_variance = between_variance * (1 - weight) / weight
    return np.sqrt(
        believed**2 * noise_variance + (1 - np.asarray(believed)) ** 2 * between_variance
    )
