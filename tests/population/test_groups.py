"""Risk groups: every person in one group, edges where they are stated."""

from itertools import pairwise

import pandas as pd
import pytest

from analysis.evidence.rand_hie import person_years
from analysis.population.groups import (
    AGE_BAND_EDGES,
    LADDER,
    PRIOR_COST_EDGES_USD,
    add_risk_groups,
    age_band,
    disease_group,
    prior_cost_group,
    with_history,
)

pytestmark = pytest.mark.unit


def test_a_band_holds_its_lower_edge_and_not_its_upper():
    ages = pd.Series([0.0, 5.99, 6.0, 17.9, 18.0, 64.9])
    assert age_band(ages).tolist() == ["00-05", "00-05", "06-17", "06-17", "18-29", "50-64"]


@pytest.mark.parametrize("age", [-1.0, float(AGE_BAND_EDGES[-1]), float("nan")])
def test_an_age_outside_the_bands_is_named(age):
    with pytest.raises(ValueError, match=f"age_years: {age} is outside"):
        age_band(pd.Series([30.0, age]))


def test_imputed_values_of_the_disease_index_fall_whole_into_one_group():
    assert disease_group(pd.Series([0.0, 6.9, 6.91, 13.73, 60.0])).tolist() == [
        "1 fewest",
        "1 fewest",
        "2",
        "3",
        "4 most",
    ]


def test_groups_of_last_years_cost_hold_their_upper_edge():
    costs = pd.Series([0.0, 0.01, 50.0, 50.01, 200.0, 700.0, 2_100.0, 2_100.01])
    assert [label[0] for label in prior_cost_group(costs)] == list("01122345")


def test_a_negative_cost_of_last_year_is_named():
    with pytest.raises(ValueError, match="prior_year_cost_usd: -3.0 is negative"):
        prior_cost_group(pd.Series([10.0, -3.0]))


def test_the_edges_of_last_years_cost_are_the_percentiles_they_are_said_to_be():
    prior = person_years()["prior_year_cost_usd"].dropna()
    shares = [100 * (prior <= edge).mean() for edge in PRIOR_COST_EDGES_USD]
    assert shares == pytest.approx([21, 60, 85, 95, 99], abs=1.5)


def test_only_people_without_a_year_before_lack_a_group_of_last_years_cost():
    grouped = add_risk_groups(person_years())
    known = grouped["prior_year_cost_usd"].notna()
    assert (grouped["prior_cost"].notna() == known).all()
    assert len(with_history(grouped)) == known.sum()


def test_every_person_year_has_a_group_on_every_rung():
    grouped = add_risk_groups(person_years())
    for name, factors in LADDER.items():
        rows = with_history(grouped) if name == "prior_cost" else grouped
        labels = rows[list(factors)]
        assert not labels.isna().any(axis=None)
        assert not labels.astype(str).isin(["nan", "None", "NaN", "<NA>"]).any(axis=None)


def test_the_ladder_only_adds_information():
    rungs = list(LADDER.values())
    assert all(set(lower) < set(upper) for lower, upper in pairwise(rungs))


def test_poor_health_joins_fair_and_the_source_is_left_alone():
    source = person_years()
    grouped = add_risk_groups(source)
    joined = source["self_rated_health"].astype(str).isin(["poor", "fair"])
    assert (grouped["self_rated_health"][joined] == "fair or poor").all()
    assert "age_sex" not in source.columns
