"""What a group of a given size can be measured on: reliability, and differences that show.

The half size of a measure is the number of units (people, respondents or person-years) at which
half of the spread of measured values is noise.
"""

import numpy as np

from analysis.fits.savings_components import MsspComponents


def reliability(units: np.ndarray | float, half_size: np.ndarray | float) -> np.ndarray:
    """Return the share of the spread of measured values that is true difference, 0 to 1.

    Spearman (1910) and Brown (1910), British Journal of Psychology 3:271 and 3:296.
    """
    return np.asarray(units / (units + half_size))


def size_for_reliability(wanted: float, half_size: np.ndarray | float) -> np.ndarray:
    """Return the number of units that a reliability, between 0 and 1, takes."""
    return np.asarray(half_size * wanted / (1 - wanted))


def half_size_of_mean(within: np.ndarray | float, between: np.ndarray | float) -> np.ndarray:
    """Return the number of units at which the noise of their mean equals true differences.

    Parameters
    ----------
    within : ndarray or float
        Variance between the units of a group; at least 0.
    between : ndarray or float
        Variance of true means between groups, in the same unit; above 0.
    """
    return np.asarray(within / between)


def half_size_of_savings(
    components: MsspComponents, cost_variation: np.ndarray, people: float
) -> np.ndarray:
    """Return the size at which a year's savings are half luck, for groups that differ as at a size.

    Parameters
    ----------
    cost_variation : ndarray, shape (draw,)
        k of one person's annual cost.
    people : float
        Size at which lasting differences are taken.

    Returns
    -------
    ndarray, shape (draw,)
        People; draws of the two fits are paired.
    """
    # The draws of the fits themselves: drawn from them again they would seem more than they are.
    places = np.linspace(0, components.tau.size - 1, len(cost_variation)).astype(int)
    persistent = 100 * components.persistent_spread(people).to_numpy().ravel()[places]
    return half_size_of_mean((100 * cost_variation) ** 2, persistent**2)


def half_size_of_rate(rate: np.ndarray | float, relative_sd: np.ndarray | float) -> np.ndarray:
    """Return the person-years at which the noise of a rate equals true differences.

    Parameters
    ----------
    rate : ndarray or float
        Share of people with the event in a year, between 0 and 1.
    relative_sd : ndarray or float
        Standard deviation of true rates between groups over their mean; above 0.
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
    """
    # Here, not above: statsmodels takes seconds to load, and only this function needs it.
    from statsmodels.stats.power import NormalIndPower
    from statsmodels.stats.proportion import proportion_effectsize

    effect = proportion_effectsize(rate * (1 + relative_difference), rate)
    # ratio=0: one sample against a mean that is known.
    return float(NormalIndPower().solve_power(effect, alpha=significance, power=power, ratio=0))
