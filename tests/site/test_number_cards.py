"""Entries, cards and citations of numbers, and the assumptions they link to."""

import re
from html import unescape

import pytest

from analysis import settings
from analysis.evidence.assumptions import Assumption, all_assumptions
from analysis.report.citations import (
    Work,
    bibtex_entry,
    plain_citation,
    read_work,
    ris_entry,
    work_bibtex,
    work_citation,
    work_ris,
)
from analysis.report.numbers import record
from analysis.site.assumption_list import (
    amount,
    assumptions_html,
    group_of,
    grouped,
    named_in,
)
from analysis.site.cards import (
    CardLinks,
    card_html,
    cards_page_html,
    citation_opening_html,
    entry_html,
)

pytestmark = pytest.mark.unit

WORK = Work("Ten Suggestions, Tested", "The contributors", "2026", "https://book.example/")
UNRELEASED = Work("Ten Suggestions, Tested", "The contributors", version="0.1.0")
FLIP = {"assumption": "k <sd>", "value": 2.8, "unit": "ratio", "meaning": "the advice turns"}


def assumption(**fields):
    columns = {
        "name": "toy_share",
        "value": 0.5,
        "low": 0.25,
        "high": 1250.0,
        "unit": "share of toys",
        "meaning": "Toys that are <new>",
        "justification": "Nobody counted",
        "effective_date": "2011-06-13",
        "source": "Chosen here",
        "source_url": "",
        "grade": "assumed",
        "used_by": "toy",
        **fields,
    }
    return Assumption(**columns)


def test_an_entry_stands_at_the_permanent_address(records, draws, fields):
    chance = record("toy.chance", draws, **{**fields, "label": "A <b> toy"}, suggestion=7)
    html = entry_html(chance)
    assert 'id="toy.chance"' in html
    assert f'href="#{chance.anchor.partition("#")[2]}"' in html
    assert 'href="numbers/toy.html#toy.chance"' in html
    assert "8.0%" in html
    assert "90% interval 6.6%–9.4%" in html
    assert chance.estimand in html
    assert "<b>" not in html


def test_the_citations_of_all_entries_begin_alike(records, draws, fields):
    number = record("toy.chance", draws, **fields)
    begins = citation_opening_html(
        number.version, Work("A <b> title", "A & B", site="https://b.example/")
    )
    assert 'data-site="https://b.example/" hidden>A &amp; B. A &lt;b&gt; title, version ' in begins
    html = citation_opening_html(number.version, WORK)
    told = unescape(re.search(r"<p data-citation-opening[^>]*>(.*?)</p>", html)[1])
    assert plain_citation(number, WORK).startswith(f"{told} {number.label}: ")


def test_an_exact_number_has_no_interval_on_its_entry(records, fields):
    assert "interval" not in entry_html(record("toy.exact", 5, **{**fields, "unit": "count"}))


def test_a_card_tells_everything_and_escapes_text(records, draws, fields):
    chance = record("toy.chance", draws, **fields, flip_point=FLIP, assumptions=["A & B."])
    html = card_html(chance, WORK)
    for wanted in (
        'id="toy.chance"',
        "k &lt;sd&gt; = 2.8 ratio: the advice turns",
        "<li>A &amp; B.</li>",
        'href="../numbers.html#toy.chance">numbers.html#toy.chance</a>',
        'href="toy.chance.json"',
        'href="toy.chance.csv"',
        "@misc{",
        "TY  - DATA",
        chance.code_digest,
        chance.version,
        f"<dd>{settings.PROJECT_SEED}</dd>",
    ):
        assert wanted in html, wanted


def test_a_card_resolves_the_assumption_that_a_sentence_names(records, draws, fields):
    chance = record("toy.chance", draws, **fields, assumptions=["Share: assumption toy_share."])
    links = CardLinks(assumptions="../assumptions.html")
    html = card_html(chance, WORK, links, [assumption(), assumption(name="toy", used_by="s07")])
    assert 'href="../assumptions.html#toy_share">toy_share</a>: 0.5 (0.25–1,250)' in html
    assert "Toys that are &lt;new&gt;" in html
    # Its own group has one row; that of suggestion 7 is not its own, nor is "toy" named.
    assert 'href="../assumptions.html#toy">1 assumption with value' in html
    assert 'href="../assumptions.html' not in card_html(chance, WORK, None, [assumption()])


def test_a_card_links_its_data_where_they_are_described(records, draws, fields):
    from dataclasses import replace

    chance = replace(
        record("toy.chance", draws, **fields),
        data_digest={"known": "a" * 64, "other": "b" * 64},
    )
    html = card_html(chance, WORK, CardLinks(data={"known": "../data.html#known"}))
    assert f'<a href="../data.html#known">known</a> <code>{"a" * 16}</code>' in html
    assert f"other <code>{'b' * 16}</code>" in html


def test_a_page_of_cards_escapes_its_title_and_not_its_cards():
    html = cards_page_html("A & B", ["<article>1</article>"], "../numbers.html", "../toy.html")
    assert "<h1>Numbers: A &amp; B</h1>" in html
    assert "<article>1</article>" in html
    assert "The 1 number that" in html


def test_an_assumption_shows_value_range_unit_and_who_reads_it(records, draws, fields):
    chance = record("toy.chance", draws, **fields, assumptions=["With toy_share."])
    pages = {"toy": "numbers/toy.html"}
    html = assumptions_html([assumption(used_by="toy; s07")], {chance.id: chance}, pages)
    assert 'id="toy_share"' in html
    assert "0.25–1,250, share of toys" in html
    assert "Toys that are &lt;new&gt;" in html
    assert '<a href="numbers/toy.html">Toy</a> (1 number)' in html
    assert '<a href="numbers.html#suggestion-7">Suggestion 7</a>; named' in html
    assert 'named by <a href="numbers.html#toy.chance">' in html


@pytest.mark.parametrize(
    ("source", "link"),
    [
        ("10.1136/bmj.1", 'href="https://doi.org/10.1136/bmj.1"'),
        ("https://a.example/", "a.example"),
    ],
)
def test_the_source_of_an_assumption_is_linked(source, link):
    assert link in assumptions_html([assumption(source_url=source)], {}, {})
    assert "href" not in assumptions_html([assumption()], {}, {}).partition("Source")[2][:60]


def test_an_assumption_is_named_by_its_whole_name_only():
    rows = [assumption(name="share"), assumption(name="toy_share")]
    assert [row.name for row in named_in(["A toy_share, please."], rows)] == ["toy_share"]


def test_every_real_assumption_stands_in_one_group():
    rows = all_assumptions()
    groups = grouped(rows)
    assert sorted(row.name for group in groups.values() for row in group) == sorted(
        row.name for row in rows
    )
    suggestions = [name for name in groups if re.fullmatch(r"s\d\d", name)]
    assert list(groups)[: len(suggestions)] == suggestions == sorted(suggestions)
    pages = {
        file.stem for room in ("notebooks", "book") for file in (settings.ROOT / room).glob("*.md")
    }
    assert set(groups) - set(suggestions) <= pages
    assert amount(assumption(value=-2.0)) == "−2 (0.25–1,250) share of toys"


def test_a_number_belongs_to_its_suggestion_or_else_to_its_chapter(records, draws, fields):
    assert group_of(record("toy.a", draws, **fields, suggestion=10)) == "s10"
    assert group_of(record("toy.b", draws, **fields)) == "toy"


def test_citations_name_value_version_and_address(records, draws, fields):
    chance = record("toy.chance", draws, **fields)
    plain = plain_citation(chance, WORK)
    assert "8.0% (90% interval 6.6%–9.4%)" in plain
    assert plain.endswith("https://book.example/numbers.html#toy.chance")
    bibtex = bibtex_entry(chance, WORK)
    assert bibtex.startswith("@misc{tensuggestions_toy_chance,")
    assert r"8.0\% (90\% interval 6.6\%--9.4\%)" in bibtex
    assert "{https://book.example/numbers.html#toy.chance}" in bibtex
    assert bibtex.count("{") == bibtex.count("}")


def test_ris_has_one_tag_a_line_and_ends_the_entry(records, draws, fields):
    lines = ris_entry(record("toy.chance", draws, **fields), WORK).splitlines()
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in lines)
    assert (lines[0], lines[-1]) == ("TY  - DATA", "ER  - ")
    assert "PY  - 2026" in lines
    assert "UR  - https://book.example/numbers.html#toy.chance" in lines
    assert not any(line.startswith("DO") for line in lines)


def test_year_and_doi_are_those_of_the_release_or_left_out(tmp_path, records, draws, fields):
    before = read_work(tmp_path, "T", "A")
    chance = record("toy.x", draws, **fields)
    assert (before.year, before.doi) == ("", "")
    assert "year" not in bibtex_entry(chance, before)
    (tmp_path / "CITATION.cff").write_text(
        "version: 1.2.3\ndate-released: 2026-03-01\ndoi: 10.1234/toy\n"
    )
    after = read_work(tmp_path, "T", "A")
    assert (after.year, after.doi, after.version) == ("2026", "10.1234/toy", "1.2.3")
    assert "doi     = {10.1234/toy}" in bibtex_entry(chance, after)
    assert "DO  - 10.1234/toy" in ris_entry(chance, after)


@pytest.mark.parametrize("form", [work_citation, work_bibtex, work_ris])
def test_the_work_says_that_it_is_unreleased_and_has_no_doi(form):
    text = form(UNRELEASED)
    assert "Unreleased version 0.1.0; no DOI assigned yet" in text
    assert "doi.org" not in text
    released = form(Work("T", "A", "2026", "", "10.1234/toy", "1.0.0"))
    assert "https://doi.org/10.1234/toy" in released
    assert "nreleased" not in released
