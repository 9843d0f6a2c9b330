"""Tables and turning points that notebooks call: each against a case worked by hand."""

import numpy as np
import pandas as pd
import pytest

from analysis.chapters.balanced_incentives.tables import gains_by_party, ratio_bins
from analysis.chapters.balanced_incentives.turning_points import flip_point, weight_flip
from analysis.chapters.consequences.standards import Standard, component_draws, noise_at, treatments
from analysis.chapters.consequences.tables import choices_table, years_at
from analysis.chapters.hospital_cooperation.tables import enough_by_payment, most_probable, pounds
from analysis.chapters.invest_in_management.tables import covered_sizes
from analysis.chapters.learn_from_ipas.tables import RISK_BEARERS, forecast_by_weight
from analysis.chapters.real_or_virtual_budgets.tables import scored_illusions, visible_months
from analysis.chapters.strength_of_incentives.income_at_stake import minimum_rate
from analysis.chapters.strength_of_incentives.tables import compared_terms, effects_by_share
from analysis.chapters.train_leaders.tables import coverage_curve, organisation_coverage
from analysis.models.savings.components import SpreadComponents

pytestmark = pytest.mark.unit

PARTS = {
    "k_renewed": 4.0,
    "k_carried": 2.0,
    "permanent": 2.0,
    "fading": 1.5,
    "yearly": 1.0,
    "kept": 0.7,
}
STANDARD = Standard(tolerance=0.02, harm=0.05, limit=0.05)


def test_bins_hold_every_ratio():
    bins = ratio_bins(np.array([0.0, 0.5, 1.2, np.inf]), 1.5)
    assert bins["probability_percent"].sum() == pytest.approx(100)
    assert (bins["ratio_high"].to_numpy()[:-1] == bins["ratio_low"].to_numpy()[1:]).all()
    assert np.isclose(bins["ratio_low"], 1.5).any() and np.isclose(bins["ratio_low"], 1 / 1.5).any()


def test_no_flip_point_without_a_finite_value():
    assert weight_flip(float("nan"), "above it all is well") is None
    assert flip_point("size", 5_000.0, "people", "below it luck rules") == {
        "assumption": "size",
        "value": 5_000.0,
        "unit": "people",
        "meaning": "below it luck rules",
    }
    assert weight_flip(0.416, "above it all is well")["value"] == 0.42


def test_everybody_who_gains_has_a_row():
    class Gains:
        commissioner = group = patients = together = np.arange(101.0)

    rows = gains_by_party({"Balanced": Gains(), "Savings only": Gains()})
    assert rows["who"].unique().tolist() == ["Commissioner", "Group", "Patients", "Together"]
    spread = rows[["median", "low", "high"]].to_numpy()
    np.testing.assert_allclose(spread, [[50, 5, 95]] * 8)


def test_noise_falls_with_size():
    small, large = noise_at(5_000, PARTS), noise_at(300_000, PARTS)
    assert small.chance_sd == pytest.approx(np.hypot(0.01, 4 / np.sqrt(5_000)))
    assert large.transient_sd < small.transient_sd


def test_draws_of_components_are_equally_spaced():
    parts = SpreadComponents(**{name: np.arange(100.0) for name in PARTS})
    assert [draw["kept"] for draw in component_draws(parts, 3)] == [0.0, 49.0, 99.0]


def test_a_stricter_limit_finds_no_more():
    table = choices_table(STANDARD, PARTS, [100_000], [0.01, 0.2], [0.05], groups=2_000)
    strict, loose = (
        float(cell.rstrip("%")) for cell in table["Found within five years, true deficit 5%"]
    )
    assert strict <= loose


def test_no_rule_no_treatment():
    rule = STANDARD.posterior_rule(100_000, PARTS, 0.9)
    none, treated = treatments([None, rule], 0.05, groups=500)
    assert none is None
    assert treated.terminated_by[-1] > 0


def test_years_are_read_off_the_posterior_rule_alone():
    frontier = pd.DataFrame(
        {
            "people": [5, 5, 5],
            "family": ["posterior probability"] * 2 + ["cumulative deficit"],
            "false_percent": [10.0, 0.0, 5.0],
            "years": [2.0, 4.0, 9.0],
        }
    )
    assert years_at(frontier, 5, 5.0) == 3.0


def test_pounds_have_a_true_minus():
    assert [pounds(amount) for amount in (1_234.4, -12.0, -0.2)] == ["£1,234", "−£12", "£0"]


def test_enough_for_the_hospital():
    zone = enough_by_payment(np.array([0.1, 0.3]))
    assert zone.set_index("payment_percent")["enough_percent"][[0.0, 20.0, 100.0]].tolist() == [
        0.0,
        50.0,
        100.0,
    ]


def test_the_most_probable_choice_counts_chosen_draws_only():
    acceptable_fees = np.array([[True, False], [False, True], [False, True]])
    assert most_probable(np.array([10.0, 20.0]), acceptable_fees, np.array([0])) == 10.0
    assert most_probable(np.array([10.0, 20.0]), acceptable_fees, np.arange(3)) == 20.0


def test_no_size_is_covered_by_less_than_the_variable_cost():
    assert covered_sizes(25.0, np.array([1e6, 1e6]), np.array([15.0, 30.0])).tolist() == [
        100_000.0,
        np.inf,
    ]


def test_all_models_of_contracting_answer_the_same_questions():
    assert len({tuple(answers) for answers in RISK_BEARERS.values()}) == 1


def test_all_the_weight_gives_that_class_alone():
    success = {name: np.full(200, share) for name, share in (("ipa", 0.1), ("aco", 0.5))}
    weights = {"ipa": np.full(200, 0.6), "aco": np.full(200, 0.4)}
    curve = forecast_by_weight(success, weights, np.array([0.0, 1.0]))
    assert curve["percent"].tolist() == pytest.approx([50.0, 10.0])


def test_the_last_month_is_the_least_visible():
    curve = np.tile(np.linspace(0.2, 1.0, 24), (100, 1))
    visible = visible_months(curve)
    assert visible["month"].tolist()[0] == "Apr"
    assert visible["seen_percent"].is_monotonic_decreasing
    assert visible["seen_percent"].iloc[-1] == pytest.approx(20.0)


def test_illusions_are_printed_per_cent():
    scored = scored_illusions({5.0: np.linspace(0, 1, 101)})
    assert scored.to_numpy().tolist() == [[5.0, 50.0, pytest.approx(5.0), pytest.approx(95.0)]]


def test_terms_differ_by_size_only_in_their_minimum_rate():
    small, large = (compared_terms(people, 0.03, 0.5, (5.0, 20.0)) for people in (5_000, 100_000))
    assert list(small) == list(large)
    assert [label for label in small if small[label] != large[label]] == [
        "… from the US minimum rate for the size"
    ]
    assert minimum_rate(5_000) > minimum_rate(100_000)


def test_effects_are_listed_by_effect():
    class Effects:
        efficiency, withheld = np.full(10, 2.0), np.full(10, 1.0)

        def patient_gain(self, share):
            return -share * self.withheld

        total = patient_gain

    table = effects_by_share(Effects(), np.array([0.0, 1.0]))
    assert table["effect"].tolist()[:3] == ["saved without harm"] * 2 + ["care withheld"]
    assert table["percent"].tolist()[:2] == [0.0, 2.0]


def test_placed_leaders_cover_more_than_chance():
    curve = coverage_curve(np.array([0.0, 1_000.0]), 500, 2, np.full(100, 0.5))
    assert curve["placed"].tolist() == [0.0, 100.0]
    assert 0 < curve["percent"].iloc[1] < 100


def test_half_of_the_leaders_are_easier_to_find():
    coverage = organisation_coverage(np.full(10, 100_000.0), 2 / 100_000, np.full(50, 0.5))
    assert coverage.total == 20
    assert (coverage.with_half > coverage.with_all).all()
    np.testing.assert_array_equal(coverage.with_half, coverage.with_half_evened)
