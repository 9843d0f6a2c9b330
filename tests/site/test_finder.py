"""Find your organisation: the chapters' numbers, names, addresses, keyboard, a phone, bad input."""

import io
import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from pypdf import PdfReader

from analysis.evidence import catalogue
from analysis.publish.products.organisation_files import organisations_json, sizes_json

pytestmark = [pytest.mark.integration, pytest.mark.browser]

PAGE = "find-your-organisation.html"

READ = """async ([module, name, ...given]) => {
  const base = new URL('_static/', location.href);
  const file = async place => (await fetch(new URL(`../explorers/${place}.json`, base))).json();
  const names = ['minimum-size', 'stop-loss', 'share-at-risk', 'organisations'];
  const files = Object.fromEntries(await Promise.all(names.map(async n => [n, await file(n)])));
  files.forecasts = await (await fetch(new URL('../forecasts.json', base))).json();
  const exported = await import(new URL(module, base));
  return name === 'Card'
    ? given.map(([system, size, organisation]) => {
        const card = new exported.Card(files, system, size);
        return JSON.stringify([card.sentence(), card.years(), card.reserve(), card.cover(),
                               card.spread(), card.incentive(), card.forecast(organisation)]);
      })
    : exported[name](...given);
}"""
"""What the page's own modules answer, asked without the page."""


@pytest.fixture
def opened(ready):
    """Return a function that opens the page and waits for its card and its neighbours."""
    return lambda query="", width=None: ready(PAGE + query, ".finder-strip circle.own", width)


def test_the_file_of_organisations_is_the_data(site):
    table = catalogue.table("organisations", "organisations")
    written = (site / "organisations.json").read_text()
    assert written == organisations_json(table)
    rows = json.loads(written)["rows"]
    assert len(rows) == len(table) and len(written) < 150_000
    assert (site / "organisations-sizes.json").read_text() == sizes_json(table)


def test_the_page_is_light_and_asks_for_names_only_when_the_field_is_used(opened):
    page = opened().page
    fetched = "performance.getEntriesByType('resource').map(e => new URL(e.name).pathname)"
    weight = """[...performance.getEntriesByType('navigation'),
        ...performance.getEntriesByType('resource')].reduce((n, e) => n + e.decodedBodySize, 0)"""
    assert page.evaluate(weight) < 1_000_000
    assert "/organisations.json" not in page.evaluate(fetched)
    with page.expect_response("**/organisations.json"):
        page.locator("#finder-name").focus()


def test_names_that_cannot_be_fetched_are_said_to_be_missing(opened):
    page = opened().page
    page.route("**/organisations.json", lambda route: route.abort())
    page.locator("#finder-name").fill("leeds")
    page.wait_for_selector("#finder-name-none >> text=could not be fetched")
    page.unroute("**/organisations.json")
    page.locator("#finder-name").fill("leeds ")
    page.wait_for_selector("#finder-name-list li")


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
    assert not re.search(r"(?<![\d.])(0|100)%", text), "a simulated share is never certain"


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


def test_every_organisation_has_a_card_of_numbers(opened, site):
    content = json.loads((site / "organisations.json").read_text())
    american = content["levels"].index("accountable_care_organisation")
    asked = [
        [
            "medicare" if level == american else "england",
            people,
            {"start": start[0] if start else None},
        ]
        for level, _, _, people, *start in content["rows"]
    ]
    cards = opened().page.evaluate(READ, ["finder/card.mjs", "Card", *asked])
    assert len(cards) == len(content["rows"])
    for (system, people, _), card in zip(asked, cards, strict=True):
        assert not re.search(r"NaN|undefined|Infinity|null%", card), (system, people, card)
        assert not re.search(r'"(0|100)%"', card), (system, people, card)
        assert (system == "england") == ("£" in card)


def test_the_tables_behind_the_card_give_the_chapters_numbers(opened, site, numbers):
    page = opened().page
    tables = json.loads((site / "explorers/organisations.json").read_text())["tables"]
    for name, point, id in [
        ("differing/england", [100_000, 0.05], "s07.tolerance_at_100k_lasting_england"),
        ("differing/england", [50_000, 0.05], "now.snp.tolerance_with_differences"),
        ("spread/medicare", [5_000], "now.lead_5k.spread"),
    ]:
        found = page.evaluate(READ, ["explorers/lookup.mjs", "lookUp", tables[name], *point])
        published = [numbers[id][end] for end in ("low", "value", "high")]
        assert [100 * one for one in found] == pytest.approx(published, rel=0.03), id


def test_numbers_that_a_chapter_prints_stand_on_the_card_with_its_digits(opened, numbers):
    page = opened("?people=100000&system=england").page
    page.locator(".finder-more summary").click()
    for id in ("s07.min_size.2pct_5pct_stoploss", "s07.stoploss.premium_50k"):
        link = page.locator(f".finder-cover a[href='numbers.html#{id}']")
        cell = link.locator("xpath=ancestor::td").inner_text()
        assert link.inner_text() == numbers[id]["value_text"].split(" ")[0]
        assert numbers[id]["interval_text"] in cell
    share = numbers["s05.optimal_share"]
    assert share["high"] - share["low"] > 0.4
    line = page.locator(".finder-more dd", has_text="about half or more").inner_text()
    assert f"{round(100 * share['low'])}–" in line or f"{int(100 * share['low'])}–" in line


@pytest.mark.parametrize(
    ("query", "grade"),
    [
        ("?people=40000&system=medicare", "estimated"),
        ("?people=200000&system=medicare", "assumed"),
        ("?people=3000&system=medicare", "assumed"),
        ("?people=8000&system=england", "calibrated"),
        ("?people=50000&system=england", "assumed"),
    ],
)
def test_the_spread_has_the_grade_of_the_sizes_that_were_seen(opened, query, grade):
    page = opened(query).page
    page.locator(".finder-more summary").click()
    spread = page.locator(".finder-more dt", has_text="one standard deviation")
    assert grade in spread.locator("xpath=following-sibling::dd[1]").inner_text()


def test_what_was_not_computed_is_said_and_not_extrapolated(opened):
    for query, said in [
        ("?people=2000000&system=england", "not computed at this size"),
        ("?people=10000&system=medicare", "computed for England only"),
    ]:
        page = opened(query).page
        page.locator(".finder-more summary").click()
        assert said in page.locator(".finder-more dl").inner_text()


def test_the_forecast_is_by_year_in_the_programme_or_by_size_or_unknown(opened, site):
    rows = json.loads((site / "organisations.json").read_text())["rows"]
    forecasts = json.loads((site / "forecasts.json").read_text())["forecasts"]
    unknown = next(row for row in rows if row[0] == 0 and len(row) == 4)
    young = next(row for row in rows if row[0] == 0 and row[-1] == 2023)
    expected = {
        f"?org=aco-{unknown[1]}": "unknown",
        f"?org=aco-{young[1]}": "years 2-3",
        "?people=10000&system=medicare": "8,000 to 14,999 people",
    }
    for query, said in expected.items():
        page = opened(query).page
        page.locator(".finder-more summary").click()
        text = page.locator(".finder-more").inner_text()
        assert said in text
        row = next((r for r in forecasts if r["group"] == said and r["year"] == 2025), None)
        if row:
            line = page.locator(".finder-more dt", has_text="Forecast of 2025")
            shown = line.locator("xpath=following-sibling::dd[1]").inner_text()
            assert float(shown.split("%")[0]) == pytest.approx(row["mean"], abs=0.06)


@pytest.mark.parametrize("typed", ["65,000", "65 000", "65k", "65000"])
def test_a_size_can_be_typed_into_the_same_field(opened, typed):
    page = opened().page
    page.locator("#finder-name").fill(typed)
    page.wait_for_selector("#finder-name-list li")
    assert "65,000 people" in page.locator("#finder-name-list").inner_text()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("people=65000&system=medicare"))
    assert "65,000" in page.locator(".finder-answer").inner_text()


def test_what_is_not_found_is_said_to_all_and_the_count_to_those_who_listen(opened):
    page = opened().page
    page.locator("#finder-name").fill("zzzz")
    page.wait_for_selector("#finder-name-none:visible")
    assert page.locator("#finder-name").get_attribute("aria-expanded") == "false"
    page.locator("#finder-name").fill("leeds")
    page.wait_for_selector("#finder-name-list li")
    assert page.locator("#finder-name-none").is_hidden()
    assert re.search(r"\d+ found", page.locator(".finder-search [aria-live]").inner_text())
    page.keyboard.press("Escape")
    assert page.locator("#finder-name-list").is_hidden()


def test_back_leads_to_the_card_before(opened):
    page = opened("?people=40000&system=england").page
    page.get_by_role("button", name="A group of 250,000").click()
    page.wait_for_url(re.compile("people=250000"))
    assert "250,000" in page.locator(".finder-search ~ [role=status]").inner_text()
    page.go_back()
    page.wait_for_selector(".finder-name >> text=40,000 people")


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1440, 900)])
def test_the_first_screen_has_field_presets_and_answer(visit, width, height):
    page = visit(PAGE).page
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_selector(".finder-strip circle.own", timeout=20_000)
    for part in ("article h1", "#finder-name", ".finder-presets", ".finder-answer"):
        box = page.locator(part).first.bounding_box()
        assert box["y"] >= 0 and box["y"] + box["height"] <= height, part
    assert page.locator(".finder-presets button").count() == 3
    values = page.locator(".finder-years td b").all_inner_texts()
    assert len(values) <= 6
    answer = page.locator(".finder-answer").inner_text()
    assert answer.startswith("With 50,000 people, chance alone breaks a budget by more than 2%")
    ends = page.evaluate(
        """[...document.querySelectorAll('.finder-strip text')].map(e => {
        const own = e.getBoundingClientRect(), all = e.ownerSVGElement.getBoundingClientRect();
        return Math.max(own.right - all.right, all.left - own.left, own.bottom - all.bottom) })"""
    )
    assert max(ends) <= 2, "a label is cut off"


def test_on_paper_the_card_stands_alone_on_one_page_with_its_address(opened):
    page = opened("?people=50000&system=england").page
    page.emulate_media(media="print")
    read = PdfReader(io.BytesIO(page.pdf(format="A4")))
    page.emulate_media(media="screen")
    text = " ".join(" ".join(sheet.extract_text() for sheet in read.pages).split())
    assert len(read.pages) == 1
    assert "Stop-loss cover" in text and "one bad year in a hundred" in text
    assert "people=50000&system=england" in text.replace(" ", "")
    for other in ("Find your organisation", "Copy link", "Suggestion 1", "A group of 250,000"):
        assert other not in text


def test_link_and_citation_are_copied(opened, site):
    page = opened("?people=50000&system=england").page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy citation").click()
    page.wait_for_selector(".finder-actions [role=status] >> text=Citation copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    version = json.loads((site / "numbers.json").read_text())["version"]
    assert f"version {version}" in copied and copied.endswith(page.url)
    assert page.locator(".finder-answer").inner_text() in copied
    page.get_by_role("button", name="Copy link").click()
    page.wait_for_selector(".finder-actions [role=status] >> text=Link copied")
    assert page.evaluate("navigator.clipboard.readText()") == page.url


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_open_list_and_an_open_card_are_accessible(opened, scheme):
    page = opened("?people=50000&system=england").page
    page.emulate_media(color_scheme=scheme)
    page.wait_for_selector(f"html[data-theme={scheme}]")
    page.locator(".finder-more summary").click()
    page.locator("#finder-name").fill("leeds")
    page.wait_for_selector("#finder-name-list li")
    page.keyboard.press("ArrowDown")
    found = Axe().run(page, context=".finder", options={"resultTypes": ["violations"]})
    assert [one["id"] for one in found.response["violations"]] == []
    page.emulate_media(color_scheme="light")
