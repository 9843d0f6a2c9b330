"""The check by pairs of factors: silent when effects add up, loud when they do not."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.chapters.risk_adjustment.factor_interactions import interaction_check, summarise_check
from analysis.fits.rand_costs import FittedFormula
from analysis.population.cells import risk_cells
from analysis.population.clustering import DesignEffects
from analysis.risk.predictive import cell_index, simulated_costs
from tests.risk.costs import two_cells

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def budget_formula():
    """A rung whose costs differ by sex and not by age, as its model knows; no fit is needed."""
    generator = np.random.default_rng(1)
    people = pd.DataFrame(
        {
            "person": np.arange(12_000),
            "age": generator.choice(["old", "young"], 12_000),
            "sex": generator.choice(["f", "m"], 12_000),
            "annual_cost_usd": 0.0,
        }
    )
    cells = risk_cells(people, ["age", "sex"])
    base = two_cells()
    by_cell = {
        name: np.repeat(getattr(base, name)[:1][:, [0, 1, 0, 1]], 60, axis=0)
        for name in ("use", "exceed", "location", "scale", "tail_scale")
    }
    shape = np.repeat(base.tail_shape[1:], 60, axis=0)
    costs = replace(base, **by_cell, tail_shape=shape, share=cells.share)
    cost = simulated_costs(costs, cell_index(people, cells), seed=104)[0]
    people = people.assign(annual_cost_usd=cost)
    return FittedFormula(people, cells, DesignEffects(), None, None, costs)


def test_people_of_the_model_pass(budget_formula):
    summary = summarise_check(interaction_check(budget_formula, draws=60))
    assert summary["groups"].eq(4).all()
    assert set(summary["statistic"]) == {"any cost", "large cost", "mean cost"}
    assert (summary["p_value"] > 1 / 61).all()


def test_an_interaction_that_the_model_lacks_is_found(budget_formula):
    """Old women cost three times as much, old men and young women as much as before."""
    people = budget_formula.people
    dearer = (people["age"] == "old") & (people["sex"] == "f")
    changed = people.assign(annual_cost_usd=people["annual_cost_usd"] * np.where(dearer, 3.0, 1.0))
    check = interaction_check(replace(budget_formula, people=changed), draws=60)
    summary = summarise_check(check).set_index("statistic")
    assert summary.loc["large cost", "p_value"] == pytest.approx(1 / 61)
    assert summary.loc["any cost", "p_value"] > 1 / 61
    worst = check.loc[check["z"].abs().idxmax()]
    assert worst["group"] == "old · f"
    assert worst["p_value"] == pytest.approx(1 / 61)


def test_copies_of_people_do_not_pass_for_evidence(budget_formula):
    """Twice the rows of the same people: the differences stay within what chance allows."""
    doubled = pd.concat([budget_formula.people, budget_formula.people], ignore_index=True)
    check = interaction_check(replace(budget_formula, people=doubled), draws=60)
    assert (summarise_check(check)["p_value"] > 1 / 61).all()
