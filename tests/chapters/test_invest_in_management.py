"""Investment in capability: against numerical optimisation, by hand and in the limits."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from analysis.chapters.invest_in_management.capability import (
    InvestmentProblem,
    chosen_capability,
    efficient_capability,
    saving_share,
)
from analysis.chapters.invest_in_management.ring_fence import follow, ring_fence_payments
from analysis.chapters.invest_in_management.running_cost import running_cost_per_head, survival

pytestmark = pytest.mark.unit
ONE = np.ones(1)
PROBLEM = InvestmentProblem(
    budget=1600 * ONE,
    saving_limit=0.05 * ONE,
    scale=40 * ONE,
    wear=0.2 * ONE,
    kept=0.8 * ONE,
    present_bias=0.9 * ONE,
    perceived=0.8 * ONE,
    discount=0.966 * ONE,
)
CLEAR_SIGHTED = replace(PROBLEM, kept=ONE, present_bias=ONE, perceived=ONE)


def test_efficient_capability_is_the_best_to_keep_up_for_ever():
    def cost_of_keeping(capability):
        # Invest it all in year 0, then what wears out, for ever.
        discount, wear = 0.966, 0.2
        later = discount / (1 - discount)
        saved = 1600 * saving_share(PROBLEM, np.array([capability]))[0]
        return capability + later * (wear * capability - saved)

    best = minimize_scalar(cost_of_keeping, bounds=(0, 400), method="bounded").x
    assert efficient_capability(PROBLEM)[0] == pytest.approx(best, rel=1e-4)


def test_the_chosen_capability_is_the_best_of_a_biased_group_that_tops_up_next_year():
    def perceived_cost(capability, next_year=500.0):
        saved = 0.8 * 0.8 * 1600 * saving_share(PROBLEM, np.array([capability]))[0]
        spared = (1 - 0.2) * capability - next_year
        return capability - 0.9 * 0.966 * (saved + spared)

    best = minimize_scalar(perceived_cost, bounds=(0, 400), method="bounded").x
    assert chosen_capability(PROBLEM)[0] == pytest.approx(best, rel=1e-4)


def test_a_clear_sighted_group_that_keeps_all_chooses_what_is_efficient():
    np.testing.assert_allclose(chosen_capability(CLEAR_SIGHTED), efficient_capability(PROBLEM))


@pytest.mark.parametrize("field", ["kept", "present_bias", "perceived"])
def test_each_reason_alone_makes_a_group_invest_less(field):
    worse = replace(CLEAR_SIGHTED, **{field: 0.7 * ONE})
    assert 0 <= chosen_capability(worse)[0] < efficient_capability(PROBLEM)[0]


def test_where_the_first_pound_does_not_pay_nothing_is_built():
    poor = replace(PROBLEM, saving_limit=0.001 * ONE)
    assert efficient_capability(poor)[0] == 0
    assert follow(poor, np.zeros((10, 1))).net_value[0] == 0


def test_the_ring_fence_is_full_then_tapers_in_equal_steps():
    paid = ring_fence_payments(np.array([12.0]), years=8, full=3, taper=3)[:, 0]
    np.testing.assert_allclose(paid, [12, 12, 12, 9, 6, 3, 0, 0])
    sharp = ring_fence_payments(np.array([12.0]), years=5, full=3, taper=0)[:, 0]
    np.testing.assert_allclose(sharp, [12, 12, 12, 0, 0])


def test_a_ring_fenced_path_by_hand():
    poor = replace(PROBLEM, kept=0.01 * ONE)  # the group itself never invests
    path = follow(poor, ring_fence_payments(np.array([10.0]), 4, full=2, taper=0))
    np.testing.assert_allclose(path.capability[:, 0], [10, 18, 14.4, 11.52])
    np.testing.assert_allclose(path.invested[:, 0], [10, 10, 0, 0])
    saved = 80 * -np.expm1(-0.8 * np.array([0, 10, 18, 14.4]) / 40)
    np.testing.assert_allclose(path.saved[:, 0], saved)
    weight = 0.966 ** np.arange(4)
    assert path.net_value[0] == pytest.approx((weight * (saved - [10, 10, 0, 0])).sum())


def test_for_a_clear_sighted_group_a_small_ring_fence_changes_nothing():
    without = follow(CLEAR_SIGHTED, np.zeros((10, 1)))
    small = ring_fence_payments(5 * ONE, 10, full=3, taper=3)
    with_it = follow(CLEAR_SIGHTED, small, learning=0.5)
    np.testing.assert_allclose(with_it.net_value, without.net_value)


def test_learning_keeps_capability_up_after_the_money_stops():
    paid = ring_fence_payments(10 * ONE, 12, full=3, taper=0)
    believing = replace(PROBLEM, perceived=0.4 * ONE)
    without, with_it = follow(believing, paid), follow(believing, paid, learning=1.0)
    np.testing.assert_array_equal(without.capability[:3], with_it.capability[:3])
    assert with_it.capability[-1, 0] > without.capability[-1, 0]


def test_running_cost_by_hand():
    np.testing.assert_allclose(running_cost_per_head(2e6, 10.0, np.array([1e5, 2e5])), [30, 20])


def test_survival_between_no_capability_and_all_of_it():
    hazard, remaining = 0.1 * ONE, 0.3 * ONE
    none = survival(PROBLEM, np.zeros((5, 1)), hazard, remaining)[:, 0]
    np.testing.assert_allclose(none, np.exp(-0.1 * np.arange(1, 6)))
    full = survival(PROBLEM, np.full((5, 1), 1e6), hazard, remaining)[:, 0]
    np.testing.assert_allclose(full, np.exp(-0.03 * np.arange(1, 6)))
