"""Median and interval have one form everywhere, and no more digits than their draws bear."""

import numpy as np
import pytest

from analysis.errors import InputError
from analysis.report.draws_text import interval_text, median_text, probability_text, values_text
from analysis.report.monte_carlo import Simulated

pytestmark = pytest.mark.unit


def normal(mean, sd, draws=4_000):
    return np.random.default_rng(7).normal(mean, sd, draws)


@pytest.mark.parametrize(
    ("draws", "unit", "text"),
    [
        (normal(126_000, 20_000), "people", "125,000 (94,000–159,000)"),
        (normal(0.083, 0.01), "probability", "8.3% (6.7%–9.9%)"),
        (normal(-1, 1), "none", "−1.04 (−2.60 to 0.65)"),
        (normal(12, 1), "GBP per head", "£12.0 (£10.4–£13.6)"),
        (5.0, "none", "5"),
        (Simulated(0.3333, 0.004), "none", "0.335"),
    ],
)
def test_median_and_interval(draws, unit, text):
    assert interval_text(draws, unit) == text
    assert text.startswith(median_text(draws, unit))


def test_fewer_draws_bear_fewer_digits():
    assert interval_text(normal(126_000, 20_000, 100), "people") == "125,000 (90,000–150,000)"


def test_infinite_draws_are_no_limit_and_never_nan():
    sizes = np.where(np.arange(4_000) % 10 == 0, np.inf, normal(3.7e6, 4e5))
    assert interval_text(sizes, "people").endswith(" to no limit)")
    assert interval_text(np.full(200, np.inf), "people", infinite="no size") == "no size"
    assert median_text(np.full(200, np.inf)) == "no limit"
    mostly = np.where(np.arange(4_000) % 5 > 0, np.inf, normal(3.7e6, 4e5))
    assert interval_text(mostly, infinite="no size").startswith("no size (3,")
    with pytest.raises(InputError, match="not a number"):
        interval_text(np.full(200, np.nan))


@pytest.mark.parametrize(
    ("happens", "decimals", "text"),
    [
        (np.zeros(4_000, bool), 0, "<1%"),
        (np.ones(4_000, bool), 0, ">99%"),
        (np.zeros(4_000, bool), 1, "<0.1%"),
        (np.random.default_rng(7).random(4_000) < 0.63, 0, "63%"),
        (0.5, 0, "50%"),
    ],
)
def test_probabilities(happens, decimals, text):
    assert probability_text(happens, decimals) == text


def test_values_without_draws_have_three_digits():
    assert values_text(67_512, 65_822, 69_433, "people") == "67,500 (65,800–69,400)"
    assert values_text(0.312, -81.2, 92.4) == "0.3 (−81.2 to 92.4)"
    assert values_text(float("inf"), float("inf"), float("inf")) == "no limit"
