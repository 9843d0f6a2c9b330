"""Priors of the model of incentives, what moves its answer, and what size can measure."""

import numpy as np
import pytest
from scipy.stats import norm

from analysis.chapters.balanced_incentives.primitives import (
    ASSUMED,
    NAMES,
    describe_primitives,
    draw_primitives,
    primitives_at,
    typical,
)
from analysis.chapters.balanced_incentives.quality_measurement import (
    half_size_of_mean,
    half_size_of_rate,
    patients_to_detect,
    reliability,
    size_for_reliability,
)
from analysis.chapters.balanced_incentives.sensitivity import (
    best_ratio,
    flip_value,
    ratio_by_primitive,
    score_share,
    variance_shares,
)
from analysis.evidence.assumptions import assumption
from analysis.evidence.facts import fact
from analysis.risk.incentivised_groups import group
from analysis.risk.multitask import optimal_slopes
from tests.chapters.groups_to_pay import FITTED_VALUES

pytestmark = pytest.mark.unit

PEOPLE = 100_000
FITTED_DRAWS = {
    name: value * np.exp(0.1 * np.random.default_rng(1).normal(size=500))
    for name, value in FITTED_VALUES.items()
}


@pytest.fixture(scope="module")
def draws() -> dict[str, np.ndarray]:
    return draw_primitives(FITTED_DRAWS, 2_000)


def test_ends_of_cited_priors_are_the_cited_figures():
    savings = assumption("attainable_savings_percent")
    assert savings.low == fact("D-AQC-1").value
    use = 56.5 / 100  # part of D-AQC-8 that came from use of care, as its wording says
    assert "56.5" in fact("D-AQC-8").quantity
    assert savings.high == pytest.approx(fact("D-AQC-8").value * use, abs=0.05)
    income = 107_700 / (100_000 / 50) / fact("B-PCT-alloc").value
    assert assumption("income_at_stake_percent").value == pytest.approx(100 * income, abs=0.05)
    worth = assumption("quality_worth_percent")
    framework = 100 * fact("D-QOF-pts").value / 5_500 / fact("B-PCT-alloc").value
    assert worth.low < framework < worth.high
    assert framework == pytest.approx(1.4, abs=0.05)
    lives = 100 * 3.68 / 1e5 * 10 * 25_000 / fact("B-PCT-alloc").value
    assert worth.low == pytest.approx(lives, abs=0.1)


@pytest.mark.parametrize(
    "name", ["attainable_savings_percent", "quality_worth_percent", "experience_worth_ratio"]
)
def test_values_between_cited_ends_are_their_geometric_means(name: str):
    row = assumption(name)
    assert row.value == pytest.approx(np.sqrt(row.low * row.high), rel=0.03)


def test_draws_have_the_stated_medians_and_do_not_depend_on_each_other(draws):
    for name in ASSUMED:
        assert np.median(draws[name]) == pytest.approx(assumption(name).value, rel=0.02, abs=0.01)
    table = np.corrcoef([draws[name] for name in NAMES])
    assert np.abs(table - np.eye(len(NAMES))).max() < 0.1
    assert {name: value.shape for name, value in typical(draws).items()} == dict.fromkeys(
        NAMES, (1,)
    )


def test_every_primitive_is_described(draws):
    table = describe_primitives(draws, (0.1, 0.9))
    assert len(table) == len(NAMES)
    assert not table.isna().any(axis=None)
    assert (table["Low"] < table["High"]).all()


def test_half_way_through_its_distribution_a_primitive_is_at_its_median():
    medians = primitives_at(FITTED_DRAWS, np.full((len(NAMES), 1), 0.5))
    assert medians["quality_worth_percent"] == pytest.approx(
        assumption("quality_worth_percent").value
    )
    assert medians["cost_variation"] == pytest.approx(np.median(FITTED_DRAWS["cost_variation"]))


def test_the_ratio_rises_with_the_worth_of_quality_and_falls_with_savings(draws):
    at = np.array([0.2, 0.5, 0.8])
    rising = ratio_by_primitive("quality_worth_percent", FITTED_DRAWS, draws, PEOPLE, at)["ratio"]
    falling = ratio_by_primitive("attainable_savings_percent", FITTED_DRAWS, draws, PEOPLE, at)
    assert rising.is_monotonic_increasing
    assert falling["ratio"].is_monotonic_decreasing


def test_doctors_who_care_more_are_paid_more_for_savings_and_less_for_quality(draws):
    """What the table of primitives says of them; that of harm that grows faster: little."""

    def pay(name: str, value: float) -> np.ndarray:
        moved = {**draws, name: np.full(2_000, value)}
        return np.median(optimal_slopes(group(moved, PEOPLE)), axis=0)

    altruism, harm = (
        assumption("doctors_weight_on_patients"),
        assumption("withheld_care_harm_growth"),
    )
    little, much = pay(altruism.name, altruism.low), pay(altruism.name, altruism.high)
    assert much[0] > 1.05 * little[0]
    assert much[1] < 0.8 * little[1]
    assert pay(harm.name, harm.high) == pytest.approx(pay(harm.name, harm.low), rel=0.05)


def test_at_its_flip_point_the_median_ratio_is_one(draws):
    value = flip_value("quality_worth_percent", FITTED_DRAWS, draws, PEOPLE)
    moved = {**draws, "quality_worth_percent": np.full(2_000, value)}
    assert np.median(best_ratio(moved, PEOPLE)) == pytest.approx(1, rel=0.01)


def test_a_primitive_that_cannot_turn_the_answer_has_no_flip_point(draws):
    assert np.isnan(flip_value("survey_respondents_share", FITTED_DRAWS, draws, PEOPLE))


def test_shares_of_variance_are_those_of_the_model():
    """The worth of quality leads, and nothing explains more than everything."""
    table = variance_shares(FITTED_DRAWS, PEOPLE, points=256)
    assert table["primitive"][0] == "quality_worth_percent"
    assert set(table["primitive"]) == set(NAMES)
    assert table["alone"].sum() <= 1.05
    assert table.set_index("primitive").loc["survey_respondents_share", "total"] < 0.01


def test_the_share_for_quality_is_half_where_rewards_are_equal():
    assert score_share(np.array([0.0, 1.0, np.inf])) == pytest.approx([0, 0.5, 1])


def test_reliability_in_its_limits():
    assert reliability(np.array([0.0, 400.0, np.inf])[:2], 400.0) == pytest.approx([0, 0.5])
    assert reliability(1e15, 400.0) == pytest.approx(1)
    assert reliability(50.0, 0.0) == 1
    assert size_for_reliability(0.8, 400.0) == pytest.approx(1_600)
    assert reliability(size_for_reliability(0.7, 400.0), 400.0) == pytest.approx(0.7)


def test_reliability_is_the_squared_correlation_of_measured_and_true():
    generator = np.random.default_rng(4)
    true = generator.normal(0, 0.02, 200_000)
    measured = true + generator.normal(0, 0.4 / np.sqrt(300), true.size)
    expected = reliability(300, half_size_of_mean(0.4**2, 0.02**2))
    assert np.corrcoef(true, measured)[0, 1] ** 2 == pytest.approx(float(expected), abs=0.01)


def test_reliability_of_a_rare_event_is_that_of_simulated_groups():
    generator = np.random.default_rng(5)
    rate = 0.02 * (1 + 0.1 * generator.normal(size=100_000))
    observed = generator.binomial(10_000, rate)
    expected = reliability(10_000, half_size_of_rate(0.02, 0.1))
    assert np.corrcoef(rate, observed)[0, 1] ** 2 == pytest.approx(float(expected), abs=0.02)


def test_the_patients_needed_find_the_difference_as_often_as_promised():
    """A binomial test of 70 % against 77 %, simulated."""
    needed = round(patients_to_detect(0.7, 0.1))
    observed = np.random.default_rng(6).binomial(needed, 0.77, 100_000) / needed
    score = (observed - 0.7) / np.sqrt(0.7 * 0.3 / needed)
    assert np.mean(np.abs(score) > norm.isf(0.025)) == pytest.approx(0.8, abs=0.03)


def test_typical_practices_cannot_show_what_the_published_study_says_they_cannot():
    """Nyweide and others (2009): 260 patients a practice; avoidable admissions never show."""
    caseload = fact("D-NY-case", purpose="validation")
    process = patients_to_detect(assumption("process_measure_rate").value, 0.1)
    outcome = patients_to_detect(assumption("rare_outcome_rate").value, 0.1)
    assert caseload.value < process < caseload.high < outcome
