"""Growth of savings: the truth is found, ignoring exit overstates it, and trends trade places."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.inference import Sampler, fit, seed_for
from analysis.models.growth import GrowthPriors, growth_model
from analysis.models.growth_data import KnownSpread, growth_data, with_trends
from analysis.models.variance_components import SpreadComponents
from analysis.policy.maturation import ProgrammeTruth, simulated_programme
from analysis.settings import INTERVAL

KNOWN = KnownSpread(
    SpreadComponents(
        k_renewed=1.2, k_carried=3.8, permanent=1.1, fading=2.3, yearly=0.4, kept=0.68
    ),
    {},
)
TRUTH = ProgrammeTruth(plateau_gain=6.0, years_to_80pct=6.0, leaving_slope=-0.5, entrants=400)
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
    gain = TRUTH.plateau_gain * (1 - 5 ** (-9 / TRUTH.years_to_80pct))
    for name, true in {"gain": gain, "years_to_80pct": TRUTH.years_to_80pct}.items():
        low, high = np.quantile(fitted.posterior[name], ENDS)
        assert low < true < high, name


@pytest.mark.integration
def test_ignoring_exit_takes_survivors_for_learners(fitted, data):
    ignored = replace(data, exit_shift=np.zeros_like(data.exit_shift))
    found = fit("test-growth-ignored", growth_model, ignored, GrowthPriors(), QUICK, publish=False)
    with_exit, without = (float(f.posterior["gain"].median()) for f in (fitted, found))
    assert without > with_exit + 0.3


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
