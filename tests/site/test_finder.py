"""Find your organisation: the chapters' numbers, names, addresses, keyboard, a phone, bad input."""

import json
import re

import pytest

from analysis.evidence import catalogue
from analysis.publish.products.organisation_files import organisations_json

pytestmark = [pytest.mark.integration, pytest.mark.browser]

PAGE = "find-your-organisation.html"


@pytest.fixture(scope="module")
def numbers(site):
    """Return every published number by id."""
    return {row["id"]: row for row in json.loads((site / "numbers.json").read_text())["numbers"]}


@pytest.fixture
def opened(visit):
    """Return a function that opens the page and waits for its card and its neighbours."""

    def open_page(query="", width=None):
        finder = visit(PAGE + query)
        if width:
            finder.page.set_viewport_size({"width": width, "height": 844})
        finder.page.wait_for_selector(".finder-strip circle.own", timeout=20_000)
        return finder

    return open_page


def test_the_file_of_organisations_is_the_data(site):
    table = catalogue.table("organisations", "organisations")
    written = (site / "organisations.json").read_text()
    assert written == organisations_json(table)
    rows = json.loads(written)["rows"]
    assert len(rows) == len(table) and len(written) < 150_000


def cells(page):
    """Return the numbers of the table of years: by row, alone and with differences."""
    rows = page.locator(".finder-years tbody tr")
    return [re.findall(r"<b>([^<]+)</b>", rows.nth(i).inner_html()) for i in range(rows.count())]


def shows(text, number):
    """Whether a whole percent of the card is what a chapter's probability rounds to."""
    percent = 100 * number["value"]
    return text == "&lt;1%" if percent < 0.5 else abs(float(text[:-1]) - percent) <= 0.6


def test_at_the_chapters_size_the_card_has_the_chapters_numbers(opened, numbers):
    table = cells(opened("?people=100000&system=england").page)
    assert shows(table[0][0], numbers["s07.p_over_1pct_100k"])
    assert shows(table[1][0], numbers["s07.p_over_2pct_100k"])
    table = cells(opened("?people=50000&system=england").page)
    assert shows(table[1][0], numbers["now.snp.p_over_2pct"])
    page = opened("?people=5000&system=medicare").page
    assert shows(cells(page)[1][0], numbers["now.lead_5k.p_over_2pct"])
    assert page.locator(".finder-years thead th").count() == 2, "no English differences for an ACO"


def test_a_name_is_found_by_keyboard_and_has_an_address(opened):
    finder = opened()
    page = finder.page
    page.locator("#finder-name").focus()
    page.keyboard.type("stockton pcn")
    page.wait_for_selector("#finder-name-list li")
    page.keyboard.press("ArrowDown")
    active = page.locator("#finder-name").get_attribute("aria-activedescendant")
    assert page.locator(f"#{active}").get_attribute("aria-selected") == "true"
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"\?org=pcn-U"))
    name = page.locator(".finder-name").inner_text()
    assert "Stockton" in name
    assert page.locator("#finder-name-list").is_hidden()
    address = page.url.split("/")[-1]
    again = opened(address.removeprefix(PAGE))
    assert again.page.locator(".finder-name").inner_text() == name
    assert not again.complaints and not again.elsewhere and not finder.complaints


def test_an_american_organisation_has_its_forecast(opened, site):
    rows = json.loads((site / "organisations.json").read_text())["rows"]
    code = next(row[1] for row in rows if row[1].startswith("A") and row[0] == 0 and len(row) == 5)
    page = opened(f"?org=aco-{code}").page
    page.locator(".finder-more summary").click()
    text = page.locator(".finder-more").inner_text()
    assert "Forecast of" in text and "American organisations" in text
    assert "£" not in text


def test_english_cards_have_cover_reserve_and_the_share_in_words(opened):
    page = opened("?people=250000&system=england").page
    page.locator(".finder-more summary").click()
    text = page.locator(".finder-more").inner_text()
    for part in (
        "Reserve for one bad year in a hundred",
        "Stop-loss cover",
        "£50,000",
        "could bear",
    ):
        assert part in text
    assert not re.search(r"\b(0|100)%", text), "a simulated share is never printed as certain"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?org=pcn-nowhere", "not in the list"),
        ("?people=12&system=england", "was not computed"),
        ("?people=ten&system=england", "was not computed"),
        ("?people=50000&system=mars", "not known here"),
        ("?org=%3Cimg%20src=x%3E", "not in the list"),
    ],
)
def test_what_cannot_be_shown_is_refused_and_a_card_stays(opened, query, said):
    finder = opened(query)
    assert said in finder.page.locator(".finder .explorer-problem").inner_text()
    assert finder.page.locator(".finder-answer").count() == 1
    assert finder.page.locator(".finder img").count() == 0
    assert not finder.complaints


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_is_wider_than_the_screen_or_smaller_than_a_finger(opened, width):
    page = opened(width=width).page
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    small = page.evaluate(
        """[...document.querySelectorAll('.finder :is(input, select, button, summary)')]
        .filter(e => { const r = e.getBoundingClientRect(); return r.height < 24 || r.width < 24 })
        .map(e => e.outerHTML.slice(0, 80))"""
    )
    assert small == []
    sizes = page.evaluate(
        "[...document.querySelectorAll('.finder-strip text')].map("
        "e => e.getBoundingClientRect().height)"
    )
    assert min(sizes) >= 12


def test_presets_show_their_card(opened):
    page = opened().page
    page.get_by_role("button", name="A group of 250,000").click()
    page.wait_for_url(re.compile("people=250000"))
    assert "250,000" in page.locator(".finder-answer").inner_text()


def test_without_javascript_a_sentence_and_the_tables_stand(chromium, address):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + PAGE)
    assert "50,000 people overspend" in page.inner_text("article")
    assert page.locator("a[href$='organisations.csv']").count() == 1
    context.close()
