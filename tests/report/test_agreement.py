"""The rule by which two runs agree, and the file that it starts from."""

import json
import math
from dataclasses import asdict, replace

import numpy as np
import pytest
from scipy import stats

from analysis import settings
from analysis.errors import InputError
from analysis.report.agreement import ERROR_FREEDOM, FALSE_ALARM, Rule, compare
from analysis.report.published import PublishedNumber, numbers_of, published_numbers
from analysis.report.summaries import summarise

pytestmark = pytest.mark.unit

NUMBER = PublishedNumber(
    id="s.a",
    page="notebooks/a",
    unit="ratio",
    grade="assumed",
    text="2.0",
    seed=1,
    interval=settings.INTERVAL,
    value=2.0,
    low=1.0,
    high=4.0,
    mcse=0.03,
    mcse_low=0.06,
    mcse_high=0.09,
)
EXACT = replace(
    NUMBER, id="s.e", interval=None, low=None, high=None, mcse=None, mcse_low=None, mcse_high=None
)
RULE = Rule(1416)


def verdict(before, after, **options):
    (only,) = compare({"s": before}, {"s": after}, RULE, **options).verdicts
    return only


def moved(number, part, errors):
    """Move one part by so many combined standard errors of two runs."""
    error = math.hypot(number.error(part), number.error(part))
    return replace(number, **{part: getattr(number, part) + errors * error})


def test_the_limit_is_bonferronis_quantile_of_t():
    errors = Rule(870).errors
    assert 2 * 870 * stats.t.sf(errors, ERROR_FREEDOM) == pytest.approx(FALSE_ALARM)
    assert errors > stats.norm.isf(FALSE_ALARM / 870 / 2), "stated errors are estimates too"
    assert Rule(870).errors < Rule(1416).errors
    assert math.isfinite(Rule(0).errors)


def test_only_figures_with_an_error_count():
    certain = replace(NUMBER, high=None, mcse_high=0.0)
    assert Rule.for_numbers({"a": NUMBER, "b": EXACT, "c": certain}).comparisons == 5


@pytest.mark.parametrize("part", ["value", "low", "high"])
@pytest.mark.parametrize("sign", [-1, 1])
def test_each_part_may_differ_by_the_limit_and_not_more(part, sign):
    inside = verdict(NUMBER, moved(NUMBER, part, sign * 0.999 * RULE.errors))
    assert inside.agrees
    assert max(map(abs, inside.differences)) == pytest.approx(0.999 * RULE.errors)
    outside = verdict(NUMBER, moved(NUMBER, part, sign * 1.001 * RULE.errors))
    assert outside.reason.startswith(f"{part} ")
    assert "standard errors" in outside.reason


def test_the_errors_of_both_runs_count():
    rough = replace(NUMBER, value=2.4, mcse=0.1)
    assert verdict(NUMBER, rough).agrees
    assert not verdict(NUMBER, replace(rough, mcse=0.03)).agrees


def test_exact_numbers_are_equal_to_the_last_bits():
    assert verdict(EXACT, replace(EXACT, value=2.0 * (1 + 1e-13))).agrees
    assert not verdict(EXACT, replace(EXACT, value=2.0 * (1 + 1e-7))).agrees
    zero = replace(EXACT, value=0.0)
    assert not verdict(zero, replace(zero, value=1e-12)).agrees


def test_a_figure_without_error_in_either_run_may_not_move():
    sure = replace(NUMBER, mcse=0.0)
    assert verdict(sure, sure).agrees
    assert "no error is stated" in verdict(sure, replace(sure, value=2.01)).reason


def test_no_limit_agrees_with_no_limit_only():
    endless = replace(NUMBER, high=None, mcse_high=0.0)
    assert verdict(endless, endless).agrees
    assert "no limit → 4" in verdict(endless, NUMBER).reason


@pytest.mark.parametrize("part", ["value", "low", "high"])
def test_what_is_not_a_number_fails(part):
    assert not verdict(NUMBER, replace(NUMBER, **{part: math.nan})).agrees


@pytest.mark.parametrize(
    "change", [{"unit": "percent"}, {"interval": 0.8}, {"grade": "estimated"}, {"interval": None}]
)
def test_another_quantity_under_the_same_id_fails(change):
    (field,) = change
    assert verdict(NUMBER, replace(NUMBER, **change)).reason.startswith(f"{field}: ")


def test_missing_and_new_numbers_fail_by_name():
    agreement = compare({"s.a": NUMBER}, {"s.b": NUMBER}, RULE)
    assert [(v.id, v.reason.split(":")[0]) for v in agreement.failures] == [
        ("s.a", "missing"),
        ("s.b", "not published"),
    ]
    assert not compare({}, {}, RULE).agrees


def test_other_ids_are_left_out():
    both = {"s.a": NUMBER, "s.e": EXACT}
    assert [v.id for v in compare(both, {"s.a": NUMBER}, RULE, {"s.a"}).verdicts] == ["s.a"]


def test_print_counts_only_where_asked():
    other = replace(NUMBER, text="2.1")
    assert verdict(NUMBER, other).agrees
    assert not verdict(NUMBER, other).same_text
    assert verdict(NUMBER, other, same_text=True).reason == "printed otherwise"


def test_sound_reruns_differ_by_one_standard_error_and_stay_within_the_limit():
    """Skewed draws of four chains, summarised as they are for publication, 300 runs in pairs."""
    generator = np.random.default_rng(20)

    def number():
        summary = summarise(generator.gamma(2.0, size=(4, 500)))
        return replace(NUMBER, **summary.as_fields())

    runs = [number() for _ in range(300)]
    pairs = list(zip(runs[::2], runs[1::2], strict=True))
    agreement = compare(
        {f"s{i}": first for i, (first, _) in enumerate(pairs)},
        {f"s{i}": second for i, (_, second) in enumerate(pairs)},
        Rule(3 * len(pairs)),
    )
    assert agreement.agrees, [v.reason for v in agreement.failures]
    assert agreement.spread == pytest.approx(1.0, abs=0.15)
    by_part = np.array([v.differences for v in agreement.verdicts])
    assert np.sqrt((by_part**2).mean(axis=0)) == pytest.approx(np.ones(3), abs=0.2)


def test_the_sentence_says_how_many():
    sentence = compare({"s.a": NUMBER}, {"s.a": moved(NUMBER, "low", 9)}, RULE).sentence()
    assert sentence.startswith("1 of 1 do not agree. Allowed: 5.03 standard")
    assert compare({"s.a": NUMBER}, {"s.a": NUMBER}, RULE).sentence().startswith("All 1 numbers")
    assert compare({}, {}, RULE).sentence() == "No number was compared."


def file_of(*rows, **fields):
    return json.dumps({"numbers": list(rows)} | fields)


ROW = asdict(NUMBER)


def test_a_file_is_read_back():
    text = file_of(ROW, asdict(EXACT), {**ROW, "id": "s.c", "a field of later": 1})
    assert published_numbers(text, "f") == {
        "s.a": NUMBER,
        "s.e": EXACT,
        "s.c": replace(NUMBER, id="s.c"),
    }


def test_a_record_is_the_number_that_will_be_read_back(recorded):
    (number,) = numbers_of({recorded.id: recorded}).values()
    assert published_numbers(file_of(json.loads(recorded.to_json())), "f") == {recorded.id: number}


@pytest.fixture
def recorded(tmp_path, monkeypatch):
    from analysis.report.numbers import record

    monkeypatch.setenv("TENSUGGESTIONS_RECORDS", str(tmp_path))
    draws = np.random.default_rng(1).normal(size=(4, 500))
    return record("t.x", draws, label="X", unit="ratio", estimand="X.", grade="assumed")


MALFORMED = {
    "empty": ("", "is not valid JSON"),
    "cut short": (file_of(ROW)[:-9], "is not valid JSON"),
    "nested too deep": ("[" * 100_000, "is not valid JSON"),
    "a list": ("[]", "has no list of numbers"),
    "no numbers": ("{}", "has no list of numbers"),
    "numbers empty": (file_of(), "has no list of numbers"),
    "numbers no list": ('{"numbers": {"s.a": 1}}', "has no list of numbers"),
    "entry no mapping": (file_of(ROW, 3), "entry 2 of its numbers has no id"),
    "entry without id": (file_of({"value": 1}), "entry 1 of its numbers has no id"),
    "twice": (file_of(ROW, ROW), "number s.a is there twice"),
    "NaN": (file_of({**ROW, "value": math.nan}), "NaN is not a number"),
    "Infinity": (file_of({**ROW, "high": math.inf}), "Infinity is not a number"),
    "endless digits": (file_of(ROW).replace("0.06", "1e999"), "mcse_low is inf, not a finite"),
    "huge integer": (file_of({**ROW, "value": 10**400}), "value is 1000000"),
    "text for a number": (file_of({**ROW, "low": "1.0"}), "s.a: low is '1.0', not a number"),
    "true for a number": (file_of({**ROW, "low": True}), "s.a: low is True, not a number"),
    "number for text": (file_of({**ROW, "unit": 3}), "s.a: unit is 3, not text"),
    "seed no number": (file_of({**ROW, "seed": None}), "s.a: seed is None, not a whole number"),
    "negative error": (file_of({**ROW, "mcse": -0.1}), "s.a: mcse is below 0"),
    "no value": (file_of({k: v for k, v in ROW.items() if k != "value"}), "s.a has no value"),
}


@pytest.mark.parametrize("text, message", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_file_is_told_in_one_line(text, message):
    with pytest.raises(InputError, match="^f: ") as error:
        published_numbers(text, "f")
    assert message in str(error.value)
    assert len(str(error.value)) < 300
    assert "\n" not in str(error.value)
