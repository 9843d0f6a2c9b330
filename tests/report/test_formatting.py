"""No more digits than the Monte Carlo error supports, and signs a reader can trust."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.report import formatting as f

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("magnitude", "mcse", "step"),
    [
        (73_421.0, 310.0, 500.0),
        (73_421.0, 0.0, 100.0),
        (8.342, 0.02, 0.02),
        (8.342, 0.1, 0.1),
        (8.342, 0.11, 0.2),
        (8.342, 0.51, 1.0),
        (0.0366, 0.00001, 0.0001),
        (0.0, 0.004, 0.005),
        (0.0, 0.0, 0.0),
        (1234.0, None, 0.0),
    ],
)
def test_the_step_follows_error_and_size(magnitude, mcse, step):
    assert f.supported_step(magnitude, mcse) == pytest.approx(step, rel=1e-12)


@given(st.floats(1e-6, 1e9), st.floats(1e-9, 1e6))
def test_the_step_is_never_finer_than_the_error_nor_much_coarser(magnitude, mcse):
    step = f.supported_step(magnitude, mcse)
    assert step >= mcse * (1 - 1e-9)
    assert step <= max(2.5 * mcse, magnitude / 99.9)


def test_each_end_is_rounded_by_its_own_error_but_never_finer_than_the_value():
    people = f.unit_named("people")
    values, errors = [123_942.0, 96_951.0, 171_663.0], [1_100.0, 900.0, 1_931.0]
    steps = f.printed_steps(values, errors, people)
    assert steps == [2_000, 2_000, 2_000]
    assert f.ends_text(values[1:], people, steps[1:]) == "96,000–172,000"
    assert f.printed_steps(values, [100.0, 900.0, 6_000.0], people) == [1_000, 1_000, 10_000]


@pytest.mark.parametrize(
    ("value", "unit", "step", "text"),
    [
        (0.0834, "probability", 0.1, "8.3%"),
        (0.0834, "probability", 0.5, "8.5%"),
        (73_421, "people", 1000, "73,000 people"),
        (-1.25, "percent", 0.1, "−1.2%"),
        (1200, "GBP per head", 1, "£1,200 a head"),
        (-3, "USD", 1, "−$3"),
        (math.inf, "people", 1, "no limit"),
        (0.0366, "R2", 0.0001, "0.0366"),
        (4.19, "ratio", 0.05, "4.20"),
        (1500, "people", 0, "1,500 people"),
        (-0.04, "percent", 0.1, "0.0%"),
    ],
)
def test_values_are_written_with_their_unit(value, unit, step, text):
    assert f.value_text(value, f.unit_named(unit), step) == text


def test_intervals_repeat_signs_but_not_words():
    percent, people = f.unit_named("percent"), f.unit_named("people")
    assert f.ends_text([6.1, 10.4], percent, [0.1, 0.1]) == "6.1%–10.4%"
    assert f.ends_text([3.72, 4.92], f.unit_named("ratio"), [0.02, 0.1]) == "3.72–4.9"
    assert f.ends_text([51_000, 98_000], people, [1000, 1000]) == "51,000–98,000"
    assert f.ends_text([-2.0, 3.1], percent, [0.1, 0.1]) == "−2.0% to 3.1%"
    assert f.ends_text([51_000, math.inf], people, [1000, 1000]) == "51,000 to no limit"


def test_an_unknown_unit_is_named_with_the_known_ones():
    with pytest.raises(InputError, match=r"unit 'furlongs' is not known.*people"):
        f.unit_named("furlongs")


@pytest.mark.parametrize(
    ("value", "step", "text"),
    [
        (0.0004, 1.0, "<1%"),
        (0.9997, 0.1, ">99.9%"),
        (1.0, 1.0, ">99%"),
        (1.0, 0.0, "100%"),
        (0.02, 1.0, "2%"),
    ],
)
def test_a_simulated_probability_is_never_certain(value, step, text):
    assert f.value_text(value, f.unit_named("probability"), step) == text
