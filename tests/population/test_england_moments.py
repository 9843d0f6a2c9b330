"""Exact moments of the generated costs: limits, independent computation, agreement with people."""

from dataclasses import fields, replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analysis.errors import InputError
from analysis.population.england.cells import england_cells
from analysis.population.england.concentration import lorenz_curve, staying_share, top_share
from analysis.population.england.diagnoses import diagnosis_table, pattern_members
from analysis.population.england.generate import generate_england
from analysis.population.england.moments import england_moments
from analysis.population.england.parameters import england_draws, england_parameters
from analysis.population.england.person_costs import expected_cost, person_cost_model

TAME = replace(
    england_parameters(),
    persistent_need_log_sd=0.5,
    transitory_need_log_sd=0.3,
    admission_rate=0.4,
    admission_cost_log_sd=0.5,
    tail_shape=0.05,
    other_care_rate=0.6,
)
"""Light tails, so that the variance of a sample is near that of the population."""


@pytest.mark.integration
def test_moments_are_those_of_a_sample():
    people = generate_england(600_000, seed=1, years=1, parameters=TAME)
    exact = england_moments(TAME)
    secondary = people["hospital_cost_gbp"] + people["other_care_cost_gbp"]
    sampled = {
        "hospital": people["hospital_cost_gbp"],
        "secondary": secondary,
        "total": people["annual_cost_gbp"],
    }
    for scope, cost in sampled.items():
        assert exact[scope].mean == pytest.approx(cost.astype(float).mean(), rel=0.005)
        assert exact[scope].variance == pytest.approx(cost.astype(float).var(), rel=0.015)
    given = {
        "age_sex": "_given_age_sex",
        "diagnoses": "_given_diagnoses",
        "persistent_need": "_given_persistent_need",
        "need": "",
    }
    for scope, name in {"hospital": "hospital_", "total": ""}.items():
        for formula, suffix in given.items():
            spread = people[f"expected_{name}cost{suffix}_gbp"].astype(float).var()
            share = spread / exact[scope].variance
            assert exact[scope].explained[formula] == pytest.approx(share, rel=0.03)


@pytest.mark.integration
def test_additive_diagnoses_explain_what_a_regression_explains():
    """Statsmodels on people: Dixon's form, one coefficient an age-sex group and a diagnosis."""
    column = "expected_hospital_cost_given_persistent_need_gbp"
    columns = ["age_sex", "diagnosis_groups", column]
    people = generate_england(100_000, 2, years=1, parameters=TAME, columns=columns)
    dummies = pd.get_dummies(people["age_sex"], dtype=float).to_numpy()
    groups = pattern_members()[people["diagnosis_groups"]].astype(float)
    # Cost given persistent need has the same coefficients as cost, without its noise.
    expected = people[column].astype(float).to_numpy()
    fitted = sm.OLS(expected, np.hstack([dummies, groups])).fit().fittedvalues
    moments = england_moments(TAME)["hospital"]
    share = fitted.var() / moments.variance
    assert moments.explained["diagnoses_additive"] == pytest.approx(share, rel=0.03)


@pytest.mark.unit
def test_without_differences_of_need_diagnoses_say_nothing_that_age_sex_and_area_do_not():
    same = replace(england_parameters(), persistent_need_log_sd=0.0, transitory_need_log_sd=0.0)
    for moments in england_moments(same).values():
        explained = moments.explained
        assert explained["age_sex"] <= explained["diagnoses_additive"] * (1 + 1e-9)
        assert explained["diagnoses"] <= explained["age_sex_deprivation"]
        assert explained["diagnoses"] == pytest.approx(explained["age_sex"], rel=0.02)
        assert explained["need"] == pytest.approx(explained["age_sex_deprivation"])


@pytest.mark.unit
def test_diagnoses_that_ignore_need_explain_almost_nothing_more():
    blind = replace(england_parameters(), diagnosis_need_elasticity=0.0)
    explained = england_moments(blind)["hospital"].explained
    assert explained["diagnoses"] == pytest.approx(explained["age_sex"], rel=0.02)


@pytest.mark.unit
def test_without_chance_need_explains_everything():
    """Everybody uses all care, and no cost varies given need."""
    certain = replace(
        england_parameters(),
        admission_rate=1e9,
        outpatient_rate=1e9,
        other_care_rate=1e9,
        admission_cost_log_sd=0.0,
        outpatient_cost_log_sd=0.0,
        primary_cost_log_sd=0.0,
        tail_shape=0.0,
    )
    for moments in england_moments(certain, diagnoses=False).values():
        assert moments.explained["need"] == pytest.approx(1)
    people = generate_england(1_000, 1, parameters=certain)
    np.testing.assert_allclose(people["annual_cost_gbp"], people["expected_cost_gbp"], rtol=1e-4)


@pytest.mark.unit
def test_hospital_variation_follows_from_what_age_and_sex_explain():
    """With the means of the table, R² of age and sex fixes k: CV between groups over root R²."""
    parameters = england_parameters()
    cells, moments = england_cells(), england_moments(parameters)["hospital"]
    mean = person_cost_model(parameters).hospital_mean
    groups = cells.by_age_sex(mean)[cells.age_sex]
    spread = np.sqrt(cells.average((groups / moments.mean - 1) ** 2))
    assert moments.k() == pytest.approx(spread / np.sqrt(moments.explained["age_sex"]))


@pytest.mark.unit
def test_table_of_diagnoses_adds_up():
    model = person_cost_model(england_parameters())
    found = diagnosis_table(model)
    assert found.probability.sum() == pytest.approx(1)
    by_age_sex = (found.probability * found.expected["total"]).sum(axis=1)
    by_age_sex /= found.probability.sum(axis=1)
    np.testing.assert_allclose(by_age_sex, model.cells.by_age_sex(model.cells.total))
    # One more group never means less need.
    for pattern in range(63):
        more = pattern | (pattern + 1)  # sets the lowest group that is not there
        assert (found.expected["hospital"][:, more] > found.expected["hospital"][:, pattern]).all()


@pytest.mark.unit
def test_expected_cost_averages_to_the_table():
    model = person_cost_model(england_parameters())
    random = np.random.default_rng(1)
    need = 0.8 * random.standard_normal((1, 400_000))
    cell = np.array([[7]])
    for scope, mean in {"hospital": model.hospital_mean, "total": model.cells.total}.items():
        found = expected_cost(model, scope, cell, need, 0.64).mean()
        assert found == pytest.approx(mean[7], rel=0.01)


@pytest.mark.unit
def test_shares_of_the_costliest_by_hand():
    cost = np.array([0.0, 1.0, 2.0, 7.0])
    assert top_share(cost, 0.25) == pytest.approx(0.7)
    assert top_share(cost, 0.5) == pytest.approx(0.9)
    np.testing.assert_allclose(lorenz_curve(cost, np.array([0, 0.25, 0.75, 1])), [0, 0, 0.3, 1])
    years = np.array([[9.0, 8.0], [7.0, 1.0], [2.0, 6.0], [0.0, 0.0]])
    # The costliest half of all person-years: both of the first person, one of two others.
    assert staying_share(years, 0.5) == pytest.approx(0.5)


@pytest.mark.unit
def test_parameters_are_checked():
    good = england_parameters()
    with pytest.raises(InputError, match="admission_rate: 0 is not above 0"):
        replace(good, admission_rate=0)
    with pytest.raises(InputError, match="tail_shape: 0.5 is not below 0.5"):
        replace(good, tail_shape=0.5)
    with pytest.raises(InputError, match="primary_cost_log_sd: nan is not at least 0"):
        replace(good, primary_cost_log_sd=np.nan)
    with pytest.raises(InputError, match=f"draw: -1 is not between 0 and {england_draws()}"):
        england_parameters(-1)
    assert len({england_parameters(draw) for draw in range(5)}) == 5
    assert all(isinstance(getattr(good, field.name), float) for field in fields(good))
