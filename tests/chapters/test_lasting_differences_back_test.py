"""Back-test: the arithmetic of its predictions, limits, and that it can fail."""

import numpy as np
import pytest

from analysis.chapters.lasting_differences.back_test import back_test
from analysis.chapters.lasting_differences.commissioner_spreads import commissioner_spreads
from analysis.evidence.facts import fact
from analysis.fits import commissioner_outturns as words
from analysis.fits import english_group_spread
from analysis.fits.commissioner_outturns import outcome_2005, outcomes_2013, outcomes_2017
from analysis.risk.outturns import (
    DRAWS,
    Outcome,
    balances,
    shifted_to_share,
    spread_needed,
)
from tests.risk.components import KNOWN, known_components

pytestmark = pytest.mark.unit

SIZES = np.full(200, 250_000.0)


def constant(spread: float, draws: int = 300):
    return lambda people: np.full((draws, len(people)), spread)


def every_outcome():
    return [*outcomes_2013(), *outcomes_2017(), outcome_2005()]


def test_balances_add_up_to_what_is_known():
    budget = np.linspace(100, 500, len(SIZES))
    found = balances(constant(0.02)(SIZES), budget, 101.0, np.random.default_rng(1))
    np.testing.assert_allclose(found.sum(axis=1), 101.0)
    assert (found / budget).std() == pytest.approx(0.02, rel=0.05)


def test_half_are_over_plan_when_the_total_is_nil_whatever_the_noise():
    """Why the share over plan says nothing by itself."""
    budget = np.full(len(SIZES), 300.0)
    for spread in (0.005, 0.05):
        found = balances(constant(spread)(SIZES), budget, 0.0, np.random.default_rng(2))
        assert (found < 0).mean() == pytest.approx(0.5, abs=0.01)


def test_the_shift_gives_the_share():
    sd = np.abs(np.random.default_rng(3).normal(0.02, 0.005, (50, 300))) + 0.001
    mean = shifted_to_share(sd, 0.005, 0.33)
    generator = np.random.default_rng(4)
    above = (mean + sd * generator.normal(size=sd.shape) > 0.005).mean()
    assert above == pytest.approx(0.33, abs=0.02)


def test_chance_vanishes_in_huge_pools_and_differences_follow_their_law(monkeypatch):
    exponents = {"a country": np.random.default_rng(10).normal(0.5, 0.1, 500)}
    monkeypatch.setattr(english_group_spread, "foreign_exponents", lambda: exponents)
    components = known_components(draws=200)
    spreads = commissioner_spreads(np.full(200, 3.2), components)
    huge = np.array([80_000e8, 320_000e8])
    assert spreads["chance"](huge).max() < 1e-5
    american = spreads["american"](huge)[0]
    assert american[1] / american[0] == pytest.approx(4 ** (-KNOWN["size_exponent"] / 2), rel=1e-2)
    assert spreads["foretold"](huge).std() > 0
    assert spreads["chance"](SIZES).shape == (DRAWS, len(SIZES))


def test_one_draw_repeated_is_solved_once():
    sd = np.broadcast_to(np.linspace(0.01, 0.03, 200), (50, 200))
    once = shifted_to_share(sd, 0.005, 0.33)
    assert once.shape == (1, 1)
    assert once[0, 0] == pytest.approx(shifted_to_share(sd.copy(), 0.005, 0.33)[0, 0])


@pytest.mark.parametrize("outcome", every_outcome(), ids=lambda outcome: outcome.name)
def test_the_spread_that_is_needed_gives_the_outcome(outcome: Outcome):
    """A made-up outcome, predicted with a known spread, asks for that spread."""
    k, persistent = 3.0, 0.02
    spread = lambda people: np.hypot(k / np.sqrt(people), persistent) * np.ones((4_000, 1))  # noqa: E731
    predicted = outcome.predict(spread, np.random.default_rng(5))
    made_up = Outcome("made up", "", float(np.median(predicted)), "", outcome.predict)
    assert spread_needed(made_up, k, seed=6) == pytest.approx(persistent, abs=0.003)


def test_an_outcome_no_spread_gives_is_told():
    fewer = outcomes_2013()[0]
    assert np.isnan(spread_needed(fewer, 3.0, seed=7))


@pytest.mark.parametrize("outcome", every_outcome(), ids=lambda outcome: outcome.name)
def test_a_wrong_model_fails_and_a_right_one_passes(outcome: Outcome):
    right = {"right": constant(0.02)}
    seen = float(np.median(outcome.predict(right["right"], np.random.default_rng(8))))
    made_up = Outcome(outcome.name, "", seen, "", outcome.predict)
    models = {**right, "far too little": constant(0.0005), "far too much": constant(0.3)}
    verdicts = back_test([made_up], models, np.random.default_rng(9)).set_index("model")["passed"]
    assert verdicts["right"]
    assert not verdicts["far too little"] or not verdicts["far too much"]


def test_numbers_taken_from_the_words_of_facts_are_in_those_words():
    year = fact("E-CCG1314").quantity
    for number in (
        f"GBP{words.NET_UNDERSPEND_2013:.0f}m",
        f"-{words.LARGEST_OVERSPEND_2013}m",
        f"+{words.LARGEST_UNDERSPEND_2013}m",
    ):
        assert number in year
    trusts = fact("E-PCT0506", purpose="validation").quantity
    for number in (
        f">{words.TRUSTS_WITH_SMALL_DEFICIT} with deficit >{words.SMALL_DEFICIT:.1%}",
        f"1 in {1 / words.PART_WITH_LARGE_DEFICIT:.0f} of these >{words.LARGE_DEFICIT:.0%}",
    ):
        assert number in trusts


def test_outcomes_that_enter_the_curve_are_calibration_and_the_other_stays_validation():
    for name in ("E-CCG1314", "E-NAO-2017-18", "E-NAO-tot"):
        assert fact(name).role == "calibration"
    assert fact("E-PCT0506", purpose="validation").role == "validation"
