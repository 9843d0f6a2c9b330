"""The ledger: from tables and numbers to verdicts, files, tables and pictures."""

import csv
import io
import json
import math
import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from analysis.errors import InputError
from analysis.publish.products.claims_files import COLUMNS, claims_csv, claims_json
from analysis.report.claims.ledger import read_ledger
from analysis.report.claims.ranges import claimed_range, cutoffs, interval
from analysis.report.claims.rule import Range, Verdict, judge
from analysis.report.claims.wording import (
    asked_text,
    claim_text,
    claimed_text,
    judgement_text,
    main_page,
    note_text,
)
from analysis.site.claims_page import disagreements_html, ledger_html, verdict_legend_html
from analysis.site.claims_picture import LEFT, RIGHT, answer_scale, picture_svg, picture_text
from tests.report.ledgers import made_up, named_records

pytestmark = pytest.mark.unit

CLAIM = {"low": 100_000.0, "value": None, "high": None}
TEST = {
    "claim": "S1",
    "number": "n",
    "relation": "at least",
    "scale": None,
    "tolerance": None,
    "low": None,
    "high": None,
}


@pytest.fixture(scope="module")
def ledger():
    return read_ledger(named_records())


def asked(claim=CLAIM, **fields):
    return claimed_range({**TEST, **fields}, claim)


def test_bounds_come_from_the_claim_by_its_scale():
    assert asked(scale=1.0) == Range(low=100_000)
    assert asked(scale=0.001) == Range(low=100)
    several = {"low": 5.0, "value": None, "high": 10.0}
    assert asked(claim=several, relation="between", scale=1.0) == Range(5, 10)
    single = {"low": None, "value": 1.0, "high": None}
    assert asked(claim=single, relation="about", scale=1.0, tolerance=1.5) == Range(1 / 1.5, 1.5)
    assert asked(claim=single, relation="at most", scale=100.0) == Range(high=100)


def test_bounds_may_be_a_reading_of_words():
    assert asked(low=25.0) == Range(low=25)
    assert asked(relation="at most", high=0.9) == Range(high=0.9)
    assert asked(relation="between", low=0.1, high=0.9) == Range(0.1, 0.9)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "has no lower bound"),
        ({"relation": "at most"}, "has no upper bound"),
        ({"relation": "about", "scale": 1.0}, "has no tolerance"),
    ],
)
def test_a_missing_bound_is_named(fields, message):
    with pytest.raises(InputError, match=message):
        asked(**fields)


def test_no_limit_and_exact_numbers_have_intervals():
    assert interval(made_up("n", value=8.8, low=3.4, high=None)) == (8.8, 3.4, math.inf)
    assert interval(made_up("n", value=None, low=1.0, high=None))[0] == math.inf
    assert interval(made_up("n", value=2.0, low=None, high=None, interval=None)) == (2, 2, 2)


def test_every_claim_has_a_verdict_and_what_it_rests_on(ledger):
    assert len({row.id for row in ledger.rows}) == len(ledger.rows)
    for row in ledger.rows:
        tested = [result.evidence for result in row.tests]
        main = tested[0] if tested else None
        assert row.judgement == judge(main, tested[1:], ledger.cutoffs)
        assert [bool(result.main) for result in row.tests[:2]] == [True, False][: len(row.tests)]
        assert bool(row.tests) != bool(row.untested_reason), row.id
        assert bool(judgement_text(row)) == bool(row.tests)


def test_a_repeated_claim_stands_as_the_first_does(ledger):
    repeated = [row for row in ledger.rows if row.repeats]
    assert repeated
    for row in repeated:
        first = ledger.row(row.repeats)
        assert (row.verdict, row.tests) == (first.verdict, first.tests)


def test_the_verdict_moves_with_the_number():
    records = named_records()
    main = "s10.years_to_80pct"
    for ends, estimated, assumed in [
        ((5.5, 7.0, 9.0), Verdict.SUPPORTED, Verdict.ASSUMED),
        ((4.0, 7.0, 12.0), Verdict.CONDITIONS, Verdict.UNTESTED),
        ((6.0, 14.0, 90.0), Verdict.UNTESTED, Verdict.UNTESTED),
        ((10.5, 14.0, 90.0), Verdict.NOT_SUPPORTED, Verdict.UNTESTED),
    ]:
        low, value, high = ends
        for grade, expected in (("estimated", estimated), ("assumed", assumed)):
            records[main] = made_up(main, "years", value, low, high, grade=grade)
            row = read_ledger(records).row("S014")
            assert row.verdict is expected
            assert row.judgement.grade == grade
            assert bool(note_text(row, cutoffs())) == (expected is Verdict.UNTESTED)


def test_the_claim_about_size_rests_on_england_and_readings_cannot_raise_it(ledger):
    size = ledger.row("S013").tests
    assert [result.record.id for result in size if result.main] == ["s07.min_size.2pct_5pct"]
    records = named_records()
    for result in size[1:]:  # every reading far above 100,000, the main number below
        id = result.record.id
        records[id] = made_up(id, "people", 5e5, 4e5, 6e5, grade="estimated")
    main = size[0].record.id
    records[main] = made_up(main, "people", 6e4, 5e4, 7e4, grade="estimated")
    assert read_ledger(records).row("S013").verdict is Verdict.NOT_SUPPORTED


def test_assumptions_that_carry_the_main_test_alone_are_said_to():
    records = named_records()
    for id, ends in (
        ("s06.pull_left", (0.5, 0.7, 0.85)),
        ("s06.enforcement_needed", (0.1, 0.2, 0.3)),
    ):
        low, value, high = ends
        records[id] = made_up(id, "probability", value, low, high)
    row = read_ledger(records).row("C06")
    assert row.verdict is Verdict.ASSUMED
    assert note_text(row, cutoffs()) == "The assumptions do not carry every reading of it."


def test_a_number_recorded_without_its_draws_is_refused():
    records = named_records()
    records["s10.years_to_80pct"] = replace(records["s10.years_to_80pct"], quantiles=())
    with pytest.raises(InputError, match=r"s10\.years_to_80pct was recorded without its draws"):
        read_ledger(records)


def test_a_number_that_is_gone_or_in_another_unit_stops_the_build():
    records = named_records()
    gone = {id: record for id, record in records.items() if id != "s10.years_to_80pct"}
    with pytest.raises(InputError, match=r"S014 names the number s10\.years_to_80pct"):
        read_ledger(gone)
    records["s10.years_to_80pct"] = replace(records["s10.years_to_80pct"], unit="months")
    with pytest.raises(InputError, match="is recorded in months, but the test of S014"):
        read_ledger(records)


def test_each_suggestion_has_a_tested_central_claim(ledger):
    assert [answer["suggestion"] for answer in ledger.answers] == list(range(1, 11))
    for answer in ledger.answers:
        row = ledger.row(str(answer["claim"]))
        assert row.suggestion == answer["suggestion"]
        assert row.tests
        assert ledger.central_for(row.id) == row.suggestion
    with pytest.raises(InputError, match="no suggestion 11"):
        ledger.answer(11)
    with pytest.raises(InputError, match="no claim 'S999'"):
        ledger.row("S999")


def test_the_texts_disagree_about_the_same_thing(ledger):
    figures = {
        topic: [claimed_text(row) for row in rows] for topic, rows in ledger.topics().items()
    }
    assert figures["Share of the NHS budget"] == ["60% of NHS budget", "70%", "70–80%"]
    assert figures["Number of English groups"] == ["500 consortia", "250 CCGs or more"]
    assert figures["US associations created"][-1] == "up to 2,000 organisations"
    html = disagreements_html(ledger)
    assert all(f"<strong>{figure}</strong>" in html for row in figures.values() for figure in row)


def test_csv_has_every_claim_and_what_the_ledger_says(ledger):
    table = list(csv.DictReader(io.StringIO(claims_csv(ledger).decode())))
    assert tuple(table[0]) == COLUMNS
    assert [row["id"] for row in table] == [row.id for row in ledger.rows]
    assert [row["verdict"] for row in table] == [row.verdict.value for row in ledger.rows]
    assert all(row["numbers"] or row["untested"] for row in table)


def test_json_says_what_the_csv_says(ledger):
    content = json.loads(claims_json(ledger))
    rows = list(csv.DictReader(io.StringIO(claims_csv(ledger).decode())))
    for row, claim in zip(rows, content["claims"], strict=True):
        assert row["verdict"] == claim["verdict"]
        assert row["probability"] == (
            "" if claim["probability"] is None else str(claim["probability"])
        )
        assert row["numbers"] == " ".join(test["number"] for test in claim["tests"])
    assert [answer["suggestion"] for answer in content["suggestions"]] == list(range(1, 11))


def test_the_table_escapes_and_links(ledger):
    html = ledger_html(ledger, "numbers.html")
    assert html.count("data-row") == len(ledger.rows)
    assert 'href="numbers.html#s07.min_size.2pct_5pct"' in html
    hostile = replace(ledger.rows[0], claim='<b onclick="x">"bold"</b>')
    safe = ledger_html(replace(ledger, rows=(hostile, *ledger.rows[1:])), "numbers.html")
    assert "<b onclick" not in safe


def test_the_legend_counts_every_claim(ledger):
    counts = [int(n) for n in re.findall(r"<strong>(\d+) of", verdict_legend_html(ledger))]
    assert sum(counts) == len(ledger.rows)


def test_words_of_a_row(ledger):
    assert claimed_text(ledger.row("S013")) == "100,000 patients or more"
    assert claimed_text(ledger.row("S069")) == "£80 billion"
    assert claimed_text(ledger.row("S077")) == "1991"
    assert claimed_text(ledger.row("S003")) == "in words"
    assert main_page(ledger.row("S013")) == "p. 26"
    assert main_page(ledger.row("C09")) == "pp. 28–29"
    assert claim_text(ledger.row("S003")).startswith("Only a “small proportion”")
    asked_of = {row.id: asked_text(row.tests[0]) for row in ledger.rows if row.tests}
    assert asked_of["S013"] == "at least 100,000 people"
    assert asked_of["S014"] == "between 5 and 10 years"
    assert asked_of["S048"] == "between 0.667 and 1.5"
    assert asked_of["S010"] == "at most 50%"


@pytest.mark.parametrize("suggestion", range(1, 11))
def test_pictures_are_drawn_within_their_frame_and_tell_the_finding(ledger, suggestion):
    answer = ledger.answer(suggestion)
    row = ledger.row(str(answer["claim"]))
    svg = ET.fromstring(picture_svg(row, answer))
    text = svg.get("aria-label")
    assert text == picture_text(row)
    assert row.verdict.value in text
    assert text.count("holds with a probability of") >= 1
    assert row.tests[0].record.text in text
    width, height = (float(part) for part in svg.get("viewBox").split()[2:])
    for shape in svg.iter("rect"):
        assert float(shape.get("x")) + float(shape.get("width")) <= width
        assert float(shape.get("y")) + float(shape.get("height")) <= height
    assert not re.search(r"style=|#[0-9a-f]{3,6}\b", picture_svg(row, answer))


def test_a_scale_places_its_ends_and_keeps_what_is_beyond(ledger):
    answer = {"ticks": "2 20 200", "axis": "log"}
    scale = answer_scale(answer, ledger.row("S014").tests[0])
    assert scale.place(2) == LEFT
    assert scale.place(20) == pytest.approx((LEFT + RIGHT) / 2)
    assert scale.place(math.inf) == scale.place(200) == RIGHT
    assert scale.place(0.0) == LEFT


def test_an_interval_beyond_the_picture_ends_in_an_arrow():
    records = named_records()
    main = "s10.years_to_80pct"
    records[main] = made_up(main, "years", None, 11.0, None)
    ledger = read_ledger(records)
    row = ledger.row("S014")
    svg = ET.fromstring(picture_svg(row, ledger.answer(10)))
    assert not list(svg.iter("circle"))
    assert sum(path.get("class") == "spread" for path in svg.iter("path")) == 2
    assert row.tests[0].probability < 0.05
