"""What lasts in people, on made-up people with known truth."""

import numpy as np
import pandas as pd
import pytest

from analysis.risk.rand_differences import year_to_year_correlation

pytestmark = pytest.mark.unit


def made_up_people(seed: int, correlation: float = 0.3) -> pd.DataFrame:
    """Return person-years whose costs are normal around 10, so that cutting them changes little."""
    generator = np.random.default_rng(seed)
    people, years = 6_000, 3
    persistent = generator.normal(size=(people, 1)) * np.sqrt(correlation)
    yearly = generator.normal(size=(people, years)) * np.sqrt(1 - correlation)
    cost = 10 + persistent + yearly
    return pd.DataFrame(
        {
            "person": np.repeat(np.arange(people), years),
            "year": np.tile(np.arange(years), people),
            "age_sex": np.repeat(np.where(np.arange(people) % 4 < 2, "young", "old"), years),
            "annual_cost_usd": cost.ravel(),
        }
    )


def test_the_correlation_of_years_is_found():
    assert year_to_year_correlation(made_up_people(1)) == pytest.approx(0.3, abs=0.03)


def test_differences_of_age_and_sex_do_not_count_as_lasting():
    people = made_up_people(2, correlation=0.0)
    older = people["age_sex"] == "old"
    people.loc[older, "annual_cost_usd"] += 3
    assert year_to_year_correlation(people) == pytest.approx(0.0, abs=0.03)
