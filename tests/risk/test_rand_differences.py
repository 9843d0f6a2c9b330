"""What lasts between people and places, on made-up people with known truth."""

import numpy as np
import pandas as pd
import pytest

from analysis.risk.rand_differences import (
    between_site_spread,
    site_ratios,
    year_to_year_correlation,
)

pytestmark = pytest.mark.unit


def made_up_people(seed: int, correlation: float = 0.3, site_effects=(0.0,) * 6) -> pd.DataFrame:
    """Return person-years whose costs are normal around 10, so that cutting them changes little."""
    generator = np.random.default_rng(seed)
    people, years = 6_000, 3
    persistent = generator.normal(size=(people, 1)) * np.sqrt(correlation)
    yearly = generator.normal(size=(people, years)) * np.sqrt(1 - correlation)
    site = np.arange(people) % len(site_effects)
    cost = (10 + persistent + yearly) * (1 + np.asarray(site_effects))[site][:, None]
    return pd.DataFrame(
        {
            "person": np.repeat(np.arange(people), years),
            "year": np.tile(np.arange(years), people),
            "site": np.repeat(site + 1, years),
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


def test_site_ratios_are_those_put_in():
    effects = np.array([-0.1, -0.05, 0.0, 0.0, 0.05, 0.1])
    ratios = site_ratios(made_up_people(3, site_effects=effects))
    np.testing.assert_allclose(ratios["ratio"], 1 + effects, atol=0.01)
    assert ratios["people"].sum() == 6_000


def test_years_of_one_person_are_one_piece_of_evidence():
    """The standard error is that of people's sums, larger than if years were independent."""
    independent, same = (site_ratios(made_up_people(4, correlation=c)) for c in (0.0, 0.9))
    growth = same["standard_error"].mean() / independent["standard_error"].mean()
    assert growth == pytest.approx(np.sqrt(1 + 2 * 0.9), rel=0.05)


def sites(ratio: np.ndarray, error: float) -> pd.DataFrame:
    return pd.DataFrame({"ratio": ratio, "standard_error": np.full(len(ratio), error)})


def test_sites_that_differ_by_chance_only_show_no_spread():
    generator = np.random.default_rng(5)
    ratio = 1 + 0.02 * generator.normal(size=200)
    spread = between_site_spread(sites(ratio, 0.02), generator)
    assert np.quantile(spread, 0.5) < 0.01


def test_the_spread_between_many_sites_is_found():
    generator = np.random.default_rng(6)
    ratio = 1 + np.hypot(0.1, 0.03) * generator.normal(size=400)
    spread = between_site_spread(sites(ratio, 0.03), generator)
    low, high = np.quantile(spread, [0.01, 0.99])
    assert low < 0.1 < high
    assert high - low < 0.03


def test_few_sites_say_little():
    generator = np.random.default_rng(7)
    ratio = 1 + 0.1 * np.array([-1, -1, -0.5, 0.5, 1, 1])
    spread = between_site_spread(sites(ratio, 0.03), generator)
    low, high = np.quantile(spread, [0.05, 0.95])
    assert high - low > 0.08
