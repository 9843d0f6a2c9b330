"""Strength of incentives: terms by hand, luck in closed form, credibility, and turning points."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.chapters.balanced_incentives.primitives import FITTED, draw_primitives
from analysis.chapters.balanced_incentives.sensitivity import turning_value
from analysis.chapters.strength_of_incentives.share_at_risk import share_effects
from analysis.chapters.strength_of_incentives.shared_savings import SharedSavings
from analysis.risk.incentivised_groups import group
from analysis.risk.multitask import optimal_slopes

pytestmark = pytest.mark.unit

TERMS = {
    "one-sided": SharedSavings(0.5),
    "two-sided": SharedSavings(0.5, 0.4),
    "minimum rate": SharedSavings(0.5, 0.3, minimum_rate=0.02),
    "corridor": SharedSavings(0.5, 0.5, corridor=0.02),
    "capped": SharedSavings(0.5, 1.0, cap=0.03),
    "withhold": SharedSavings(0.5, 1.0, losses_cap=0.01),
    "all": SharedSavings(0.6, 0.4, minimum_rate=0.03, corridor=0.01, cap=0.05),
}


@pytest.fixture(scope="module")
def situation():
    fitted = {name: np.array([4.0, 4.4]) for name in FITTED}
    fitted |= {"lasting_sd_percent": np.array([2.4, 2.8]), "quality_half_size": np.array([2e4])}
    return group(draw_primitives(fitted, 300), 100_000)


@pytest.mark.parametrize(
    ("name", "saving", "paid"),
    [
        ("one-sided", 0.04, 0.02),
        ("one-sided", -0.04, 0.0),
        ("two-sided", -0.05, -0.02),
        ("minimum rate", 0.019, 0.0),
        ("minimum rate", 0.03, 0.015),
        ("corridor", 0.03, 0.005),
        ("capped", -0.10, -0.03),
        ("capped", 0.10, 0.015),
        ("withhold", -0.10, -0.01),
        ("withhold", -0.004, -0.004),
        ("withhold", 0.10, 0.05),
        ("all", 0.02, 0.0),
        ("all", 0.04, 0.018),
        ("all", -0.2, -0.02),
    ],
)
def test_payments_by_hand(name, saving, paid):
    assert TERMS[name].paid(saving) == pytest.approx(paid)


@pytest.mark.parametrize("terms", TERMS.values(), ids=TERMS)
@pytest.mark.parametrize("mean", [0.0, 0.025, -0.03])
def test_expected_payment_agrees_with_simulation(terms, mean):
    drawn = mean + 0.03 * np.random.default_rng(4).standard_normal(400_000)
    paid = terms.paid(drawn)
    error = paid.std() / np.sqrt(paid.size)
    assert float(terms.expected(mean, 0.03)) == pytest.approx(paid.mean(), abs=4 * error)


def test_luck_alone_earns_a_share_of_the_mean_good_luck():
    assert SharedSavings(0.5).expected(0.0, 0.04) == pytest.approx(0.5 * 0.04 / np.sqrt(2 * np.pi))
    assert SharedSavings(0.5, 0.5).expected(0.0, 0.04) == pytest.approx(0.0, abs=1e-12)
    assert SharedSavings(0.5).expected(0.0, 1e-9) == pytest.approx(0.0, abs=1e-9)


def test_a_share_of_zero_pays_nothing_and_moves_nothing(situation):
    nothing = SharedSavings(0.0, 0.0)
    assert nothing.expected(0.03, 0.04) == 0
    assert nothing.marginal(0.0, 0.04) == 0
    assert nothing.in_bad_year(0.04, 0.05) == 0
    effects = share_effects(situation)
    assert (effects.patient_gain(0.0) == 0).all()
    assert (effects.total(0.0) == 0).all()


def test_luck_pays_nothing_in_an_infinite_pool():
    for name, terms in TERMS.items():
        assert terms.expected(0.0, 4.2 / np.sqrt(1e15)) == pytest.approx(0, abs=1e-6), name


def test_a_bad_year_is_the_quantile_of_simulated_payments():
    luck = 0.03 * np.random.default_rng(9).standard_normal(400_000)
    for terms in TERMS.values():
        simulated = -np.quantile(terms.paid(luck), 0.1, method="inverted_cdf")
        assert float(terms.in_bad_year(0.03, 0.1)) == pytest.approx(simulated, abs=2e-4)


def test_the_share_that_is_felt():
    assert SharedSavings(0.5, 0.5).marginal(0.01, 0.04) == pytest.approx(0.5)
    assert SharedSavings(0.5).marginal(0.0, 0.04) == pytest.approx(0.25)
    assert SharedSavings(0.5).marginal(0.3, 0.01) == pytest.approx(0.5)


def test_effects_are_those_of_the_multitask_model(situation):
    effects = share_effects(situation)
    slopes = np.array([0.3, 0.0, 0.0])
    change = situation.effort_change(slopes)
    np.testing.assert_allclose(0.3 * effects.efficiency, change[:, 0])
    np.testing.assert_allclose(0.3 * effects.withheld, change[:, 1])
    np.testing.assert_allclose(effects.patient_gain(0.3), situation.patient_gain(change))
    np.testing.assert_allclose(effects.total(0.3), situation.surplus(slopes))


def test_optimum_and_turning_point_are_found_numerically_too(situation):
    effects = share_effects(situation)
    grid = np.linspace(0, 1, 2001)
    total = effects.surplus[0][:, None] * grid + effects.surplus[1][:, None] * grid**2
    np.testing.assert_allclose(effects.optimal_share(), grid[total.argmax(axis=1)], atol=1e-3)
    both = effects.efficiency + effects.withheld
    fine = np.linspace(0, 5, 5001)
    gain = (both + effects.patients[0])[:, None] * fine + effects.patients[1][:, None] * fine**2
    inside = effects.harm_flip() < 4.9
    best_on_grid = fine[gain.argmax(axis=1)]
    np.testing.assert_allclose(effects.harm_flip()[inside], best_on_grid[inside], atol=2e-3)


def test_without_risk_aversion_the_best_share_does_not_depend_on_size(situation):
    careless = replace(situation, risk_aversion=np.zeros_like(situation.risk_aversion))
    noisier = replace(careless, noise_variance=100 * careless.noise_variance)
    best = share_effects(careless).optimal_share()
    np.testing.assert_allclose(best, share_effects(noisier).optimal_share())
    assert (best >= share_effects(situation).optimal_share() - 1e-12).all()


def test_at_its_turning_value_the_median_is_the_target():
    fitted = {name: np.array([4.0, 4.4]) for name in FITTED}
    draws = draw_primitives(fitted, 400)

    def best(best_on_grid):
        return share_effects(group(best_on_grid, 100_000)).optimal_share()

    name, target = "lasting_luck_share", 1.02 * float(np.median(best(draws)))
    moved = {**draws, name: np.full(400, turning_value(name, draws, best, target))}
    assert np.median(best(moved)) == pytest.approx(target, abs=2e-3)
    assert np.isnan(turning_value("survey_respondents_share", draws, best, target))


def test_without_noise_and_without_harm_full_risk_is_best():
    fitted = {name: np.array([1e-9, 1e-9]) for name in FITTED}
    drawn = draw_primitives(fitted, 50)
    drawn |= {
        "doctors_weight_on_patients": np.zeros(50),
        "withholding_effort_ratio": np.full(50, 1e9),
        "effort_conflict": np.zeros(50),
    }
    model = group(drawn, np.inf)
    np.testing.assert_allclose(share_effects(model).optimal_share(), 1, atol=1e-6)
    np.testing.assert_allclose(optimal_slopes(model)[:, 0], 1, atol=1e-6)
