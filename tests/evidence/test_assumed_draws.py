"""Assumptions as distributions: the row's value is the median, its range the interval."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.evidence.assumed_draws import assumed_draws, quantiles
from analysis.evidence.assumptions import assumption
from analysis.settings import INTERVAL

pytestmark = pytest.mark.unit
ENDS = np.array([(1 - INTERVAL) / 2, 0.5, (1 + INTERVAL) / 2])


@pytest.mark.parametrize(
    ("unit", "low", "value", "high"),
    [
        ("share of leaders", 0.05, 0.1, 0.6),
        ("pounds", 2.0, 10.0, 11.0),
        ("percentage points", -1.0, 0.5, 4.0),
        ("share", 0.0, 0.1, 0.2),
    ],
)
def test_value_and_range_are_median_and_interval(unit, low, value, high):
    row = replace(
        assumption("overspend_probability_limit"), unit=unit, low=low, value=value, high=high
    )
    np.testing.assert_allclose(quantiles(row, ENDS), [low, value, high], rtol=1e-9, atol=1e-12)


def test_shares_stay_between_their_bounds_and_quantiles_increase():
    row = replace(
        assumption("overspend_probability_limit"), unit="share", low=0.5, value=0.9, high=0.99
    )
    found = quantiles(row, np.linspace(1e-6, 1 - 1e-6, 1001))
    assert (np.diff(found) > 0).all()
    assert 0 < found.min() < found.max() < 1


def test_draws_of_one_name_do_not_depend_on_the_company_it_keeps():
    alone = assumed_draws(["maximum_annual_cost_multiple"], 500)
    both = assumed_draws(["stop_loss_attachment_gbp", "maximum_annual_cost_multiple"], 500)
    np.testing.assert_array_equal(*(d["maximum_annual_cost_multiple"] for d in (alone, both)))
    correlation = np.corrcoef(*both.values())[0, 1]
    assert abs(correlation) < 0.2
