"""Cost truncated at a percentile of everybody's cost, as the Medicare programme does."""

import numpy as np

from analysis.evidence.assumed_draws import assumed_draws
from analysis.evidence.facts import fact
from analysis.risk.cost_distribution import CostDistribution
from analysis.risk.tabulated_costs import TabulatedCosts

_HALVINGS = 60
"""Bisection steps on the log of the cost: far below rounding."""

_LARGEST_RATIO = 1e10
"""Of the limit to a percentile that is found."""


def percentile(costs: CostDistribution | TabulatedCosts, probability: float) -> np.ndarray:
    """Return the cost that a share of people exceed.

    Parameters
    ----------
    probability : float
        Share of people at or below it, between the share without cost and 1.

    Returns
    -------
    ndarray, shape (draw, 1)
        In the currency of the costs; at most their limit.
    """
    high = np.log(costs.limit_by_draw())
    low = high - np.log(_LARGEST_RATIO)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        above = costs.survival(np.exp(middle))[:, None] > 1 - probability
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return np.exp((low + high) / 2)


def truncated_at_programme_percentile(costs: CostDistribution) -> CostDistribution:
    """Return costs cut at the percentile at which the Medicare programme cuts them.

    References
    ----------
    42 CFR 425.604(a)(4): the 99th percentile of national expenditure.
    """
    percent = fact("A-TRUNC").value
    assert percent is not None
    return costs.limited_at(percentile(costs, percent / 100))


def savings_rate_ratio(draws: int) -> np.ndarray:
    """Return draws of chance in a savings rate over chance in one year's cost.

    Returns
    -------
    ndarray, shape (draw,)
        At least about 1.
    """
    name = "published_k_savings_rate_ratio"
    return assumed_draws([name], draws)[name]
