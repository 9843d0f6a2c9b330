"""What a group's own cost says about the group: credibility.

Bühlmann (1967), ASTIN Bulletin 4:199: the best linear estimate of a group's true level moves from
the mean of all groups towards its own experience by Z = n a / (n a + v), with a the variance
between groups and v that of chance in one year. Limited fluctuation (Longley-Cook 1962, PCAS
49:194) asks instead when chance alone rarely moves the own cost by much, and knows nothing of how
groups differ. Both as in Mahler and Dean (2001), Foundations of Casualty Actuarial Science, chapter
8.
"""

import numpy as np
from scipy.special import ndtri

FULL_ERROR, FULL_PROBABILITY = 0.05, 0.90
"""Full credibility: within 5 % of the truth in 90 % of cases, the standard of Longley-Cook."""


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


def full_credibility(
    relative_variance: np.ndarray | float,
    error: float = FULL_ERROR,
    probability: float = FULL_PROBABILITY,
) -> np.ndarray:
    """Return how many units have a mean that chance rarely moves: full credibility.

    Parameters
    ----------
    relative_variance : ndarray or float
        Variance of one unit over its squared mean: k² for the annual cost of a person, 1 for the
        number of Poisson claims (units are then expected claims), 1 + CV² for their total with a
        coefficient of variation CV of one claim.
    error : float
        Largest error that is borne, share of the mean, above 0.
    probability : float
        Share of cases in which it is not exceeded, 0 to 1, by the normal approximation.
    """
    return (ndtri((1 + probability) / 2) / error) ** 2 * np.asarray(relative_variance, float)


def limited_fluctuation(units: np.ndarray | float, full: np.ndarray | float) -> np.ndarray:
    """Return the credibility of so many units by the square-root rule, 0 to 1.

    The weight at which the weighted own mean varies as much as that of `full` units does.

    Parameters
    ----------
    units, full : ndarray or float
        Observed, and from `full_credibility`, above 0.
    """
    return np.minimum(np.sqrt(np.asarray(units, float) / full), 1.0)
