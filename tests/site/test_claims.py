"""The claims ledger on the built site: its files, its table, and filtering it by keyboard."""

import csv
import json
from html.parser import HTMLParser

import pytest

from analysis.publish.products.claims_files import claims_csv
from analysis.publish.project import Project
from analysis.report.claims.ledger import read_ledger
from analysis.report.claims.rule import Verdict
from analysis.report.claims.wording import claim_text, claimed_text
from analysis.report.numbers import read_records

pytestmark = pytest.mark.integration

PAGE = "claims.html"
VISIBLE = (
    "[...document.querySelectorAll('[data-row]')].filter(r => r.checkVisibility()).map(r => r.id)"
)


@pytest.fixture(scope="module")
def rows(site):
    with (site / "claims.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def ledger(site):
    return read_ledger(read_records(*Project().records_folders()))


class Table(HTMLParser):
    """The rows of the ledger as they stand in the page: attributes and text, by claim."""

    def __init__(self, text):
        super().__init__()
        self.attributes, self.text, self.now = {}, {}, None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if "data-row" in values:
            self.now = values["id"]
            self.attributes[self.now], self.text[self.now] = values, ""

    def handle_data(self, data):
        if self.now:
            self.text[self.now] += data

    def handle_endtag(self, tag):
        if tag == "tr":
            self.now = None


@pytest.fixture(scope="module")
def table(pages):
    return Table(pages[PAGE].text)


def test_files_say_what_the_published_numbers_say(site, ledger):
    assert (site / "claims.csv").read_bytes() == claims_csv(ledger)
    content = json.loads((site / "claims.json").read_text(encoding="utf-8"))
    assert [c["verdict"] for c in content["claims"]] == [row.verdict for row in ledger.rows]


def test_the_page_shows_every_row_of_the_file(rows, ledger, table):
    assert list(table.attributes) == [row["id"] for row in rows]
    for row in rows:
        text = table.text[row["id"]]
        assert table.attributes[row["id"]]["data-verdict"] == row["verdict"]
        assert row["verdict"] in text
        assert claim_text(ledger.row(row["id"])) in text
        assert claimed_text(ledger.row(row["id"])) in text
        assert row["page"] in text
        for result in ledger.row(row["id"]).tests:
            assert result.record.text in text
            assert result.reason in text


def test_the_front_page_gives_each_suggestion_the_verdict_of_its_central_claim(pages, ledger):
    text = pages["index.html"].text
    assert text.count('class="answer-picture"') == 10
    for answer in ledger.answers:
        row = ledger.row(str(answer["claim"]))
        assert f'href="claims.html#{row.id}">{row.verdict.value}</a>' in text
        assert f'href="numbers.html#{row.tests[0].record.id}"' in text


def query(page):
    return page.evaluate("decodeURIComponent(location.search.replaceAll('+', ' '))")


def tab_to(page, selector):
    """Press Tab until an element has the focus, as a reader without a mouse does."""
    page.locator(".claims-form select").first.focus()
    for _ in range(40):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab does not reach {selector}")


@pytest.mark.browser
def test_filters_work_by_keyboard_and_stay_in_the_address(visit, address, rows):
    page = visit(PAGE).page
    tab_to(page, "[data-filter=verdict]")
    page.keyboard.type("not s")
    expected = [row["id"] for row in rows if row["verdict"] == Verdict.NOT_SUPPORTED]
    assert page.evaluate(VISIBLE) == expected
    count = page.locator("[role=status][data-filter-count]")
    assert count.text_content() == f"{len(expected)} of {len(rows)} claims"
    assert query(page) == "?verdict=not supported"
    page.goto(address + f"{PAGE}?suggestion=7&q=stop-loss")
    seventh = {row["id"] for row in rows if row["suggestion"] == "7"}
    visible = page.evaluate(VISIBLE)
    assert visible
    assert set(visible) < seventh
    tab_to(page, ".claims-form button[type=reset]")
    page.keyboard.press("Enter")
    assert len(page.evaluate(VISIBLE)) == len(rows)
    assert query(page) == ""


@pytest.mark.browser
def test_sorting_works_by_keyboard_and_is_announced(visit, rows):
    page = visit(PAGE).page
    tab_to(page, "[data-sort=verdict] button")
    page.keyboard.press("Enter")
    head = page.locator("[data-sort=verdict]")
    assert head.get_attribute("aria-sort") == "ascending"
    verdicts = "[...document.querySelectorAll('[data-row]')].map(r => r.dataset.verdict)"
    order = [verdict.value for verdict in Verdict]
    places = [order.index(verdict) for verdict in page.evaluate(verdicts)]
    assert places == sorted(places)
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    assert page.evaluate(verdicts)[0] == order[-1]
    assert query(page) == "?sort=-verdict"
    tab_to(page, "[data-sort=suggestion] button")
    page.keyboard.press("Enter")
    assert page.locator("[aria-sort]").count() == 1
    numbers = page.evaluate(
        "[...document.querySelectorAll('[data-row]')].map(r => r.dataset.sortSuggestion)"
    )
    suggestions = [int(n) for n in numbers if n]
    assert suggestions == sorted(suggestions)
    assert numbers[len(suggestions) :] == [""] * (len(rows) - len(suggestions))


@pytest.mark.browser
def test_a_link_to_a_claim_that_is_filtered_away_shows_it(visit, address, rows):
    page = visit(PAGE).page
    page.goto(address + f"{PAGE}?verdict=supported#S001")
    assert page.locator("#S001").is_visible()
    assert len(page.evaluate(VISIBLE)) == len(rows)


@pytest.mark.browser
def test_an_address_that_asks_for_what_is_not_there_shows_all(visit, address, rows):
    page = visit(PAGE).page
    page.goto(address + f"{PAGE}?verdict=<b>&sort=nothing&suggestion=99")
    assert len(page.evaluate(VISIBLE)) == len(rows)


@pytest.mark.browser
def test_without_scripts_the_whole_table_is_there(chromium, address, rows):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + PAGE)
    assert page.locator("[data-row]:visible").count() == len(rows)
    assert page.locator("[data-filter-form]").is_hidden()
    context.close()


@pytest.mark.browser
def test_on_a_phone_rows_are_cards_that_can_be_put_in_order(visit):
    page = visit(PAGE).page
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    widths = page.evaluate(
        "[...document.querySelectorAll('[data-row] :is(th, td)')].map(c => c.clientWidth)"
    )
    assert min(widths) > 250
    page.locator("[data-sort-select]").select_option("verdict")
    assert page.locator("[data-row]").first.get_attribute("data-verdict") == "supported"
    page.set_viewport_size({"width": 1440, "height": 900})
