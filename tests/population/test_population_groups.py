"""Risk groups: every person in one group, edges where they are stated."""

from itertools import pairwise

import pandas as pd
import pytest

from analysis.evidence.rand_hie import person_years
from analysis.population import LADDER, add_risk_groups
from analysis.population.groups import AGE_BAND_EDGES, age_band, disease_group

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


def test_every_person_year_has_a_group_on_every_rung():
    grouped = add_risk_groups(person_years())
    for factors in LADDER.values():
        labels = grouped[list(factors)].astype(str)
        assert not labels.isin(["nan", "None", "NaN", "<NA>"]).any(axis=None)


def test_the_ladder_only_adds_information():
    rungs = list(LADDER.values())
    assert all(set(lower) < set(upper) for lower, upper in pairwise(rungs))


def test_poor_health_joins_fair_and_the_source_is_left_alone():
    source = person_years()
    grouped = add_risk_groups(source)
    joined = source["self_rated_health"].astype(str).isin(["poor", "fair"])
    assert (grouped["self_rated_health"][joined] == "fair or poor").all()
    assert "age_sex" not in source.columns
