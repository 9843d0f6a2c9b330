"""How often a rule errs, and how long it takes: its operating characteristics."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.chapters.consequences.rules import Rule, first_year
from analysis.risk.performance import PerformanceNoise, observed_deficits
from analysis.seeds import seed_for

GROUPS = 20_000
"""Simulated groups for each draw of the noise."""

YEARS = 15
"""Years watched; a group that is not found by then counts as never found."""


@dataclass(frozen=True)
class OperatingCharacteristics:
    """How a rule treats groups with one true deficit.

    Attributes
    ----------
    terminated_by : ndarray, shape (year,)
        Share of groups whose contract has ended by the end of each year.
    median_years : float
        Years until half of the groups are found; infinite if fewer ever are.
    cost_of_delay : float
        Mean true deficit run up until the end of the contract, in shares of one year's budget.
    """

    terminated_by: np.ndarray
    median_years: float
    cost_of_delay: float


def operating_characteristics(
    rule: Rule,
    noise: PerformanceNoise,
    true_deficit: float,
    *,
    years: int = YEARS,
    groups: int = GROUPS,
    luck: int = 0,
) -> OperatingCharacteristics:
    """Return how a rule treats groups with one true deficit.

    Parameters
    ----------
    true_deficit : float
        Share of the budget.
    years, groups : int
        Years watched; groups simulated.
    luck : int
        Calls with the same number share their luck (common random numbers), so differences between
        rules are known better than each rule. Give each draw of the noise its own, or all err
        together, by more than their spread tells.
    """
    generator = np.random.default_rng(seed_for(f"accountability-{luck}"))
    deficits = observed_deficits(noise, true_deficit, years, groups, generator)
    ended = first_year(rule.acts(deficits))
    by_year = (ended[:, None] <= np.arange(1, years + 1)).mean(axis=0)
    return OperatingCharacteristics(
        terminated_by=by_year,
        median_years=float(np.quantile(ended, 0.5, method="inverted_cdf")),
        cost_of_delay=float(true_deficit * np.minimum(ended, years).mean()),
    )


def rule_with_false_termination(
    rule_at: Callable[[float], Rule],
    strictness: Sequence[float],
    noise: PerformanceNoise,
    limit: float,
    years: int,
    *,
    groups: int = GROUPS,
    luck: int = 0,
) -> Rule | None:
    """Return the fastest rule of a family that seldom ends an adequate group's contract.

    Parameters
    ----------
    rule_at : callable
        From a threshold to a rule; a higher threshold is slower.
    strictness : sequence of float
        Thresholds to choose from, increasing.
    limit : float
        Largest share of groups without a true deficit that may be terminated within `years`.
    years, groups, luck : int
        As in `operating_characteristics`.

    Returns
    -------
    Rule or None
        None if no threshold is strict enough.
    """

    def terminated(position: int) -> float:
        rule = rule_at(strictness[position])
        found = operating_characteristics(rule, noise, 0.0, years=years, groups=groups, luck=luck)
        return float(found.terminated_by[-1])

    # On the same luck a stricter rule never ends more contracts, so the place can be bisected.
    first = bisect_left(range(len(strictness)), True, key=lambda at: terminated(at) <= limit)
    return rule_at(strictness[first]) if first < len(strictness) else None


def run_probability(years: int, run: int, deficit_probability: float) -> float:
    """Return the probability of a run of deficits when years are independent.

    Feller (1968), An Introduction to Probability Theory, volume 1, section XIII.7, as a recursion
    over the years: a first run ends in a year if the years before it had none, the year before
    the run was no deficit, and the run's years all were.

    Parameters
    ----------
    years : int
        Years watched.
    run : int
        Length of the run, at least 1.
    deficit_probability : float
        Of one year.
    """
    ended = np.zeros(years + 1)
    for year in range(run, years + 1):
        if year == run:
            ended[year] = deficit_probability**run
            continue
        free_before = 1 - ended[: year - run].sum()
        ended[year] = free_before * (1 - deficit_probability) * deficit_probability**run
    return float(ended.sum())
