"""What moved between two versions, on invented numbers."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis import settings
from analysis.errors import InputError
from analysis.evidence.catalogue import descriptor, table
from analysis.evidence.packaging import csv_bytes
from analysis.report.agreement import Rule
from analysis.report.movement import what_moved
from analysis.report.published import PublishedNumber
from analysis.report.releases import (
    COLUMNS,
    Reason,
    Release,
    ReleasedNumber,
    present_release,
    reasons_of,
    release_table,
    released_text,
    releases_of,
    withdrawn,
)
from analysis.site.cards import withdrawn_html
from analysis.site.moves_page import moves_html

pytestmark = pytest.mark.unit

DATA = {"rand_hie": "a" * 16}


def toy_number(name, value, *, error=1.0, label="A <toy>", code="c" * 16, data=None, **fields):
    """Return a toy number whose interval reaches ten to either side; error None: exact."""
    exact = error is None
    given = {
        "page": "notebooks/toy",
        "unit": "people",
        "grade": "estimated",
        "text": f"{value:g} people" if value is not None else "no limit",
        "seed": 1,
        "interval": None if exact else settings.INTERVAL,
        "value": value,
        "low": None if exact or value is None else value - 10,
        "high": None if exact or value is None else value + 10,
        "mcse": error,
        "mcse_low": error,
        "mcse_high": error,
        **fields,
    }
    number = PublishedNumber(id=name, **given)
    return ReleasedNumber(number, label, code, DATA if data is None else data)


def release(version, *numbers, released="2027-01-05"):
    return Release(version, released, {entry.number.id: entry for entry in numbers})


BEFORE = release(
    "1.0.0",
    toy_number("toy.same", 100.0),
    toy_number("toy.noise", 100.0),
    toy_number("toy.moved", 200.0),
    toy_number("toy.exact", 5.0, error=None),
    toy_number("toy.gone", 7.0),
    toy_number("toy.limit", 50.0),
)
AFTER = release(
    "1.1.0",
    toy_number("toy.same", 100.0),
    toy_number("toy.noise", 101.0),
    toy_number("toy.moved", 150.0, code="d" * 16, data={"rand_hie": "b" * 16, "mssp": "e" * 16}),
    toy_number("toy.exact", 6.0, error=None),
    toy_number("toy.new", 1.0),
    toy_number("toy.limit", None),
    released="",
)


def test_each_number_is_sorted_into_its_place():
    movement = what_moved(BEFORE, AFTER)
    moved = [move.after.number.id for move in movement.moved]
    assert moved == ["toy.exact", "toy.limit", "toy.moved"]
    assert [entry.number.id for entry, _ in movement.new] == ["toy.new"]
    assert [entry.number.id for entry, _ in movement.gone] == ["toy.gone"]
    assert (movement.within_error, movement.unchanged) == (1, 1)
    assert not movement.nothing


def test_a_move_is_told_in_percent_and_in_errors_of_both_versions():
    exact, limit, moved = what_moved(BEFORE, AFTER).moved
    assert moved.percent == pytest.approx(-25.0)
    assert moved.errors == pytest.approx(50 / np.hypot(1, 1))
    assert (exact.percent, exact.errors) == (pytest.approx(20.0), None)
    assert (limit.percent, limit.errors) == (None, None)


@pytest.mark.parametrize(("errors", "moves"), [(0.9, 0), (1.1, 1)])
def test_the_rule_decides_at_its_limit(errors, moves):
    rule = Rule.for_numbers({n: k.number for n, k in BEFORE.numbers.items()})
    shift = errors * rule.errors * np.hypot(1, 1)
    after = release("1.1.0", toy_number("toy.same", 100.0 + shift))
    movement = what_moved(release("1.0.0", toy_number("toy.same", 100.0)), after, rule=rule)
    assert len(movement.moved) == moves
    assert movement.within_error == 1 - moves


def test_an_end_that_moves_alone_moves_the_number():
    after = release("1.1.0", toy_number("toy.same", 100.0, high=130.0))
    (move,) = what_moved(release("1.0.0", toy_number("toy.same", 100.0)), after).moved
    assert move.percent == 0
    assert move.errors == pytest.approx(20 / np.hypot(1, 1))


@pytest.mark.parametrize("change", [{"unit": "GBP"}, {"grade": "assumed"}])
def test_another_meaning_is_a_move_without_a_size(change):
    after = release("1.1.0", toy_number("toy.same", 100.0, **change))
    (move,) = what_moved(release("1.0.0", toy_number("toy.same", 100.0)), after).moved
    assert move.errors is None
    assert (move.percent is None) is ("unit" in change)


def test_rerun_with_the_same_errors_moves_nothing():
    rng = np.random.default_rng(1)
    names = [f"toy.n{i}" for i in range(200)]
    runs = [
        release(version, *(toy_number(name, 100 + rng.normal()) for name in names))
        for version in ("1.0.0", "1.1.0")
    ]
    movement = what_moved(*runs)
    assert movement.nothing
    assert movement.within_error == len(names)


def test_a_reason_comes_first_and_only_for_its_version():
    reasons = [
        Reason("1.1.0", "toy.m*", "A unit was wrong."),
        Reason("1.1.0", "toy.moved", "Once more."),
        Reason("1.0.0", "toy.*", "An older story."),
        Reason("1.1.0", "toy.gone", "It measured nothing."),
    ]
    movement = what_moved(BEFORE, AFTER, reasons)
    assert movement.moved[2].why == "A unit was wrong. Once more."
    assert movement.gone[0][1] == "It measured nothing."
    assert movement.new[0][1] == ""


def test_without_a_reason_what_differs_behind_the_number_is_told():
    exact, _, moved = what_moved(BEFORE, AFTER).moved
    assert moved.why == "code changed; data changed: mssp, rand_hie"
    assert exact.why.startswith("neither its code nor its data changed")
    after = release("1.1.0", toy_number("toy.same", 500.0, seed=2))
    (seeded,) = what_moved(release("1.0.0", toy_number("toy.same", 100.0)), after).moved
    assert seeded.why == "seed changed"


def test_the_page_says_that_there_is_no_earlier_release():
    html = moves_html([], AFTER)
    assert "There is no earlier release" in html
    assert "has not been released yet" in html
    assert "<table" not in html
    first = moves_html([replace(AFTER, released="2027-02-01")], AFTER)
    assert "Version 1.1.0 is the first." in first


def test_the_page_shows_what_moved_came_and_went():
    html = moves_html([BEFORE], AFTER, [Reason("1.1.0", "toy.gone", "Merged <into> another.")])
    for wanted in (
        "version 1.0.0, released on 2027-01-05, and version 1.1.0, not released yet",
        "with a probability of 99%",
        "<dt>Moved</dt><dd>3</dd>",
        "<dt>Unchanged</dt><dd>1</dd>",
        '<a href="numbers.html#toy.moved">A &lt;toy&gt;</a>',
        "200 people [estimated]",
        "−25%",
        "+20%",
        "35.4",
        "data changed: mssp, rand_hie",
        "Merged &lt;into&gt; another.",
        'href="numbers.html#toy.new"',
    ):
        assert wanted in html, wanted


def test_a_build_that_differs_from_its_own_release_says_so():
    released = replace(AFTER, released="2027-02-01")
    assert "not as released" not in moves_html([BEFORE, released], AFTER)
    changed = release("1.1.0", *(k for n, k in AFTER.numbers.items() if n != "toy.new"))
    html = moves_html([BEFORE, released], changed)
    assert "1 number is not as released</strong> under version 1.1.0" in html


def test_kept_releases_are_read_back_as_they_were(tmp_path):
    file = tmp_path / "numbers.csv"
    file.write_bytes(csv_bytes(release_table([BEFORE, replace(AFTER, released="2027-02-01")])))
    text = {"version": str, "released": str}
    table_read = pd.read_csv(file, dtype=text, keep_default_na=False, na_values=[""])
    assert releases_of(table_read) == [BEFORE, replace(AFTER, released="2027-02-01")]


def test_the_table_is_that_of_the_descriptor():
    (numbers, _) = descriptor("releases")["resources"]
    assert [field["name"] for field in numbers["schema"]["fields"]] == list(COLUMNS)
    assert reasons_of(pd.DataFrame({"version": ["1"], "number": ["a"], "reason": ["b"]})) == [
        Reason("1", "a", "b")
    ]
    assert list(table("releases", "reasons")) == ["version", "number", "reason"]


def test_this_build_is_kept_as_it_was_recorded(records, draws, fields):
    from analysis.report.numbers import record

    chance = record("toy.chance", draws, **fields)
    entry = present_release({chance.id: chance}, "0.1.0").numbers["toy.chance"]
    assert entry.label == chance.label
    assert (entry.number.value, entry.number.mcse) == (chance.value, chance.mcse)
    assert entry.code_digest == chance.code_digest


def test_a_withdrawn_number_keeps_its_address():
    ((version, entry),) = withdrawn([BEFORE, AFTER], dict.fromkeys(set(AFTER.numbers)))
    assert (version, entry.number.id) == ("1.0.0", "toy.gone")
    html = withdrawn_html(version, entry)
    assert 'id="toy.gone"' in html
    assert "7 people" in html
    assert "A &lt;toy&gt;" in html


def test_a_released_number_is_quoted_as_it_was_printed():
    versions = [release("0.1.0", toy_number("s.a", 100)), release("0.2.0", toy_number("s.a", 90))]
    assert released_text(versions, "0.1.0", "s.a") == "100 people"
    with pytest.raises(InputError, match="there is no release '0.3.0'"):
        released_text(versions, "0.3.0", "s.a")
    with pytest.raises(InputError, match=r"version 0\.1\.0 has no number 's\.b'"):
        released_text(versions, "0.1.0", "s.b")
