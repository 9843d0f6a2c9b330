"""Specific and aggregate stop-loss of one group, against closed forms and simulated years."""

import numpy as np
import pytest
from scipy.stats import gamma

from analysis.risk.group_cover import GroupTerms, group_cover, laser_excess
from tests.risk.costs import exponential

pytestmark = pytest.mark.unit
MEAN = 100.0


def test_the_excess_grows_faster_than_the_costs():
    """Exponential costs: E[(gY - A)+] = g m exp(-A / (g m)); at five times the mean 10% is 73%."""
    premiums = [
        group_cover(exponential(MEAN), 500, GroupTerms(5.0, 0.0, 0.25, growth)).specific[0]
        for growth in (1.0, 1.1)
    ]
    exact = [growth * MEAN * np.exp(-5 / growth) for growth in (1.0, 1.1)]
    assert premiums == pytest.approx(exact, rel=1e-9)
    assert premiums[1] / premiums[0] == pytest.approx(1.733, abs=0.001)


def test_without_specific_cover_the_aggregate_one_is_that_of_a_gamma_total():
    people, level = 300, 300 * 1.1
    cover = group_cover(exponential(MEAN), people, GroupTerms(59.0, 0.0, 0.1, growth=1.2))
    exact = people * gamma.sf(level, people + 1) - level * gamma.sf(level, people)
    assert cover.aggregate[0] == pytest.approx(1.2 * MEAN * exact / people, rel=2e-3)
    assert cover.aggregate_pays[0] == pytest.approx(gamma.sf(level, people), rel=2e-3)


def test_both_covers_with_coinsurance_are_those_of_simulated_years():
    people, growth, attachment, kept, corridor = 80, 1.2, 3.0, 0.2, 0.1
    cover = group_cover(exponential(MEAN), people, GroupTerms(attachment, kept, corridor, growth))
    years = np.random.default_rng(5).exponential(growth * MEAN, (40_000, people))
    excess = np.maximum(years - attachment * MEAN, 0)
    ceded = (1 - kept) * excess
    total = (years - ceded).sum(axis=1)
    limit = (1 + corridor) * total.mean()
    assert cover.expected[0] == pytest.approx(growth * MEAN)
    assert cover.specific[0] == pytest.approx(ceded.mean(), rel=0.02)
    beyond = np.maximum(total - limit, 0)
    assert cover.aggregate[0] == pytest.approx(beyond.mean() / people, rel=0.06)
    assert cover.aggregate_pays[0] == pytest.approx((total > limit).mean(), abs=0.01)
    most = (limit / people) + cover.specific[0] + cover.aggregate[0]
    assert cover.most[0] == pytest.approx(most, rel=0.005)


def test_a_laser_leaves_what_lies_above_the_common_attachment_point():
    assert laser_excess([300.0, 80.0, 150.0], 100.0) == 250.0
    assert laser_excess([], 100.0) == 0.0
