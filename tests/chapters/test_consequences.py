"""Rules of termination: by hand, against closed forms, and in the limits."""

import numpy as np
import pytest
from scipy.special import ndtr

from analysis.chapters.consequences.deterrence import deterrent_of_unclear_rule, enforcement_needed
from analysis.chapters.consequences.operating_characteristics import (
    operating_characteristics,
    rule_with_false_termination,
    run_probability,
)
from analysis.chapters.consequences.rules import (
    AverageDeficit,
    CumulativeDeficit,
    PosteriorRule,
    RunOfDeficits,
    first_year,
)
from analysis.risk.performance import PerformanceNoise, observed_deficits

pytestmark = pytest.mark.unit
CHANCE_ONLY = PerformanceNoise(chance_sd=0.02)
BOTH = PerformanceNoise(chance_sd=0.013, transient_sd=0.015, transient_correlation=0.6)


def test_observed_deficits_have_the_stated_covariance():
    drawn = observed_deficits(BOTH, 0.03, 4, 200_000, np.random.default_rng(1))
    np.testing.assert_allclose(drawn.mean(axis=0), 0.03, atol=2e-4)
    np.testing.assert_allclose(np.cov(drawn.T), BOTH.covariance(4), rtol=0.03, atol=2e-6)


def test_a_run_of_deficits_by_hand():
    deficits = np.array([[0.1, 0.1, -0.1, 0.1, 0.1, 0.1], [0.1, 0.1, 0.1, -0.1, 0.1, 0.1]])
    np.testing.assert_array_equal(first_year(RunOfDeficits(3).acts(deficits)), [6, 3])
    np.testing.assert_array_equal(first_year(RunOfDeficits(2).acts(deficits)), [2, 2])
    assert np.isinf(first_year(RunOfDeficits(1, tolerance=0.2).acts(deficits))).all()


def test_a_cumulative_deficit_by_hand():
    deficits = np.array([[0.02, 0.02, -0.05, 0.06]])
    assert first_year(CumulativeDeficit(0.035).acts(deficits))[0] == 2
    assert first_year(CumulativeDeficit(0.045).acts(deficits))[0] == 4


def test_run_probability_by_counting_coin_tosses():
    for years in (3, 5, 8):
        tosses = (np.arange(2**years)[:, None] >> np.arange(years)) & 1
        counted = np.isfinite(first_year(RunOfDeficits(3, 0.5).acts(tosses))).mean()
        assert run_probability(years, 3, 0.5) == pytest.approx(counted)
    assert run_probability(10, 3, 0.5) == pytest.approx(520 / 1024)
    assert run_probability(2, 3, 0.5) == 0
    assert run_probability(7, 1, 0.3) == pytest.approx(1 - 0.7**7)


def test_simulation_agrees_with_the_closed_form_for_independent_years():
    characteristics = operating_characteristics(RunOfDeficits(3, 0.01), CHANCE_ONLY, 0.01, years=10)
    assert characteristics.terminated_by[-1] == pytest.approx(
        run_probability(10, 3, 0.5), abs=0.012
    )


@pytest.mark.parametrize("people_factor", [1.0, 100.0])
def test_any_deficit_in_a_row_ends_adequate_groups_whatever_their_size(people_factor):
    noise = PerformanceNoise(CHANCE_ONLY.chance_sd / np.sqrt(people_factor))
    characteristics = operating_characteristics(RunOfDeficits(3), noise, 0.0, years=3)
    assert characteristics.terminated_by[-1] == pytest.approx(1 / 8, abs=0.008)


def test_persistence_makes_runs_more_likely():
    with_runs = operating_characteristics(RunOfDeficits(3), BOTH, 0.0, years=10)
    assert with_runs.terminated_by[-1] > run_probability(10, 3, 0.5) + 0.02


def test_posterior_with_chance_alone_is_the_textbook_one():
    rule = PosteriorRule(tolerance=0.02, certainty=0.9, prior_sd=0.03, noise=CHANCE_ONLY)
    deficits = np.array([[0.05, 0.03, 0.04]])
    years = np.arange(1, 4)
    precision = years / 0.02**2 + 1 / 0.03**2
    mean = np.cumsum(deficits[0]) / 0.02**2 / precision
    expected = ndtr((mean - 0.02) * np.sqrt(precision))
    np.testing.assert_allclose(rule.probability(deficits)[0], expected)


def test_without_an_opinion_in_advance_the_posterior_is_the_weighted_mean():
    rule = PosteriorRule(tolerance=0.02, certainty=0.9, prior_sd=np.inf, noise=CHANCE_ONLY)
    deficits = np.array([[0.05, 0.03, 0.04]])
    expected = ndtr((0.04 - 0.02) / (0.02 / np.sqrt(3)))
    assert rule.probability(deficits)[0, -1] == pytest.approx(expected)


def test_a_steady_deficit_at_the_line_has_just_the_certainty():
    rule = PosteriorRule(tolerance=0.02, certainty=0.9, prior_sd=0.03, noise=BOTH)
    lines = [rule.steady_deficit(years) for years in (1, 2, 5)]
    for years, line in zip((1, 2, 5), lines, strict=True):
        assert rule.probability(np.full((1, years), line))[0, -1] == pytest.approx(0.9)
    assert lines == sorted(lines, reverse=True)


def test_the_printed_table_is_the_posterior_rule_where_years_are_independent():
    """Then every year weighs the same, and nothing is lost by a plain average."""
    rule = PosteriorRule(tolerance=0.02, certainty=0.9, prior_sd=0.03, noise=CHANCE_ONLY)
    deficits = observed_deficits(CHANCE_ONLY, 0.04, 6, 2_000, np.random.default_rng(7))
    np.testing.assert_array_equal(AverageDeficit(rule).acts(deficits), rule.acts(deficits))


def test_the_printed_table_acts_on_a_steady_deficit_at_its_line():
    rule = PosteriorRule(tolerance=0.02, certainty=0.95, prior_sd=np.inf, noise=BOTH)
    line = rule.steady_deficit(3)
    for deficit, acts in [(line * 1.001, True), (line * 0.999, False)]:
        assert AverageDeficit(rule).acts(np.full((1, 3), deficit))[0, 2] == acts


def test_an_infinite_pool_leaves_only_what_passes():
    """Chance goes with size; a rule then waits only for circumstances to pass."""
    endless = PerformanceNoise(0.0, BOTH.transient_sd, BOTH.transient_correlation)
    rule = PosteriorRule(tolerance=0.02, certainty=0.9, prior_sd=np.inf, noise=endless)
    lag = BOTH.transient_correlation
    # Two years alike: the mean has the variance s^2 (1 + r) / 2.
    spread = BOTH.transient_sd * np.sqrt((1 + lag) / 2)
    assert rule.steady_deficit(2) == pytest.approx(0.02 + 1.2815516 * spread)
    smaller = PosteriorRule(tolerance=0.02, certainty=0.9, prior_sd=np.inf, noise=BOTH)
    assert smaller.steady_deficit(2) > rule.steady_deficit(2)


def test_the_posterior_is_calibrated():
    generator = np.random.default_rng(5)
    rule = PosteriorRule(tolerance=0.01, certainty=0.9, prior_sd=0.02, noise=BOTH)
    truth = generator.normal(0, 0.02, 100_000)
    deficits = truth[:, None] + observed_deficits(BOTH, 0.0, 4, truth.size, generator)
    stated = rule.probability(deficits)[:, -1]
    for low in (0.1, 0.5, 0.8):
        chosen = (stated > low) & (stated < low + 0.1)
        assert (truth[chosen] > 0.01).mean() == pytest.approx(stated[chosen].mean(), abs=0.02)


def test_without_noise_every_rule_is_right_at_once():
    noise = PerformanceNoise(chance_sd=1e-9)
    bad = operating_characteristics(RunOfDeficits(1, 0.02), noise, 0.05, years=5, groups=100)
    assert (bad.median_years, bad.terminated_by[0]) == (1, 1)
    assert bad.cost_of_delay == pytest.approx(0.05)
    good = operating_characteristics(RunOfDeficits(1, 0.02), noise, 0.0, years=5, groups=100)
    assert good.terminated_by[-1] == 0
    assert np.isinf(good.median_years)


def test_the_rule_found_is_the_fastest_that_keeps_the_limit():
    thresholds = np.round(np.arange(0.0, 0.2, 0.005), 4)
    rule = rule_with_false_termination(CumulativeDeficit, thresholds, CHANCE_ONLY, 0.05, 10)
    at = list(thresholds).index(rule.limit)
    for threshold, keeps in [(thresholds[at], True), (thresholds[at - 1], False)]:
        characteristics = operating_characteristics(
            CumulativeDeficit(threshold), CHANCE_ONLY, 0.0, years=10
        )
        assert bool(characteristics.terminated_by[-1] <= 0.05) is keeps
    assert rule_with_false_termination(CumulativeDeficit, [0.0], CHANCE_ONLY, 0.05, 10) is None


def test_enforcement_that_deters_by_hand():
    assert enforcement_needed(1.0, 10.0, 0.5) == pytest.approx(0.2)
    assert np.isinf(enforcement_needed(1.0, 10.0, 0.0))
    assert enforcement_needed(0.0, 10.0, 0.5) == 0


def test_a_clear_rule_pulls_most_and_a_vague_one_hardly():
    assert deterrent_of_unclear_rule(0.02, 0.0) == 1
    assert deterrent_of_unclear_rule(0.03, 0.04) == pytest.approx(0.6)
    # The slope of the closing probability at the line, by finite difference.
    step, spread = 1e-5, np.hypot(0.03, 0.04)
    slopes = [(ndtr(step / s) - ndtr(-step / s)) / (2 * step) for s in (0.03, spread)]
    assert slopes[1] / slopes[0] == pytest.approx(0.6, rel=1e-4)
