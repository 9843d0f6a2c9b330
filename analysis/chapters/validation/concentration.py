"""How much of all cost falls on the costliest: fitted cost models against published shares."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from analysis.chapters.validation.checks import Check, Ledger
from analysis.evidence.facts import fact
from analysis.evidence.meps import meps_sample, sample_name
from analysis.intervals import normal_half_width
from analysis.risk.annual_cost import CostBeforeCover
from analysis.risk.cost_distribution import CostDistribution

RAND_YEAR = "B-HIE-top1"


@dataclass(frozen=True)
class Concentration:
    """A published share of cost.

    Attributes
    ----------
    fact : str
        Its id.
    costliest : float
        Share of people that it is about.
    people : int
        In the sample that it was computed from.
    last_digit : float
        Worth of one in its last printed digit, percent of cost.
    population : str
        Whose fitted costs are compared, a key of `populations`.
    what, source : str
        For readers.
    """

    fact: str
    costliest: float
    people: int
    last_digit: float
    population: str
    what: str
    source: str


def published_shares() -> tuple[Concentration, ...]:
    """Return the published shares that are compared.

    Those of the survey are of later years than the fitted ones; its sample of 2015 stands for the
    number of people in them.
    """
    year = int(meps_sample(sample_name("all", 2015))["rows"])
    survey = "Survey of US households, {}: cost that falls on the costliest {}"
    brief = "AHRQ, MEPS statistical briefs"
    return (
        Concentration(
            *(RAND_YEAR, 0.01, 5_574, 0.1, "rand"),
            "Cost that falls on the costliest 1% of RAND's people",
            "Deb & Trivedi (2002), data of one year",
        ),
        Concentration(
            *("B-MEPS-2018", 0.01, year, 1.0, "meps_all"), survey.format(2018, "1%"), brief
        ),
        Concentration(
            *("B-MEPS-2021", 0.01, year, 1.0, "meps_all"), survey.format(2021, "1%"), brief
        ),
        # Published as "nearly half": the last digit is taken to be worth five points.
        Concentration(
            *("B-MEPS-top5", 0.05, year, 5.0, "meps_all"), survey.format(2018, "5%"), brief
        ),
    )


def costliest_share(costs: CostBeforeCover, costliest: float) -> np.ndarray:
    """Return the share of all cost that falls on the costliest people.

    Parameters
    ----------
    costliest : float
        Share of people, between 0 and the share of people with a cost.

    Returns
    -------
    ndarray, shape (draw,)
    """
    amount = costs.quantile(1 - costliest)
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
    """Enter one check a published share."""
    for share in published_shares():
        value = fact(share.fact, purpose="validation").value
        assert value is not None
        sampling = 100 * sampling_tolerance(value / 100, share.people, share.costliest)
        ledger.declare(
            Check(
                name=share.fact,
                kind="published",
                what=share.what,
                expected=value,
                tolerance=sampling + share.last_digit / 2,
                because=f"sampling error: {share.costliest:.0%} of {share.people:,} people are "
                "few; and rounding",
                unit="% of cost",
                source=share.source,
            )
        )


def evaluate(ledger: Ledger, people: Mapping[str, CostDistribution]) -> None:
    """Compare with the fitted cost distributions, see `populations`."""
    for share in published_shares():
        ledger.evaluate(share.fact, partial(_percent, people[share.population], share.costliest))


def _percent(costs: CostDistribution, costliest: float) -> np.ndarray:
    return 100 * costliest_share(costs, costliest)
