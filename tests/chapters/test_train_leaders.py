"""Leaders: chance against drawing them one by one, and time against stepping through years."""

import numpy as np
import pytest
from scipy.stats import poisson

from analysis.chapters.train_leaders.coverage import (
    coverage_at_random,
    coverage_with_moves,
    leaders_for_coverage,
    moving_share_for_coverage,
)
from analysis.chapters.train_leaders.pipeline import steady_stock, stock_by_year, years_until

pytestmark = pytest.mark.unit


def test_without_local_variation_coverage_is_poisson_and_continuous_there():
    means = np.array([0.0, 0.5, 2.0, 5.0])
    exact = poisson.sf(1, means)
    np.testing.assert_allclose(coverage_at_random(means, 2, 0.0), exact)
    np.testing.assert_allclose(coverage_at_random(means, 2, 1e-3), exact, atol=1e-5)


def test_coverage_agrees_with_drawing_leaders_one_by_one():
    generator = np.random.default_rng(1)
    consortia, leaders, spread = 4_000, 8_000, 0.7
    attraction = generator.gamma(spread**-2, size=consortia)
    home = generator.choice(consortia, size=leaders, p=attraction / attraction.sum())
    drawn = np.mean(np.bincount(home, minlength=consortia) >= 2)
    assert drawn == pytest.approx(coverage_at_random(2.0, 2, spread), abs=0.02)


def test_a_thousand_leaders_for_five_hundred_consortia_by_hand():
    # Two each on average and evenly: 1 - exp(-2) (1 + 2).
    assert coverage_at_random(2.0, 2, 0.0) == pytest.approx(1 - 3 * np.exp(-2))
    # P(Poisson(4.744) < 2) is one in twenty.
    assert leaders_for_coverage(0.95, 500, 2, 0.0) == pytest.approx(500 * 4.744, rel=1e-3)


@pytest.mark.parametrize("wrong", [0.0, 1.0, 1.2])
def test_full_coverage_by_chance_is_refused(wrong):
    with pytest.raises(ValueError, match="coverage"):
        leaders_for_coverage(wrong, 500, 2, 0.5)


def test_needed_leaders_give_the_coverage_and_grow_with_local_variation():
    leaders = [leaders_for_coverage(0.9, 100, 3, v) for v in (0.0, 0.4, 1.0)]
    assert leaders == sorted(leaders)
    assert coverage_at_random(leaders[1] / 100, 3, 0.4) == pytest.approx(0.9)


def test_moving_leaders_range_from_chance_to_plan():
    stay = coverage_with_moves(1000, 500, 2, 0.5, 0.0)
    assert stay == pytest.approx(float(coverage_at_random(2.0, 2, 0.5)))
    assert coverage_with_moves(1000, 500, 2, 0.5, 1.0) == pytest.approx(1.0)
    assert coverage_with_moves(500, 500, 2, 0.5, 1.0) == pytest.approx(0.5)


def test_movers_fill_those_who_lack_least_by_hand():
    # Evenly with mean 1 among those who stay: 0.368 have none, 0.368 have one, the rest enough.
    none = one_leader = np.exp(-1)
    covered = 1 - none - one_leader
    # 0.5 movers a consortium first complete all with one, then some with none, two at a time.
    expected = covered + one_leader + (0.5 - one_leader) / 2
    assert coverage_with_moves(1500, 1000, 2, 0.0, 1 / 3) == pytest.approx(expected)


def test_moving_share_reaches_the_coverage_or_says_that_none_does():
    share = moving_share_for_coverage(0.95, 1200, 500, 2, 0.5)
    assert coverage_with_moves(1200, 500, 2, 0.5, share) == pytest.approx(0.95)
    assert moving_share_for_coverage(0.95, 5000, 500, 2, 0.0) == 0
    assert moving_share_for_coverage(0.95, 900, 500, 2, 0.0) == np.inf


def test_stock_agrees_with_stepping_through_time():
    start, trained, leaving, course = 300.0, 200.0, 0.12, 1.5
    step, stock, t = 1e-4, start, 0.0
    rate = -np.log(1 - leaving)
    for _ in range(40_000):
        stock += step * (trained * (t >= course) - rate * stock)
        t += step
    stock_at_t = stock_by_year(start, trained, leaving, course, np.array([t]))[0]
    assert stock_at_t == pytest.approx(stock, rel=1e-4)


def test_years_until_inverts_the_stock():
    wanted = np.array([200.0, 600.0, 1000.0, 3000.0])
    years = years_until(wanted, 300.0, 200.0, 0.12, 1.5)
    assert years[0] == 0
    assert np.isinf(years[3])
    reached = stock_by_year(300.0, 200.0, 0.12, 1.5, years[1:3])
    np.testing.assert_allclose(reached, wanted[1:3])


def test_in_the_long_run_the_stock_is_what_training_sustains():
    late = stock_by_year(300.0, 200.0, 0.12, 1.5, np.array([500.0]))[0]
    assert late == pytest.approx(float(steady_stock(200.0, 0.12)))
