"""What the priors say before any data, in dollars of cost."""

import numpy as np
import pymc as pm
import pytest

from analysis.models.hurdle.data import hurdle_data
from analysis.models.hurdle.model import hurdle_model
from analysis.models.hurdle.priors import HurdlePriors, describe_priors
from analysis.population.cells import risk_cells
from analysis.risk.adjustment import explained_share, variation
from analysis.risk.cost_distribution import cost_distribution
from tests.models.simulator import THRESHOLD, simulate_people

RAND_MEAN_USD = 172
"""Mean annual cost of RAND's person-years."""


@pytest.fixture(scope="module")
def costs():
    """1,000 draws from the prior, as cost distributions of three cells."""
    model = hurdle_model(hurdle_data(risk_cells(simulate_people(300), ["level"])))
    names = ["use", "exceed", "location", "log_scale", "log_tail_scale", "tail_shape"]
    with model, pytest.warns(UserWarning, match="Potentials"):
        prior = pm.sample_prior_predictive(
            1000, var_names=names, random_seed=22, compile_kwargs={"mode": "FAST_COMPILE"}
        )
    posterior = prior["prior"].to_dataset()
    return cost_distribution(posterior, THRESHOLD, np.full(3, 1 / 3), maximum_multiple=1000)


@pytest.mark.integration
def test_the_mean_cost_is_plausible_and_not_decided(costs):
    mean = costs.population_mean()[:, 0]
    low, middle, high = np.quantile(mean, [0.05, 0.5, 0.95])
    assert RAND_MEAN_USD / 4 < middle < RAND_MEAN_USD * 4
    assert low < RAND_MEAN_USD / 2
    assert high > RAND_MEAN_USD * 2
    assert np.quantile(mean, 0.999) < 1e6, "a mean cost of a million dollars is not believed"


@pytest.mark.integration
def test_the_variation_of_cost_may_be_small_or_large(costs):
    k = variation(costs, adjusted=True)
    assert np.isfinite(k).all()
    low, high = np.quantile(k, [0.05, 0.95])
    assert 0.7 < low < 3
    assert 4 < high < 40


@pytest.mark.integration
def test_neither_use_nor_the_share_of_large_costs_is_decided(costs):
    for values in (costs.use, costs.exceed):
        low, high = np.quantile(values, [0.05, 0.95])
        assert high - low > 0.2
    assert np.median(costs.use) > 0.5 > np.median(costs.exceed)


@pytest.mark.integration
def test_a_budget_formula_is_not_expected_to_explain_much(costs):
    explained = explained_share(costs)
    assert (explained >= -1e-12).all()
    assert np.median(explained) < 0.15


@pytest.mark.unit
def test_the_table_of_priors_states_probabilities_and_dollars():
    table = describe_priors(HurdlePriors(), THRESHOLD).set_index("Quantity")
    assert len(table) == 6
    assert (table["Low"] < table["Median"]).all()
    assert (table["Median"] < table["High"]).all()
    any_cost = table.loc["Probability of any cost in a year"]
    assert any_cost["Median"] == pytest.approx(1 / (1 + np.exp(-1.4)))
    assert any_cost["Low"] == pytest.approx(1 / (1 + np.exp(-1.4 + 1.644854 * 1.5)))
    typical = table.loc["Median of costs below the threshold, US dollars", "Median"]
    assert typical == pytest.approx(THRESHOLD * np.exp(-2.0))
