"""No more digits than the Monte Carlo error supports, and signs a reader can trust."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.report import formatting as f

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("magnitude", "mcse", "decimals"),
    [
        (73_421.0, 310.0, -3),
        (73_421.0, 0.0, -2),
        (8.342, 0.02, 1),
        (8.342, 0.1, 1),
        (8.342, 0.11, 0),
        (0.0366, 0.00001, 4),
        (0.0, 0.004, 2),
        (0.0, 0.0, 10),
        (1234.0, None, 10),
    ],
)
def test_decimals_follow_error_and_size(magnitude, mcse, decimals):
    assert f.supported_decimals(magnitude, mcse) == decimals


@given(st.floats(1e-6, 1e9), st.floats(1e-9, 1e6))
def test_last_place_is_never_finer_than_the_error(magnitude, mcse):
    last_place = 10.0 ** -f.supported_decimals(magnitude, mcse)
    assert last_place >= mcse * (1 - 1e-9)


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "text"),
    [
        (0.0834, "probability", 1, "8.3%"),
        (73_421, "people", -3, "73,000 people"),
        (-1.25, "percent", 1, "−1.2%"),
        (1200, "GBP per head", 0, "£1,200 a head"),
        (-3, "USD", 0, "−$3"),
        (math.inf, "people", 0, "no limit"),
        (0.0366, "R2", 4, "0.0366"),
        (1500, "people", 10, "1,500 people"),
        (-0.04, "percent", 1, "0.0%"),
    ],
)
def test_values_are_written_with_their_unit(value, unit, decimals, text):
    assert f.value_text(value, f.unit_named(unit), decimals) == text


def test_intervals_repeat_signs_but_not_words():
    percent, people = f.unit_named("percent"), f.unit_named("people")
    assert f.interval_text(6.1, 10.4, percent, 1) == "6.1%–10.4%"
    assert f.interval_text(51_000, 98_000, people, -3) == "51,000–98,000"
    assert f.interval_text(-2.0, 3.1, percent, 1) == "−2.0% to 3.1%"
    assert f.interval_text(51_000, math.inf, people, -3) == "51,000 to no limit"


def test_an_unknown_unit_is_named_with_the_known_ones():
    with pytest.raises(InputError, match=r"unit 'furlongs' is not known.*people"):
        f.unit_named("furlongs")
