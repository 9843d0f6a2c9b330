"""The built site as a reader's browser sees it. Each page is opened once and looked at often."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.site.conftest import PAGES

pytestmark = [pytest.mark.integration, pytest.mark.browser]

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
"""The one rule whose verdict a dark scheme can change."""

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module", params=PAGES or ["index.html"])
def seen(request, visit):
    """Open one page, and wait for whatever its scripts may still ask for."""
    seen = visit(request.param)
    seen.page.wait_for_load_state("networkidle")
    return seen


def violations(page, rules):
    """Return what axe-core finds, one line for each place."""
    found = Axe().run(page, options={**rules, "resultTypes": ["violations"]})
    return [
        f"{v['id']}: {node['html'][:120]} ({node['failureSummary'].splitlines()[-1].strip()})"
        for v in found.response["violations"]
        for node in v["nodes"]
    ]


def test_no_other_host_is_asked_and_nothing_complains(seen):
    assert seen.elsewhere == []
    assert seen.failed == []
    assert seen.complaints == []


def test_a_phone_needs_no_sideways_scrolling(seen):
    seen.page.set_viewport_size(PHONE)
    width = seen.page.evaluate("document.documentElement.scrollWidth")
    seen.page.set_viewport_size(DESKTOP)
    assert width <= PHONE["width"]


def test_accessible_by_wcag_aa(seen):
    assert violations(seen.page, WCAG) == []


def test_contrast_and_figures_hold_in_the_dark(seen):
    seen.page.emulate_media(color_scheme="dark")
    seen.page.wait_for_selector("html[data-theme=dark]")
    found = violations(seen.page, CONTRAST)
    behind = seen.page.evaluate(
        "[...document.querySelectorAll('figure.recorded-figure img')]"
        ".map(i => getComputedStyle(i).backgroundColor)"
    )
    seen.page.emulate_media(color_scheme="light")
    assert found == []
    assert set(behind) <= {"rgb(255, 255, 255)"}


def test_mathematics_is_drawn_by_the_browser_itself(seen):
    heights = seen.page.evaluate(
        "[...document.querySelectorAll('math')].map(m => m.getBoundingClientRect().height)"
    )
    assert all(height > 0 for height in heights)
    assert seen.page.locator("script[src*=mathjax i]").count() == 0


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
