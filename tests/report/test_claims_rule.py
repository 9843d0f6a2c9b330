"""The rule of the claims ledger, at its limits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.report.checks import GRADES
from analysis.report.claims.ranges import cutoffs
from analysis.report.claims.rule import Cutoffs, Evidence, Verdict, judge
from analysis.report.claims.wording import verdict_meanings

pytestmark = pytest.mark.unit

AT = Cutoffs(sure=0.9, likely=0.5, excluded=0.1)
TESTS = st.builds(Evidence, st.floats(0, 1), st.sampled_from(GRADES))
LIKELY, UNLIKELY = Evidence(0.6, "estimated"), Evidence(0.4, "assumed")


@pytest.mark.parametrize(
    ("probability", "readings", "evidence", "assumed"),
    [
        (0.95, [], Verdict.SUPPORTED, Verdict.ASSUMED),
        (0.9, [LIKELY], Verdict.SUPPORTED, Verdict.ASSUMED),
        (0.95, [LIKELY, UNLIKELY], Verdict.CONDITIONS, Verdict.ASSUMED),
        (0.89, [], Verdict.CONDITIONS, Verdict.UNTESTED),
        (0.5, [UNLIKELY], Verdict.CONDITIONS, Verdict.UNTESTED),
        (0.49, [LIKELY], Verdict.UNTESTED, Verdict.UNTESTED),
        (0.1, [], Verdict.UNTESTED, Verdict.UNTESTED),
        (0.09, [LIKELY], Verdict.NOT_SUPPORTED, Verdict.UNTESTED),
    ],
)
def test_verdict_by_the_rule(probability, readings, evidence, assumed):
    for grade in ("estimated", "calibrated"):
        assert judge(Evidence(probability, grade), readings, AT).verdict is evidence
    assert judge(Evidence(probability, "assumed"), readings, AT).verdict is assumed


def test_without_a_number_a_claim_cannot_be_tested():
    judgement = judge(None, [], AT)
    assert (judgement.verdict, judgement.probability, judgement.grade) == (
        Verdict.UNTESTED,
        None,
        "",
    )


def test_the_weakest_grade_is_that_of_what_the_verdict_rests_on():
    sure, other = Evidence(0.95, "estimated"), Evidence(0.95, "assumed")
    assert judge(sure, [other], AT).grade == "estimated"  # the reading changes nothing
    assert judge(sure, [UNLIKELY], AT).grade == "assumed"  # it makes the verdict conditional
    assert judge(Evidence(0.7, "calibrated"), [UNLIKELY], AT).grade == "calibrated"


@given(TESTS, st.lists(TESTS, max_size=5), st.randoms())
def test_readings_in_any_order_turn_supported_into_conditions_and_nothing_else(
    main, readings, chance
):
    alone, together = judge(main, [], AT), judge(main, readings, AT)
    if together.verdict is not alone.verdict:
        assert (alone.verdict, together.verdict) == (Verdict.SUPPORTED, Verdict.CONDITIONS)
    assert together.probability == main.probability
    assert judge(main, chance.sample(readings, len(readings)), AT) == together
    assert judge(main, readings * 3, AT) == together  # how often a reading is listed


@given(TESTS, st.lists(TESTS, max_size=3))
def test_assumptions_alone_neither_support_nor_refute(main, readings):
    judgement = judge(main, readings, AT)
    if main.grade == "assumed":
        assert judgement.verdict in {Verdict.ASSUMED, Verdict.UNTESTED}
    else:
        assert judgement.verdict is not Verdict.ASSUMED


def test_every_verdict_is_explained_with_the_cutoffs_of_the_data():
    at = cutoffs()
    meanings = verdict_meanings(at)
    assert list(meanings) == list(Verdict)
    assert f"{at.sure:.0%}" in meanings[Verdict.SUPPORTED]
    assert f"{at.excluded:.0%}" in meanings[Verdict.NOT_SUPPORTED]
