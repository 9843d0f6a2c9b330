"""The ledger: no comparison without a tolerance stated before, and no row that disappears."""

import numpy as np
import pytest

from analysis.chapters.validation import limiting_cases, tail_recovery
from analysis.chapters.validation.checks import Check, Ledger
from analysis.errors import InputError

pytestmark = pytest.mark.unit


def check(name="one", **others):
    fields = {
        "kind": "limit",
        "what": "Something known",
        "expected": 10.0,
        "tolerance": 0.5,
        "because": "rounding",
    }
    return Check(name=name, **(fields | others))


def ledger(*checks):
    made = Ledger()
    made.declare(*(checks or (check(),)))
    return made


def refuse():
    raise AssertionError("computed although nothing was declared")


def test_what_was_not_declared_is_not_even_computed():
    with pytest.raises(InputError, match="'other' was not declared"):
        ledger().evaluate("other", refuse)


@pytest.mark.parametrize("tolerance", [np.nan, np.inf, -0.1])
def test_a_check_needs_a_tolerance_beforehand(tolerance):
    made = Ledger()
    with pytest.raises(InputError, match="tolerance .* must be a number of at least 0"):
        made.declare(check(tolerance=tolerance))
    with pytest.raises(InputError, match="was not declared"):
        made.evaluate("one", refuse)


def test_a_tolerance_cannot_be_left_out():
    with pytest.raises(TypeError, match="tolerance"):
        Check(name="one", kind="limit", what="Something", expected=1.0, because="rounding")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"because": " "}, "say why the tolerance"),
        ({"expected": np.nan}, "expected nan is not a number"),
        ({"kind": "guess"}, "kind must be one of"),
        ({"achieved": 10.0}, "has a result before it is declared"),
    ],
)
def test_an_incomplete_or_answered_declaration_is_refused(fields, message):
    with pytest.raises(InputError, match=message):
        Ledger().declare(check(**fields))


def test_a_name_is_declared_once_and_evaluated_once():
    made = ledger()
    with pytest.raises(InputError, match="declared twice"):
        made.declare(check())
    made.evaluate("one", lambda: 10.1)
    with pytest.raises(InputError, match="already evaluated"):
        made.evaluate("one", lambda: 10.0)


@pytest.mark.parametrize(
    ("achieved", "passed"), [(10.5, True), (9.5, True), (10.51, False), (9.0, False)]
)
def test_a_check_passes_up_to_its_tolerance(achieved, passed):
    assert ledger().evaluate("one", lambda: achieved).passed is passed


def test_draws_are_judged_by_their_median_and_shown_with_their_interval():
    draws = np.linspace(8.0, 12.0, 101)
    done = ledger().evaluate("one", lambda: draws)
    assert done.passed
    assert (done.achieved, done.low, done.high) == pytest.approx((10.0, 8.2, 11.8))


@pytest.mark.parametrize("draws", [np.nan, [10.0, np.nan], []])
def test_an_undefined_result_is_refused(draws):
    with pytest.raises(InputError, match="not a number"):
        ledger().evaluate("one", lambda: draws)


def test_failed_and_forgotten_checks_stay_in_the_table():
    made = ledger(check("good"), check("bad"), check("forgotten"))
    made.evaluate("bad", lambda: 20.0)
    made.evaluate("good", lambda: 10.0)
    made.explain("bad", "  Because of something. ")
    table = made.table().set_index("name")
    assert list(table.index) == ["good", "bad", "forgotten"]
    assert list(table["outcome"]) == ["pass", "FAIL", "not run"]
    assert table.loc["bad", "explanation"] == "Because of something."
    assert [failed.name for failed in made.failures()] == ["bad", "forgotten"]
    assert made.checks[2].passed is None


def test_a_check_set_apart_beforehand_is_computed_and_not_judged():
    made = ledger(check("like"), check("unlike"))
    made.set_apart("unlike", " Other people. ")
    made.evaluate("like", lambda: 20.0)
    assert made.evaluate("unlike", lambda: 20.0).passed is None
    assert [failed.name for failed in made.failures()] == ["like"]
    table = made.table().set_index("name")
    assert list(table["outcome"]) == ["FAIL", "set apart"]
    assert table.loc["unlike", ["achieved", "apart"]].to_list() == [20.0, "Other people."]


@pytest.mark.parametrize(
    ("name", "reason", "message"),
    [
        ("other", "Because.", "was not declared"),
        ("one", " ", "say why it is set apart"),
        ("known", "Because.", "too late"),
    ],
)
def test_nothing_is_set_apart_after_its_result_or_without_a_reason(name, reason, message):
    made = ledger(check(), check("known"))
    made.evaluate("known", lambda: 20.0)
    with pytest.raises(InputError, match=message):
        made.set_apart(name, reason)


def test_only_what_was_declared_can_be_explained():
    with pytest.raises(InputError, match="cannot be explained"):
        ledger().explain("other", "A reason.")


@pytest.mark.parametrize("module", [limiting_cases, tail_recovery])
def test_what_is_known_without_a_model_is_found(module):
    made = Ledger()
    module.declare(made)
    assert {row.passed for row in made.checks} == {None}
    module.evaluate(made)
    assert not made.failures()
