"""The rule of the claims ledger, at its limits."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.report.claims.rule import VERDICT_MEANINGS, Outcome, Range, Verdict, outcome, verdict

pytestmark = pytest.mark.unit

AT_LEAST, BETWEEN = Range(low=100.0), Range(5.0, 10.0)
ANY = st.floats(allow_nan=False)


@pytest.mark.parametrize(
    ("value", "low", "high", "claimed", "expected"),
    [
        (120, 105, 140, AT_LEAST, Outcome.INSIDE),
        (120, 100, 140, AT_LEAST, Outcome.INSIDE),
        (120, 95, 140, AT_LEAST, Outcome.REACHES_OUT),
        (99, 90, 100, AT_LEAST, Outcome.REACHES_IN),
        (95, 90, 99.9, AT_LEAST, Outcome.OUTSIDE),
        (120, 105, math.inf, AT_LEAST, Outcome.INSIDE),
        (7, 5, 10, BETWEEN, Outcome.INSIDE),
        (7, 4, 11, BETWEEN, Outcome.REACHES_OUT),
        (14, 4, 100, BETWEEN, Outcome.REACHES_IN),
        (14, 11, math.inf, BETWEEN, Outcome.OUTSIDE),
        (math.inf, 7, math.inf, BETWEEN, Outcome.REACHES_IN),
        (5, 5, 5, BETWEEN, Outcome.INSIDE),
        (4, 4, 4, BETWEEN, Outcome.OUTSIDE),
    ],
)
def test_a_number_lies_inside_outside_or_between(value, low, high, claimed, expected):
    assert outcome(value, low, high, claimed) is expected


@given(st.lists(ANY, min_size=3, max_size=3), st.lists(ANY, min_size=2, max_size=2))
def test_outcome_says_what_its_words_say(ends, bounds):
    low, value, high = sorted(ends)
    claimed = Range(*sorted(bounds))
    lies = outcome(value, low, high, claimed)
    assert (value in claimed) == (lies in {Outcome.INSIDE, Outcome.REACHES_OUT})
    if lies is Outcome.INSIDE:
        assert low in claimed
        assert high in claimed
    if lies is Outcome.OUTSIDE:
        assert high < claimed.low or low > claimed.high


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ([], Verdict.UNTESTED),
        ([Outcome.INSIDE], Verdict.SUPPORTED),
        ([Outcome.INSIDE, Outcome.INSIDE], Verdict.SUPPORTED),
        ([Outcome.INSIDE, Outcome.OUTSIDE], Verdict.CONDITIONS),
        ([Outcome.REACHES_OUT], Verdict.CONDITIONS),
        ([Outcome.OUTSIDE, Outcome.REACHES_OUT], Verdict.CONDITIONS),
        ([Outcome.REACHES_IN], Verdict.NOT_SUPPORTED),
        ([Outcome.OUTSIDE, Outcome.REACHES_IN], Verdict.NOT_SUPPORTED),
    ],
)
def test_verdict_by_the_rule(outcomes, expected):
    assert verdict(outcomes) is expected


@given(st.lists(st.sampled_from(Outcome), max_size=6))
def test_order_of_tests_does_not_matter(outcomes):
    assert verdict(outcomes) is verdict(outcomes[::-1])


@given(st.lists(st.sampled_from(Outcome), min_size=1, max_size=6), st.integers(0, 5))
def test_a_better_outcome_never_worsens_the_verdict(outcomes, at):
    better = list(outcomes)
    better[at % len(better)] = Outcome.INSIDE
    order = list(Verdict)
    assert order.index(verdict(better)) <= order.index(verdict(outcomes))


def test_every_verdict_is_explained():
    assert list(VERDICT_MEANINGS) == list(Verdict)
