"""What a group of a given size can be measured on: reliability, and differences that show."""

import numpy as np
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_effectsize


def reliability(units: np.ndarray | float, half_size: np.ndarray | float) -> np.ndarray:
    """Return the share of the spread of measured values that is true difference.

    Spearman (1910) and Brown (1910), British Journal of Psychology 3:271 and 3:296.

    Parameters
    ----------
    units : ndarray or float
        People, respondents or person-years behind the measure; above 0.
    half_size : ndarray or float
        Number of them at which half of the spread is noise; at least 0.

    Returns
    -------
    ndarray
        0 to 1.
    """
    return np.asarray(units / (units + half_size))


def size_for_reliability(wanted: float, half_size: np.ndarray | float) -> np.ndarray:
    """Return the number of people, respondents or person-years that a reliability takes.

    Parameters
    ----------
    wanted : float
        Between 0 and 1.
    """
    return np.asarray(half_size * wanted / (1 - wanted))


def half_size_of_mean(within: np.ndarray | float, between: np.ndarray | float) -> np.ndarray:
    """Return the number of units at which the noise of their mean equals true differences.

    Parameters
    ----------
    within : ndarray or float
        Variance between the units of a group; at least 0.
    between : ndarray or float
        Variance of true means between groups, in the same unit; above 0.

    Returns
    -------
    ndarray
        Units.
    """
    return np.asarray(within / between)


def half_size_of_rate(rate: np.ndarray | float, relative_sd: np.ndarray | float) -> np.ndarray:
    """Return the person-years at which the noise of a rate equals true differences.

    Parameters
    ----------
    rate : ndarray or float
        Share of people with the event in a year, between 0 and 1.
    relative_sd : ndarray or float
        Standard deviation of true rates between groups over their mean; above 0.

    Returns
    -------
    ndarray
        Person-years.
    """
    return half_size_of_mean(rate * (1 - rate), np.square(rate * relative_sd))


def patients_to_detect(
    rate: float, relative_difference: float, significance: float = 0.05, power: float = 0.8
) -> float:
    """Return the patients a group needs to show that its rate differs from a known mean.

    Parameters
    ----------
    rate : float
        Mean rate, between 0 and 1.
    relative_difference : float
        Difference to be shown, as a share of the mean.
    significance, power : float
        Two-sided error of the first kind; probability of finding the difference.

    Returns
    -------
    float
        Patients.
    """
    effect = proportion_effectsize(rate * (1 + relative_difference), rate)
    # ratio=0: one sample against a mean that is known.
    return float(NormalIndPower().solve_power(effect, alpha=significance, power=power, ratio=0))
