"""What luck costs the doctors of a group, and where a single share at risk turns."""

from collections.abc import Mapping

import numpy as np
from scipy.optimize import brentq

from analysis.chapters.strength_of_incentives.share_at_risk import share_effects
from analysis.chapters.strength_of_incentives.shared_savings import SharedSavings
from analysis.evidence.facts import savings_threshold_schedule
from analysis.report.monte_carlo import Simulated, over_draws
from analysis.risk.incentivised_groups import group
from analysis.risk.multitask import best_fixed_slopes

PERCENT = 100.0

BAD_YEAR = 1 / 20
"""Probability of a year that is at least as bad."""

SMALLEST, LARGEST = 2_000, 1e6
"""Sizes of groups, in people, between which a turning point is sought."""

Primitives = Mapping[str, np.ndarray]


def optimal_share(primitives: Primitives, people: float) -> np.ndarray:
    """Return the best share at risk for a group of this size, by draw; 0 to 1."""
    return share_effects(group(primitives, people)).optimal_share()


def harm_flip(primitives: Primitives, people: float) -> np.ndarray:
    """Return the share from which more of it harms more than it saves; infinite if none does."""
    return share_effects(group(primitives, people)).harm_flip()


def best_fixed_share(primitives: Primitives, people: float) -> Simulated:
    """Return the single share at risk with the largest mean gain over the draws."""
    savings_alone = np.array([1.0, 0.0, 0.0])

    def best(places: np.ndarray) -> float:
        situation = group({name: draws[places] for name, draws in primitives.items()}, people)
        return float(np.clip(best_fixed_slopes(situation, savings_alone)[0], 0, 1))

    return over_draws(best, len(next(iter(primitives.values()))))


def savings_noise(primitives: Primitives, people: float) -> np.ndarray:
    """Return the standard deviation of measured savings by luck, a share of the budget."""
    return np.sqrt(group(primitives, people).noise_variance[:, 0]) / PERCENT


def bad_year(primitives: Primitives, terms: SharedSavings, people: float) -> np.ndarray:
    """Return what one year in twenty costs the doctors, per cent of their income."""
    paid = terms.in_bad_year(savings_noise(primitives, people), BAD_YEAR)
    return PERCENT * paid / (primitives["income_at_stake_percent"] / PERCENT)


def size_with_bearable_year(primitives: Primitives, terms: SharedSavings) -> float:
    """Return the size, in people, below which the median bad year takes all income; may be nan."""

    def excess(log_people: float) -> float:
        return float(np.median(bad_year(primitives, terms, np.exp(log_people))) - PERCENT)

    if excess(np.log(LARGEST)) >= 0:
        return float("nan")
    return float(np.exp(brentq(excess, np.log(SMALLEST), np.log(LARGEST))))


def minimum_rate(people: float) -> float:
    """Return the US minimum savings rate for this size, a share of the benchmark."""
    schedule = savings_threshold_schedule()
    rates = schedule.loc[schedule["beneficiaries_low"] <= people, "minimum_savings_low_end_percent"]
    return float(rates.iloc[-1]) / PERCENT
