r"""Rebuild the minimum savings rates of the Medicare Shared Savings Program from k.

An organisation earns nothing unless it saves at least this share of its benchmark: as much as
chance alone exceeds with a probability that the programme chose, lower for larger organisations.
For k of a savings rate and N people it is

.. math:: z(N)\, k / \sqrt{N}

with z the normal score of the confidence level. The proposed rule (CMS-1345-P, manuscript pages
267 and 268; 76 FR 19528) names the sizes 5,000, 20,000 and 50,000 and says that the rates between
them are blended between the neighbouring levels. The levels themselves were not seen in a source:
they are assumptions. Below 5,000 and above 50,000 the level of the nearest size is taken.
"""

from functools import partial

import numpy as np
import pandas as pd
from scipy.special import ndtri

from analysis.chapters.validation.checks import Check, Ledger
from analysis.chapters.validation.tolerances import because_k, proportional
from analysis.evidence.assumptions import assumption
from analysis.evidence.facts import savings_threshold_schedule

LEVELS = {
    5_000: "minimum_savings_confidence_5000",
    20_000: "minimum_savings_confidence_20000",
    50_000: "minimum_savings_confidence_50000",
}
"""Sizes that the proposed rule names, and the assumed confidence level at each."""

SOURCE = "42 CFR 425.604(b); confidence levels assumed"

FROM_RAND = "k behind the minimum savings rates, from RAND's people under 65"


def confidence_score(people: np.ndarray) -> np.ndarray:
    """Return the normal score of the confidence level by size.

    Blending rates between two levels at one size is blending their scores.

    Parameters
    ----------
    people : ndarray
        Assigned beneficiaries.

    Returns
    -------
    ndarray
        Standard deviations of chance that the rate stands for.
    """
    scores = [ndtri(assumption(name).value) for name in LEVELS.values()]
    return np.interp(people, list(LEVELS), scores)


def minimum_savings_rate(k: np.ndarray, people: np.ndarray) -> np.ndarray:
    """Return the minimum savings rate by draw and size.

    Parameters
    ----------
    k : ndarray, shape (draw,)
        Coefficient of variation of a savings rate, times the root of the size.
    people : ndarray, shape (size,)

    Returns
    -------
    ndarray, shape (draw, size)
        Percent of the benchmark.
    """
    people = np.asarray(people, float)
    return 100 * np.outer(k, confidence_score(people) / np.sqrt(people))


def published_rates() -> pd.DataFrame:
    """Return the published rates at the lower end of every size band.

    Returns
    -------
    DataFrame
        ``people``, ``published_percent`` and ``implied_k``: the k that turns one into the other.
    """
    schedule = savings_threshold_schedule()
    people = schedule["beneficiaries_low"].to_numpy(float)
    percent = schedule["minimum_savings_low_end_percent"].to_numpy(float)
    implied = percent / 100 * np.sqrt(people) / confidence_score(people)
    return pd.DataFrame(
        {"people": people.astype(int), "published_percent": percent, "implied_k": implied}
    )


def implied_k() -> float:
    """Return the k of a savings rate that the whole published schedule stands for.

    Returns
    -------
    float
        Mean over the size bands whose rate is above the programme's floor of two per cent.
    """
    rates = published_rates()
    floor = rates["published_percent"].min()
    return float(rates.loc[rates["published_percent"] > floor, "implied_k"].mean())


def _name(people: int) -> str:
    return f"minimum savings rate, {people:,} people"


def declare(ledger: Ledger) -> None:
    """Enter one check a size band, and one of the k behind them all."""
    ledger.declare(
        Check(
            name=FROM_RAND,
            kind="published",
            what=FROM_RAND,
            expected=implied_k(),
            tolerance=proportional(implied_k(), last_digit=0.0),
            because=because_k(),
            source=SOURCE,
        )
    )
    rates = published_rates()
    for people, percent in zip(rates["people"], rates["published_percent"], strict=True):
        ledger.declare(
            Check(
                name=_name(people),
                kind="published",
                what=f"Minimum savings rate at {people:,} people",
                expected=percent,
                tolerance=proportional(percent, last_digit=0.1),
                because=because_k(),
                unit="% of benchmark",
                source=SOURCE,
            )
        )


def evaluate(ledger: Ledger, k: np.ndarray, k_of_rand: np.ndarray) -> None:
    """Compare every band with what k gives.

    Parameters
    ----------
    ledger : Ledger
        In which the checks were declared.
    k : ndarray, shape (draw,)
        Of a savings rate of people over 64; not fitted to the schedule.
    k_of_rand : ndarray, shape (draw,)
        The same of RAND's people.
    """
    ledger.evaluate(FROM_RAND, lambda: k_of_rand)
    people = published_rates()["people"].to_numpy()
    for size in people:
        ledger.evaluate(_name(size), partial(_rate_at, k, size))


def _rate_at(k: np.ndarray, people: int) -> np.ndarray:
    return minimum_savings_rate(k, np.array([people]))[:, 0]
