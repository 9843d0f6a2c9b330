"""A rung from people to costs; the sampler is replaced: only what surrounds it is tested."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from analysis.fits import rand_costs
from analysis.fits.rand_costs import fitted_formula, rand_formula, rand_people, rand_priors
from analysis.inference.fitting import Sampler
from analysis.models.hurdle.priors import HurdlePriors
from analysis.population.groups import LADDER, with_history
from analysis.risk.adjustment import variation
from tests.models.simulator import simulate_people

pytestmark = pytest.mark.unit


class ConstantFit:
    """A stand-in for a fit: one draw, in which all cells are alike."""

    def __init__(self, data):
        shape = (1, 1, len(data.n))
        means = {"use": 1.4, "exceed": -2.2, "location": -2.0, "log_scale": 0.2}
        values = {name: np.full(shape, value) for name, value in means.items()}
        values["log_tail_scale"] = np.zeros(shape)
        arrays = {name: (("chain", "draw", "cell"), value) for name, value in values.items()}
        self.posterior = xr.Dataset(arrays | {"tail_shape": (("chain", "draw"), [[0.3]])})

    def thinned(self, draws):
        return self.posterior


@pytest.fixture
def given(monkeypatch):
    """What each fit was asked for, by name."""
    asked = {}

    def fit(name, builder, data, priors, sampler):
        asked[name] = (data, priors, sampler)
        return ConstantFit(data)

    monkeypatch.setattr(rand_costs, "fit", fit)
    return asked


@pytest.fixture(scope="module")
def people():
    return rand_people()


def test_the_lower_rungs_use_everybody_unless_told_otherwise(given, people):
    assert len(rand_formula("age_sex").people) == len(people)
    assert list(given) == ["hurdle-age-sex"]
    data, priors, sampler = given["hurdle-age-sex"]
    assert data.n.sum() == len(people)
    assert priors == rand_priors()
    assert sampler == Sampler()


def test_last_years_cost_is_a_rung_of_those_who_had_a_last_year(given, people):
    budget_formula = rand_formula("prior_cost")
    assert len(budget_formula.people) == len(with_history(people)) < len(people)
    assert budget_formula.cells.factors == LADDER["prior_cost"]
    assert given["hurdle-prior-cost"][0].n.sum() == len(budget_formula.people)


@pytest.mark.parametrize("name", ["age_sex", "health"])
def test_rungs_are_compared_on_the_same_rows(given, people, name):
    lower, upper = rand_formula(name, history=True), rand_formula("prior_cost")
    assert (lower.people["person"] == upper.people["person"]).all()
    assert next(iter(given)) == f"hurdle-{name.replace('_', '-')}-history"
    # Same cells as for everybody, so that one compiled model serves both.
    assert lower.cells.labels() == rand_formula(name).cells.labels()
    assert lower.cells.share.sum() == pytest.approx(1)


def test_an_unknown_rung_is_named(given):
    with pytest.raises(KeyError, match="diagnoses"):
        rand_formula("diagnoses")


def test_people_priors_and_threshold_are_those_given(given):
    priors = HurdlePriors(tail_shape=(0.2, 0.1))
    people = simulate_people(900)
    budget_formula = fitted_formula("toy", ["level"], people, priors=priors, threshold=1_000.0)
    data, used, _ = given["toy"]
    assert used is priors
    assert data.threshold == budget_formula.costs.threshold == 1_000.0
    assert data.n.sum() == 900


def test_without_clusters_every_year_counts_in_full(given):
    people = pd.concat([simulate_people(600)] * 2, ignore_index=True)
    clustered = fitted_formula("clustered", ["level"], people)
    independent = fitted_formula("independent", ["level"], people, clustered=False)
    assert (given["independent"][0].weights == 1).all()
    assert given["clustered"][0].weights == pytest.approx(0.5)
    assert clustered.effects.use == pytest.approx(2)
    assert independent.effects.use == 1


def test_a_lower_maximum_cuts_the_variation(given):
    budget_formula = fitted_formula("toy", ["level"], simulate_people(6_000))
    lower = budget_formula.costs_with_maximum(20)
    assert variation(lower, adjusted=True) < variation(budget_formula.costs, adjusted=True)
    again = budget_formula.costs_with_maximum(1_000)
    assert again.limit == pytest.approx(budget_formula.costs.limit)


def test_values_by_draw_regain_their_chains(given):
    budget_formula = fitted_formula("toy", ["level"], simulate_people(600))
    values = budget_formula.by_chain(np.array([3.0]))
    assert values.dims == ("chain", "draw")
    assert values.item() == 3
