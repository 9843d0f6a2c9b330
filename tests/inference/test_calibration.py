"""Calibration by simulation: it passes what is right and finds what is wrong.

First with posteriors known in closed form, drawn without a sampler; then the whole machine with a
toy model whose data are simulated rightly and wrongly.
"""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from arviz_stats.ecdf_utils import ecdf_pit

from analysis.inference.cache import FitCache
from analysis.inference.fitting import Sampler
from analysis.inference.rank_uniformity import (
    coverage,
    detection_rate,
    difference_from_uniform,
    shared_probability,
    uniform_band,
    uniformity,
)
from analysis.inference.simulation_based_calibration import (
    LOG_LIKELIHOOD,
    CalibrationCase,
    LogLikelihood,
    calibrate,
    prior_draws,
    rank_among,
)
from analysis.settings import INTERVAL
from tests.inference import toy

REPLICATIONS, DRAWS, OBSERVATIONS = 300, 100, 12
TOY_REPLICATIONS = 30


def conjugate_ranks(centre=0.0, width=1.0, ignore_data=False):
    """Ranks for normal data of known spread 1 and a standard normal prior of their mean.

    The posterior is normal with precision n + 1; `centre` and `width` distort it.
    """
    generator = np.random.default_rng(3)
    truth = generator.normal(size=REPLICATIONS)
    data = truth[:, None] + generator.normal(size=(REPLICATIONS, OBSERVATIONS))
    mean, sd = data.sum(axis=1) / (OBSERVATIONS + 1), 1 / np.sqrt(OBSERVATIONS + 1)
    if ignore_data:
        mean, sd = np.zeros(REPLICATIONS), 1.0
    draws = (mean + centre * sd)[:, None] + width * sd * generator.normal(
        size=(REPLICATIONS, DRAWS)
    )
    likelihood = [
        -0.5 * ((data[:, None, :] - values[..., None]) ** 2).sum(axis=-1)
        for values in (draws, truth[:, None])
    ]
    ranks = {
        "mean": (draws < truth[:, None]).sum(axis=1),
        LOG_LIKELIHOOD: (likelihood[0] < likelihood[1]).sum(axis=1),
    }
    return pd.concat(pd.DataFrame({"quantity": name, "rank": r}) for name, r in ranks.items())


def inside(**wrong):
    judged = uniformity(conjugate_ranks(**wrong), DRAWS)
    return judged.set_index("quantity")["inside"].to_dict()


@pytest.mark.unit
class TestUniformity:
    def test_a_right_posterior_passes(self):
        assert inside() == {"mean": True, LOG_LIKELIHOOD: True}

    @pytest.mark.parametrize(
        "wrong", [{"centre": 0.5}, {"centre": -0.5}, {"width": 0.7}, {"width": 1.5}]
    )
    def test_a_shifted_or_misjudged_posterior_fails(self, wrong):
        assert not inside(**wrong)["mean"]

    def test_a_posterior_that_ignores_the_data_is_found_by_the_likelihood_alone(self):
        """Modrak and others 2023: ranks of the parameter are uniform under the prior, too."""
        assert inside(ignore_data=True) == {"mean": True, LOG_LIKELIHOOD: False}

    def test_a_shift_shows_its_direction(self):
        """A posterior too high has truths at low ranks, so the ECDF lies above uniform."""
        judged = uniformity(conjugate_ranks(centre=0.5), DRAWS).set_index("quantity")
        assert judged.loc["mean", "largest_difference"] > 0

    def test_coverage_counts_truths_inside_the_interval(self):
        even = np.arange(DRAWS + 1)
        assert coverage(even, DRAWS) == pytest.approx(INTERVAL, abs=1 / DRAWS)
        assert coverage(np.array([0, 50, 100, 50]), DRAWS) == 0.5

    def test_bands_are_those_of_arviz(self):
        ranks = np.random.default_rng(1).integers(0, DRAWS + 1, 200)
        points, _, lower, upper = ecdf_pit((ranks + 0.5) / (DRAWS + 1), 0.9, 4_000)
        band = uniform_band(200, 0.9)
        # One step of the ECDF: two sets of simulations may differ by one binomial quantile.
        assert np.abs(band.upper + band.points - upper[1:-1]).max() <= 1 / 200 + 1e-9
        assert np.abs(band.lower + band.points - lower[1:-1]).max() <= 1 / 200 + 1e-9
        assert np.allclose(band.points, points[1:-1])

    def test_a_right_model_leaves_the_band_as_often_as_stated(self):
        generator = np.random.default_rng(5)
        band = uniform_band(150, INTERVAL)
        held = [
            band.holds(difference_from_uniform(generator.integers(0, 101, 150), 100))
            for i in range(600)
        ]
        # Three standard errors of a share of 600, and half a point of the band itself.
        assert np.mean(held) == pytest.approx(INTERVAL, abs=0.045)

    def test_bands_are_wider_when_more_quantities_share_the_chance_of_error(self):
        assert shared_probability(1) == pytest.approx(INTERVAL)
        assert shared_probability(10) == pytest.approx(1 - (1 - INTERVAL) / 10)
        narrow, wide = (uniform_band(200, shared_probability(n)) for n in (1, 10))
        assert (wide.upper >= narrow.upper).all()

    def test_larger_errors_are_found_more_often(self):
        rates = [detection_rate(200, INTERVAL, shift=shift) for shift in (0.0, 0.1, 0.3)]
        assert rates == sorted(rates)
        assert rates[0] < 0.15
        assert rates[2] > 0.95


@pytest.mark.unit
def test_ranks_count_the_draws_below_and_break_ties_at_random():
    generator = np.random.default_rng(2)
    draws = np.array([1.0, 2.0, 2.0, 3.0])
    assert rank_among(0.5, draws, generator) == 0
    assert rank_among(2.5, draws, generator) == 3
    assert rank_among(9.0, draws, generator) == 4
    assert {rank_among(2.0, draws, generator) for _ in range(100)} == {1, 2, 3}


def toy_case(name, shift=0.0, spread=2.0):
    """The toy model says that data spread by 2 around the mean: so they do unless told."""

    def simulate(truth, generator):
        size = len(toy.toy_data().observed)
        return toy.ToyData(truth["centre"] + shift + spread * generator.normal(size=size))

    return CalibrationCase(
        name=name,
        builder=toy.toy_model,
        priors=toy.ToyPriors((0.0, 1.0)),
        template=toy.toy_data(),
        simulate=simulate,
        quantities=lambda draws: {"centre": draws["centre"].to_numpy().ravel()},
        sampler=Sampler(chains=2, tune=200, draws=200),
    )


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """One right and two wrong calibrations of the same compiled toy model."""
    cases = {
        "right": toy_case("toy-right"),
        "shifted": toy_case("toy-shifted", shift=0.3),
        "data more spread than the model says": toy_case("toy-spread", spread=3.5),
    }
    cache = FitCache(tmp_path_factory.mktemp("calibration"))
    return {name: calibrate(case, TOY_REPLICATIONS, cache) for name, case in cases.items()}


@pytest.mark.integration
class TestCalibrate:
    def test_the_right_model_passes(self, judged):
        found = judged["right"]
        assert uniformity(found.replications, found.ranked_draws)["inside"].all()

    @pytest.mark.parametrize("wrong", ["shifted", "data more spread than the model says"])
    def test_a_wrong_model_fails(self, judged, wrong):
        """One posterior standard deviation is 0.3; both errors are about that large."""
        found = judged[wrong]
        assert not uniformity(found.replications, found.ranked_draws)["inside"].all()

    def test_every_replication_and_quantity_has_its_row(self, judged):
        found = judged["right"]
        assert found.ranked_draws == 100
        assert len(found.fits) == TOY_REPLICATIONS
        assert len(found.replications) == 2 * TOY_REPLICATIONS
        assert found.replications["rank"].between(0, 100).all()
        assert set(found.replications["quantity"]) == {"centre", LOG_LIKELIHOOD}

    def test_estimates_are_those_of_theory(self, judged):
        """Conjugate: precision 40 / 4 from the data and 1 from the prior."""
        rows = judged["right"].replications
        centre = rows[rows["quantity"] == "centre"]
        assert centre["posterior_sd"].mean() == pytest.approx(1 / np.sqrt(11), rel=0.03)
        error = (centre["posterior_mean"] - centre["truth"]).std()
        assert error == pytest.approx(1 / np.sqrt(11), rel=0.25)

    def test_it_is_the_same_again(self, judged, tmp_path):
        again = calibrate(toy_case("toy-right"), 3, FitCache(tmp_path))
        first = judged["right"].replications.query("replication < 3")
        pd.testing.assert_frame_equal(again.replications, first)

    def test_a_kept_replication_is_not_fitted_again(self, judged, tmp_path, monkeypatch):
        from analysis.inference import fitting

        cache, names = FitCache(tmp_path), []
        calibrate(toy_case("toy-right"), 2, cache)
        sample = fitting._sample
        monkeypatch.setattr(fitting, "_sample", lambda *a: (names.append(a[0]), sample(*a))[1])
        calibrate(toy_case("toy-right"), 3, cache)
        assert names == ["calibration-toy-right-0002"]


@pytest.mark.integration
def test_prior_draws_are_those_of_the_prior():
    draws = prior_draws(toy.toy_model(toy.toy_data(), toy.ToyPriors((3.0, 2.0))), 4_000, 7)
    centre = draws["centre"].to_numpy()
    assert centre.mean() == pytest.approx(3.0, abs=0.1)
    assert centre.std() == pytest.approx(2.0, rel=0.05)


@pytest.mark.integration
def test_the_log_likelihood_follows_draws_and_data():
    """Against the normal density in closed form, for two data sets."""
    likelihood = LogLikelihood(toy.toy_model(toy.toy_data(), toy.ToyPriors()))
    draws = xr.Dataset({"centre": (("chain", "draw"), [[2.0, 3.0], [4.0, 5.0]])})
    for shift in (0.0, 1.5):
        data = toy.toy_data(shift)
        likelihood.set_data(toy.toy_model(data, toy.ToyPriors()))
        wanted = [
            -(len(data.observed) * np.log(2 * np.sqrt(2 * np.pi)))
            - ((data.observed - centre) ** 2).sum() / 8
            for centre in (2.0, 3.0, 4.0, 5.0)
        ]
        assert likelihood(draws) == pytest.approx(wanted)
