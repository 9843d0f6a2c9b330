"""The explorers in the page: the chapter's numbers, keyboard, address, bad settings, a phone."""

import re
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.site.conftest import EXPLORERS

pytestmark = [pytest.mark.integration, pytest.mark.browser]

PAGE = "explorers.html"
HEADLINES = {
    "minimum-size": "s07.min_size.2pct_5pct",
    "stop-loss": "s07.stoploss.premium_50k",
    "share-at-risk": "s05.optimal_share",
    "phase-in": "s10.share_own_10",
}


def opened(visit, name, settings=None, width=None):
    """Open the page with settings of one explorer in its address; wait for its answer."""
    query = "" if settings is None else f"?{urlencode({'explorer': name, **settings})}"
    explorers = visit(f"{PAGE}{query}")
    if width:
        explorers.page.set_viewport_size({"width": width, "height": 844})
    for each in EXPLORERS:
        explorers.page.wait_for_selector(f"#explorer-{each} .explorer-answer p", timeout=20_000)
    return explorers


def answer(page, name, which):
    """Return the paragraph of one answer and the three numbers behind it."""
    paragraph = page.locator(f"#explorer-{name} [data-answer='{which}']")
    values = paragraph.locator("data").get_attribute("value")
    return paragraph.inner_text(), [float(value) for value in values.split()]


def test_every_explorer_repeats_the_numbers_of_its_chapter(visit, explorer_files, numbers):
    checked = 0
    for name, content in explorer_files.items():
        for repeated in content["numbers"]:
            settings = {k: v for k, v in repeated["settings"].items() if k in content["settings"]}
            page = opened(visit, name, {**content["settings"], **settings}).page
            text, (low, middle, high) = answer(page, name, repeated["answer"])
            published = numbers[repeated["id"]]
            scale = 100 if published["unit"] == "probability" else 1
            assert published["text"] in text
            assert page.locator(f"#explorer-{name} [data-number='{repeated['id']}']").count() == 1
            # What stands behind the text is interpolated in the browser, not copied.
            for end, wanted in zip((low, middle, high), ("low", "value", "high"), strict=True):
                error = published["mcse" if wanted == "value" else f"mcse_{wanted}"] or 0
                near = scale * max(3 * error, 0.01 * abs(published[wanted]), 0.006)
                assert abs(end - scale * published[wanted]) <= near, (repeated["id"], wanted)
            checked += 1
    assert checked >= 20


def test_headline_numbers_stand_at_the_settings_of_the_chapter(visit, explorer_files, numbers):
    page = opened(visit, "minimum-size").page
    for name, number in HEADLINES.items():
        link = page.locator(f"#explorer-{name} [data-number='{number}']")
        assert link.get_attribute("href") == f"numbers.html#{number}"
        assert numbers[number]["text"] in page.locator(f"#explorer-{name}").inner_text()


@pytest.mark.parametrize("name", EXPLORERS)
def test_by_keyboard_alone_answer_address_and_picture_change(visit, explorer_files, name):
    explorers = opened(visit, name)
    page, block = explorers.page, f"#explorer-{name}"
    before = page.locator(f"{block} .explorer-answer").inner_text()
    drawn = page.locator(f"{block} svg").get_attribute("aria-label")
    page.evaluate(
        """block => { const heading = document.querySelector(block).closest('section');
        heading.tabIndex = -1; heading.focus(); }""",
        block,
    )
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("b => document.activeElement.matches(b + ' input[type=range]')", block):
            break
    else:
        pytest.fail("no slider was reached by the tabulator key")
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.wait_for_url(re.compile(r"\?explorer="))
    # The address follows a moment after the last key. Asked from here again and again: waiting in
    # the page would evaluate text there, which its Content-Security-Policy rightly forbids.
    in_step = f"document.querySelector('{block} .explorer-view').href === location.href"
    for _ in range(100):
        if page.evaluate(in_step):
            break
        page.wait_for_timeout(50)
    else:
        pytest.fail("the address did not follow the last key within five seconds")
    assert page.locator(f"{block} .explorer-answer").inner_text() != before
    assert page.locator(f"{block} svg").get_attribute("aria-label") != drawn
    query = parse_qs(urlsplit(page.url).query)
    assert query["explorer"] == [name]
    assert set(query) == {"explorer", *explorer_files[name]["settings"]}
    assert not explorers.complaints
    assert not explorers.elsewhere


def test_an_address_restores_its_view_and_the_button_the_chapter(visit):
    settings = {
        "tolerance": "1.5",
        "probability": "10",
        "people": "30000",
        "costs": "rand",
        "budget": "health",
        "cover": "none",
        "lasting": "0.2",
    }
    page = opened(visit, "minimum-size", settings).page
    for name, value in settings.items():
        assert page.locator(f"#minimum-size-{name}").input_value() == value
    assert "1.5%" in page.locator("#explorer-minimum-size .explorer-answer").inner_text()
    text = page.locator("#explorer-minimum-size .explorer-answer").inner_text()
    page.locator("#explorer-minimum-size button").click()
    assert page.locator("#minimum-size-tolerance").input_value() == "2"
    assert page.locator("#explorer-minimum-size .explorer-answer").inner_text() != text


@pytest.mark.parametrize(
    "bad",
    [
        {"tolerance": "1000"},
        {"tolerance": ""},
        {"people": "1e999"},
        {"people": "-5"},
        {"costs": "mars"},
        {"cover": "<img src=x onerror=alert(1)>"},
        {"costs": "england", "budget": "health"},
    ],
)
def test_bad_settings_in_the_address_are_refused_in_a_plain_sentence(visit, bad):
    explorers = opened(visit, "minimum-size", bad)
    problem = explorers.page.locator("#explorer-minimum-size .explorer-problem")
    assert "cannot be shown" in problem.inner_text()
    assert explorers.page.locator("#minimum-size-tolerance").input_value() == "2"
    assert explorers.page.locator(".explorer img").count() == 0
    assert not explorers.complaints


def test_where_a_budget_was_not_computed_it_says_for_whom_it_was(visit):
    """Health is known of RAND's people only; the answer stays that of the settings before."""
    page = opened(visit, "minimum-size").page
    before = page.locator("#explorer-minimum-size .explorer-answer").inner_text()
    page.select_option("#minimum-size-budget", "health")
    assert "RAND’s people only" in page.inner_text("#explorer-minimum-size .explorer-problem")
    assert page.locator("#explorer-minimum-size .explorer-answer").inner_text() == before
    page.select_option("#minimum-size-costs", "rand")
    assert page.locator("#explorer-minimum-size .explorer-problem").is_hidden()
    assert page.locator("#explorer-minimum-size .explorer-answer").inner_text() != before


@pytest.mark.parametrize("name", ["minimum-size", "stop-loss"])
def test_england_comes_first_and_is_what_is_shown(visit, explorer_files, name):
    page = opened(visit, name).page
    options = page.locator(f"#{name}-costs option").all_inner_texts()
    assert options == ["England, all ages", "RAND’s people under 65, 1974–82"]
    assert page.locator(f"#{name}-costs").input_value() == "england"
    england, rand = (
        {key for key in explorer_files[name]["chance"] if key.startswith(f"{costs}/age_sex/")}
        for costs in ("england", "rand")
    )
    assert len(england) == len(rand) >= 5


def test_an_unknown_explorer_is_named_and_the_others_work(visit):
    explorers = opened(visit, "<b>no</b>", {})
    assert "does not have" in explorers.page.locator("h1 + .explorer-problem").inner_text()
    assert explorers.page.locator(".explorer-problem b").count() == 0


def test_a_value_beyond_what_was_computed_is_not_extrapolated(visit):
    page = opened(visit, "minimum-size").page
    before = page.locator("#explorer-minimum-size .explorer-answer").inner_text()
    page.fill("#minimum-size-tolerance", "50")
    assert "outside the range that was computed" in page.inner_text("#minimum-size-tolerance-note")
    assert page.locator("#explorer-minimum-size .explorer-answer").inner_text() == before
    page.fill("#minimum-size-tolerance", "1.2")
    assert page.locator("#minimum-size-tolerance-note").is_hidden()


def test_where_no_size_is_enough_it_says_so(visit):
    page = opened(visit, "minimum-size", {"lasting": "3"}).page
    assert "No size is enough" in page.locator("#explorer-minimum-size").inner_text()


def test_on_a_phone_nothing_is_wider_than_the_screen(visit):
    page = opened(visit, "minimum-size", width=390).page
    page.evaluate("document.querySelectorAll('.explorer details').forEach(d => { d.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    small = page.evaluate(
        """[...document.querySelectorAll('.explorer :is(input, select, button, summary)')]
        .filter(e => { const r = e.getBoundingClientRect(); return r.height < 24 || r.width < 24 })
        .map(e => e.outerHTML.slice(0, 80))"""
    )
    assert small == []


def test_tables_hold_what_the_picture_shows(visit):
    page = opened(visit, "minimum-size").page
    for name in EXPLORERS:
        rows = page.locator(f"#explorer-{name} table tbody tr")
        assert rows.count() >= 7
        assert all("interval" in text for text in rows.all_text_contents()[1:])


def test_without_javascript_the_chapters_answers_and_the_grids_stand(
    chromium, address, explorer_files
):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + PAGE)
    text = page.inner_text("article")
    for name, number in HEADLINES.items():
        repeated = next(row for row in explorer_files[name]["numbers"] if row["id"] == number)
        assert repeated["value_text"] in text
        assert page.locator(f"a[href='explorers/{name}.csv']").count() == 1
    context.close()
