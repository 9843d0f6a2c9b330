"""All numbers of the built site: entries, cards, files, and how a reader finds and cites one."""

import csv
import json
import re
from collections import Counter
from html import unescape
from urllib.parse import urlsplit

import jsonschema
import pytest

from analysis import settings
from analysis.publish.products.sitemap import site_address
from analysis.publish.project import Project

pytestmark = pytest.mark.integration

ENTRY = re.compile(r'<article class="number-card number-entry" id="([^"]+)"')
CARD = re.compile(r'<article class="number-card" id="([^"]+)"')
QUOTED = re.compile(r'<a class="number [^>]*href="[^"#]*#([^"]+)"[^>]*>(.*?)</a>', re.DOTALL)
CITED = re.compile(
    r'<article class="number-card" id="([^"]+)".*?<pre class="citation"[^>]*>(.*?)</pre>', re.DOTALL
)
QUOTED_TAG = re.compile(r"<[^>]+>")
HEAVIEST_PAGE = 600_000
"""Bytes of the page of all numbers, without what other pages load too."""


@pytest.fixture(scope="module")
def published(site):
    return json.loads((site / "numbers.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def stated(address):
    """Where citations say that the book is: where it was told to be, else where it is read."""
    return site_address(Project()) or address


@pytest.fixture(scope="module")
def check(site):
    """Return the schema as the site offers it, ready to validate."""
    schema = json.loads((site / "numbers.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


def test_the_numbers_fit_the_published_schema(published, check):
    assert published["$schema"] == "numbers.schema.json"
    assert not [error.message for error in check.iter_errors(published)]
    damaged = [{**published["numbers"][0], "value": "eight"}]
    assert not check.is_valid({**published, "numbers": damaged})


def test_every_number_has_an_entry_a_card_and_a_chapter(pages, published):
    ids = [number["id"] for number in published["numbers"]]
    cards = [
        id
        for name, page in pages.items()
        if name.startswith("numbers/")
        for id in CARD.findall(page.text)
    ]
    assert sorted(ENTRY.findall(pages["numbers.html"].text)) == ids
    assert sorted(cards) == ids
    for number in published["numbers"]:
        assert f"{number['page']}.html" in pages, number["id"]
        assert number["interval"] in (None, settings.INTERVAL)


def test_a_number_reads_alike_wherever_it_is_quoted(pages, published):
    fields = ("text", "value_text", "low_text", "high_text", "interval_text", "label", "grade")
    texts = {
        number["id"]: {str(number[field]) for field in fields} for number in published["numbers"]
    }
    quoted = [
        (name, id, unescape(QUOTED_TAG.sub("", text)).replace("\xa0", " ").strip())
        for name, page in pages.items()
        for id, text in QUOTED.findall(page.text)
    ]
    assert len(quoted) > len(texts) / 2
    assert not [(name, id, text) for name, id, text in quoted if text not in texts[id]]


def test_no_quantity_has_two_numbers(published):
    """Two numbers with one label would be one quantity with two values."""
    labels = Counter(number["label"] for number in published["numbers"])
    assert not [label for label, times in labels.items() if times > 1]


def test_the_page_is_light(site):
    assert (site / "numbers.html").stat().st_size < HEAVIEST_PAGE


def test_every_number_has_files_of_its_own(site, published, check):
    rows = {row["id"]: row for row in csv.DictReader((site / "numbers.csv").open(encoding="utf-8"))}
    for number in published["numbers"]:
        alone = json.loads((site / "numbers" / f"{number['id']}.json").read_text(encoding="utf-8"))
        assert alone["numbers"] == [number]
        (row,) = csv.DictReader((site / "numbers" / f"{number['id']}.csv").open(encoding="utf-8"))
        assert row == rows[number["id"]]
    assert check.is_valid(alone)
    assert not list((site / "numbers").glob("[!a-z]*"))


def test_the_table_is_described_beside_it(site):
    described = json.loads((site / "numbers.csv-metadata.json").read_text(encoding="utf-8"))
    header = (site / described["url"]).read_text(encoding="utf-8").splitlines()[0]
    columns = described["tableSchema"]["columns"]
    assert header.split(",") == [column["name"] for column in columns]


def test_every_assumption_is_listed_once(pages):
    from analysis.evidence.assumptions import assumptions

    text = pages["assumptions.html"].text
    names = re.findall(r'<article class="[^"]+ assumption" id="(\w+)"', text)
    assert sorted(names) == sorted(assumptions()["name"])


@pytest.mark.browser
def test_a_number_is_cited_with_the_address_it_was_found_at(visit, address, stated):
    page = visit("numbers.html").page
    entry = page.locator(".number-entry").nth(5)
    wanted = f"{address}numbers.html#{entry.get_attribute('id')}"
    assert not entry.locator("pre.citation").is_visible()
    entry.get_by_role("link", name="Cite").press("Enter")
    assert page.url == wanted
    assert page.locator(".number-entry:target").count() == 1
    assert entry.locator("pre.citation").is_visible()
    cited = wanted.replace(address, stated)
    assert entry.locator("pre.citation").inner_text().strip().endswith(cited)


@pytest.mark.browser
def test_every_entry_is_cited_as_its_card_is(visit, address, pages):
    page = visit("numbers.html").page
    found = dict(
        page.locator(".number-entry").evaluate_all(
            "all => all.map(each => [each.id, each.querySelector('pre.citation').textContent])"
        )
    )
    cards = {
        id: unescape(text).strip()
        for name, card in pages.items()
        if name.startswith("numbers/")
        for id, text in CITED.findall(card.text)
    }
    assert len(found) > 100
    assert found == {
        id: re.sub(r"(?<= )numbers\.html#", f"{address}numbers.html#", text)
        for id, text in cards.items()
    }


@pytest.mark.browser
def test_a_card_gives_the_same_citation_and_leads_back(visit, address, stated, published):
    number = published["numbers"][-1]
    wanted = f"{address}{number['anchor']}"
    page = visit(number["anchor"]).page
    short = page.locator(".number-entry:target pre.citation").inner_text()
    page.locator(".number-entry:target h3 a").click()
    assert urlsplit(page.url).fragment == number["id"]
    card = page.locator(".number-card:target")
    card.get_by_text("Cite this number").click()
    plain, bibtex, ris = card.locator("pre.citation").all_inner_texts()
    assert plain.strip() == short.strip()
    assert f"{{{stated}{number['anchor']}}}" in bibtex
    assert f"UR  - {stated}{number['anchor']}" in ris
    card.locator("a.permanent-address").click()
    assert page.url == wanted


@pytest.mark.browser
def test_numbers_are_found_by_words_suggestion_and_grade(visit, published):
    page = visit("numbers.html?about=Suggestion+7&grade=estimated").page
    wanted = [n for n in published["numbers"] if (n["suggestion"], n["grade"]) == (7, "estimated")]
    shown = page.locator(".number-entry:visible")
    assert shown.count() == len(wanted) < len(published["numbers"])
    assert (
        page.locator("h2:visible", has_text="Suggestion")
        .all_inner_texts()[0]
        .startswith("Suggestion 7")
    )
    # The filter stands in the address; it is no part of the number's.
    assert f"/{wanted[0]['anchor']}" in shown.locator("pre.citation").first.text_content()
    page.get_by_label("Words").fill(wanted[0]["label"])
    assert wanted[0]["id"] in shown.evaluate_all("rows => rows.map(row => row.id)")
    assert 1 <= shown.count() < len(wanted)
    page.get_by_role("button", name="Show all").click()
    assert shown.count() == len(published["numbers"])


@pytest.mark.browser
def test_a_number_is_cited_without_scripts(chromium, address, published):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    number = published["numbers"][0]
    page.goto(f"{address}{number['anchor']}")
    entry = page.locator(".number-entry:target")
    assert number["value_text"] in entry.locator(".number-value").inner_text()
    assert page.locator("[data-filter-form]").is_hidden()
    assert page.locator("noscript p").is_visible()
    assert not entry.locator("pre.citation").is_visible()
    entry.locator("h3 a").click()
    card = page.locator(".number-card:target")
    card.get_by_text("Cite this number").click()
    assert number["text"] in card.locator("pre.citation").first.inner_text()
    context.close()
