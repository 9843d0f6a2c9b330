"""The built site as a reader's browser sees it."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.site.conftest import CHAPTERS, PAGES

pytestmark = [pytest.mark.integration, pytest.mark.browser]

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
PHONE = 390

every_page = pytest.mark.parametrize("name", PAGES or ["index.html"])
every_chapter = pytest.mark.parametrize("name", CHAPTERS or ["index.html"])


@every_page
def test_a_page_asks_no_other_host_and_does_not_complain(visit, name):
    seen = visit(name)
    # Scripts may ask for more once the page is there.
    seen.page.wait_for_load_state("networkidle")
    assert seen.elsewhere == []
    assert seen.failed == []
    assert seen.complaints == []


@every_page
def test_a_page_fits_a_phone(visit, name):
    page = visit(name, width=PHONE).page
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE


@every_page
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_is_accessible(visit, name, scheme):
    results = Axe().run(visit(name, scheme=scheme).page, options=RULES)
    found = [
        f"{v['id']}: {node['html'][:120]} ({node['failureSummary'].splitlines()[-1].strip()})"
        for v in results.response["violations"]
        for node in v["nodes"]
    ]
    assert not found, "\n".join(found)


@every_chapter
def test_mathematics_is_drawn_by_the_browser_itself(visit, name):
    page = visit(name).page
    drawn = page.evaluate(
        "[...document.querySelectorAll('math')].map(m => m.getBoundingClientRect().height)"
    )
    assert all(height > 0 for height in drawn)
    assert page.locator("script[src*=mathjax i]").count() == 0


@every_chapter
def test_figures_stay_on_white_in_the_dark(visit, name):
    page = visit(name, scheme="dark").page
    colours = page.evaluate(
        "[...document.querySelectorAll('figure.recorded-figure img')]"
        ".map(i => getComputedStyle(i).backgroundColor)"
    )
    assert set(colours) <= {"rgb(255, 255, 255)"}


def test_a_number_is_cited_with_the_address_it_was_found_at(visit, address):
    page = visit("numbers.html").page
    card = page.locator(".number-card").first
    wanted = f"{address}numbers.html#{card.get_attribute('id')}"
    assert wanted in card.locator("pre.citation").first.text_content()
    page.goto(wanted)
    assert page.locator(".number-card:target").count() == 1


def test_the_site_is_readable_without_scripts(chromium, address):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}numbers.html")
    assert page.locator("article h1").inner_text().startswith("All numbers")
    assert page.locator(".number-card .number-value").first.is_visible()
    context.close()
