"""The likelihood of cells is the likelihood of the people in them."""

import numpy as np
import pandas as pd
import pytensor
import pytest
from scipy.optimize import minimize
from scipy.stats import genpareto

from analysis.evidence.rand_hie import person_years
from analysis.models.hurdle.data import hurdle_data
from analysis.models.hurdle.model import hurdle_model
from analysis.models.hurdle.priors import HurdlePriors
from analysis.models.hurdle.tail_prior import grouped_pareto
from analysis.population.cells import risk_cells
from analysis.population.clustering import DesignEffects
from analysis.population.groups import LADDER, add_risk_groups
from analysis.population.risk_cells import tail_edges
from tests.models.rows import COST, QUANTITIES, row_log_likelihood, row_parameters
from tests.models.simulator import THRESHOLD, Truth, simulate_people

pytestmark = pytest.mark.integration

PARTS = ("use", "exceed", "body", "tail")


def random_values(model, seed):
    """Draw every sampled variable: near the priors' means, effects of moderate size."""
    generator = np.random.default_rng(seed)
    values = {}
    for variable in model.free_RVs:
        name = variable.name
        shape = [len(model.coords[dim]) for dim in model.named_vars_to_dims.get(name, ())]
        if name == "tail_shape":
            values[name] = generator.uniform(0.1, 0.8)
        elif name == "intercept":
            means = [getattr(HurdlePriors(), quantity)[0] for quantity in QUANTITIES]
            values[name] = np.array(means) + 0.3 * generator.normal(size=shape)
        elif name == "spread":
            values[name] = generator.uniform(0.1, 0.5, size=shape)
        else:
            assert name == "sampled_effect"
            values[name] = 0.4 * generator.normal(size=shape)
    return values


@pytest.fixture(scope="module")
def simulated():
    return simulate_people(3000).assign(half=lambda f: np.where(f["person"] % 7 < 3, "x", "y"))


@pytest.fixture(scope="module")
def rand():
    return add_risk_groups(person_years())


@pytest.fixture(scope="module", params=["age_sex", "health", "simulated"])
def case(request, rand, simulated):
    """People, factors, model and a function from values to the terms of its likelihood."""
    people = simulated if request.param == "simulated" else rand
    factors = LADDER.get(request.param, ("level", "half"))
    cells = risk_cells(people, factors)
    model = hurdle_model(hurdle_data(cells))
    terms = [model[f"likelihood_{part}"] for part in PARTS]
    # Python's own mode: compiling would take longer than every evaluation here.
    function = pytensor.function(
        model.free_RVs, terms, mode="FAST_COMPILE", on_unused_input="ignore"
    )
    return people, factors, cells, model, function


@pytest.mark.parametrize("seed", range(3))
def test_terms_equal_the_log_likelihood_of_the_rows(case, seed):
    people, factors, cells, model, function = case
    values = random_values(model, seed)
    terms = function(*(values[variable.name] for variable in model.free_RVs))
    rows = row_log_likelihood(
        people, row_parameters(people, factors, values), values["tail_shape"], cells.edges
    )
    # The terms are densities of the log of cost; those of the rows are per unit of currency. The
    # Jacobian, minus the sum of log costs, holds no parameter and is left out of the model.
    body = people.loc[people[COST].between(0, cells.threshold, inclusive="right"), COST]
    constant = {"body": -np.log(body).sum()}
    for part, term in zip(PARTS, terms, strict=True):
        assert float(term) + constant.get(part, 0.0) == pytest.approx(rows[part], rel=1e-9), part


def test_weights_multiply_each_part():
    cells = risk_cells(simulate_people(600), ["level"])
    effects = DesignEffects(use=2.0, body=4.0, exceed=3.0, tail=5.0)
    by_weight = []
    for data in (hurdle_data(cells), hurdle_data(cells, effects)):
        model = hurdle_model(data)
        terms = [model[f"likelihood_{part}"] for part in PARTS]
        function = pytensor.function(
            model.free_RVs, terms, mode="FAST_COMPILE", on_unused_input="ignore"
        )
        values = random_values(model, 1)
        by_weight.append(np.array(function(*(values[v.name] for v in model.free_RVs))))
    assert by_weight[0] / by_weight[1] == pytest.approx([2.0, 3.0, 4.0, 5.0])


def continuous_pareto(excess):
    """Maximum likelihood of exact excesses: scale and shape."""

    def loss(parameters):
        return -genpareto.logpdf(excess, np.exp(parameters[1]), scale=np.exp(parameters[0])).sum()

    found = minimize(loss, [np.log(excess.mean()), np.log(0.4)], method="Nelder-Mead")
    return np.exp(found.x)


def binned(cost, edges):
    return np.histogram(cost, np.append(edges, np.inf))[0].astype(float)


@pytest.mark.parametrize("source", ["rand", "simulated"])
def test_bins_lose_little_of_the_tail(source, rand):
    """Ten bins a decade move the estimate by far less than its standard error."""
    if source == "rand":
        cost = rand.loc[rand[COST] > THRESHOLD, COST].to_numpy(float)
    else:
        truth = Truth(tail_scale=(1.0, 1.0, 1.0))
        people = simulate_people(30_000, truth, seed=5)
        cost = people.loc[people[COST] > THRESHOLD, COST].to_numpy()
    edges = tail_edges(THRESHOLD)
    scale, shape = grouped_pareto(edges, binned(cost, edges))
    exact_scale, exact_shape = continuous_pareto(cost - THRESHOLD)
    # Asymptotic standard errors: Smith 1987, Annals of Statistics 15:1174.
    shape_error = (1 + exact_shape) / np.sqrt(len(cost))
    scale_error = exact_scale * np.sqrt(2 * (1 + exact_shape) / len(cost))
    assert abs(shape - exact_shape) < 0.35 * shape_error
    assert abs(scale - exact_scale) < 0.35 * scale_error


def test_factors_may_come_as_categories():
    people = simulate_people(300)
    plain = hurdle_data(risk_cells(people, ["level"]))
    as_category = people.assign(level=pd.Categorical(people["level"], categories=["c", "a", "b"]))
    data = hurdle_data(risk_cells(as_category, ["level"]))
    assert data.level_names == plain.level_names
    assert data.n.sum() == plain.n.sum()
    assert data.tail_count.sum() == plain.tail_count.sum()
