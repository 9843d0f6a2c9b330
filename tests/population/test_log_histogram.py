"""A fine histogram of log cost keeps every power sum."""

import numpy as np
import pandas as pd
import pytest

from analysis.population.log_histogram import log_histogram
from tests.models.simulator import THRESHOLD, simulate_people

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def people():
    return simulate_people(4_000)


@pytest.mark.parametrize("power", [-1.5, -0.3, 0.2, 1.0, 2.0, 3.0])
def test_power_sums_are_those_of_the_rows(people, power):
    cost = people.loc[people["annual_cost_usd"] > 0, "annual_cost_usd"].to_numpy()
    found = log_histogram(people, ["level"]).power_sum(power)
    assert found == pytest.approx((cost**power).sum(), rel=1e-5)


def test_moments_of_log_cost_are_exact_in_every_cell(people):
    table = log_histogram(people, ["level"]).table
    positive = people[people["annual_cost_usd"] > 0]
    logs = np.log(positive["annual_cost_usd"]).groupby(positive["level"])
    for level, rows in table.groupby("level"):
        n, mean, variance = (rows[name].to_numpy() for name in ("n", "mean_log", "variance_log"))
        assert n.sum() == logs.size()[level]
        assert n @ mean == pytest.approx(logs.sum()[level], rel=1e-12)
        squares = n @ (mean**2 + variance)
        known = (np.log(positive.loc[positive["level"] == level, "annual_cost_usd"]) ** 2).sum()
        assert squares == pytest.approx(known, rel=1e-10)


def test_a_bin_holds_its_upper_edge():
    people = pd.DataFrame({"level": "a", "annual_cost_usd": [THRESHOLD, THRESHOLD * 1.0001, 0.0]})
    table = log_histogram(people, ["level"]).table
    assert table["n"].tolist() == [1, 1]
    assert table["mean_log"].iloc[0] == pytest.approx(np.log(THRESHOLD))


def test_a_negative_cost_is_named():
    people = pd.DataFrame({"level": ["a", "a"], "annual_cost_usd": [1.0, -2.0]})
    with pytest.raises(ValueError, match="annual_cost_usd: 1 rows are negative"):
        log_histogram(people, ["level"])
