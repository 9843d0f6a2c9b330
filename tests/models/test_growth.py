"""Growth of savings: the truth is found, ignoring exit overstates it, and trends trade places."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import halfnorm, multivariate_normal, norm

from analysis.fits.savings_growth import fitted_growth
from analysis.fits.simulated_programme import ProgrammeTruth, simulated_programme
from analysis.models.growth.cohorts import KnownSpread, cohort_table
from analysis.models.growth.data import growth_data
from analysis.models.growth.free_form import free_growth
from analysis.models.growth.model import GrowthOfMeans
from analysis.models.savings.components import SpreadComponents
from analysis.seeds import seed_for
from analysis.settings import INTERVAL

KNOWN = KnownSpread(
    SpreadComponents(
        k_renewed=1.2, k_carried=3.8, permanent=1.1, fading=2.3, yearly=0.4, kept=0.68
    ),
    {},
)
TRUTH = ProgrammeTruth(plateau_gain=6.0, years_to_80pct=6.0, leaving_slope=-0.5, entrants=400)
TRUE_GAIN = TRUTH.plateau_gain * (1 - 5 ** (-9 / TRUTH.years_to_80pct))
ENDS = [(1 - INTERVAL) / 2, (1 + INTERVAL) / 2]
NO_TREND, FREE = (0.0, 0.0), (0.0, 1.0)


@pytest.fixture(scope="module")
def programme():
    return simulated_programme(TRUTH, KNOWN, np.random.default_rng(seed_for("test-growth")))


@pytest.fixture(scope="module")
def data(programme):
    return growth_data(programme.cells, programme.cross_section, KNOWN, NO_TREND, FREE)


@pytest.fixture(scope="module")
def fitted(data):
    return fitted_growth(GrowthOfMeans(data), "test-growth", 2_000)


@pytest.fixture(scope="module")
def many():
    """The data of fifteen small programmes of one truth."""
    truth = replace(TRUTH, entrants=150)
    programmes = [simulated_programme(truth, KNOWN, np.random.default_rng(i)) for i in range(15)]
    return [growth_data(p.cells, p.cross_section, KNOWN, NO_TREND, FREE) for p in programmes]


@pytest.mark.integration
def test_the_truth_is_found(fitted):
    for name, true in {"gain": TRUE_GAIN, "years_to_80pct": TRUTH.years_to_80pct}.items():
        low, high = np.quantile(fitted.posterior[name], ENDS)
        assert low < true < high, name


def all_means(model: GrowthOfMeans, vector: np.ndarray) -> float:
    """Log density of whitened means and bands together, with the coefficients in it."""
    data, priors = model.data, model.priors
    years = priors.years_to_80pct[0] * np.exp(priors.years_to_80pct[1] * vector[0])
    period, cohort = halfnorm.ppf(norm.cdf(vector[1:3])) * [1.0, 1.0]
    reached = (1 - 5 ** (-data.elapsed / years)) / (1 - 5 ** (-9 / years))
    plain = model.design.copy()
    plain[:, 1] = reached - reached.mean()
    bands = np.zeros((len(data.bands), plain.shape[1]))
    bands[:, 4] = data.band_inverse / data.band_error
    design = np.concatenate([data.whitener @ plain, bands])
    free = data.period_basis.shape[1], data.cohort_basis.shape[1]
    sd = [3.0, 5.0, data.period_trend[1], data.cohort_trend[1], 2.0]
    sd = np.array([*sd, *np.repeat([period, cohort], free)])
    mean = np.zeros(len(sd))
    mean[2:4] = data.period_trend[0], data.cohort_trend[0]
    rate = np.concatenate(
        [data.whitener @ (data.mean_rate - data.exit_shift), data.band_contrast / data.band_error]
    )
    noise = np.exp(0.7 * vector[3]) * np.eye(len(rate))
    together = multivariate_normal(design @ mean, (design * sd**2) @ design.T + noise)
    return float(together.logpdf(rate) - 0.5 * vector @ vector)


@pytest.mark.unit
def test_the_density_is_that_of_all_means_together(programme):
    data = growth_data(programme.cells, programme.cross_section, KNOWN, (-0.2, 0.3), (0.1, 0.4))
    model = GrowthOfMeans(data)
    vectors = np.random.default_rng(11).normal(size=(5, 4))
    gaps = model.log_density(vectors) - [all_means(model, vector) for vector in vectors]
    np.testing.assert_allclose(gaps, gaps[0], atol=1e-6)
    assert model.log_density(vectors[0]) == pytest.approx(model.log_density(vectors)[0])


@pytest.mark.integration
def test_ignoring_exit_takes_survivors_for_learners(fitted, data):
    ignored = GrowthOfMeans(replace(data, exit_shift=np.zeros_like(data.exit_shift)))
    without_exit = fitted_growth(ignored, "test-growth-ignored", 2_000)
    with_exit, without = (float(f.posterior["gain"].median()) for f in (fitted, without_exit))
    assert without > with_exit + 0.3
    assert without_exit.posterior["gain"].quantile(ENDS[0]) > TRUE_GAIN  # too much, not only more


def gain_given_the_rest(data, truth: ProgrammeTruth) -> tuple[float, float]:
    """Mean and standard deviation of the gain by least squares, with time and scatters known."""
    reached = 1 - 5 ** (-data.elapsed / truth.years_to_80pct)
    parts = {
        "middle": (np.ones_like(reached), 3.0),
        "gain": (reached / (1 - 5 ** (-9 / truth.years_to_80pct)), 5.0),
        "cohort_trend": (data.cohort_slope[data.cohort_idx], 1.0),
        "size": (data.inverse_size, 2.0),
        "period": (data.period_basis[data.period_idx], truth.period_sd),
        "cohort": (data.cohort_basis[data.cohort_idx], truth.cohort_sd),
    }
    design = data.whitener @ np.column_stack([columns for columns, _ in parts.values()])
    sd = np.concatenate([np.full(np.atleast_2d(c.T).shape[0], s) for c, s in parts.values()])
    covariance = np.linalg.inv(design.T @ design + np.diag(sd**-2.0))
    mean = covariance @ design.T @ data.whitener @ (data.mean_rate - data.exit_shift)
    return mean[1], np.sqrt(covariance[1, 1])


@pytest.mark.integration
def test_over_many_programmes_the_gain_is_not_biased_unless_exit_is_ignored(many):
    errors, ignored = [], []
    for data in many:
        without = replace(data, exit_shift=np.zeros_like(data.exit_shift))
        for results, each in ((errors, data), (ignored, without)):
            mean, sd = gain_given_the_rest(each, TRUTH)
            results.append(((mean - TRUE_GAIN) / sd, mean - TRUE_GAIN))
    (z, bias), (_, bias_ignored) = np.mean(errors, axis=0), np.mean(ignored, axis=0)
    assert abs(z) < 2.6 / np.sqrt(15)  # what chance leaves of a mean of fifteen
    assert bias_ignored > 0.7 > 3 * abs(bias)


@pytest.mark.integration
def test_a_given_calendar_trend_moves_the_gain_by_nine_years_of_it(fitted, data):
    model = GrowthOfMeans(replace(data, period_trend=np.array([0.2, 0.0])))
    moved = fitted_growth(model, "test-moved", 2_000)
    change = float(moved.posterior["gain"].median() - fitted.posterior["gain"].median())
    assert change == pytest.approx(-9 * 0.2, abs=0.5)


def contrast(growth: np.ndarray) -> np.ndarray:
    """Gain of years 6 to 10 less that of years 1 to 5."""
    return growth[..., 9] - growth[..., 5] - growth[..., 4] + growth[..., 0]


@pytest.mark.integration
def test_the_bend_is_found_whatever_trends_are_and_whatever_they_are_said_to_be(many):
    """Holford (1983): no straight trend of years or cohorts touches it, and no prior enters it."""
    grown = TRUTH.plateau_gain * (1 - 5 ** (-np.arange(13) / TRUTH.years_to_80pct))
    scores = []
    for seed, data in enumerate(many):
        trends = 0.7 * data.period_slope[data.period_idx] - 0.4 * data.cohort_slope[data.cohort_idx]
        free = free_growth(replace(data, mean_rate=data.mean_rate + trends))
        bends = [
            contrast(free.draws(trend, 4_000, np.random.default_rng(seed))) for trend in (-0.8, 0.4)
        ]
        np.testing.assert_allclose(*bends)
        scores.append((np.median(bends[0]) - contrast(grown)) / np.std(bends[0]))
    assert abs(np.mean(scores)) < 2.6 / np.sqrt(15)  # what chance leaves of a mean of fifteen
    assert 0.5 < np.std(scores) < 1.6  # the stated errors are those that are made


@pytest.mark.unit
def test_gains_move_by_one_year_of_the_calendar_trend_each_year(data):
    free = free_growth(data)
    none, some = (free.draws(trend, 100, np.random.default_rng(12)) for trend in (0.0, 0.5))
    np.testing.assert_allclose(none - some, np.broadcast_to(0.5 * np.arange(13), none.shape))


@pytest.mark.unit
def test_effects_around_a_trend_have_no_level_and_no_trend(data):
    for basis, slope in (
        (data.period_basis, data.period_slope),
        (data.cohort_basis, data.cohort_slope),
    ):
        np.testing.assert_allclose(basis.T @ basis, np.eye(basis.shape[1]), atol=1e-12)
        np.testing.assert_allclose(basis.sum(axis=0), 0, atol=1e-12)
        np.testing.assert_allclose(slope @ basis, 0, atol=1e-9)


@pytest.mark.unit
def test_years_that_are_left_out_do_not_count(programme):
    early = growth_data(
        programme.cells, programme.cross_section, KNOWN, NO_TREND, FREE, last_year=2018
    )
    cells, bands = (
        table[table["performance_year"] <= 2018]
        for table in (programme.cells, programme.cross_section)
    )
    alone = growth_data(cells, bands, KNOWN, NO_TREND, FREE)
    assert early.periods[-1] == "2018"
    np.testing.assert_array_equal(early.mean_rate, alone.mean_rate)
    np.testing.assert_array_equal(early.exit_shift, alone.exit_shift)
    np.testing.assert_array_equal(early.band_contrast, alone.band_contrast)
    assert cohort_table(programme.cells, 2018).index.tolist() == list(range(len(early.means)))
