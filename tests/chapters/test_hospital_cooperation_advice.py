"""The fee for a call: a hand-worked case, limits, the search for a fee, and sensitivities."""

import dataclasses

import numpy as np
import pytest
from scipy.optimize import brentq, linprog

from analysis.chapters.hospital_cooperation.advice import (
    AdviceCall,
    acceptable_fees,
    advice_zone,
    diversion_needed,
)
from analysis.chapters.hospital_cooperation.bargaining import neutral_rate
from analysis.chapters.hospital_cooperation.inputs import (
    ADMISSION_INPUTS,
    ADVICE_FULL_COST_INPUTS,
    ADVICE_INPUTS,
    COOPERATION_INPUTS,
    advice_call,
    averted_admission,
    readmissions,
)
from analysis.chapters.hospital_cooperation.sensitivity import one_at_a_time, rank_correlations
from analysis.errors import InputError
from analysis.evidence.assumed_draws import assumed_draws
from analysis.evidence.assumptions import assumption
from analysis.evidence.facts import fact

pytestmark = pytest.mark.unit

# Half of the calls divert a patient whose referral costs 200 pounds. GP: 8 minutes and 10 more for
# a diverted patient, at 2 pounds; specialist: 10 minutes at 2; hospital: 4 a call.
HAND = AdviceCall(
    diversion_rate=0.5,
    gp_minutes=8.0,
    gp_follow_up_minutes=10.0,
    gp_cost_per_minute_gbp=2.0,
    specialist_minutes=10.0,
    specialist_cost_per_minute_gbp=2.0,
    running_cost_gbp=4.0,
    referral_price_gbp=200.0,
    avoidable_cost=0.2,
    refill_probability=0.75,
    diverted_care_gbp=30.0,
)


class TestHandWorked:
    def test_each_side(self):
        zone = advice_zone(HAND)
        assert zone.gp == pytest.approx(8 * 2 + 0.5 * 10 * 2)
        assert zone.specialist == pytest.approx(20)
        assert zone.hospital == pytest.approx(4 + 0.5 * 200 * 0.8 * 0.25)
        assert zone.payer == pytest.approx(0.5 * (200 - 30))

    def test_the_zone_runs_from_70_to_85_pounds(self):
        zone = advice_zone(HAND)
        assert (zone.floor, zone.payer) == (pytest.approx(70), pytest.approx(85))
        assert zone.surplus == pytest.approx(15)

    def test_a_payer_who_wants_cash_keeps_only_what_is_not_refilled(self):
        zone = advice_zone(HAND, payer_wants_cash=True)
        assert zone.payer == pytest.approx(0.5 * 200 * 0.25 - 0.5 * 30)

    def test_under_a_block_contract_the_hospital_saves_and_the_payer_does_not(self):
        zone = advice_zone(HAND, paid_by_activity=False)
        assert zone.hospital == pytest.approx(4 - 0.5 * 200 * 0.2)
        assert zone.payer == pytest.approx(-15)
        assert zone.surplus < 0


class TestLimits:
    def test_without_diversion_the_payer_has_no_reason_to_pay(self):
        zone = advice_zone(dataclasses.replace(HAND, diversion_rate=0.0))
        assert zone.payer == 0
        assert zone.surplus == pytest.approx(-(16 + 20 + 4))

    @pytest.mark.parametrize(("refill", "avoidable"), [(1.0, 0.2), (0.0, 1.0)])
    def test_with_full_refill_or_full_variable_cost_the_hospital_loses_nothing(
        self, refill, avoidable
    ):
        call = dataclasses.replace(HAND, refill_probability=refill, avoidable_cost=avoidable)
        assert advice_zone(call).hospital == pytest.approx(4)

    def test_without_refill_or_avoidable_cost_it_loses_the_whole_price(self):
        call = dataclasses.replace(HAND, refill_probability=0.0, avoidable_cost=0.0)
        assert advice_zone(call).hospital == pytest.approx(4 + 100)

    def test_free_time_leaves_only_the_hospitals_loss(self):
        call = dataclasses.replace(
            HAND,
            gp_cost_per_minute_gbp=0.0,
            specialist_cost_per_minute_gbp=0.0,
            running_cost_gbp=0.0,
            refill_probability=1.0,
        )
        assert advice_zone(call).floor == 0


def test_a_division_of_the_fee_suits_all_four_exactly_where_the_surplus_is_not_negative():
    """Linear programming looks for fees to GP, specialist and hospital that nobody refuses."""
    by_rate = {}
    for rate in (0.2, 0.4, 0.44, 0.46, 0.6):
        zone = advice_zone(dataclasses.replace(HAND, diversion_rate=rate))
        needs = [(float(part), None) for part in (zone.gp, zone.specialist, zone.hospital)]
        search = linprog([1, 1, 1], A_ub=[[1, 1, 1]], b_ub=[float(zone.payer)], bounds=needs)
        by_rate[rate] = (search.status == 0, bool(zone.surplus >= 0))
    assert all(possible == positive for possible, positive in by_rate.values())
    assert {positive for _, positive in by_rate.values()} == {True, False}


def test_the_diversion_needed_is_where_the_surplus_is_nothing():
    root = brentq(
        lambda rate: advice_zone(dataclasses.replace(HAND, diversion_rate=rate)).surplus, 0, 1
    )
    assert diversion_needed(HAND) == pytest.approx(root)


def test_no_diversion_is_enough_where_a_diverted_patient_costs_more_than_is_released():
    idle = dataclasses.replace(HAND, refill_probability=0.0, avoidable_cost=0.1)
    assert np.isposinf(diversion_needed(idle))


def test_a_fee_suits_all_in_the_draws_whose_zone_holds_it():
    call = dataclasses.replace(HAND, diversion_rate=np.array([0.2, 0.5, 0.5, 0.6]))
    zone = advice_zone(call)
    # The zones: none, 70 to 85 twice, and 76 to 102.
    shares = acceptable_fees(zone, [60, 75, 80, 100, 1000]).mean(axis=1)
    assert shares == pytest.approx([0, 0.5, 0.75, 0.25, 0])


@pytest.mark.parametrize(
    ("field", "value"), [("diversion_rate", 48.6), ("gp_minutes", -1), ("avoidable_cost", np.nan)]
)
def test_a_value_out_of_bounds_is_refused(field, value):
    with pytest.raises(InputError, match=field):
        dataclasses.replace(HAND, **{field: value})


class TestAssumptions:
    def test_reported_diversion_lies_in_the_assumed_range(self):
        reported, assumed = fact("H-AG-div"), assumption("advice_diversion_rate")
        assert assumed.low < reported.low / 100 < assumed.value < reported.value / 100
        assert reported.value / 100 < assumed.high

    def test_every_assumption_of_the_chapter_is_marked_as_its_own(self):
        assert all("s09" in assumption(name).used_by for name in COOPERATION_INPUTS)

    def test_draws_fill_the_models(self):
        drawn = assumed_draws(COOPERATION_INPUTS, 300)
        assert neutral_rate(averted_admission(drawn)).shape == (300,)
        assert readmissions(drawn).released_value.shape == (300,)
        paid, full = (
            advice_zone(advice_call(drawn, m)) for m in (ADVICE_INPUTS, ADVICE_FULL_COST_INPUTS)
        )
        assert np.mean(full.floor) > np.mean(paid.floor)
        assert full.hospital == pytest.approx(paid.hospital)


class TestSensitivity:
    def test_the_assumption_that_alone_decides_has_rank_correlation_one(self):
        drawn = assumed_draws(list(ADMISSION_INPUTS.values()), 500)
        name = ADMISSION_INPUTS["refill_probability"]
        correlations = rank_correlations(drawn, list(drawn), np.exp(drawn[name]))
        assert correlations.index[0] == name
        assert correlations.iloc[0] == pytest.approx(1)
        assert correlations.iloc[1:].abs().max() < 0.2

    def test_ends_of_the_range_by_hand(self):
        names = list(ADMISSION_INPUTS.values())
        swings = one_at_a_time(lambda values: neutral_rate(averted_admission(values)), names)
        refill = assumption("freed_bed_refill_probability")
        avoidable = assumption("hospital_avoidable_cost_share").value
        price = assumption("freed_bed_refill_price_ratio").value
        row = swings.loc["freed_bed_refill_probability"]
        assert row["at_low"] == pytest.approx(avoidable + refill.low * price * (1 - avoidable))
        assert row["at_high"] == pytest.approx(avoidable + refill.high * price * (1 - avoidable))
        assert swings.loc["averting_cost_share", "swing"] == 0
        assert swings["swing"].is_monotonic_decreasing

    def test_what_is_not_varied_stays_as_it_is(self):
        names = list(ADMISSION_INPUTS.values())
        rest = {name: 1.0 for name in names if name != "freed_bed_refill_probability"}
        swings = one_at_a_time(
            lambda values: neutral_rate(averted_admission(values)),
            ["freed_bed_refill_probability"],
            rest,
        )
        # Every cost is avoidable, so a refilled bed earns nothing more.
        assert swings[["at_low", "at_value", "at_high"]].to_numpy() == pytest.approx(1.0)
        assert list(swings.index) == ["freed_bed_refill_probability"]
