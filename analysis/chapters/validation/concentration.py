"""How much of all cost falls on the costliest: the fitted cost model against one year of RAND."""

import numpy as np

from analysis.chapters.validation.checks import Check, Ledger
from analysis.chapters.validation.truncation import percentile
from analysis.evidence.facts import fact
from analysis.intervals import normal_half_width
from analysis.risk.cost_distribution import CostDistribution

FACT = "B-HIE-top1"
COSTLIEST, PEOPLE = 0.01, 5_574
"""Share of people that the fact is about, and people in that year (population of the fact)."""


def costliest_share(costs: CostDistribution, costliest: float) -> np.ndarray:
    """Return the share of all cost that falls on the costliest people.

    Parameters
    ----------
    costliest : float
        Share of people, between 0 and the share of people with a cost.

    Returns
    -------
    ndarray, shape (draw,)
    """
    amount = percentile(costs, 1 - costliest)
    below = costs.limited_mean(amount) @ costs.share
    mean = costs.population_mean()[:, 0]
    return (mean - below + amount[:, 0] * costliest) / mean


def sampling_tolerance(share: float, people: int, costliest: float) -> float:
    """Return how far a sample's share may be from the population's.

    The costliest are few, and what they cost varies about as much as it is on average; the
    relative error of their sum is that of a mean of so many, times the part of cost that is not
    theirs. Held with the probability of the project's interval.

    Parameters
    ----------
    share : float
        Of cost, between 0 and 1.
    people : int
        In the sample.
    costliest : float
        Share of people.
    """
    relative_error = np.sqrt(2 / (costliest * people)) * (1 - share)
    return float(normal_half_width() * relative_error * share)


def declare(ledger: Ledger) -> None:
    """Enter the check."""
    published = fact(FACT, purpose="validation")
    assert published.value is not None
    ledger.declare(
        Check(
            name=FACT,
            kind="published",
            what="Cost that falls on the costliest 1% of RAND's people",
            expected=published.value,
            tolerance=100 * sampling_tolerance(published.value / 100, PEOPLE, COSTLIEST),
            because=f"sampling error: 1% of {PEOPLE:,} people are few",
            unit="% of cost",
            source="Deb & Trivedi (2002), data of one year",
        )
    )


def evaluate(ledger: Ledger, costs: CostDistribution) -> None:
    """Compare with the fitted cost distribution."""
    ledger.evaluate(FACT, lambda: 100 * costliest_share(costs, COSTLIEST))
