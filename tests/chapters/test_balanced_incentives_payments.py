"""Payments with gates: against simulation, against the linear closed form, and in the limits."""

import numpy as np
import pytest
from scipy.optimize import minimize

from analysis.chapters.balanced_incentives.payments import (
    Payment,
    Signals,
    certain_equivalent,
    certain_equivalent_on_grid,
    expected_payment,
)
from analysis.chapters.balanced_incentives.responses import best_response, luck_share, outcome
from analysis.errors import InputError
from analysis.risk.incentivised_groups import group
from tests.chapters.groups_to_pay import several, typical_group

pytestmark = pytest.mark.unit

DESIGNS = {
    "linear": Payment(0.5, 0.7),
    "quality gate": Payment(0.5, 0.7, score_needed=1.0),
    "savings gate": Payment(0.5, 0.7, savings_needed=2.0),
    "both gates": Payment(0.5, 0.7, score_needed=1.0, savings_needed=2.0),
    "gates below zero": Payment(0.5, 0.7, score_needed=-1.0, savings_needed=-2.0),
    "bonus only": Payment(0.5, 0.7, bears_losses=False),
    "gated bonus": Payment(0.5, 0.0, score_needed=1.0, bears_losses=False),
}
FAR = 1e6


def signals(savings=(1.5, -0.5), score=(0.8, 2.0), sds=(2.0, 1.0)):
    """Return two groups' signals."""
    wide = np.ones(2)
    return Signals(np.array(savings), np.array(score), sds[0] * wide, sds[1] * wide)


@pytest.mark.parametrize("payment", DESIGNS.values(), ids=DESIGNS)
def test_means_and_certain_equivalents_are_those_of_simulated_payments(payment: Payment):
    measures, aversion = signals(), np.array([0.3, 1.0])
    noise = np.random.default_rng(8).normal(size=(2, 400_000))
    measured = (
        measures.savings[:, None] + measures.savings_sd[:, None] * noise[0],
        measures.score[:, None] + measures.score_sd[:, None] * noise[1],
    )
    pay = payment.paid(*measured)
    assert expected_payment(payment, measures) == pytest.approx(pay.mean(axis=1), abs=0.01)
    simulated = -np.log(np.exp(-aversion[:, None] * pay).mean(axis=1)) / aversion
    assert certain_equivalent(payment, measures, aversion) == pytest.approx(simulated, abs=0.02)


def test_a_linear_payment_costs_half_aversion_times_variance():
    measures, aversion = signals(), np.array([0.3, 1.0])
    payment = DESIGNS["linear"]
    mean = 0.5 * measures.savings + 0.7 * measures.score
    variance = (0.5 * measures.savings_sd) ** 2 + (0.7 * measures.score_sd) ** 2
    assert expected_payment(payment, measures) == pytest.approx(mean)
    expected = mean - aversion / 2 * variance
    assert certain_equivalent(payment, measures, aversion) == pytest.approx(expected)


def test_a_bonus_for_nothing_is_the_value_of_an_option():
    """A group that saves nothing gets slope x sd / sqrt(2 pi) on average."""
    payment = Payment(0.5, 0.0, bears_losses=False)
    payment_mean = expected_payment(payment, signals(savings=(0.0, 0.0)))
    assert payment_mean == pytest.approx(0.5 * 2.0 / np.sqrt(2 * np.pi))


@pytest.mark.parametrize("payment", DESIGNS.values(), ids=DESIGNS)
def test_the_grid_agrees_with_single_pairs(payment: Payment):
    side = np.array([[-1.0, 0.5, 3.0], [0.0, 1.0, 2.0]])
    unit = np.ones((2, 1))
    aversion = np.array([[0.3], [0.9]])
    grid = certain_equivalent_on_grid(payment, Signals(side, side, 2 * unit, unit), aversion)
    pairs = Signals(side[:, :, None], side[:, None, :], 2 * unit[:, :, None], unit[:, :, None])
    assert grid == pytest.approx(certain_equivalent(payment, pairs, aversion[:, :, None]))


@pytest.mark.parametrize(
    "payment",
    [
        Payment(0.5, 0.7, score_needed=-FAR),
        Payment(0.5, 0.7, savings_needed=-FAR),
        Payment(0.5, 0.7, score_needed=-FAR, savings_needed=-FAR),
    ],
    ids=["score", "savings", "both"],
)
def test_a_gate_that_is_always_open_changes_nothing(payment: Payment):
    """The numerical best response meets the closed form of the linear payment."""
    model = group(several(20), 100_000)
    assert payment.kinked
    assert best_response(model, payment) == pytest.approx(np.tile([0.5, 0.7], (20, 1)), abs=2e-3)


def test_a_gate_that_never_opens_pays_and_moves_nothing():
    closed = Payment(0.5, 0.7, FAR, FAR, bears_losses=False)
    result = outcome(group(several(5), 100_000), closed)
    for gain in (result.savings, result.quality, result.payment, result.luck_share):
        assert gain == pytest.approx(0, abs=2e-3)


@pytest.mark.parametrize("payment", DESIGNS.values(), ids=DESIGNS)
def test_no_other_choice_is_better(payment: Payment):
    """Against a local search over all four efforts from many starting points."""
    model = typical_group(effort_conflict=0.2)
    sds = np.sqrt([model.noise_variance[0, 0], model.noise_variance[0, 1:].sum()])

    def loss(change: np.ndarray) -> float:
        measured = model.measure_loadings[0] @ change
        measures = Signals(*(np.array([v]) for v in (measured[0], measured[1] + measured[2], *sds)))
        pay = certain_equivalent(payment, measures, model.risk_aversion)[0]
        cared = model.altruism * model.patient_gain(change[None])
        return float(-(pay + cared - model.added_effort_cost(change[None]))[0])

    chosen = model.effort_change(best_response(model, payment)[:, [0, 1, 1]])[0]
    starts = np.random.default_rng(2).normal(1.0, 2.0, size=(6, 4))
    best = min(minimize(loss, start).fun for start in [*starts, chosen])
    assert loss(chosen) == pytest.approx(best, abs=2e-4)


@pytest.mark.parametrize("payment", DESIGNS.values(), ids=DESIGNS)
def test_gains_of_the_three_parties_add_up(payment: Payment):
    """What one pays another receives: together there are savings, benefits, effort and risk."""
    result = outcome(group(several(10), 100_000), payment)
    paid = result.commissioner + result.payment
    assert paid == pytest.approx(result.savings)
    if not payment.kinked:
        model = group(several(10), 100_000)
        assert result.together == pytest.approx(model.surplus(np.array([0.5, 0.7, 0.7])))


def test_without_noise_nothing_is_paid_for_luck():
    exact = signals(sds=(1e-9, 1e-9))
    for payment in DESIGNS.values():
        assert luck_share(payment, exact) == pytest.approx(0, abs=1e-6)


def test_a_group_that_does_nothing_is_paid_for_luck_alone():
    idle = signals(savings=(0.0, 0.0), score=(0.0, 0.0))
    assert luck_share(DESIGNS["linear"], idle) == pytest.approx(1)


def test_luck_of_a_linear_payment_in_closed_form():
    """Mean m and sd s: unearned s/sqrt(2 pi) of a bonus of m Phi(m/s) + s phi(m/s)."""
    from scipy.stats import norm

    measures = signals(savings=(2.0, 4.0))
    mean, sd = 0.5 * measures.savings, 0.5 * measures.savings_sd
    bonus = mean * norm.cdf(mean / sd) + sd * norm.pdf(mean / sd)
    expected = sd / np.sqrt(2 * np.pi) / bonus
    assert luck_share(Payment(0.5, 0.0), measures) == pytest.approx(expected, abs=0.01)


def test_larger_groups_are_paid_less_for_luck():
    values = several(20)
    small, large = (
        outcome(group(values, people), Payment(0.5, 0.0)).luck_share for people in (5_000, 300_000)
    )
    assert (small > large).all()


def test_a_negative_slope_is_refused():
    with pytest.raises(InputError, match="score_slope must be at least 0, found -1"):
        Payment(0.5, -1)
