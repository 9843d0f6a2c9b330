"""Rules that say, from the deficits seen so far, in which year a contract ends.

Deficits are arrays of shape (group, year), shares of the budget.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.special import ndtr, ndtri

from analysis.risk.performance import PerformanceNoise


class Rule(Protocol):
    """A rule of termination."""

    def acts(self, deficits: np.ndarray) -> np.ndarray:
        """Return, for each group and year, whether the rule's condition holds."""


@dataclass(frozen=True)
class RunOfDeficits:
    """So many deficits in a row, each above a tolerance.

    Attributes
    ----------
    run : int
        Years in a row, at least 1.
    tolerance : float
        Share of the budget that a deficit must exceed to count.
    """

    run: int
    tolerance: float = 0.0

    def acts(self, deficits: np.ndarray) -> np.ndarray:
        """Return where the last `run` years were all in deficit."""
        in_deficit = deficits > self.tolerance
        run_ends = np.zeros_like(in_deficit)
        for year in range(self.run - 1, in_deficit.shape[1]):
            run_ends[:, year] = in_deficit[:, year - self.run + 1 : year + 1].all(axis=1)
        return run_ends


@dataclass(frozen=True)
class CumulativeDeficit:
    """A deficit, added up since the start, above a limit.

    Attributes
    ----------
    limit : float
        Share of one year's budget.
    """

    limit: float

    def acts(self, deficits: np.ndarray) -> np.ndarray:
        """Return where the deficits so far add up to more than the limit."""
        return np.cumsum(deficits, axis=1) > self.limit


@dataclass(frozen=True)
class PosteriorRule:
    """A high enough probability that the true deficit is above a tolerance.

    Attributes
    ----------
    tolerance : float
        Share of the budget.
    certainty : float
        Probability from which the rule acts, between 0 and 1.
    prior_sd : float
        Spread of true deficits between groups, around no deficit, that the regulator believes in;
        infinite for no opinion in advance.
    noise : PerformanceNoise
        What the regulator believes about noise, for this size of group.
    """

    tolerance: float
    certainty: float
    prior_sd: float
    noise: PerformanceNoise

    def acts(self, deficits: np.ndarray) -> np.ndarray:
        """Return where the probability is high enough."""
        return self.probability(deficits) >= self.certainty

    def probability(self, deficits: np.ndarray) -> np.ndarray:
        """Return P(true deficit > tolerance) after each year, shape (group, year).

        The true deficit is normal given the deficits so far (Gelman and others 2013, Bayesian
        Data Analysis, section 2.5), weighted by the inverse covariance of the noise.
        """
        probability = np.empty(deficits.shape)
        for years in range(1, deficits.shape[1] + 1):
            weights, precision = self._weights(years)
            mean = deficits[:, :years] @ weights / precision
            probability[:, years - 1] = ndtr((mean - self.tolerance) * np.sqrt(precision))
        return probability

    def steady_deficit(self, years: int) -> float:
        """Return the deficit, seen in every one of some years, that makes the rule act."""
        weights, precision = self._weights(years)
        mean_needed = self.tolerance + ndtri(self.certainty) / np.sqrt(precision)
        return float(mean_needed * precision / weights.sum())

    def _weights(self, years: int) -> tuple[np.ndarray, float]:
        """Weight of each year's deficit, and the precision of the true deficit given them."""
        weights = np.linalg.solve(self.noise.covariance(years), np.ones(years))
        return weights, float(weights.sum() + self.prior_sd**-2)


@dataclass(frozen=True)
class AverageDeficit:
    """The plain average of all deficits so far above a line that falls with the years: a table.

    The line of each year is the deficit at which a posterior rule acts when every year showed it,
    so that the rule can be printed and used without a computer.
    """

    posterior: PosteriorRule

    def acts(self, deficits: np.ndarray) -> np.ndarray:
        """Return where the average deficit so far has reached the line."""
        years = np.arange(1, deficits.shape[1] + 1)
        lines = np.array([self.posterior.steady_deficit(int(year)) for year in years])
        return np.cumsum(deficits, axis=1) / years >= lines


def first_year(acts: np.ndarray) -> np.ndarray:
    """Return the year in which a rule first acts, by group, from what `Rule.acts` returned.

    Counted from 1; infinite where the rule never acts in these years.
    """
    return np.where(acts.any(axis=1), acts.argmax(axis=1) + 1.0, np.inf)
