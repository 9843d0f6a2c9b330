"""Actual over expected cost by factor: balance, invented factors found again, and coverage."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.own.people.actual_expected import actual_over_expected
from analysis.own.people.fitting import fit_cells
from analysis.own.people.settings import default_settings
from analysis.population.cells import risk_cells
from tests.own.invented_people import fitted_people, people_in_bands

pytestmark = pytest.mark.integration
SETTINGS = default_settings()


@pytest.fixture(scope="module")
def fitted():
    return fitted_people(20_000)


def by_level(fitted, formula, book=None):
    table = actual_over_expected(fitted, SETTINGS, formula, book)
    return table.set_index(["factor", "level"])


def test_factors_in_the_formula_cost_what_is_expected_of_them(fitted):
    found = by_level(fitted, ["sex"])
    for level in ("everybody", "sex"):
        inside = found.loc[[level]]
        for column in ("ratio", "low", "high"):
            assert inside[column].to_numpy() == pytest.approx(np.ones(len(inside)), abs=1e-9)
    ages = found.loc["age"]
    assert ages.loc["00-17", "high"] < 1 < ages.loc["75+", "low"]
    assert (found.loc[["age"], "actual"].sum()) == pytest.approx(found["actual"].iloc[0])
    every = by_level(fitted, ["age", "sex"])
    assert every["ratio"].to_numpy() == pytest.approx(np.ones(len(every)))


def test_with_one_budget_the_ratio_is_the_relative_cost_of_a_level(fitted):
    people = people_in_bands(20_000)
    means = people.groupby("age")["cost"].mean() / people["cost"].mean()
    assert by_level(fitted, []).loc["age", "ratio"].to_dict() == pytest.approx(means.to_dict())


def test_the_interval_is_as_wide_as_costs_scatter():
    """One budget for all of two plans: the interval is that of people drawn again."""
    people = people_in_bands(4_000, seed=1)
    plan = np.resize(["a", "b", "b"], len(people))
    people = people.assign(plan=plan)
    found = by_level(fit_cells(risk_cells(people, ["plan"], "cost"), {}), []).loc["plan"]
    generator, cost, inside = np.random.default_rng(2), people["cost"].to_numpy(), plan == "a"
    drawn = []
    for _ in range(1_000):
        rows = generator.integers(0, len(cost), len(cost))
        picked, member = cost[rows], inside[rows]
        drawn.append(picked[member].mean() / picked.mean())
    width = (found["high"] - found["low"])["a"]
    low, high = np.quantile(drawn, [0.05, 0.95])
    assert width == pytest.approx(high - low, rel=0.2)


def test_another_book_adds_its_own_chance_and_its_level(fitted):
    dearer = people_in_bands(5_000, seed=8).assign(cost=lambda frame: 1.5 * frame["cost"])
    own = fit_cells(risk_cells(dearer, ["age", "sex"], "cost"), {})
    against = by_level(own, ["age", "sex"], fitted)
    everybody = against.loc["everybody"].iloc[0]
    assert everybody["low"] < 1.5 < everybody["high"]
    mine, theirs = (people_in_bands(n, seed=s) for n, s in ((5_000, 8), (20_000, None)))
    rate = theirs.groupby(["age", "sex"])["cost"].mean()
    expected = (mine.groupby(["age", "sex"]).size() * rate).sum()
    assert everybody["expected"] == pytest.approx(expected)
    small = replace(fitted, effects=replace(fitted.effects, body=100.0))
    unsure = by_level(own, ["age", "sex"], small).loc["everybody"].iloc[0]
    assert unsure["high"] - unsure["low"] > 2 * (everybody["high"] - everybody["low"])


def test_part_years_are_expected_to_cost_their_part():
    """Everybody costs the same a member-year, whoever was covered for a half."""
    people = pd.DataFrame({"plan": np.resize(["a", "b"], 2_000)})
    people["cover"] = np.where(people["plan"] == "a", 0.5, 1.0)
    people["cost"] = 1_000 * people["cover"] * np.resize([1.0, 1.0, 2.0, 2.0, 3.0, 3.0], 2_000)
    cells = risk_cells(people, ["plan"], "cost", exposure="cover")
    ratio = by_level(fit_cells(cells, {}), []).loc["plan", "ratio"]
    assert ratio.to_numpy() == pytest.approx([1.0, 1.0], abs=2e-3)


def test_what_has_no_budget_is_refused(fitted):
    with pytest.raises(InputError, match="--formula region: the cells of people are by age, sex"):
        actual_over_expected(fitted, SETTINGS, ["region"])
    young = people_in_bands(20_000)
    young = fit_cells(risk_cells(young[young["age"] != "75+"], ["age", "sex"], "cost"), {})
    with pytest.raises(InputError, match=r"--against: nobody of age 75\+ has a cost"):
        actual_over_expected(fitted, SETTINGS, ["age"], young)
