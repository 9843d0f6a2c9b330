"""What data say of the time to 80 % of a plateau, and what the prior says: the form is assumed."""

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import logsumexp, ndtr

from analysis.models.growth.priors import GrowthPriors

if TYPE_CHECKING:
    from analysis.fits.savings_growth import GrowthFit

FEWEST_YEARS, MOST_YEARS = 5, 10
"""The suggestion's: five to ten years."""

SPANS = {
    "under five": (0.0, FEWEST_YEARS),
    "five to ten": (FEWEST_YEARS, MOST_YEARS),
    "over ten": (MOST_YEARS, np.inf),
}
"""Times, in years."""

SHORTEST, LONGEST, STEPS = 1.0, 100.0, 80
"""Times at which the likelihood is told, years, evenly spaced in their logarithm."""

DRAWS = 200
"""Draws of the other numbers over which the likelihood is averaged."""

UNLIKELY = 10.0
"""A time this many times less likely than the likeliest is taken as excluded."""


def time_likelihood(fitted: "GrowthFit") -> tuple[np.ndarray, np.ndarray]:
    """Return how likely the data are at each time, all else integrated out.

    The posterior density of the time is the mean of its densities given the other numbers (Gelfand
    and Smith 1990, Journal of the American Statistical Association 85:398, section 2.3); over the
    prior's, it is the likelihood. So no prior of the time is in it.

    Returns
    -------
    years, likelihood : ndarray, shape (time,)
        The largest likelihood is 1.
    """
    median, log_sd = fitted.model.priors.years_to_80pct
    years = np.geomspace(SHORTEST, LONGEST, STEPS)
    score = np.log(years / median) / log_sd
    step = max(1, len(fitted.vectors) // DRAWS)
    density = np.zeros(STEPS)
    for vector in fitted.vectors[::step]:
        moved = np.repeat(vector[None], STEPS, axis=0)
        moved[:, 0] = score
        given = fitted.model.log_density(moved)
        density += np.exp(given - logsumexp(given))
    likelihood = density * np.exp(0.5 * score**2)
    return years, likelihood / likelihood.max()


def shortest_time(years: np.ndarray, likelihood: np.ndarray) -> float:
    """Return the time below which all are excluded (`UNLIKELY`), in years.

    The first time told where none is. There is no such bound above: times far beyond the years seen
    are all alike.
    """
    return float(years[np.argmax(likelihood >= 1 / UNLIKELY)])


def prior_probabilities(priors: GrowthPriors | None = None) -> dict[str, float]:
    """Return the prior probability of each of `SPANS`, for those that grow."""
    median, log_sd = (priors or GrowthPriors()).years_to_80pct
    ends = {end for span in SPANS.values() for end in span}
    below = {end: float(ndtr(np.log(end / median) / log_sd)) if end else 0.0 for end in ends}
    return {name: below[high] - below[low] for name, (low, high) in SPANS.items()}


def probabilities(years: np.ndarray) -> dict[str, np.ndarray]:
    """Return which draws are in each of `SPANS`; endless ones are over ten."""
    return {name: (years >= low) & (years <= high) for name, (low, high) in SPANS.items()}


def bayes_factor(years: np.ndarray) -> float:
    """Return how the data move the odds of over ten years against five to ten.

    Posterior odds over prior odds. Above 1 they speak for longer; below 3 hardly (Kass and Raftery
    1995, Journal of the American Statistical Association 90:773).

    Parameters
    ----------
    years : ndarray, shape (draw,)
        Of the time, whatever the gain.
    """
    prior, share = prior_probabilities(), probabilities(years)
    odds = share["over ten"].mean() / share["five to ten"].mean()
    return float(odds / (prior["over ten"] / prior["five to ten"]))


def turn_at(trend: float, finding: str) -> dict[str, str | float]:
    """Return the flip point of a number that the calendar trend decides.

    Parameters
    ----------
    trend : float
        At the end of outside evidence, points a year.
    finding : str
        What the number is there, as printed.
    """
    return {
        "assumption": "calendar trend of savings",
        "value": trend,
        "unit": "percentage points per year",
        "meaning": f"at this trend, the high end of outside evidence, it is {finding}",
    }
