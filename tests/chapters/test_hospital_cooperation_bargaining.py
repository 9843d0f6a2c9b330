"""Gain-shares over an averted admission: limits, a hand-worked case, brute-force optimisation."""

import numpy as np
import pytest
from scipy.optimize import brentq, minimize_scalar

from analysis.chapters.hospital_cooperation.bargaining import (
    BLOCK,
    FULL_TARIFF,
    AvertedAdmission,
    Contract,
    cash_gain,
    consortium_gain,
    gain_share,
    hospital_loss,
    neutral_rate,
)
from analysis.chapters.hospital_cooperation.leverage import (
    Alternative,
    movable_share_without_payment,
    payment_if_credible,
    payment_under_commitment,
    threat_points,
    worthwhile_hospital_share,
)
from analysis.errors import InputError

pytestmark = pytest.mark.unit

# An admission with a tariff of 1,000 pounds. Not treating it saves the hospital 250. With a chance
# of 0.4 another patient, priced 1,200, uses the bed and costs a quarter of that: 0.4 x 900 = 360.
HAND = AvertedAdmission(0.25, 0.4, 1.2, 0.3)


def admissions(number=200, seed=1):
    draw = np.random.default_rng(seed).random
    return AvertedAdmission(
        draw(number), draw(number), 0.5 + draw(number), 0.1 + 0.4 * draw(number)
    )


class TestHandWorked:
    def test_what_is_released(self):
        assert neutral_rate(HAND) == pytest.approx(0.25 + 0.36)

    def test_under_the_full_tariff_the_hospital_loses_390_of_1000(self):
        assert hospital_loss(HAND, FULL_TARIFF) == pytest.approx(0.39)

    def test_under_half_the_tariff_it_gains_110(self):
        assert hospital_loss(HAND, Contract("half", 0.5)) == pytest.approx(-0.11)

    def test_under_a_block_contract_it_gains_what_it_does_not_spend(self):
        assert hospital_loss(HAND, BLOCK) == pytest.approx(-0.25)
        assert consortium_gain(HAND, BLOCK) == pytest.approx(-0.3)

    def test_the_range_and_the_agreed_payment(self):
        bargain = gain_share(HAND, FULL_TARIFF)
        assert (bargain.floor, bargain.ceiling) == (pytest.approx(0.39), pytest.approx(0.70))
        assert bargain.agreed == pytest.approx((0.39 + 0.70) / 2)

    def test_a_consortium_that_pays_for_the_refill_saves_480_less_cash(self):
        assert cash_gain(HAND, FULL_TARIFF) == pytest.approx(0.70 - 0.48)
        assert cash_gain(HAND, BLOCK) == consortium_gain(HAND, BLOCK)


class TestLimits:
    def test_full_variable_cost_leaves_nothing_to_lose(self):
        every_cost_avoidable = AvertedAdmission(1.0, 0.3, 1.0, 0.2)
        assert gain_share(every_cost_avoidable, FULL_TARIFF).floor == pytest.approx(0)

    def test_no_avoidable_cost_and_no_refill_loses_the_whole_payment(self):
        for rate in (0.3, 0.5, 0.7, 1.0):
            stuck = AvertedAdmission(0.0, 0.0, 1.0, 0.2)
            assert hospital_loss(stuck, Contract("rate", rate)) == pytest.approx(rate)

    def test_without_refill_the_floor_is_one_less_the_avoidable_share(self):
        no_queue = AvertedAdmission(np.array([0.16, 0.5]), 0.0, 1.0, 0.1)
        assert gain_share(no_queue, FULL_TARIFF).floor == pytest.approx([0.84, 0.5])

    def test_a_bed_that_is_always_refilled_at_the_same_price_costs_nothing(self):
        full_house = AvertedAdmission(np.array([0.1, 0.6]), 1.0, 1.0, 0.1)
        assert hospital_loss(full_house, FULL_TARIFF) == pytest.approx([0, 0])

    def test_at_a_marginal_rate_of_nothing_the_hospital_gains_and_the_consortium_does_not(self):
        unpaid = Contract("unpaid", 0.0)
        assert hospital_loss(HAND, unpaid) == pytest.approx(-neutral_rate(HAND))
        assert consortium_gain(HAND, unpaid) == pytest.approx(-0.3)

    def test_at_the_neutral_rate_the_hospital_neither_gains_nor_loses(self):
        assert hospital_loss(HAND, Contract("neutral", float(neutral_rate(HAND)))) == pytest.approx(
            0
        )

    def test_where_averting_costs_more_than_it_releases_no_payment_suits_both(self):
        dear = AvertedAdmission(0.25, 0.4, 1.2, 0.62)
        bargain = gain_share(dear, FULL_TARIFF)
        assert bargain.joint_gain < 0
        assert np.isnan(bargain.agreed)


@pytest.mark.parametrize("rate", [0.0, 0.3, 0.5, 0.7, 1.0])
def test_the_joint_gain_does_not_depend_on_the_marginal_rate(rate):
    drawn = admissions()
    joint = gain_share(drawn, Contract("rate", rate)).joint_gain
    assert joint == pytest.approx(neutral_rate(drawn) - drawn.averting_cost)


@pytest.mark.parametrize("power", [0.3, 0.5, 0.7])
@pytest.mark.parametrize("contract", [FULL_TARIFF, Contract("70%", 0.7), Contract("30%", 0.3)])
def test_the_agreed_payment_maximises_the_nash_product(power, contract):
    bargain = gain_share(HAND, contract, power)
    floor, ceiling = float(bargain.floor), float(bargain.ceiling)

    def loss(payment):
        return -(power * np.log(payment - floor) + (1 - power) * np.log(ceiling - payment))

    best = minimize_scalar(loss, bounds=(floor, ceiling), method="bounded", options={"xatol": 1e-9})
    assert bargain.agreed == pytest.approx(best.x, abs=1e-6)


def test_the_floor_is_the_least_payment_that_a_hospital_accepts():
    """Searched for in the hospital's accounts, written out in pounds."""
    tariff, cost, refill_tariff = 1000.0, 250.0, 1200.0

    def change_in_surplus(payment):
        refill = 0.4 * (refill_tariff - 0.25 * refill_tariff)
        return -tariff + cost + refill + payment

    assert brentq(change_in_surplus, 0, 1000) / tariff == pytest.approx(
        gain_share(HAND, FULL_TARIFF).floor
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [("avoidable_cost", 1.2), ("refill_probability", -0.1), ("averting_cost", np.nan)],
)
def test_a_share_out_of_bounds_is_refused(field, value):
    fields = {
        "avoidable_cost": 0.2,
        "refill_probability": 0.2,
        "refill_price": 1.0,
        "averting_cost": 0.2,
    }
    with pytest.raises(InputError, match=field):
        AvertedAdmission(**{**fields, field: value})


def test_a_marginal_rate_in_percent_is_refused():
    with pytest.raises(InputError, match="between 0 and 1"):
        Contract("wrong", 30)


class TestLeverage:
    @staticmethod
    def alternative(movable, planned=20.0, moving=0.01):
        return Alternative(movable, planned, moving)

    def test_without_an_alternative_both_readings_are_the_plain_bargain(self):
        plain = gain_share(HAND, FULL_TARIFF).agreed
        monopoly = self.alternative(0.0)
        assert payment_under_commitment(HAND, FULL_TARIFF, monopoly) == pytest.approx(plain)
        assert payment_if_credible(HAND, FULL_TARIFF, monopoly) == pytest.approx(plain)

    def test_moved_work_is_lost_like_an_averted_admission_paid_in_full(self):
        hospital, consortium = threat_points(HAND, FULL_TARIFF, self.alternative(0.1))
        assert hospital == pytest.approx(-0.1 * 20 * 0.39)
        assert consortium == pytest.approx(0.1 * (1 - 0.3) - 0.1 * 20 * 0.01)

    @pytest.mark.parametrize("movable", [0.02, 0.1, 0.3])
    def test_a_binding_threat_maximises_the_nash_product_from_the_threat_points(self, movable):
        alternative = self.alternative(movable)
        hospital, consortium = threat_points(HAND, FULL_TARIFF, alternative)
        floor = 0.39 + float(hospital)
        ceiling = 0.70 - float(consortium)
        best = minimize_scalar(
            lambda x: -np.log(x - floor) - np.log(ceiling - x),
            bounds=(floor, ceiling),
            method="bounded",
            options={"xatol": 1e-9},
        )
        payment = payment_under_commitment(HAND, FULL_TARIFF, alternative)
        assert payment == pytest.approx(best.x, abs=1e-6)

    def test_the_movable_share_without_payment_is_where_the_payment_is_nothing(self):
        share = float(movable_share_without_payment(HAND, FULL_TARIFF, self.alternative(0.0)))
        root = brentq(
            lambda d: payment_under_commitment(HAND, FULL_TARIFF, self.alternative(d)), 0, 1
        )
        assert share == pytest.approx(root)

    def test_a_hospital_that_gains_anyway_asks_for_nothing(self):
        low_rate = Contract("30%", 0.3)
        cheap = AvertedAdmission(0.25, 0.9, 1.0, 0.25)
        assert gain_share(cheap, low_rate).agreed < 0
        assert movable_share_without_payment(cheap, low_rate, self.alternative(0.0)) == 0

    def test_no_share_is_enough_where_leaving_does_not_hurt_the_hospital(self):
        refilled = AvertedAdmission(0.2, 1.0, 1.0, 0.1)
        dear = self.alternative(0.0, moving=0.2)
        assert np.isposinf(movable_share_without_payment(refilled, FULL_TARIFF, dear))

    def test_an_outside_option_worse_than_the_bargain_changes_nothing(self):
        plain = gain_share(HAND, FULL_TARIFF).agreed
        dear = self.alternative(0.3, moving=0.2)
        assert payment_if_credible(HAND, FULL_TARIFF, dear) == pytest.approx(plain)

    def test_an_outside_option_better_than_the_bargain_is_what_the_consortium_gets(self):
        free = self.alternative(0.4, moving=0.0)
        payment = payment_if_credible(HAND, FULL_TARIFF, free)
        assert 0.70 - payment == pytest.approx(0.4 * 0.70)

    def test_the_consortium_leaves_where_no_deal_is_as_good(self):
        assert np.isnan(payment_if_credible(HAND, FULL_TARIFF, self.alternative(0.9, moving=0.0)))

    def test_a_scheme_must_carry_its_cost(self):
        """31% of 1,000 pounds on 5% of 10,000 admissions is 155,000 pounds for the whole."""
        share = worthwhile_hospital_share(HAND, 1000, 0.05, 10_000, 77_500)
        assert share == pytest.approx(0.5)
        assert np.isposinf(worthwhile_hospital_share(HAND, 1000, 0.05, 10_000, 200_000))
        loses = AvertedAdmission(0.1, 0.0, 1.0, 0.3)
        assert np.isposinf(worthwhile_hospital_share(loses, 1000, 0.05, 10_000, 1.0))

    def test_a_movable_share_in_percent_is_refused(self):
        with pytest.raises(InputError, match="movable_share"):
            Alternative(30, 20, 0.05)
