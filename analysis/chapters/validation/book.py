"""All checks of the chapter: declared together, before anything is computed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.chapters.validation import (
    calibration_results,
    concentration,
    limiting_cases,
    list_size_spread,
    market_costs,
    minimum_savings_rate,
    practice_residual,
    shared_savings_errors,
    tail_recovery,
    variation_levels,
)
from analysis.chapters.validation.checks import Ledger
from analysis.chapters.validation.comparability import APART
from analysis.chapters.validation.truncation import (
    savings_rate_ratio,
    truncated_at_programme_percentile,
)
from analysis.evidence.facts import fact
from analysis.fits.england_variation import england_k, english_hospital_k
from analysis.fits.published_variation import fundholding_k
from analysis.fits.savings_components import MsspComponents
from analysis.risk.adjustment import variation
from analysis.risk.annual_cost import fewer_draws
from analysis.risk.cost_distribution import CostDistribution
from analysis.risk.practice_spread import MEAN_LIST

NOT_PUBLISHED = (limiting_cases, tail_recovery, calibration_results)
PUBLISHED = (
    minimum_savings_rate,
    variation_levels,
    shared_savings_errors,
    list_size_spread,
    practice_residual,
    concentration,
    market_costs,
)

POOLED_DRAWS = 500
"""Draws for which the exact distribution of a pool is computed."""


@dataclass(frozen=True)
class Estimates:
    """What the published tables are rebuilt from.

    Attributes
    ----------
    people : mapping of str to CostDistribution
        Cost of one person within age and sex, from `populations`.
    programme : MsspComponents
        Variance components of the Medicare programme's results.
    """

    people: Mapping[str, CostDistribution]
    programme: MsspComponents

    @cached_property
    def truncated(self) -> CostDistribution:
        """Cost of one person over 64, cut at the percentile of the Medicare programme."""
        return truncated_at_programme_percentile(self.people["meps_over_64"])

    def savings_rate_k(self, population: str) -> np.ndarray:
        """Return k of a savings rate of a population of `people`, shape (draw,)."""
        costs = truncated_at_programme_percentile(self.people[population])
        return variation(costs, adjusted=True) * savings_rate_ratio(costs.draws)

    @property
    def practice_k(self) -> np.ndarray:
        """K of what a person's hospital cost leaves after the best English formula, (draw,)."""
        age_sex = fact("B-PBRA-1-val").value or 0.0
        best = fact("B-PBRA-5-val", purpose="validation").value or 0.0
        return english_hospital_k() * np.sqrt((1 - best) / (1 - age_sex))


def declared_ledger() -> Ledger:
    """Return the ledger with every check declared, those set apart marked, and none evaluated."""
    ledger = Ledger()
    for module in (*NOT_PUBLISHED, *PUBLISHED):
        module.declare(ledger)
    for name, reason in APART.items():
        ledger.set_apart(name, reason)
    return ledger


def evaluate_all(ledger: Ledger, estimates: Estimates) -> None:
    """Evaluate every check.

    Parameters
    ----------
    ledger : Ledger
        From `declared_ledger`.
    """
    for module in NOT_PUBLISHED:
        module.evaluate(ledger)
    programme_k = estimates.programme.k.to_numpy().ravel()
    tau = estimates.programme.persistent_spread(MEAN_LIST).to_numpy().ravel()
    over_64, rand = (estimates.savings_rate_k(name) for name in ("meps_over_64", "rand"))
    minimum_savings_rate.evaluate(ledger, over_64, rand)
    variation_levels.evaluate(ledger, programme_k, england_k())
    few = fewer_draws(estimates.truncated, POOLED_DRAWS)
    shared_savings_errors.evaluate(ledger, few, savings_rate_ratio(few.draws))
    list_size_spread.evaluate(ledger, fundholding_k())
    practice_residual.evaluate(ledger, np.resize(estimates.practice_k, tau.shape), tau)
    concentration.evaluate(ledger, estimates.people)
    market_costs.evaluate(ledger, estimates.people)
