"""All checks of the chapter: declared together, before anything is computed."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.chapters.validation import (
    calibration_results,
    concentration,
    limiting_cases,
    list_size_spread,
    minimum_savings_rate,
    practice_residual,
    shared_savings_errors,
    tail_recovery,
    variation_levels,
)
from analysis.chapters.validation.checks import Ledger
from analysis.chapters.validation.truncation import (
    savings_rate_ratio,
    truncated_at_programme_percentile,
)
from analysis.evidence.assumptions import assumption
from analysis.evidence.facts import fact
from analysis.fits.published_variation import ScopeVariation
from analysis.fits.rand_costs import FittedFormula
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
)

POOLED_DRAWS = 500
"""Draws for which the exact distribution of a pool is computed."""


@dataclass(frozen=True)
class Estimates:
    """What the published tables are rebuilt from.

    Attributes
    ----------
    budget_formula : FittedFormula
        Cost of one person within age and sex, from RAND.
    published : ScopeVariation
        k by scope from published sources.
    without_delia : ScopeVariation
        The same with what DeLia published left out.
    programme : MsspComponents
        Variance components of the Medicare programme's results.
    """

    budget_formula: FittedFormula
    published: ScopeVariation
    without_delia: ScopeVariation
    programme: MsspComponents

    @cached_property
    def truncated(self) -> CostDistribution:
        """One person's cost, cut at the percentile of the Medicare programme."""
        return truncated_at_programme_percentile(self.budget_formula.costs)

    @cached_property
    def savings_rate_ratio(self) -> np.ndarray:
        """Chance in a savings rate over chance in one year's cost, shape (draw,)."""
        return savings_rate_ratio(self.truncated.draws)

    @property
    def savings_rate_k(self) -> np.ndarray:
        """K of a savings rate from RAND's people, shape (draw,)."""
        return variation(self.truncated, adjusted=True) * self.savings_rate_ratio

    @property
    def synthesis_savings_rate_k(self) -> np.ndarray:
        """K of a savings rate from other published sources, shape (draw,)."""
        k = self.without_delia["truncated_p99"].to_numpy().ravel()
        return k * savings_rate_ratio(len(k))

    @property
    def practice_k(self) -> np.ndarray:
        """K of what a person's hospital cost leaves after the best English formula, (draw,)."""
        explained = fact("B-PBRA-5-val", purpose="validation").value or 0.0
        k = self.published["all_care"].to_numpy().ravel()
        hospital = assumption("published_k_secondary_care_ratio").value
        return k * hospital * np.sqrt(1 - explained)


def declared_ledger() -> Ledger:
    """Return the ledger with every check declared and none evaluated."""
    ledger = Ledger()
    for module in (*NOT_PUBLISHED, *PUBLISHED):
        module.declare(ledger)
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
    person_k = variation(estimates.budget_formula.costs, adjusted=True)
    minimum_savings_rate.evaluate(ledger, estimates.savings_rate_k)
    variation_levels.evaluate(ledger, estimates.synthesis_savings_rate_k, programme_k, person_k)
    few = fewer_draws(estimates.truncated, POOLED_DRAWS)
    shared_savings_errors.evaluate(ledger, few, savings_rate_ratio(few.draws))
    narrow = estimates.published["narrow"].to_numpy().ravel()
    list_size_spread.evaluate(ledger, narrow)
    practice_residual.evaluate(ledger, estimates.practice_k, tau)
    concentration.evaluate(ledger, estimates.budget_formula.costs)
