"""Growth of savings: the truth is found, ignoring exit overstates it, and trends trade places."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.fits.simulated_programme import (
    ProgrammeTruth,
    simulated_programme,
)
from analysis.inference.fitting import Sampler, fit
from analysis.models.growth.cohorts import KnownSpread
from analysis.models.growth.data import growth_data, with_trends
from analysis.models.growth.model import growth_model
from analysis.models.growth.priors import GrowthPriors
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
QUICK = Sampler(chains=2, tune=400, draws=400, target_accept=0.9)
NO_TREND, FREE = (0.0, 0.0), (0.0, 1.0)


@pytest.fixture(scope="module")
def programme():
    return simulated_programme(TRUTH, KNOWN, np.random.default_rng(seed_for("test-growth")))


@pytest.fixture(scope="module")
def data(programme):
    return growth_data(programme.cells, programme.cross_section, KNOWN, NO_TREND, FREE)


@pytest.fixture(scope="module")
def fitted(data):
    return fit("test-growth", growth_model, data, GrowthPriors(), QUICK, publish=False)


@pytest.mark.integration
def test_the_truth_is_found(fitted):
    for name, true in {"gain": TRUE_GAIN, "years_to_80pct": TRUTH.years_to_80pct}.items():
        low, high = np.quantile(fitted.posterior[name], ENDS)
        assert low < true < high, name


@pytest.mark.integration
def test_ignoring_exit_takes_survivors_for_learners(fitted, data):
    ignored = replace(data, exit_shift=np.zeros_like(data.exit_shift))
    found = fit("test-growth-ignored", growth_model, ignored, GrowthPriors(), QUICK, publish=False)
    with_exit, without = (float(f.posterior["gain"].median()) for f in (fitted, found))
    assert without > with_exit + 0.3
    assert found.posterior["gain"].quantile(ENDS[0]) > TRUE_GAIN  # too much, not only more


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
def test_over_many_programmes_the_gain_is_not_biased_unless_exit_is_ignored():
    truth = replace(TRUTH, entrants=150)
    errors, ignored = [], []
    for seed in range(15):
        made = simulated_programme(truth, KNOWN, np.random.default_rng(seed))
        data = growth_data(made.cells, made.cross_section, KNOWN, NO_TREND, FREE)
        without = replace(data, exit_shift=np.zeros_like(data.exit_shift))
        for kept, each in ((errors, data), (ignored, without)):
            mean, sd = gain_given_the_rest(each, truth)
            kept.append(((mean - TRUE_GAIN) / sd, mean - TRUE_GAIN))
    (z, bias), (_, bias_ignored) = np.mean(errors, axis=0), np.mean(ignored, axis=0)
    assert abs(z) < 2.6 / np.sqrt(15)  # what chance leaves of a mean of fifteen
    assert bias_ignored > 0.7 > 3 * abs(bias)


@pytest.mark.integration
def test_a_given_calendar_trend_moves_the_gain_by_nine_years_of_it(fitted, data):
    moved = with_trends(data, (0.2, 0.0), FREE)
    found = fit("test-growth-moved", growth_model, moved, GrowthPriors(), QUICK, publish=False)
    change = float(found.posterior["gain"].median() - fitted.posterior["gain"].median())
    assert change == pytest.approx(-9 * 0.2, abs=0.5)


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
    late = np.array([int(label[-4:]) > 2018 for label in early.means])
    assert (early.whitener[late] == 0).all()
    assert (early.whitener[:, late] == 0).all()
    bands = np.array([int(label[:4]) <= 2018 for label in early.bands])
    assert early.n_included == (~late).sum() + bands.sum()
    assert (early.band_error[~bands] > 1e5).all()
