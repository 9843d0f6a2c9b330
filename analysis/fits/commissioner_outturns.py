"""What became of England's commissioners, 2005 to 2018, as outcomes that a spread predicts.

Those of 2013-14 and 2017-18 are sources of England's curve of differences between groups, after
models that have not seen them were tested on them. That of 2005/06 is kept for validation.
"""

from collections.abc import Callable

import numpy as np
from scipy.special import ndtr

from analysis.evidence import england
from analysis.evidence.assumptions import assumption
from analysis.evidence.facts import fact
from analysis.risk.outturns import Outcome, Predict, Spread, balances, shifted_to_share

MILLION = 1e6

# In the words of fact E-CCG1314: net underspend, and the range from overspend to underspend.
NET_UNDERSPEND_2013, LARGEST_OVERSPEND_2013, LARGEST_UNDERSPEND_2013 = 101.0, 18.2, 33.6

# In the words of fact E-PCT0506: how many missed by more than 0.5 % of turnover, and which part of
# those by more than 5 %.
SMALL_DEFICIT, LARGE_DEFICIT = 0.005, 0.05
TRUSTS_WITH_SMALL_DEFICIT, PART_WITH_LARGE_DEFICIT = 100, 0.2


def _group_sizes(number: float) -> np.ndarray:
    """Sizes of the commissioning groups, as if the same people were in so many organisations."""
    people = england.organisations("clinical_commissioning_group")["people"].to_numpy(float)
    return people * len(people) / number


def _observed(name: str) -> float:
    value = fact(name).value
    assert value is not None
    return value


def outcomes_2013() -> list[Outcome]:
    """Return the outcomes of clinical commissioning groups in 2013-14.

    Returns
    -------
    list of Outcome
        Number over plan, largest overspend and largest underspend, given the total balance.
    """
    people = england.organisations("clinical_commissioning_group")["people"].to_numpy(float)
    budget = people * assumption("commissioner_budget_2013_gbp_per_head").value / MILLION
    total = f"a net underspend of £{NET_UNDERSPEND_2013:.0f}m"

    def predicted(measure: Callable[[np.ndarray], np.ndarray]) -> Predict:
        return lambda spread, generator: measure(
            balances(spread(people), budget, NET_UNDERSPEND_2013, generator)
        )

    over = predicted(lambda balance: (balance < 0).sum(axis=1))
    largest_over = predicted(lambda balance: -balance.min(axis=1))
    largest_under = predicted(lambda balance: balance.max(axis=1))
    return [
        Outcome("2013-14: groups over plan", total, _observed("E-CCG1314"), "groups", over),
        Outcome("2013-14: largest overspend", total, LARGEST_OVERSPEND_2013, "£m", largest_over),
        Outcome("2013-14: largest underspend", total, LARGEST_UNDERSPEND_2013, "£m", largest_under),
    ]


def outcomes_2017() -> list[Outcome]:
    """Return the outcomes of clinical commissioning groups in 2017-18.

    The published total may be the net balance or the sum over those that overspent; its words do
    not say. The first outcome reads it in the first way, the second in the second.
    """
    number = fact("E-CCGN-2017-18").value
    assert number is not None
    over, total = _observed("E-NAO-2017-18"), _observed("E-NAO-tot")
    people = _group_sizes(number)
    budget = people * assumption("commissioner_budget_2017_gbp_per_head").value / MILLION

    def count(spread: Spread, generator: np.random.Generator) -> np.ndarray:
        balance = balances(spread(people), budget, -total, generator)
        return (balance < 0).mean(axis=1) * number

    def overspent(spread: Spread, generator: np.random.Generator) -> np.ndarray:
        sd = spread(people)
        deficit = shifted_to_share(sd, 0.0, over / number) + sd * generator.normal(size=sd.shape)
        return (np.maximum(deficit, 0) * budget).sum(axis=1) * number / len(people)

    net, gross = f"a net overspend of £{total:.0f}m", f"that {over:.0f} groups overspent"
    return [
        Outcome("2017-18: groups over plan", net, over, "groups", count),
        Outcome("2017-18: sum of the overspends", gross, total, "£m", overspent),
    ]


def outcome_2005() -> Outcome:
    """Return how many primary care trusts had a large deficit in 2005/06, given the small ones."""
    fact("E-PCT0506", purpose="validation")
    trusts = assumption("primary_care_trusts_2005").value
    people = _group_sizes(trusts)

    def predict(spread: Spread, generator: np.random.Generator) -> np.ndarray:
        sd = spread(people)
        mean = shifted_to_share(sd, SMALL_DEFICIT, TRUSTS_WITH_SMALL_DEFICIT / trusts)
        large = ndtr((mean - LARGE_DEFICIT) / sd).mean(axis=1)
        return generator.binomial(int(trusts), large)

    observed = TRUSTS_WITH_SMALL_DEFICIT * PART_WITH_LARGE_DEFICIT
    small_deficits = f"that {TRUSTS_WITH_SMALL_DEFICIT} had one above {SMALL_DEFICIT:.1%}"
    name = f"2005/06: trusts with a deficit above {LARGE_DEFICIT:.0%}"
    return Outcome(name, small_deficits, observed, "trusts", predict)
