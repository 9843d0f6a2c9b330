"""Measures on variance components: limits, chance in a savings rate by simulation, England."""

import numpy as np
import pytest
import xarray as xr

from analysis.chapters.lasting_differences.benchmark_rebasing import correlation_by_benchmark
from analysis.chapters.lasting_differences.savings_checks import correlation_by_lag, spread_by_size
from analysis.evidence import mssp
from analysis.fits.savings_components import BENCHMARK_WEIGHTS, LARGEST_SEEN
from analysis.models.savings.components import REFERENCE_PEOPLE
from analysis.settings import INTERVAL
from tests.risk.components import HEAVINESS, KNOWN, known_components

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def components():
    return known_components()


def test_lasting_differences_shrink_by_the_power_and_nothing_is_left_of_them_in_a_huge_pool(
    components,
):
    np.testing.assert_allclose(components.persistent_spread(LARGEST_SEEN), components.tau)
    ratio = components.persistent_spread(4 * LARGEST_SEEN) / components.tau
    np.testing.assert_allclose(ratio, 4 ** (-KNOWN["size_exponent"] / 2))
    np.testing.assert_allclose(components.persistent_spread(np.inf), 0.0)
    assert float(components.spread(1e24).mean()) == pytest.approx(KNOWN["yearly"] / 100, rel=1e-3)


def test_after_many_years_only_the_permanent_part_is_left(components):
    left = components.persistent_spread(REFERENCE_PEOPLE, years=200)
    np.testing.assert_allclose(left, KNOWN["permanent"] / 100, rtol=1e-6)


def test_sizes_of_many_groups_at_once_are_those_of_each(components):
    sizes = xr.DataArray([8_000.0, 250_000.0], dims="organisation")
    together = components.persistent_spread(sizes)
    for at, size in enumerate(sizes.to_numpy()):
        np.testing.assert_allclose(
            together.isel(organisation=at), components.persistent_spread(size)
        )


def test_what_lasts_and_what_is_new_add_up(components):
    people = 9_000
    new = KNOWN["yearly"] ** 2 + 1e4 * KNOWN["k_renewed"] ** 2 / people
    total = 1e4 * components.spread(people) ** 2
    np.testing.assert_allclose(1e4 * components.persistent_spread(people) ** 2 + new, total)


def test_correlation_falls_with_the_years(components):
    found = [float(components.correlation(10_000, years).mean()) for years in range(1, 6)]
    assert (np.diff(found) < 0).all()
    assert 0 < found[-1] < found[0] < 1


def test_chance_in_a_savings_rate_is_as_argued(components):
    """Simulated people who stay: what lasts in them cancels, and k comes back from what is new."""
    generator = np.random.default_rng(90)
    pools, people, k, correlation = 4_000, 50, 2.0, 0.3
    persistent = generator.normal(size=(pools, people)).mean(axis=1) * np.sqrt(correlation)
    years = generator.normal(size=(pools, people, 5)).mean(axis=1) * np.sqrt(1 - correlation)
    cost = 1 + k * (persistent[:, None] + years)
    benchmark = cost[:, :3] @ BENCHMARK_WEIGHTS
    rate = benchmark[:, None] - cost[:, 3:]
    total, carried = rate[:, 0].var(), np.cov(rate.T)[0, 1]
    new = total - carried
    assert np.sqrt(new * people / (1 - correlation)) == pytest.approx(k, rel=0.04)
    inflation = 1 + (BENCHMARK_WEIGHTS**2).sum()
    assert total == pytest.approx((1 - correlation) * inflation * k**2 / people, rel=0.06)
    share = components.chance_share(people, xr.DataArray(k), correlation)
    assert float((share * components.spread(people) ** 2).mean()) == pytest.approx(total, rel=0.06)


def test_the_ends_of_k_hold_each_other(components):
    low, high = components.person_k(0.25)
    assert (low <= high).all()
    np.testing.assert_allclose(low, KNOWN["k_renewed"] / np.sqrt(0.75))


def test_predicted_spread_holds_what_the_model_itself_draws(components):
    """Cells drawn from the model lie in its 90% interval nine times in ten."""
    cells = mssp.cross_section()
    generator = np.random.default_rng(91)
    expected = components.components.covariance(
        0, xr.DataArray(cells["inverse_size_mean"].to_numpy(float), dims="cell")
    )[0, 0].to_numpy()
    shape = (cells["n_acos"].to_numpy(float) - 1) / (2 + 3 * HEAVINESS)
    drawn = expected * generator.gamma(shape, size=(20, len(cells))) / shape
    covering = [
        spread_by_size(components, cells.assign(savings_rate_variance=one / 1e4), generator)[1]
        for one in drawn
    ]
    shares = [covered(np.arange(components.tau.size)) for covered in covering]
    assert np.mean(shares) == pytest.approx(INTERVAL, abs=0.03)


def test_correlations_by_lag_are_those_of_the_sums(components):
    table = correlation_by_lag(components, np.random.default_rng(92))
    moments = components.moments
    chosen = (moments.band_low == 0) & (moments.lag == 1)
    same = (moments.band_low == 0) & (moments.lag == 0)
    expected = np.average(moments.covariance[chosen], weights=moments.n[chosen]) / np.average(
        moments.covariance[same], weights=moments.n[same]
    )
    first = table[(table["band_low"] == 0) & (table["lag"] == 1)].iloc[0]
    assert first["observed"] == pytest.approx(expected)
    assert first["low"] < first["median"] < first["high"]


def test_a_new_benchmark_makes_successive_results_less_alike():
    found = correlation_by_benchmark(mssp.cells(), HEAVINESS, np.random.default_rng(93))
    assert found["within"].pairs + found["across"].pairs < 1_845  # all pairs of successive years
    assert np.quantile(found["across"].draws, 0.95) < np.quantile(found["within"].draws, 0.5)
    assert found["within"].draws.mean() == pytest.approx(found["within"].correlation, abs=0.01)
