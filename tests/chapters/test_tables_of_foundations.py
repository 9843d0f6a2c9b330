"""Tables of the foundations' chapters: intervals in one form, and sums that add up."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri

from analysis.chapters.cost_variance import tables as cost_variance
from analysis.chapters.england_population import tables as england_population
from analysis.chapters.minimum_size import tables as minimum_size
from analysis.chapters.risk_adjustment import tables as risk_adjustment
from analysis.chapters.stop_loss import tables as stop_loss
from analysis.chapters.validation import tables as validation
from analysis.risk.bearable_overspend import bearable_by_size

pytestmark = pytest.mark.unit

DRAWS = np.random.default_rng(5).normal(4.0, 0.3, 2_000)


def test_differences_between_groups_flip_at_the_spread_that_breaks_the_tolerance_alone():
    spread = minimum_size.differences_alone(0.02, 0.05)["value"]
    assert spread == pytest.approx(100 * 0.02 / -ndtri(0.05), abs=0.005)
    enough = minimum_size.enough_k(100_000, 0.02, 0.05, "so many are enough")
    assert enough["value"] == pytest.approx(0.02 * np.sqrt(100_000) / -ndtri(0.05), abs=0.005)


def test_what_must_be_borne_falls_with_size_to_what_differences_alone_ask():
    people = np.array([1e4, 1e5, 1e12])
    table = bearable_by_size(DRAWS, lambda _: np.full(2_000, 0.01), people, 0.05)
    z = -ndtri(0.05)
    assert list(table["chance"]) == pytest.approx(
        100 * z * np.median(DRAWS) / np.sqrt(people), rel=1e-9
    )
    assert table["together"].iloc[-1] == pytest.approx(z, rel=1e-6)
    assert (table["together"] > table["chance"]).all()
    assert (table["together_low"] <= table["together_high"]).all()


def test_chance_falls_with_the_root_of_size():
    table = cost_variance.chance_by_size({"here": DRAWS}, np.array([100.0, 10_000.0]))
    assert (table["percent"].iloc[0] / table["percent"].iloc[1]) == pytest.approx(10)
    assert cost_variance.short_citation("Dixon, J. and others (2011). A formula.") == (
        "Dixon and others (2011)"
    )


def test_shares_off_and_profits_by_tenth():
    ratios = pd.DataFrame({"low": [0.9, 1.1, 0.8, 0.7], "high": [1.1, 1.2, 0.9, 1.3]})
    assert risk_adjustment.share_off(ratios) == 0.5
    profit = risk_adjustment.profit_by_tenth({"flat": np.tile(np.arange(10.0), (200, 1))})
    assert profit["tenth"].tolist() == list(range(1, 11))
    assert profit["profit_percent"].tolist() == profit["low"].tolist() == list(range(10))
    assert risk_adjustment.gain_text(-12.4, 2.0) == "−12 ± 3"
    assert risk_adjustment.gain_text(0.0, 0.0) == "0"


@pytest.mark.parametrize(
    ("needed", "text"),
    [
        (np.full(100, np.inf), "none needed"),
        (np.full(100, np.nan), "below £5,000"),
        (np.full(100, 48_213.0), "£48,000"),
    ],
)
def test_attachment_points_in_words_at_their_limits(needed, text):
    assert stop_loss.attachment_text(needed, 5_012.0) == text


def test_parts_of_the_variance_make_a_whole():
    known = {"age_sex": 0.04, "diagnoses_additive": 0.1, "persistent_need": 0.25, "need": 0.4}
    parts = england_population.parts_of_variance(known, "Hospital").set_index("part")["percent"]
    assert parts.sum() == pytest.approx(100)
    assert parts["Chance"] == pytest.approx(60)
    assert england_population.target_text(0.3213, "share") == "32.1%"
    assert england_population.difference_text(-0.2) == "0"


def test_failures_are_counted_by_reason():
    failures = pd.DataFrame({"what": ["a", "b", "c"], "explanation": ["luck", "form", "luck"]})
    rows = validation.failures_by_reason(failures).to_numpy().tolist()
    assert sorted(rows) == [[1, "b", "form"], [2, "a; c", "luck"]]
    assert validation.bounds(0.0123456, 1.0) == "0.0123–1.00"
    assert validation.bounds(np.nan, np.nan) == ""
