"""Break-even effort against readmissions: limits, hand-worked cases, simulation."""

import numpy as np
import pytest
from scipy.optimize import brentq

from analysis.chapters.hospital_cooperation.readmissions import (
    Readmissions,
    break_even_above_threshold,
    break_even_effort,
    chance_last_is_paid,
    expected_paid,
    worthwhile_risk,
)
from analysis.errors import InputError
from analysis.evidence.assumptions import assumption
from analysis.evidence.facts import fact
from analysis.settings import PROJECT_SEED

pytestmark = pytest.mark.unit

# Of 1,000 discharges 66 come back, at 2,000 pounds each; one that does not releases 1,000.
HAND = Readmissions(0.066, 2000.0, 0.5)


class TestBreakEven:
    def test_unpaid_readmissions_by_hand(self):
        """30% of 66 are 19.8; each prevented is worth 1,000 pounds: 19.80 pounds a discharge."""
        assert break_even_effort(HAND, 0.3, 0.0) == pytest.approx(19.8)

    def test_under_full_payment_prevention_costs_money_even_if_free(self):
        assert break_even_effort(HAND, 0.3, 1.0) == pytest.approx(-19.8)

    def test_nothing_preventable_is_worth_no_effort(self):
        for payment in (0.0, 0.75, 1.0):
            assert break_even_effort(HAND, 0.0, payment) == 0
        assert break_even_above_threshold(HAND, 0.0, 0.05, 10_000) == pytest.approx(0)

    def test_it_turns_where_the_payment_equals_what_is_released(self):
        assert brentq(lambda m: break_even_effort(HAND, 0.3, m), 0, 1) == pytest.approx(0.5)

    def test_effort_at_the_break_even_leaves_the_surplus_of_a_hospital_unchanged(self):
        """The hospital's accounts for 1,000 discharges, written out."""
        effort = float(break_even_effort(HAND, 0.3, 0.25))
        prevented = 66 * 0.3
        change = prevented * (0.5 * 2000) - prevented * 0.25 * 2000 - 1000 * effort
        assert change == pytest.approx(0)


class TestThreshold:
    @pytest.mark.parametrize("threshold", [0.0, 0.04, 0.066, 0.1])
    def test_expected_paid_agrees_with_simulation(self, threshold):
        count = np.random.default_rng(PROJECT_SEED).binomial(2_000, 0.066, 200_000)
        simulated = np.minimum(count, np.floor(threshold * 2_000)).mean()
        assert expected_paid(0.066, threshold, 2_000) == pytest.approx(simulated, abs=0.1)

    def test_the_slope_of_expected_paid_is_the_chance_that_the_last_is_paid(self):
        step = 1e-6
        ends = expected_paid(np.array([0.066 - step, 0.066 + step]), 0.066, 2_000)
        slope = (ends[1] - ends[0]) / (2 * step) / 2_000
        assert chance_last_is_paid(0.066, 0.066, 2_000) == pytest.approx(slope, rel=1e-5)

    def test_far_below_the_threshold_all_is_paid(self):
        assert expected_paid(0.03, 0.066, 90_000) == pytest.approx(0.03 * 90_000)
        effort = break_even_above_threshold(HAND, 0.3, 0.2, 90_000)
        assert effort == pytest.approx(break_even_effort(HAND, 0.3, 1.0))

    def test_far_above_the_threshold_none_is_paid(self):
        effort = break_even_above_threshold(HAND, 0.3, 0.02, 90_000)
        assert effort == pytest.approx(break_even_effort(HAND, 0.3, 0.0))

    def test_a_threshold_of_nothing_pays_for_none(self):
        effort = break_even_above_threshold(HAND, 0.3, 0.0, 1_000)
        assert effort == pytest.approx(break_even_effort(HAND, 0.3, 0.0))

    def test_only_what_lies_above_the_threshold_is_worth_preventing(self):
        """Of 19.8 prevented in 1,000, 6 lie above a threshold of 60: 6 gain 1,000, 13.8 lose it."""
        effort = break_even_above_threshold(HAND, 0.3, 0.06, 10**8)
        assert effort == pytest.approx((6 - 13.8) * 1000 / 1000, abs=1e-3)

    def test_at_its_own_rate_chance_makes_every_second_readmission_count(self):
        assert chance_last_is_paid(0.066, 0.066, 90_000) == pytest.approx(0.5, abs=0.01)


class TestTargeting:
    def test_by_hand(self):
        """50 pounds against 18% prevented at a worth of 1,000: 0.278 readmissions a discharge."""
        assert worthwhile_risk(HAND, 0.18, 0.0, 50.0) == pytest.approx(50 / 180)

    def test_at_that_risk_the_effort_breaks_even(self):
        risk = float(worthwhile_risk(HAND, 0.18, 0.2, 30.0))
        there = Readmissions(risk, 2000.0, 0.5)
        assert break_even_effort(there, 0.18, 0.2) == pytest.approx(30.0)

    @pytest.mark.parametrize(("payment", "cost"), [(1.0, 1.0), (0.5, 1.0), (0.0, 1e6)])
    def test_where_it_pays_for_nobody_it_is_infinite(self, payment, cost):
        assert np.isposinf(worthwhile_risk(HAND, 0.18, payment, cost))


def test_a_rate_in_percent_is_refused():
    with pytest.raises(InputError, match="Divide a percentage by 100"):
        Readmissions(6.6, 2000, 0.5)


def test_assumptions_hold_the_published_figures():
    rate = assumption("emergency_readmission_rate")
    published = {year: fact(f"H-READ-{year}").value for year in ("2006/07", "2012/13", "2015/16")}
    assert 100 * np.array([rate.low, rate.value, rate.high]) == pytest.approx(
        [published["2006/07"], published["2015/16"], published["2012/13"]]
    )
    preventable = assumption("preventable_readmission_share").value
    assert 100 * preventable == pytest.approx(fact("H-BL-prev").value)
