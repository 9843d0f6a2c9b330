"""Exit and gradients of known tables, ruin in the limits, forecasts as written for machines."""

import json

import numpy as np
import pandas as pd
import pytest

from analysis.chapters.five_to_ten_years.gradients import (
    means_by_programme_year,
    raw_gradient,
    stayers_gradient,
    year_adjusted_gradient,
)
from analysis.chapters.five_to_ten_years.growth_measures import aqc_growth, time_prior_weights
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
from analysis.models.growth.cohorts import (
    KnownSpread,
    cohort_table,
    exit_shift,
    sampling_covariance,
)
from analysis.models.savings.components import SpreadComponents
from analysis.report.forecasts import Forecast, write_forecasts
from analysis.risk.performance import PerformanceNoise
from tests.models.simulated_programme import ProgrammeTruth, simulated_programme

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


def test_weights_turn_one_prior_of_the_time_into_another():
    years = np.exp(np.log(7) + 0.8 * np.random.default_rng(8).standard_normal(200_000))
    weight = time_prior_weights(years, (7.0, 0.8), (5.0, 0.6))
    assert weight.sum() == pytest.approx(1)
    assert weight @ np.log(years) == pytest.approx(np.log(5), abs=0.01)
    assert np.sqrt(weight @ np.log(years / 5) ** 2) == pytest.approx(0.6, rel=0.02)
    np.testing.assert_allclose(time_prior_weights(years, (7.0, 0.8), (7.0, 0.8)), 1 / len(years))


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
