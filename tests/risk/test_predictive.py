"""Densities, survival and simulation of person-years, against each other and against simulation."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad
from scipy.stats import genpareto, kstest

from analysis.population.cells import risk_cells
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

AMOUNTS = np.array([0.0, 3.0, 120.0, 1_999.0, 2_010.0, 4_100.0, 55_000.0])
CELLS = np.array([0, 1, 0, 1, 0, 1, 0])


def test_in_a_bin_the_density_is_its_probability_spread_over_log_cost():
    """The middle of a bin of the first cell, by hand."""
    costs, place = two_cells(), 12
    low, high = costs.bins.low[place], costs.bins.high[place]
    amount = np.exp((low + high) / 2)
    leaning = costs.reach[:, place] * (1 + costs.tilt * costs.lean[:, place])
    chance = costs.body[:, place] * leaning[:, 0] / leaning.sum(axis=1) / 0.7
    found = np.exp(log_density(costs, np.array([amount]), np.array([0])))[:, 0]
    assert found == pytest.approx(chance / (high - low) / amount)


def test_far_in_the_tail_the_density_is_that_of_scipy():
    costs = two_cells()
    costs = replace(costs, tail=replace(costs.tail, largest=np.full((2, 1), 1e12)))
    amount, cell = np.array([4_500.0, 30_000.0]), np.array([0, 1])
    found = np.exp(log_density(costs, amount, cell))
    for draw in range(2):
        tail = costs.tail.chosen(np.array([draw]))
        pareto = genpareto(tail.shape.item(), tail.start.item(), tail.scale.item())
        share = costs.exceed[draw, cell] * (1 - costs.upper[draw].sum())
        assert found[draw] == pytest.approx(share * pareto.pdf(amount), rel=1e-4)


@pytest.mark.parametrize(("draw", "cell"), [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_density_and_probability_of_no_cost_add_up_to_one(draw, cell):
    costs = two_cells()

    def density(log_amount):
        amount = np.exp(log_amount)
        return amount * np.exp(log_density(costs, np.array([amount]), np.array([cell])))[draw, 0]

    start, largest = costs.tail.start[draw, 0], costs.tail.largest[draw, 0]
    breaks = [
        *costs.bins.low,
        *np.log([THRESHOLD, start]),
        np.log(start + 3e3),
        np.log(start + 2e4),
    ]
    breaks = np.unique([*breaks, *costs.upper_bins.low[: 3 * (start > THRESHOLD)], np.log(largest)])
    pieces = [quad(density, a, b)[0] for a, b in pairwise(breaks)]
    none = np.exp(log_density(costs, np.zeros(1), np.array([cell])))[draw, 0]
    assert none + sum(pieces) == pytest.approx(1, abs=1e-6)


def test_survival_falls_as_fast_as_the_density_says():
    costs = two_cells()
    survival = survival_of(costs, AMOUNTS, CELLS)
    assert survival[:, 0] == pytest.approx(costs.survival_by_cell(0.0)[:, 0])
    step = 1e-5
    near = survival_of(costs, AMOUNTS[1:] * (1 + step), CELLS[1:])
    away = survival_of(costs, AMOUNTS[1:] * (1 - step), CELLS[1:])
    slope = (away - near) / (2 * step * AMOUNTS[1:])
    assert slope == pytest.approx(np.exp(log_density(costs, AMOUNTS[1:], CELLS[1:])), rel=1e-4)


def test_survival_is_that_of_the_distribution():
    costs = two_cells()
    for amount in (50.0, 2_500.0, 9_000.0):
        known = costs.survival_by_cell(amount)
        assert survival_of(costs, np.full(2, amount), np.arange(2)) == pytest.approx(known)


def test_simulated_costs_are_those_of_the_distribution():
    costs = two_cells(limit=20_000.0)
    cell = np.repeat([0, 1], 40_000)
    made = simulated_costs(costs, cell, seed=1)
    generator = np.random.default_rng(2)
    for draw, at in ((0, 0), (0, 1), (1, 1)):
        known = draw_costs(costs, draw, at, 40_000, generator)
        assert kstest(made[draw, cell == at], known).pvalue > 1e-3
    assert made.max() <= 20_000


def test_survival_of_simulated_costs_is_uniform_where_there_is_a_cost():
    """The probability integral transform: what tail calibration rests on."""
    costs = fewer_draws(two_cells(limit=1e12), 1)
    cell = np.tile([0, 1], 20_000)
    cost = simulated_costs(costs, cell, seed=3)[0]
    use = costs.survival_by_cell(0.0)[0, cell]
    survival = survival_of(costs, cost, cell)[0] / use
    assert kstest(survival[cost > 0], "uniform").pvalue > 1e-3
    assert survival[cost == 0] == pytest.approx(1)


def test_where_everybody_has_a_cost_nobody_is_without():
    costs = two_cells()
    crowded = replace(costs, body=1.4 * costs.body)
    assert crowded.survival_by_cell(0.0)[:, 1] == pytest.approx(1)
    assert survival_of(crowded, np.zeros(1), np.ones(1, int)) == pytest.approx(1)
    assert np.isfinite(log_density(crowded, AMOUNTS, np.ones(7, int))).all()
    assert (simulated_costs(crowded, np.ones(500, int), seed=4) > 0).all()


def test_years_of_a_person_are_added_up_in_the_order_of_identifiers():
    values = np.array([[1.0, 2.0, 3.0, 4.0], [10.0, 20.0, 30.0, 40.0]])
    person = np.array([7, 3, 7, 5])
    assert by_person(values, person).tolist() == [[2, 4, 4], [20, 40, 40]]


def test_every_person_is_in_the_cell_of_their_labels():
    costs = np.geomspace(1, 9_000, 400)
    people = pd.DataFrame({"sex": list("mfmf") * 100, "annual_cost_usd": costs})
    cells = risk_cells(people, ["sex"])
    found = cells.table["sex"].to_numpy()[cell_index(people, cells)]
    assert found.tolist() == list("mfmf") * 100


def test_a_person_without_a_cell_is_named():
    people = pd.DataFrame({"sex": ["f"] * 400, "annual_cost_usd": np.geomspace(1, 9_000, 400)})
    other = pd.DataFrame({"sex": ["f", "x"], "annual_cost_usd": [1.0, 2.0]})
    with pytest.raises(ValueError, match="no cell for sex=x"):
        cell_index(other, risk_cells(people, ["sex"]))
