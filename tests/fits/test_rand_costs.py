"""A budget formula from people to costs: who takes part, and what each choice does."""

import numpy as np
import pandas as pd
import pytest

from analysis.evidence.rand_hie import FREE_CARE_PLAN
from analysis.fits.rand_costs import CHAINS, fitted_formula, free_care_formula, rand_formula
from analysis.fits.rand_costs import rand_people as read_people
from analysis.models.annual_cost.tail_shapes import shape_of_new_population
from analysis.population.groups import LADDER, with_history
from analysis.risk.adjustment import variation
from tests.models.simulator import simulate_people

pytestmark = pytest.mark.integration

UNKNOWN = shape_of_new_population([])


def fitted(people, **choices):
    """Fit simulated people by level, with few draws."""
    return fitted_formula(["level"], people, new_shape=UNKNOWN, **{"draws": 200} | choices)


@pytest.fixture(scope="module")
def people():
    return read_people()


def test_the_lower_formulas_use_everybody_unless_told_otherwise(people):
    formula = rand_formula("age_sex")
    assert len(formula.people) == len(people)
    assert formula.cells.people == len(people)
    assert formula.costs.share == pytest.approx(formula.cells.share)


def test_formulas_are_compared_on_the_rows_whose_year_before_is_known(people):
    lower, upper = rand_formula("age_sex", history=True), rand_formula("prior_cost")
    assert (lower.people["person"] == upper.people["person"]).all()
    assert len(upper.people) == len(with_history(people)) < len(people)
    assert upper.cells.factors == LADDER["prior_cost"]


def test_free_care_is_one_plan(people):
    formula = free_care_formula()
    assert set(formula.people["plan"]) == {FREE_CARE_PLAN}
    assert 0 < len(formula.people) < len(people)


def test_an_unknown_formula_is_named():
    with pytest.raises(KeyError, match="diagnoses"):
        rand_formula("diagnoses")


def test_every_year_of_a_person_repeated_is_no_new_evidence():
    once = simulate_people(6_000)
    twice = pd.concat([once, once], ignore_index=True)
    clustered, independent = fitted(twice), fitted(twice, clustered=False)
    assert clustered.effects.body == pytest.approx(2, rel=0.01)
    assert independent.effects.body == 1
    spread = [f.costs.limited_mean(500.0)[:, 0].std() for f in (fitted(once), clustered)]
    assert spread[1] == pytest.approx(spread[0], rel=0.2)
    wide, narrow = (f.costs.survival(2_000.0).std() for f in (clustered, independent))
    assert wide > 1.2 * narrow


def test_cells_may_be_those_of_more_people_than_are_fitted():
    everyone = fitted(simulate_people(6_000))
    some = everyone.people[everyone.people["level"] != "b"]
    part = fitted(some).cells.aligned_with(everyone.cells)
    formula = fitted(some, cells=part)
    assert formula.cells.labels() == everyone.cells.labels()
    assert np.isfinite(formula.costs.mean()).all()


def test_a_lower_maximum_cuts_the_variation():
    formula = fitted(simulate_people(6_000), draws=2_000)
    lower = formula.costs_with_maximum(60)
    assert np.median(variation(lower, adjusted=True)) < np.median(
        variation(formula.costs, adjusted=True)
    )
    again = formula.costs_with_maximum(1_000)
    assert again.limit == pytest.approx(formula.costs.limit)


def test_values_by_draw_are_parted_into_chains():
    values = fitted(simulate_people(6_000)).by_chain(np.arange(200.0))
    assert values.dims == ("chain", "draw")
    assert values.sizes["chain"] == CHAINS
    assert values[1, 0] == 50
