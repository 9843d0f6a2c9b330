"""The multitask model: its limits, its closed form against optimisation, and who gains."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize

from analysis.risk.incentivised_groups import (
    group,
    noise_variance,
    potential_rewards,
    reward_ratio,
)
from analysis.risk.multitask import (
    COMMISSIONER_VALUE,
    SOCIAL_VALUE,
    best_fixed_slopes,
    optimal_slopes,
)
from tests.chapters.groups_to_pay import plain, primitives, several, typical_group

pytestmark = pytest.mark.unit


def test_without_noise_every_task_is_paid_its_worth():
    """First best: a pound for a pound."""
    assert optimal_slopes(plain(noise=(0, 0, 0), risk_aversion=2.0))[0] == pytest.approx(1)


def test_without_risk_aversion_noise_does_not_matter():
    assert optimal_slopes(plain(noise=(9, 9, 9)))[0] == pytest.approx(1)


def test_the_formula_of_holmstrom_and_milgrom():
    """(I + r K S)^-1 b on the three tasks that one measure each shows."""
    model = plain(risk_aversion=0.7, noise=(4.0, 1.0, 0.5), conflict=0.3)
    shown_tasks = np.ix_([0, 2, 3], [0, 2, 3])
    noise = 0.7 * np.diag([4.0, 1.0, 0.5])
    expected = np.linalg.solve(np.eye(3) + model.effort_cost[0][shown_tasks] @ noise, np.ones(3))
    assert optimal_slopes(model)[0] == pytest.approx(expected)


def test_doctors_who_care_need_less_pay_for_what_patients_gain():
    slopes = optimal_slopes(plain(altruism=0.4, noise=(0, 0, 0)))[0]
    assert slopes == pytest.approx([1, 0.6, 0.6])


def test_a_share_equal_to_care_makes_the_level_of_care_right():
    """Ellis and McGuire (1986): with no other way to save, pay and conscience balance."""
    base = typical_group(
        harm_seen_in_quality=0, harm_seen_in_experience=0, doctors_weight_on_patients=0.35
    )
    cost = base.effort_cost.copy()
    cost[:, 0, 0] = 1e12  # no saving without harm
    model = replace(base, effort_cost=cost, risk_aversion=np.zeros(1))
    slopes = optimal_slopes(model)
    assert slopes[0, 0] == pytest.approx(0.35, rel=1e-6)
    withheld = model.unpaid() + model.effort_change(slopes)
    assert withheld[0, 1] == pytest.approx(0, abs=1e-9)
    assert (model.unpaid()[:, 1] < 0).all(), "unpaid, they give more care than it is worth"


def test_a_quality_that_cannot_be_measured_is_not_paid():
    slopes = optimal_slopes(plain(risk_aversion=1.0, noise=(1.0, 1e12, 1.0)))[0]
    assert slopes[1] == pytest.approx(0, abs=1e-9)
    assert slopes[[0, 2]] == pytest.approx(optimal_slopes(plain(risk_aversion=1.0))[0, [0, 2]])


@pytest.mark.parametrize(("conflict", "sign"), [(0.4, -1), (0.0, 0), (-0.4, 1)])
def test_equal_compensation(conflict: float, sign: int):
    """Where quality cannot be paid, a rival task is paid less for it, and an ally more."""
    measured, unmeasured = (
        optimal_slopes(plain(risk_aversion=0.2, noise=(1.0, noise, 1.0), conflict=conflict))[0, 0]
        for noise in (1e-9, 1e12)
    )
    assert np.sign(round(unmeasured - measured, 9)) == sign


def test_no_pay_moves_nothing_and_costs_nothing():
    model = group(several(10), 50_000)
    nothing = np.zeros(3)
    assert (model.effort_change(nothing) == 0).all()
    for gain in (model.surplus(nothing), model.risk_premium(nothing)):
        assert gain == pytest.approx(0, abs=1e-12)
    assert model.patient_gain(model.effort_change(nothing)) == pytest.approx(0, abs=1e-12)


def test_noise_without_bound_leaves_no_pay_at_all():
    slopes = optimal_slopes(plain(risk_aversion=1.0, noise=(1e12, 1e12, 1e12)))
    assert slopes[0] == pytest.approx(0, abs=1e-9)


def test_an_infinite_pool_keeps_what_lasts_and_no_chance():
    values = primitives(score_not_quality_share=0)
    assert noise_variance(values, np.inf)[0] == pytest.approx([0.5 * 3.0**2, 0, 0])
    small, large = (noise_variance(values, people)[0] for people in (5_000, 100_000))
    assert (small > large).all()
    chance = (100 * 4.2) ** 2 / 5_000
    assert small[0] == pytest.approx(chance + 4.5)


def test_without_withholding_full_pay_brings_what_is_attainable():
    model = typical_group(withholding_effort_ratio=1e12, effort_conflict=0)
    change = model.effort_change(np.ones(3))[0]
    worth = 2.2
    assert change[[0, 2, 3]] == pytest.approx([3.7, worth, worth * 0.21])
    assert change[1] == pytest.approx(0, abs=1e-9)


def test_the_group_does_what_is_best_for_it():
    """Efforts against a numerical search over all four."""
    model, slopes = typical_group(effort_conflict=0.4), np.array([0.6, 0.4, 0.3])

    def loss(efforts: np.ndarray) -> float:
        pay = slopes @ model.measure_loadings[0] @ efforts
        cost = efforts @ model.effort_cost[0] @ efforts / 2
        harm = efforts @ model.patient_curvature[0] @ efforts / 2
        cared = model.altruism[0] * (efforts @ (SOCIAL_VALUE - COMMISSIONER_VALUE) - harm)
        return -(pay + cared - cost)

    numerical = minimize(loss, np.zeros(4), tol=1e-12).x
    assert (model.unpaid() + model.effort_change(slopes))[0] == pytest.approx(numerical, abs=1e-5)


def test_closed_form_slopes_are_the_best():
    model = group(several(5), 50_000)
    for draw, slopes in enumerate(optimal_slopes(model)):
        numerical = minimize(lambda b, d=draw: -model.surplus(b)[d], np.zeros(3), tol=1e-12).x
        assert slopes == pytest.approx(numerical, abs=1e-5)


def test_the_best_fixed_terms_have_the_largest_mean_surplus():
    model = group(several(40), 100_000)
    numerical = minimize(lambda b: -model.surplus(b).mean(), np.zeros(3), tol=1e-12).x
    assert best_fixed_slopes(model) == pytest.approx(numerical, abs=1e-5)
    direction = np.array([1.0, 0.5, 0.5])
    along = minimize(lambda c: -model.surplus(c * direction).mean(), np.ones(1), tol=1e-12).x
    assert best_fixed_slopes(model, direction) == pytest.approx(along * direction, abs=1e-5)
    two = np.array([[1.0, 0, 0], [0, 1, 1]])
    both = minimize(lambda c: -model.surplus(c @ two).mean(), np.ones(2), tol=1e-12).x
    assert best_fixed_slopes(model, two) == pytest.approx(both @ two, abs=1e-5)


def test_fixed_terms_for_one_known_group_are_its_best_terms():
    model = typical_group()
    assert best_fixed_slopes(model) == pytest.approx(optimal_slopes(model)[0])


def test_effort_costs_stay_positive_definite_at_any_conflict():
    for conflict in (-5.0, -0.99, 0.99, 5.0):
        cost = typical_group(effort_conflict=conflict).effort_cost[0]
        assert (np.linalg.eigvalsh(cost) > 0).all()


def test_equal_potential_rewards_have_a_ratio_of_one():
    values = primitives()
    slopes = np.array([[0.5, 0.0, 0.0]])
    slopes[0, 1:] = 0.5 * 3.7 / (2.2 * 1.21)
    assert reward_ratio(slopes, values) == pytest.approx(1)
    assert potential_rewards(slopes, values)[0, 0] == pytest.approx(1.85)


def test_a_ratio_without_a_savings_reward_is_infinite_and_never_negative():
    values = primitives()
    assert np.isinf(reward_ratio(np.array([[-0.1, 0.5, 0.5]]), values))
    assert reward_ratio(np.array([[0.5, -0.5, 0.1]]), values) == 0
