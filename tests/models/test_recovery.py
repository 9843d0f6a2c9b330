"""Known parameters are found again; less evidence says less; repeated years are not new evidence.

The five fits share one compiled model, and all tests share the fits.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from analysis.inference.cache import FitCache
from analysis.inference.fitting import Sampler, fit
from analysis.models.hurdle.data import hurdle_data
from analysis.models.hurdle.model import hurdle_model
from analysis.models.hurdle.priors import HurdlePriors
from analysis.population.cells import risk_cells
from analysis.population.clustering import design_effects
from analysis.risk.adjustment import variation
from analysis.risk.cost_distribution import cost_distribution
from analysis.settings import INTERVAL
from tests.models.simulator import THRESHOLD, Truth, simulate_people

pytestmark = pytest.mark.integration

TRUTH = Truth()
SAMPLER = Sampler(chains=2, tune=300, draws=400, target_accept=0.9)
MAXIMUM = 300.0
QUANTITIES = ("use", "exceed", "location", "log_scale", "log_tail_scale")


def truth_costs(truth=TRUTH):
    """Return the cost distribution of the truth, through the same function as a posterior."""
    values = {
        name: (("chain", "draw", "cell"), v[None, None]) for name, v in truth.quantities().items()
    }
    values["tail_shape"] = (("chain", "draw"), [[truth.tail_shape]])
    share = np.full(len(truth.levels), 1 / len(truth.levels))
    return cost_distribution(xr.Dataset(values), THRESHOLD, share, MAXIMUM)


@pytest.fixture(scope="module")
def fits(tmp_path_factory):
    cache = FitCache(tmp_path_factory.mktemp("fits"))
    strong, weak = simulate_people(30_000, seed=20), simulate_people(1_500, seed=21)
    doubled = pd.concat([strong, strong], ignore_index=True)

    def fitted(name, people, *, clustered):
        cells = risk_cells(people, ["level"])
        effects = design_effects(people, ["level"], cells.threshold) if clustered else None
        data = hurdle_data(cells, effects)
        # One name: one seed, so that two fits differ by their data only.
        return fit(
            "recovery", hurdle_model, data, HurdlePriors(), SAMPLER, cache=cache, publish=False
        )

    return {
        "strong": fitted("strong", strong, clustered=False),
        "weak": fitted("weak", weak, clustered=False),
        "doubled": fitted("doubled", doubled, clustered=False),
        "doubled, clustered": fitted("doubled", doubled, clustered=True),
    }


def interval(values):
    tail = (1 - INTERVAL) / 2
    return values.quantile([tail, 1 - tail], dim=("chain", "draw"))


def width(fitted, name):
    ends = interval(fitted.posterior[name])
    return (ends[1] - ends[0]).to_numpy()


def k_of(fitted):
    share = np.full(3, 1 / 3)
    costs = cost_distribution(fitted.posterior, THRESHOLD, share, MAXIMUM)
    return variation(costs, adjusted=True)


@pytest.mark.parametrize("which", ["strong", "weak"])
def test_the_truth_lies_in_most_intervals(fits, which):
    """Of 16 intervals of 90 %, fewer than 11 hold the truth once in a thousand times."""
    inside = []
    for name, values in TRUTH.quantities().items():
        low, high = interval(fits[which].posterior[name]).to_numpy()
        inside += list((low <= values) & (values <= high))
    low, high = interval(fits[which].posterior["tail_shape"]).to_numpy()
    inside.append(low <= TRUTH.tail_shape <= high)
    assert len(inside) == 16
    assert sum(inside) >= 11


@pytest.mark.parametrize("which", ["strong", "weak"])
def test_the_variation_of_cost_is_recovered(fits, which):
    known = variation(truth_costs(), adjusted=True)[0]
    low, high = np.quantile(k_of(fits[which]), [0.005, 0.995])
    assert low < known < high


def test_much_evidence_gives_estimates_near_the_truth(fits):
    mean = {name: fits["strong"].posterior[name].mean(("chain", "draw")) for name in QUANTITIES}
    for name, values in TRUTH.quantities().items():
        assert mean[name].to_numpy() == pytest.approx(values, abs=0.2), name


def test_the_fits_converged(fits):
    for name, fitted in fits.items():
        assert fitted.diagnostics.max_rhat < 1.03, name
        assert fitted.diagnostics.divergences <= 2, name


@pytest.mark.parametrize("name", ["use", "exceed", "location", "log_scale"])
def test_weak_data_widen_intervals_as_the_root_of_their_size(fits, name):
    """Twenty times the people: intervals 4.5 times as narrow; priors narrow the weak ones."""
    ratio = width(fits["weak"], name).mean() / width(fits["strong"], name).mean()
    assert 2.5 < ratio < 6


def test_weak_data_say_less_about_the_variation_of_cost(fits):
    assert k_of(fits["weak"]).std() > 1.5 * k_of(fits["strong"]).std()


def test_the_same_people_twice_pass_for_more_evidence_without_design_effects(fits):
    for name in ("use", "location"):
        ratio = width(fits["doubled"], name) / width(fits["strong"], name)
        assert ratio.mean() == pytest.approx(1 / np.sqrt(2), rel=0.1), name


def test_with_design_effects_the_same_people_twice_count_once(fits):
    """The likelihood is then that of the single rows, up to rounding; so are the draws."""
    for name in (*QUANTITIES, "tail_shape"):
        one, twice = fits["strong"].posterior[name], fits["doubled, clustered"].posterior[name]
        ends, others = interval(one).to_numpy(), interval(twice).to_numpy()
        spread = one.std(("chain", "draw")).to_numpy()
        # Rounding alone can part two chains, so their ends agree to Monte Carlo error.
        assert (np.abs(ends - others) < 0.3 * spread).all(), name


def test_without_the_tail_k_is_too_low():
    """Drop the key ingredient: a lognormal fitted to all positive costs misses the tail."""
    people = simulate_people(30_000, seed=20)
    cost = people["annual_cost_usd"]
    logs = np.log(cost[cost > 0])
    by_level = logs.groupby(people["level"][cost > 0])
    location, scale = by_level.mean().to_numpy(), by_level.std().to_numpy()
    use = (cost > 0).groupby(people["level"]).mean().to_numpy()
    mean = use * np.exp(location + scale**2 / 2)
    within = (use * np.exp(2 * location + 2 * scale**2) - mean**2).mean()
    lognormal_k = np.sqrt(within) / mean.mean()
    assert lognormal_k < 0.9 * variation(truth_costs(), adjusted=True)[0]


@pytest.mark.parametrize("shape", [0.1, 0.3, 0.5, 0.7])
def test_k_grows_with_the_weight_of_the_tail(shape):
    lighter = variation(truth_costs(replace(TRUTH, tail_shape=shape)), adjusted=True)
    heavier = variation(truth_costs(replace(TRUTH, tail_shape=shape + 0.1)), adjusted=True)
    assert heavier > lighter
