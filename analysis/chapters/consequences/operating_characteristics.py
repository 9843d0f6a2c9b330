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
    """Return how a rule treats groups with one true deficit, a share of the budget.

    Parameters
    ----------
    years, groups : int
        Years watched; groups simulated.
    luck : int
        Calls with the same number share their luck (common random numbers), so differences between
        rules are known better than each rule. Give each draw of the noise its own, or all err
        together, by more than their spread tells.
    """
    generator = np.random.default_rng(seed_for(f"accountability-{luck}"))
    deficits = observed_deficits(noise, true_deficit, years, groups, generator)
    year_ended = first_year(rule.acts(deficits))
    return OperatingCharacteristics(
        terminated_by=(year_ended[:, None] <= np.arange(1, years + 1)).mean(axis=0),
        median_years=float(np.quantile(year_ended, 0.5, method="inverted_cdf")),
        cost_of_delay=float(true_deficit * np.minimum(year_ended, years).mean()),
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

    None if no threshold is strict enough. `groups` and `luck` as in `operating_characteristics`.

    Parameters
    ----------
    rule_at : callable
        From a threshold to a rule; a higher threshold is slower.
    strictness : sequence of float
        Thresholds to choose from, increasing.
    limit : float
        Largest share of groups without a true deficit that may be terminated within `years`.
    """

    def falsely_terminated(position: int) -> float:
        rule = rule_at(strictness[position])
        adequate = operating_characteristics(
            rule, noise, 0.0, years=years, groups=groups, luck=luck
        )
        return float(adequate.terminated_by[-1])

    # On the same luck a stricter rule never ends more contracts, so the place can be bisected.
    first = bisect_left(
        range(len(strictness)), True, key=lambda position: falsely_terminated(position) <= limit
    )
    return rule_at(strictness[first]) if first < len(strictness) else None


def run_probability(years: int, run: int, deficit_probability: float) -> float:
    """Return the probability of a run of deficits within some years that are independent.

    Feller (1968), An Introduction to Probability Theory, volume 1, section XIII.7, as a recursion
    over the years: a first run ends in a year if the years before it had none, the year before
    the run was no deficit, and the run's years all were.

    Parameters
    ----------
    run : int
        Length of the run, at least 1.
    deficit_probability : float
        Of one year.
    """
    first_run_ends = np.zeros(years + 1)
    for year in range(run, years + 1):
        if year == run:
            first_run_ends[year] = deficit_probability**run
            continue
        no_run_before = 1 - first_run_ends[: year - run].sum()
        first_run_ends[year] = no_run_before * (1 - deficit_probability) * deficit_probability**run
    return float(first_run_ends.sum())
