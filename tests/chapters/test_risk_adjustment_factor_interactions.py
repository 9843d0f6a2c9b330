"""The check by pairs of factors: silent when effects add up, loud when they do not."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.chapters.risk_adjustment.factor_interactions import interaction_check, summarise_check
from analysis.fits.rand_costs import FittedFormula
from analysis.population.cells import risk_cells
from analysis.population.clustering import DesignEffects
from analysis.risk.annual_cost import some_draws
from analysis.risk.predictive import cell_index, simulated_costs
from tests.risk.costs import two_cells

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def budget_formula():
    """A formula whose costs differ by sex and not by age, as its model knows; no fit is needed."""
    generator = np.random.default_rng(1)
    people = pd.DataFrame(
        {
            "person": np.arange(12_000),
            "age": generator.choice(["old", "young"], 12_000),
            "sex": generator.choice(["f", "m"], 12_000),
            "annual_cost_usd": 0.0,
        }
    )
    base, sexes = two_cells(), [0, 1, 0, 1]
    known = some_draws(base, np.zeros(60, int))
    # Both ages of a sex share the people of every bin.
    costs = replace(
        known,
        reach=known.reach[sexes] / 2,
        lean=known.lean[sexes],
        tilt=known.tilt[:, sexes],
        exceed=known.exceed[:, sexes],
        share=known.share[sexes] / 2,
    )
    order = people.assign(annual_cost_usd=np.geomspace(1, 9_000, len(people)))
    cells = risk_cells(order, ["age", "sex"])
    assert cells.labels() == ["old · f", "old · m", "young · f", "young · m"]
    cost = simulated_costs(costs, cell_index(people, cells), seed=1)[0]
    people = people.assign(annual_cost_usd=cost)
    return FittedFormula(people, risk_cells(people, ["age", "sex"]), DesignEffects(), None, costs)


def test_people_of_the_model_pass(budget_formula):
    summary = summarise_check(interaction_check(budget_formula, draws=60))
    assert summary["groups"].eq(4).all()
    assert set(summary["statistic"]) == {"large cost", "mean cost"}
    assert (summary["p_value"] > 1 / 61).all()


def test_an_interaction_that_the_model_lacks_is_found(budget_formula):
    """Old women cost three times as much, old men and young women as much as before."""
    people = budget_formula.people
    dearer = (people["age"] == "old") & (people["sex"] == "f")
    changed = people.assign(annual_cost_usd=people["annual_cost_usd"] * np.where(dearer, 3.0, 1.0))
    check = interaction_check(replace(budget_formula, people=changed), draws=60)
    summary = summarise_check(check).set_index("statistic")
    assert summary.loc["large cost", "p_value"] == pytest.approx(1 / 61)
    worst = check.loc[check["z"].abs().idxmax()]
    assert worst["group"] == "old · f"
    assert worst["p_value"] == pytest.approx(1 / 61)


def test_copies_of_people_do_not_pass_for_evidence(budget_formula):
    """Twice the rows of the same people: the differences stay within what chance allows."""
    doubled = pd.concat([budget_formula.people, budget_formula.people], ignore_index=True)
    check = interaction_check(replace(budget_formula, people=doubled), draws=60)
    assert (summarise_check(check)["p_value"] > 1 / 61).all()
