"""A head and a member-year, and what unequal weights and part-years do to what is known."""

import ibis
import numpy as np
import pandas as pd
import pytest

from analysis.population.mean_costs import mean_costs

PEOPLE = pd.DataFrame(
    {
        "cost": [0.0, 120.0, 15_000.0, 600.0],
        "cover": [1.0, 1.0, 1 / 12, 0.5],
        "weight": [1.0, 3.0, 1.0, 1.0],
    }
)


@pytest.mark.unit
def test_a_costly_month_before_a_death_is_never_a_year_of_it():
    found = mean_costs(ibis.memtable(PEOPLE), "cost", exposure="cover")
    assert found.of_a_head == pytest.approx(15_720 / 4)
    assert found.of_a_member_year == pytest.approx(15_720 / (2 + 1 / 12 + 0.5))
    assert found.weight_effect == 1


@pytest.mark.unit
def test_a_weighted_mean_is_of_the_people_and_that_of_rows_stands_beside():
    found = mean_costs(ibis.memtable(PEOPLE), "cost", weight="weight")
    assert (found.people, found.rows) == (6, 4)
    assert found.of_a_head == pytest.approx((3 * 120 + 15_600) / 6)
    assert found.of_rows == pytest.approx(15_720 / 4)
    assert found.weight_effect == pytest.approx(4 * 12 / 36)


@pytest.mark.unit
def test_k_of_a_year_of_cover_is_that_of_people_covered_all_year():
    """Costs of months that are alike: the rule of `explained` against the truth of whole years."""
    generator = np.random.default_rng(1)
    months = generator.gamma(0.01, 100.0, (200_000, 12))
    covered = generator.choice([3, 6, 12], len(months), p=[0.2, 0.2, 0.6])
    whole = months.sum(axis=1)
    part = np.where(np.arange(12) < covered[:, None], months, 0.0).sum(axis=1)
    cover = covered / 12
    k_head, k_year = (x.std() / x.mean() for x in (part, whole))
    squared = k_head**2 * cover.mean()
    assert squared - cover.var() / cover.mean() == pytest.approx(k_year**2, rel=0.05)
    assert cover.var() / cover.mean() < 1 - cover.mean()
