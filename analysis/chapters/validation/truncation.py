"""Cost truncated at a percentile of everybody's cost, as the Medicare programme does."""

import numpy as np

from analysis.evidence.assumed_draws import assumed_draws
from analysis.evidence.facts import fact
from analysis.risk.cost_distribution import CostDistribution


def truncated_at_programme_percentile(costs: CostDistribution) -> CostDistribution:
    """Return costs cut at the percentile at which the Medicare programme cuts them.

    References
    ----------
    42 CFR 425.604(a)(4): the 99th percentile of national expenditure.
    """
    percent = fact("A-TRUNC").value
    assert percent is not None
    return costs.limited_at(costs.quantile(percent / 100))


def savings_rate_ratio(draws: int) -> np.ndarray:
    """Return draws of chance in a savings rate over chance in one year's cost.

    Returns
    -------
    ndarray, shape (draw,)
        At least about 1.
    """
    name = "published_k_savings_rate_ratio"
    return assumed_draws([name], draws)[name]
