"""Are the ranks of a calibration uniform? Difference of their ECDF from uniform, with bands.

The bands are simultaneous: the whole curve of a right model lies inside them with a stated
probability (Säilynoja, Bürkner & Vehtari 2022, Statistics and Computing 32:32), computed by
ArviZ.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from arviz_stats.ecdf_utils import (
    compute_ecdf,
    get_pointwise_confidence_band,
    simulate_confidence_bands,
)
from scipy.special import ndtr

from analysis.seeds import seed_for
from analysis.settings import INTERVAL

BAND_SIMULATIONS = 4_000
"""Simulated rank sets behind a band: its probability is then known to about 0.5 points."""

DETECTION_SIMULATIONS = 500
"""Simulated calibrations behind a rate of detection: known to about two points."""


@dataclass(frozen=True)
class Band:
    """Simultaneous band on the difference between an ECDF and the uniform one.

    Attributes
    ----------
    points : ndarray, shape (point,)
        Fractional ranks, between 0 and 1.
    lower, upper : ndarray, shape (point,)
        Differences that the curve of a right model keeps within, with `probability`.
    """

    points: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    probability: float

    def holds(self, difference: np.ndarray) -> bool:
        """Say whether a whole curve lies inside the band.

        Parameters
        ----------
        difference : ndarray, shape (point,)
            From `difference_from_uniform`.

        Returns
        -------
        bool
        """
        # Both sides are whole numbers of replications, so equal ones must not fail by rounding.
        slack = 1e-9
        above, below = difference > self.upper + slack, difference < self.lower - slack
        return not (above | below).any()


def shared_probability(quantities: int) -> float:
    """Return the probability of each band so that all curves of a right model are inside theirs.

    The chance of a false alarm, one minus the project's interval, is shared equally (Bonferroni):
    a right model then fails in any of its quantities at most that often.

    Parameters
    ----------
    quantities : int
        Number of quantities that are judged together.

    Returns
    -------
    float
    """
    return 1 - (1 - INTERVAL) / quantities


@cache
def uniform_band(replications: int, probability: float) -> Band:
    """Return the band for a number of replications.

    Parameters
    ----------
    probability : float
        Between 0 and 1.

    Returns
    -------
    Band
    """
    points = np.arange(1, replications) / replications
    # Not with the project's seed: a band is a table, and the verdict on kept ranks stays the same.
    generator = np.random.default_rng(BAND_SIMULATIONS)
    pointwise = simulate_confidence_bands(
        replications, 1, points, probability, BAND_SIMULATIONS, generator
    )
    lower, upper = get_pointwise_confidence_band(pointwise, replications, points)
    return Band(points, lower - points, upper - points, probability)


def difference_from_uniform(ranks: np.ndarray, highest: int) -> np.ndarray:
    """Return the ECDF of fractional ranks minus the uniform one.

    A rank stands for an interval of fractional ranks; a point is drawn from it, so that the
    fractional ranks of a right model are uniform exactly. The ranks themselves are the seed: the
    same kept ranks are judged alike in every run.

    Parameters
    ----------
    ranks : ndarray of int, shape (replication,)
        From 0 to `highest`.
    highest : int
        Number of draws that the truths were ranked among.

    Returns
    -------
    ndarray, shape (replication - 1,)
        At the points of `uniform_band`.
    """
    generator = np.random.default_rng(np.asarray(ranks, dtype=np.uint32))
    fractional = (ranks + generator.random(len(ranks))) / (highest + 1)
    points = np.arange(1, len(ranks)) / len(ranks)
    return compute_ecdf(fractional, points) - points


def uniformity(replications: pd.DataFrame, ranked_draws: int) -> pd.DataFrame:
    """Judge every quantity of one model.

    Parameters
    ----------
    replications : DataFrame
        ``quantity`` and ``rank``, one row a replication and quantity.

    Returns
    -------
    DataFrame, one row a quantity
        ``quantity``, ``largest_difference`` (of the ECDF from uniform), ``coverage`` (share of
        truths inside the central interval of the project) and ``inside`` (the whole curve lies
        within a band whose probability is shared among the quantities).
    """
    names = list(dict.fromkeys(replications["quantity"]))
    by_name = {name: rows["rank"].to_numpy() for name, rows in replications.groupby("quantity")}
    band = uniform_band(len(by_name[names[0]]), shared_probability(len(names)))
    rows = []
    for name in names:
        difference = difference_from_uniform(by_name[name], ranked_draws)
        largest = difference[np.abs(difference).argmax()]
        covered = coverage(by_name[name], ranked_draws)
        rows.append((name, float(largest), covered, band.holds(difference)))
    return pd.DataFrame(rows, columns=["quantity", "largest_difference", "coverage", "inside"])


def coverage(ranks: np.ndarray, ranked_draws: int) -> float:
    """Return the share of truths inside the central interval of their posterior.

    Parameters
    ----------
    ranks : ndarray of int, shape (replication,)

    Returns
    -------
    float
        Near `analysis.settings.INTERVAL` for a right model.
    """
    fractional = (ranks + 0.5) / (ranked_draws + 1)
    return float((np.abs(fractional - 0.5) < INTERVAL / 2).mean())


def detection_rate(
    replications: int, probability: float, *, shift: float = 0.0, width: float = 1.0
) -> float:
    """Return how often a wrong posterior of a normal quantity would be found out.

    Parameters
    ----------
    replications : int
        Of the calibration.
    probability : float
        Of the band.
    shift : float
        Error of the posterior's centre, in its right standard deviations.
    width : float
        Its standard deviation over the right one; below 1 it is too sure of itself.

    Returns
    -------
    float
        Share of simulated calibrations whose curve leaves the band.
    """
    band = uniform_band(replications, probability)
    generator = np.random.default_rng(seed_for("calibration-detection"))
    truths = generator.normal(size=(DETECTION_SIMULATIONS, replications))
    fractional = ndtr((truths - shift) / width)
    found = [not band.holds(compute_ecdf(row, band.points) - band.points) for row in fractional]
    return float(np.mean(found))
