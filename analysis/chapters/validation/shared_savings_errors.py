"""Rebuild the error rates of shared savings that DeLia, Hoover & Cantor (2012) computed.

An organisation that changes nothing is rewarded when chance makes its cost fall short of the
benchmark by the threshold, and penalised when chance makes it exceed the benchmark by as much. One
that saves is denied its reward when chance eats up the saving.

The figures for no change are calibration figures elsewhere in the book (k of truncated cost is
read off them), so here they are compared only with estimates of k that left DeLia out.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np

from analysis.chapters.validation.checks import Check, Ledger
from analysis.chapters.validation.tolerances import because_k, tail_probability
from analysis.evidence.facts import fact
from analysis.risk.cost_distribution import CostDistribution
from analysis.risk.pooled_loss import PoolCalculator


@dataclass(frozen=True)
class ErrorRate:
    """One published probability of a wrong payment.

    Attributes
    ----------
    fact : str
        Its id.
    what : str
        For readers.
    people : int
        Size of the organisation.
    saving : float
        True saving, share of the benchmark.
    outcome : {"reward", "penalty", "denial"}
    threshold : float
        Saving or loss from which money changes hands, share of the benchmark.
    """

    fact: str
    what: str
    people: int
    saving: float
    outcome: str
    threshold: float


TWO_SIDED, ONE_SIDED = 0.02, 0.039
"""Minimum savings rate of the two-sided model, and of the one-sided model at 5,000 people:
42 CFR 425.606(b) and 425.604(b), share of the benchmark."""

ERROR_RATES = (
    ErrorRate(
        "A-DELIA-5k-rew", "Reward without saving, 5,000 people", 5_000, 0.0, "reward", TWO_SIDED
    ),
    ErrorRate(
        "A-DELIA-5k-pen", "Penalty without loss, 5,000 people", 5_000, 0.0, "penalty", TWO_SIDED
    ),
    ErrorRate(
        "A-DELIA-50k", "Reward without saving, 50,000 people", 50_000, 0.0, "reward", TWO_SIDED
    ),
    ErrorRate(
        "A-DELIA-deny", "No reward after saving 7%, 5,000 people", 5_000, 0.07, "denial", ONE_SIDED
    ),
)
"""The last is published as "at least", for true savings of 5 to 7 per cent, without naming the
model. Denial is least likely at 7 per cent, and only in the one-sided model is it still that
likely there for any k near the others; so that is how it is read."""


def error_probability(
    calculator: PoolCalculator, rate: ErrorRate, savings_rate_ratio: np.ndarray | float
) -> np.ndarray:
    """Return the probability of a wrong payment, exact for independent people.

    Parameters
    ----------
    calculator : PoolCalculator
        Of the cost of one person, truncated as in the programme.
    savings_rate_ratio : ndarray, shape (draw,), or float
        Chance in the savings rate over chance in the cost of the year: above 1, because the
        benchmark is itself a measured cost.

    Returns
    -------
    ndarray, shape (draw,)
    """
    loss = calculator.loss(rate.people)
    ratio = np.broadcast_to(savings_rate_ratio, (calculator.costs.draws,))[:, None]
    if rate.outcome == "penalty":
        return loss.exceedance(1 + rate.threshold / ratio)[:, 0]
    # Cost over benchmark is (1 - saving)(1 + deviation): rewarded below 1 - threshold.
    room = (1 - rate.threshold) / (1 - rate.saving) - 1
    denied = loss.exceedance(1 + room / ratio)[:, 0]
    return denied if rate.outcome == "denial" else 1 - denied


def declare(ledger: Ledger) -> None:
    """Enter one check an error rate."""
    for rate in ERROR_RATES:
        published = fact(rate.fact, purpose="quotation")
        assert published.value is not None
        ledger.declare(
            Check(
                name=rate.fact,
                kind="published",
                what=rate.what,
                expected=100 * published.value,
                tolerance=100 * tail_probability(published.value, last_digit=0.01),
                because=because_k(),
                unit="%",
                source="DeLia, Hoover & Cantor (2012), abstract",
            )
        )


def evaluate(
    ledger: Ledger, truncated: CostDistribution, savings_rate_ratio: np.ndarray | float
) -> None:
    """Compare every error rate with what a truncated cost distribution gives.

    Parameters
    ----------
    ledger : Ledger
        In which the checks were declared.
    truncated : CostDistribution
        See `analysis.chapters.validation.truncation`.
    savings_rate_ratio : ndarray, shape (draw,), or float
        See `error_probability`.
    """
    calculator = PoolCalculator(truncated)
    for rate in ERROR_RATES:
        ledger.evaluate(
            rate.fact,
            partial(_percent, calculator, rate, savings_rate_ratio),
        )


def _percent(
    calculator: PoolCalculator, rate: ErrorRate, savings_rate_ratio: np.ndarray | float
) -> np.ndarray:
    return 100 * error_probability(calculator, rate, savings_rate_ratio)
