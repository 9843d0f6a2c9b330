"""Densities, survival and simulation of person-years, against scipy and against each other."""

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad
from scipy.stats import genpareto, kstest, lognorm

from analysis.population.cells import risk_cells
from analysis.population.clustering import DesignEffects
from analysis.risk.annual_cost import fewer_draws
from analysis.risk.predictive import (
    by_person,
    cell_index,
    log_density,
    simulated_costs,
    survival_of,
)
from tests.risk.costs import THRESHOLD, draw_costs, two_cells

pytestmark = pytest.mark.unit

AMOUNTS = np.array([0.0, 3.0, 120.0, THRESHOLD, 501.5, 4_000.0, 55_000.0])
CELLS = np.array([0, 1, 0, 1, 0, 1, 0])


def by_scipy(costs, draw, cell, amount):
    """Density of one cost from scipy's distributions."""
    at = (draw, cell)
    if amount == 0:
        return 1 - costs.use[at]
    if amount <= costs.threshold:
        body = lognorm(costs.scale[at], scale=np.exp(costs.location[at]))
        share = costs.use[at] * (1 - costs.exceed[at])
        return share * body.pdf(amount) / body.cdf(costs.threshold)
    tail = genpareto(costs.tail_shape[draw, 0], loc=costs.threshold, scale=costs.tail_scale[at])
    return costs.use[at] * costs.exceed[at] * tail.pdf(amount)


def test_the_density_is_that_of_scipy():
    costs = two_cells()
    density = np.exp(log_density(costs, AMOUNTS, CELLS))
    for draw in range(2):
        known = [by_scipy(costs, draw, *pair) for pair in zip(CELLS, AMOUNTS, strict=True)]
        assert density[draw] == pytest.approx(known)


def test_density_and_probability_of_no_cost_add_up_to_one():
    costs = two_cells()

    def density(log_amount):
        amount = np.exp(log_amount)
        return amount * np.exp(log_density(costs, np.array([amount]), np.array([1])))[0, 0]

    pieces = [
        quad(density, -12, np.log(THRESHOLD))[0],
        quad(density, np.log(THRESHOLD), 30)[0],
    ]
    none = np.exp(log_density(costs, np.zeros(1), np.array([1])))[0, 0]
    assert none + sum(pieces) == pytest.approx(1, abs=1e-5)


def test_survival_is_the_integral_of_the_density():
    costs = two_cells()
    survival = survival_of(costs, AMOUNTS, CELLS)
    assert survival[:, 0] == pytest.approx(costs.use[:, 0])
    step = 1e-4
    near = survival_of(costs, AMOUNTS[1:] * (1 + step), CELLS[1:])
    away = survival_of(costs, AMOUNTS[1:] * (1 - step), CELLS[1:])
    slope = (away - near) / (2 * step * AMOUNTS[1:])
    # At the threshold the density jumps, so the difference across it is no derivative.
    smooth = AMOUNTS[1:] != THRESHOLD
    density = np.exp(log_density(costs, AMOUNTS[1:], CELLS[1:]))
    assert slope[:, smooth] == pytest.approx(density[:, smooth], rel=1e-4)


def test_design_effects_divide_each_part_of_the_density():
    costs = two_cells()
    amount, cell = np.array([0.0, 100.0, 900.0]), np.array([0, 0, 0])
    plain = log_density(costs, amount, cell)
    halved = log_density(costs, amount, cell, DesignEffects(2.0, 2.0, 2.0, 2.0))
    assert halved == pytest.approx(plain / 2)
    body = log_density(costs, amount, cell, DesignEffects(body=3.0))
    assert body[:, [0, 2]] == pytest.approx(plain[:, [0, 2]])
    assert (body[:, 1] != plain[:, 1]).all()


def test_simulated_costs_are_those_of_the_distribution():
    costs = two_cells(limit=20_000.0)
    cell = np.repeat([0, 1], 40_000)
    made = simulated_costs(costs, cell, seed=1)[0]
    generator = np.random.default_rng(2)
    for at in (0, 1):
        known = draw_costs(costs, 0, at, 40_000, generator)
        assert kstest(made[cell == at], known).pvalue > 1e-3
    assert made.max() <= 20_000


def test_survival_of_simulated_costs_is_uniform_where_there_is_a_cost():
    """The probability integral transform: what tail calibration rests on."""
    costs = fewer_draws(two_cells(limit=1e12), 1)
    cell = np.tile([0, 1], 20_000)
    cost = simulated_costs(costs, cell, seed=3)[0]
    survival = survival_of(costs, cost, cell)[0] / costs.use[0, cell]
    assert kstest(survival[cost > 0], "uniform").pvalue > 1e-3
    assert (survival[cost == 0] == 1).all()


def test_years_of_a_person_are_added_up_in_the_order_of_identifiers():
    values = np.array([[1.0, 2.0, 3.0, 4.0], [10.0, 20.0, 30.0, 40.0]])
    person = np.array([7, 3, 7, 5])
    assert by_person(values, person).tolist() == [[2, 4, 4], [20, 40, 40]]


def test_fewer_draws_keep_every_other_one():
    costs = two_cells()
    assert fewer_draws(costs, 2).use.tolist() == costs.use.tolist()
    one = fewer_draws(costs, 1)
    assert one.use.tolist() == costs.use[:1].tolist()
    assert one.tail_shape.tolist() == costs.tail_shape[:1].tolist()
    assert one.share is costs.share


def test_every_person_is_in_the_cell_of_their_labels():
    people = pd.DataFrame({"sex": list("mfmf"), "annual_cost_usd": [1.0, 2.0, 3.0, 4.0]})
    cells = risk_cells(people, ["sex"])
    assert cells.table["sex"].to_numpy()[cell_index(people, cells)].tolist() == list("mfmf")


def test_a_person_without_a_cell_is_named():
    people = pd.DataFrame({"sex": ["f", "f"], "annual_cost_usd": [1.0, 2.0]})
    other = pd.DataFrame({"sex": ["f", "x"], "annual_cost_usd": [1.0, 2.0]})
    with pytest.raises(ValueError, match="no cell for sex=x"):
        cell_index(other, risk_cells(people, ["sex"]))
