"""Exit and gradients of known tables, ruin in the limits, forecasts as written for machines."""

import json

import numpy as np
import pandas as pd
import pytest

from analysis.chapters.five_to_ten_years import time_evidence
from analysis.chapters.five_to_ten_years.gains import (
    LATER_STARTS,
    bend,
    gain,
    growth_draws,
    plateau_bend,
)
from analysis.chapters.five_to_ten_years.gradients import (
    means_by_programme_year,
    raw_gradient,
    stayers_gradient,
    year_adjusted_gradient,
)
from analysis.chapters.five_to_ten_years.growth_measures import aqc_growth
from analysis.chapters.five_to_ten_years.phase_in import (
    SavingsPaths,
    fixed_share,
    largest_timetable,
    phase_in,
    risk_by_reserve,
    savings_paths,
    support_cost,
)
from analysis.errors import InputError
from analysis.evidence import mssp
from analysis.evidence.facts import fact
from analysis.fits.savings_growth import fitted_growth
from analysis.fits.simulated_programme import ProgrammeTruth, simulated_programme
from analysis.models.growth.cohorts import (
    KnownSpread,
    cohort_table,
    exit_shift,
    sampling_covariance,
)
from analysis.models.growth.data import growth_data
from analysis.models.growth.free_form import FreeGrowth
from analysis.models.growth.model import GrowthOfMeans
from analysis.models.savings.components import SpreadComponents
from analysis.report.forecasts import Forecast, write_forecasts
from analysis.risk.performance import PerformanceNoise

pytestmark = pytest.mark.unit
PARTS = SpreadComponents(
    k_renewed=1.2, k_carried=3.8, permanent=1.1, fading=2.3, yearly=0.4, kept=0.68
)
KNOWN = KnownSpread(PARTS, {})
NOISE = PerformanceNoise(0.01, 0.02, 0.7)


def test_means_by_programme_year_equal_the_published_table():
    rates = means_by_programme_year(mssp.cells(), (2016, 2021))["rate"]
    published = [fact(f"D-PUF-yip{year}", purpose="validation").value for year in range(1, 11)]
    np.testing.assert_allclose(rates, published, atol=0.006)


def test_the_cohort_table_loses_nobody_but_those_without_a_start():
    cells = mssp.cells()
    table = cohort_table(cells)
    assert table["n"].sum() == cells.loc[cells["start_year"].notna(), "n_acos"].sum()
    assert (table.loc[table["performance_year"] == 2024, "shift"] == 0).all()


def line(cohort_effect: float) -> pd.DataFrame:
    """A table in which savings rise half a point a year, and later cohorts begin higher."""
    rows = [(c, p, p - c) for c in range(2012, 2020) for p in range(2013, 2021) if p >= c]
    table = pd.DataFrame(rows, columns=["start_year", "performance_year", "elapsed"])
    rate = 1.0 + 0.5 * table["elapsed"] + cohort_effect * (table["start_year"] - 2015)
    return table.assign(rate=rate, n=50, inverse_size=1e-4, shift=0.0)


def test_gradients_find_a_line_and_mistake_cohorts_for_it_with_the_sign_turned():
    for gradient in (raw_gradient, year_adjusted_gradient):
        slope, error = gradient(line(0.0), KNOWN)
        assert slope == pytest.approx(0.5)
        assert error > 0
    slope, _ = year_adjusted_gradient(line(0.2), KNOWN)
    assert slope == pytest.approx(0.5 - 0.2)


def test_stayers_gradient_by_hand():
    pairs = pd.DataFrame(
        {
            "earlier_year": [2013, 2013],
            "later_year": [2018, 2014],
            "n_pairs": [10, 99],
            "earlier_rate_sum": [0.1, 5.0],
            "later_rate_sum": [0.6, 50.0],
            "change_sd": [0.05, 0.05],
        }
    )
    slope, error = stayers_gradient(pairs)
    assert slope == pytest.approx(100 * 0.05 / 5)
    assert error == pytest.approx(100 * 0.05 / np.sqrt(10) / 5)


def test_exit_shifts_the_mean_by_what_lasts_of_the_difference():
    table = line(0.0)
    first = (table["start_year"] == 2016) & (table["performance_year"] == 2016)
    table.loc[first, "shift"] = 1.0
    shifts = pd.Series(exit_shift(table, KNOWN))[table["start_year"] == 2016].to_numpy()
    lag = np.arange(1, 5)
    expected = PARTS.covariance(lag, 1e-4) / PARTS.covariance(0, 1e-4)
    np.testing.assert_allclose(shifts, [0.0, *expected])


def test_the_sampling_covariance_is_that_of_means_of_the_same_organisations():
    table = line(0.0)
    table = table[(table["start_year"] == 2013) & (table["elapsed"] < 3)].reset_index(drop=True)
    table["n"] = [400, 300, 300]
    generator = np.random.default_rng(4)
    lag = np.abs(np.subtract.outer(np.arange(3), np.arange(3)))
    root = np.linalg.cholesky(PARTS.covariance(lag, 1e-4))
    rates = generator.standard_normal((3_000, 400, 3)) @ root.T
    means = np.column_stack([rates[:, :n, i].mean(axis=1) for i, n in enumerate(table["n"])])
    np.testing.assert_allclose(np.cov(means.T), sampling_covariance(table, KNOWN), rtol=0.12)


def test_the_mean_of_stayers_is_shifted_as_the_formula_says():
    truth = ProgrammeTruth(
        plateau_gain=0, level=0, period_sd=0, cohort_sd=0, entrants=20_000, leaving_slope=-0.2
    )
    table = simulated_programme(truth, KNOWN, np.random.default_rng(5)).table
    later = table["elapsed"].between(1, 4) & (table["start_year"] < 2018)
    shift = exit_shift(table, KNOWN)
    assert table.loc[later, "rate"].mean() > 0.3  # nobody learned anything, survivors look better
    np.testing.assert_allclose(shift[later], table.loc[later, "rate"], atol=0.17)


def test_aqc_weights_find_the_time_of_an_exact_series():
    years, grid = np.array([0.5, 1.5, 3.0, 7.5]), np.linspace(1, 30, 291)
    weight, plateau = aqc_growth(10 * (1 - 5 ** (-years / 6)), years, 0.05, grid)
    assert grid[np.argmax(weight)] == pytest.approx(6, abs=0.3)
    assert plateau[np.argmin(np.abs(grid - 6))] == pytest.approx(10, rel=1e-6)
    assert weight.sum() == pytest.approx(1)


def straight(years: int, slope: float = 0.5) -> FreeGrowth:
    """Growth in a straight line, known to a hundredth of a point."""
    elapsed = np.arange(1, years)
    return FreeGrowth(elapsed, slope * elapsed, 1e-4 * np.eye(years - 1), 1.0, 1_000)


def test_a_straight_line_has_no_bend_and_gains_lose_four_years_of_the_trend():
    flat, tilted = (growth_draws(straight(13), trend) for trend in (0.0, 0.3))
    for start in LATER_STARTS:
        assert np.median(bend(flat, start)) == pytest.approx(0, abs=0.01)
        np.testing.assert_allclose(bend(flat, start), bend(tilted, start), atol=1e-9)
        np.testing.assert_allclose(gain(flat, start) - gain(tilted, start), 4 * 0.3)


def test_the_bend_of_a_plateau_by_hand():
    """80 % in 9 years: f(t) = 1 - 5^(-t/9), in shares of f(9) = 0.8."""
    reached = [1 - 5 ** (-t / 9) for t in (4, 5, 9)]
    by_hand = (reached[2] - reached[1] - reached[0]) / reached[2]
    assert plateau_bend(3.0, 9.0) == pytest.approx(3 * by_hand)
    assert plateau_bend(3.0, 1e6) == pytest.approx(0, abs=1e-4)


@pytest.fixture(scope="module")
def grown():
    """A fit to a simulated programme with a fast plateau."""
    truth = ProgrammeTruth(plateau_gain=6, years_to_80pct=5, entrants=200)
    programme = simulated_programme(truth, KNOWN, np.random.default_rng(7))
    data = growth_data(programme.cells, programme.cross_section, KNOWN, (0.0, 0.0), (0.0, 1.0))
    return fitted_growth(GrowthOfMeans(data), "test-time", 2_000)


def test_the_likelihood_of_the_time_is_the_posterior_without_its_prior(grown):
    years, likelihood = time_evidence.time_likelihood(grown)
    score = np.log(years / 7) / 0.8
    weight = likelihood * np.exp(-0.5 * score**2)
    below = (np.cumsum(weight) - 0.5 * weight) / weight.sum()
    drawn = grown.posterior["years_to_80pct"].to_numpy().ravel()
    for level in (0.1, 0.5, 0.9):
        middle = np.quantile(drawn, level)
        assert np.interp(middle, years, below) == pytest.approx(level, abs=0.05)
    assert likelihood.max() == 1


def test_the_shortest_time_is_where_data_become_ten_times_less_likely():
    years, likelihood = np.array([1.0, 2, 4, 8, 16]), np.array([0.01, 0.09, 0.11, 1, 0.5])
    assert time_evidence.shortest_time(years, likelihood) == 4
    assert time_evidence.shortest_time(years, np.ones(5)) == 1


def test_prior_probabilities_of_times_are_a_third_each_and_data_without_news_move_no_odds():
    prior = time_evidence.prior_probabilities()
    assert list(prior.values()) == pytest.approx([1 / 3] * 3, abs=0.01)
    years = 7 * np.exp(0.8 * np.random.default_rng(9).standard_normal(200_000))
    assert time_evidence.bayes_factor(years) == pytest.approx(1, rel=0.02)
    shares = time_evidence.probabilities(np.array([1.0, 6.0, 11.0, np.inf]))
    assert [share.mean() for share in shares.values()] == [0.25, 0.25, 0.5]


def test_phase_in_keeps_ruin_under_the_limit_each_year_and_full_risk_does_not():
    paths = savings_paths(np.linspace(0, 0.04, 10), 0.01, NOISE, 20_000, np.random.default_rng(6))
    phased, full = phase_in(paths, 0.03, 0.01), fixed_share(paths, 0.03, np.ones(10))
    alive = 1 - np.r_[0, phased.ruined_by]
    assert ((alive[:-1] - alive[1:]) / alive[:-1] <= 0.0101).all()
    assert full.ruined_by[-1] > 2 * phased.ruined_by[-1]
    assert (np.diff(full.ruined_by) >= 0).all()


def test_ruin_in_the_limits():
    saving = np.array([[-0.02, 0.05], [0.01, -0.5]])
    paths = SavingsPaths(saving, saving)
    np.testing.assert_array_equal(fixed_share(paths, 0.01, np.zeros(2)).ruined_by, [0, 0])
    np.testing.assert_array_equal(fixed_share(paths, 10.0, np.ones(2)).ruined_by, [0, 0])
    np.testing.assert_array_equal(fixed_share(paths, 0.01, np.ones(2)).ruined_by, [0.5, 1.0])
    for rule in (phase_in, risk_by_reserve):
        np.testing.assert_array_equal(rule(paths, 10.0, 0.01).share, [1.0, 1.0])


def test_where_nothing_is_lost_all_may_be_at_risk():
    gains = np.full((50, 3), 0.02)
    gains[0] = -0.02  # one loser, rarer than the limit: what ruins the others is nothing
    for rule in (phase_in, risk_by_reserve):
        played = rule(SavingsPaths(gains, gains), 0.001, 0.03)
        np.testing.assert_array_equal(played.share[1:], [1.0, 1.0])
        np.testing.assert_allclose(played.ruined_by, 0.02)


def test_the_largest_timetable_by_hand():
    saving = np.vstack([np.full((99, 2), 0.01), [[-0.02, -0.02]]])
    # The loser is ruined once 0.02 + 0.02 of its losses at this share are more than 0.01.
    timetable = largest_timetable(SavingsPaths(saving, saving), 0.01, 0.001, np.ones(2))
    np.testing.assert_allclose(timetable.share, 0.25, atol=1 / 256)
    np.testing.assert_array_equal(timetable.ruined_by, [0.0, 0.0])
    rising = largest_timetable(SavingsPaths(saving, saving), 0.01, 0.001, np.array([0.5, 1.0]))
    np.testing.assert_allclose(rising.share, [1 / 6, 1 / 3], atol=1 / 256)
    rich = largest_timetable(SavingsPaths(saving, saving), 1.0, 0.001, np.array([0.5, 1.0]))
    np.testing.assert_array_equal(rich.share, [0.5, 1.0])


def test_shares_by_reserve_keep_the_limit_and_fall_with_what_was_lost():
    paths = savings_paths(np.linspace(0, 0.04, 10), 0.01, NOISE, 20_000, np.random.default_rng(6))
    played = risk_by_reserve(paths, 0.03, 0.01)
    alive = 1 - np.r_[0, played.ruined_by]
    assert ((alive[:-1] - alive[1:]) / alive[:-1] <= 0.01).all()
    loser_and_winner = np.array([[-0.01, -0.02], [0.01, -0.02]])
    by_hand = risk_by_reserve(SavingsPaths(loser_and_winner, loser_and_winner), 0.005, 0.4)
    # First year: 0.005 / 0.01 of loss for both; second: what is left, 0 and 0.01, over 0.02.
    np.testing.assert_allclose(by_hand.share, [0.5, (0.0 + 0.01) / 0.02 / 2])


def test_support_by_hand():
    saving = np.array([[-0.01, -0.02, -0.03, -0.04], [0.01, 0.02, -0.01, 0.02]])
    persistent = np.array([[0.0, 0.0, 0.0, 0.01], [0.0, 0.0, 0.0, 0.01]])
    paths = SavingsPaths(saving, persistent)
    assert support_cost(paths).cost == pytest.approx((0.10 + 0.01) / 2)
    reviewed = support_cost(paths, review=2, seen=2)
    assert reviewed.cost == pytest.approx((0.03 + 0.01) / 2)
    assert (reviewed.ended, reviewed.ended_by_mistake) == (0.5, 1.0)


def test_forecasts_are_written_for_machines(tmp_path, monkeypatch):
    monkeypatch.setenv("TENSUGGESTIONS_RECORDS", str(tmp_path))
    forecast = Forecast(2023, "all", 4.0, 3.0, 5.0, 4.5, 4.0, 5.0)
    content = json.loads(write_forecasts([forecast], "2026-11-22", "Mean.").read_text())
    assert content["forecasts"][0] == vars(forecast)
    assert content["made"] == "2026-11-22"
    with pytest.raises(InputError, match="2023, all"):
        write_forecasts([Forecast(2023, "all", 4.0, 4.5, 5.0, 4.5, 4.0, 5.0)], "x", "y")
    with pytest.raises(InputError, match="at least one"):
        write_forecasts([], "x", "y")
