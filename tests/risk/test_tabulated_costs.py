"""English costs on a grid: the exact moments, the generated people, and pools of them."""

import numpy as np
import pytest
from scipy.stats import norm

from analysis.population.england.generate import generate_england
from analysis.population.england.moments import england_moments
from analysis.population.england.parameters import england_parameters
from analysis.risk.adjustment import explained_share, variation
from analysis.risk.minimum_size import overspend_probability
from analysis.risk.pooled_loss import PoolCalculator
from analysis.risk.tabulated_costs import england_costs

MULTIPLE = 1_000
PARAMETERS = [england_parameters(draw) for draw in range(3)]
COSTS = england_costs(PARAMETERS, seed=1, maximum_multiple=MULTIPLE)


@pytest.mark.integration
def test_moments_are_the_generators():
    exact = [england_moments(row, diagnoses=False)["total"] for row in PARAMETERS]
    mean = COSTS.population_mean()[:, 0]
    np.testing.assert_allclose(mean, [cost.mean for cost in exact], rtol=0.005)
    within = [cost.k("age_sex") for cost in exact]
    np.testing.assert_allclose(variation(COSTS, adjusted=True), within, rtol=0.03)
    explained = [cost.explained["age_sex"] for cost in exact]
    np.testing.assert_allclose(explained_share(COSTS), explained, rtol=0.06)


@pytest.mark.integration
def test_means_by_age_and_sex_are_the_tables():
    model_means = england_moments(PARAMETERS[0])["total"].mean
    people = generate_england(
        300_000, 1, years=1, columns=["age_sex", "expected_cost_given_age_sex_gbp"]
    )
    wanted = people.groupby("age_sex", observed=False)["expected_cost_given_age_sex_gbp"].first()
    assert list(wanted.index) == list(COSTS.labels)
    np.testing.assert_allclose(COSTS.mean()[0], wanted, rtol=0.05)
    assert COSTS.share @ wanted.to_numpy(float) == pytest.approx(model_means, rel=1e-4)


@pytest.mark.integration
def test_tail_is_that_of_the_people():
    cost = generate_england(1_000_000, 2, years=1, columns=["annual_cost_gbp"]).to_numpy()
    for amount in (200.0, 1_000.0, 5_000.0, 20_000.0, 60_000.0):
        observed = (cost > amount).mean()
        error = 4 * np.sqrt(observed / len(cost))
        assert COSTS.survival(amount)[0] == pytest.approx(observed, abs=error + 0.01 * observed)


@pytest.mark.unit
def test_probabilities_add_up_and_a_limit_limits():
    np.testing.assert_allclose(COSTS.probabilities.sum(axis=2), 1)
    assert (COSTS.probabilities >= 0).all()
    assert COSTS.share.sum() == pytest.approx(1)
    short = COSTS.limited_at(20_000.0)
    assert (short.mean() < COSTS.mean()).all()
    assert (variation(short, adjusted=True) < variation(COSTS, adjusted=True)).all()
    np.testing.assert_allclose(COSTS.limited_mean(20_000.0), short.mean())
    assert (COSTS.limited_at(np.inf).limit == COSTS.limit).all()


@pytest.mark.unit
def test_the_same_seed_gives_the_same_costs():
    again = england_costs(PARAMETERS[:1], seed=1, maximum_multiple=MULTIPLE)
    np.testing.assert_array_equal(again.probabilities[0], COSTS.probabilities[0])


@pytest.mark.integration
def test_pools_of_generated_people_overspend_as_often():
    size, pools = 1_000, 2_000
    cost = generate_england(size * pools, 3, years=1, columns=["annual_cost_gbp"])
    totals = cost["annual_cost_gbp"].to_numpy(float).reshape(pools, size).sum(axis=1)
    loss = PoolCalculator(COSTS, fixed_mix=False).loss(size)
    for ratio in (0.95, 1.0, 1.1, 1.2):
        observed = (totals / size > ratio * COSTS.population_mean()[0, 0]).mean()
        expected = loss.exceedance(ratio)[0, 0]
        assert observed == pytest.approx(expected, abs=4 * np.sqrt(0.25 / pools) + 0.01)


@pytest.mark.integration
def test_large_pools_are_nearly_normal():
    probability = overspend_probability(COSTS, [0.02], [200_000])[:, 0, 0]
    k = variation(COSTS, adjusted=True)
    np.testing.assert_allclose(probability, norm.sf(0.02 * np.sqrt(200_000) / k), atol=0.003)
