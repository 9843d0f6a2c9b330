"""Rules that say, from the deficits seen so far, in which year a contract ends."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.special import ndtr, ndtri

from analysis.risk.performance import PerformanceNoise


class Rule(Protocol):
    """A rule of termination."""

    def acts(self, deficits: np.ndarray) -> np.ndarray:
        """Return, for each group and year, whether the rule's condition holds.

        Parameters
        ----------
        deficits : ndarray, shape (group, year)
            Shares of the budget.

        Returns
        -------
        ndarray of bool, shape (group, year)
        """


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
        """Return where the last `run` years were all in deficit.

        Parameters
        ----------
        deficits : ndarray, shape (group, year)
            Shares of the budget.

        Returns
        -------
        ndarray of bool, shape (group, year)
        """
        over = deficits > self.tolerance
        held = np.zeros_like(over)
        for year in range(self.run - 1, over.shape[1]):
            held[:, year] = over[:, year - self.run + 1 : year + 1].all(axis=1)
        return held


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
        """Return where the deficits so far add up to more than the limit.

        Parameters
        ----------
        deficits : ndarray, shape (group, year)
            Shares of the budget.

        Returns
        -------
        ndarray of bool, shape (group, year)
        """
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
        """Return where the probability is high enough.

        Parameters
        ----------
        deficits : ndarray, shape (group, year)
            Shares of the budget.

        Returns
        -------
        ndarray of bool, shape (group, year)
        """
        return self.probability(deficits) >= self.certainty

    def probability(self, deficits: np.ndarray) -> np.ndarray:
        """Return P(true deficit > tolerance) after each year.

        The true deficit is normal given the deficits so far (Gelman and others 2013, Bayesian
        Data Analysis, section 2.5), weighted by the inverse covariance of the noise.

        Parameters
        ----------
        deficits : ndarray, shape (group, year)

        Returns
        -------
        ndarray, shape (group, year)
        """
        found = np.empty(deficits.shape)
        for years in range(1, deficits.shape[1] + 1):
            weights, precision = self._weights(years)
            mean = deficits[:, :years] @ weights / precision
            found[:, years - 1] = ndtr((mean - self.tolerance) * np.sqrt(precision))
        return found

    def steady_deficit(self, years: int) -> float:
        """Return the deficit that makes the rule act when it is seen in every one of some years.

        Parameters
        ----------
        years : int
            At least 1.

        Returns
        -------
        float
            Share of the budget.
        """
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
        """Return where the average deficit so far has reached the line.

        Parameters
        ----------
        deficits : ndarray, shape (group, year)
            Shares of the budget.

        Returns
        -------
        ndarray of bool, shape (group, year)
        """
        years = np.arange(1, deficits.shape[1] + 1)
        lines = np.array([self.posterior.steady_deficit(int(year)) for year in years])
        return np.cumsum(deficits, axis=1) / years >= lines


def first_year(acts: np.ndarray) -> np.ndarray:
    """Return the year in which a rule first acts.

    Parameters
    ----------
    acts : ndarray of bool, shape (group, year)
        From `Rule.acts`.

    Returns
    -------
    ndarray, shape (group,)
        Counted from 1; infinite where the rule never acts in these years.
    """
    return np.where(acts.any(axis=1), acts.argmax(axis=1) + 1.0, np.inf)
