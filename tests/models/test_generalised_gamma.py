"""The generalised gamma against scipy's, its cells against rows, and truth found again."""

import numpy as np
import pandas as pd
import pytensor
import pytensor.tensor as pt
import pytest
from scipy.stats import gengamma, norm

from analysis.inference.cache import FitCache
from analysis.inference.fitting import Sampler, fit
from analysis.models.generalised_gamma.data import GeneralisedGammaPriors, generalised_gamma_data
from analysis.models.generalised_gamma.model import generalised_gamma_model, standard_log_density
from analysis.population.log_histogram import log_histogram
from tests.models.simulator import THRESHOLD

pytestmark = pytest.mark.integration

LEVELS = ("a", "b", "c", "d", "e")
CENTRE = np.array([-2.6, -2.3, -2.0, -1.8, -1.5])
SCALE = np.array([1.25, 1.2, 1.3, 1.15, 1.2])


def effects_of(contrasts: np.ndarray) -> np.ndarray:
    """Effects of levels: contrast k sets the mean of the first k levels against the next."""
    effects = np.zeros(len(contrasts) + 1)
    for k, contrast in enumerate(contrasts, start=1):
        effects[:k] += contrast / np.sqrt(k * (k + 1))
        effects[k] -= contrast * k / np.sqrt(k * (k + 1))
    return effects


def by_scipy(q, location=0.0, scale=1.0):
    """Scipy's generalised gamma of the cost itself."""
    power = q / scale
    return gengamma(q**-2, power, scale=np.exp(location) * (q**-2) ** (-1 / power))


def simulate(people, q, seed):
    """Return people with a cost whose log is a generalised gamma by level."""
    generator = np.random.default_rng(seed)
    level = np.arange(people) % len(LEVELS)
    if q == 0:
        w = generator.normal(size=people)
    else:
        w = np.log(generator.gamma(q**-2, size=people) * q**2) / q
    cost = THRESHOLD * np.exp(CENTRE[level] + SCALE[level] * w)
    return pd.DataFrame({"level": np.array(LEVELS)[level], "annual_cost_usd": cost})


@pytest.fixture(scope="module")
def standard():
    w, q = pt.dvector(), pt.dscalar()
    return pytensor.function([w, q], standard_log_density(w, q), mode="FAST_COMPILE")


W = np.linspace(-3, 3, 13)


@pytest.mark.parametrize("q", [-1.0, -0.5, -0.12, -0.08, 0.05, 0.11, 0.4, 1.0])
def test_the_standard_density_is_that_of_scipy(standard, q):
    density = standard(W, q)
    expected = by_scipy(q)
    # The density of the log of cost: that of cost times cost.
    assert density == pytest.approx(expected.logpdf(np.exp(W)) + W, abs=1e-8)


def test_at_shape_zero_it_is_the_normal(standard):
    assert standard(W, 0.0) == pytest.approx(norm.logpdf(W), abs=1e-12)


@pytest.mark.parametrize("q", [-0.4, 0.3])
def test_cells_have_the_likelihood_of_the_rows(q):
    people = simulate(3_000, -0.2, seed=1)
    data = generalised_gamma_data(log_histogram(people, ["level"]), THRESHOLD, 2.0)
    model = generalised_gamma_model(data)
    contrasts = {
        "centre": np.array([-0.3, -0.1, 0.2, 0.1]),
        "log_width": np.array([0.1, 0, -0.1, 0]),
    }
    values = {
        "intercept": np.array([-1.9, 0.2]),
        "spread": np.array([[0.4], [0.1]]),
        "sampled_effect": np.array([contrasts["centre"], contrasts["log_width"]]),
        "shape": q,
    }
    share = data.n / data.n.sum()
    centre, log_width = (
        intercept + effects_of(contrasts[name]) - share @ effects_of(contrasts[name])
        for name, intercept in [("centre", -1.9), ("log_width", 0.2)]
    )
    function = pytensor.function(
        model.free_RVs, model["likelihood"], mode="FAST_COMPILE", on_unused_input="ignore"
    )
    log_density = float(function(*(values[variable.name] for variable in model.free_RVs)))
    expected = 0.0
    for at, level in enumerate(LEVELS):
        scale = np.exp(log_width[at])
        location = centre[at] + scale * q / 2
        cost = people.loc[people["level"] == level, "annual_cost_usd"].to_numpy() / THRESHOLD
        scipy_s = by_scipy(q, location, scale)
        expected += (scipy_s.logpdf(cost) + np.log(cost)).sum()
    assert log_density == pytest.approx(expected / 2, rel=1e-7)


@pytest.fixture(scope="module")
def fits(tmp_path_factory):
    cache, sampler = FitCache(tmp_path_factory.mktemp("fits")), Sampler(2, 500, 400, 0.95)

    def fitted(name, people):
        data = generalised_gamma_data(log_histogram(people, ["level"]), THRESHOLD)
        priors = GeneralisedGammaPriors()
        return fit(name, generalised_gamma_model, data, priors, sampler, cache=cache, publish=False)

    heavy, lognormal = simulate(12_000, -0.35, seed=2), simulate(12_000, 0.0, seed=3)
    return {
        "heavy": fitted("heavy", heavy),
        "lognormal": fitted("lognormal", lognormal),
    }


@pytest.mark.parametrize(("name", "q"), [("heavy", -0.35), ("lognormal", 0)])
def test_the_shape_is_found_again(fits, name, q):
    shape = fits[name].posterior["shape"]
    assert abs(float(shape.mean()) - q) < 4 * float(shape.std())
    assert float(shape.std()) < 0.15


def test_locations_and_scales_are_found_again(fits):
    posterior = fits["heavy"].posterior.mean(("chain", "draw"))
    assert posterior["location"].to_numpy() == pytest.approx(CENTRE, abs=0.12)
    assert np.exp(posterior["log_scale"].to_numpy()) == pytest.approx(SCALE, rel=0.06)


def test_the_fits_converged(fits):
    for name, fitted in fits.items():
        assert fitted.diagnostics.max_rhat < 1.05, name
        assert fitted.diagnostics.divergences == 0, name
