"""The built site as a reader's browser sees it. Each page is opened once and looked at often."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.site.conftest import TYPICAL, VISITED

pytestmark = [pytest.mark.integration, pytest.mark.browser, pytest.mark.spread]

CONTRAST = "color-contrast"
"""The one rule whose verdict a dark scheme can change, and much the slowest."""

ALL_BUT_CONTRAST = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {
        CONTRAST: {"enabled": False},
        # Of success criterion 2.5.3, and still experimental: only asked for by its name.
        "label-content-name-mismatch": {"enabled": True},
        # The corner of a table whose rows have names may be empty; HTML allows it.
        "empty-table-header": {"enabled": False},
    },
}
CONTRAST_ONLY = {"runOnly": {"type": "rule", "values": [CONTRAST]}}

OF_EACH_KIND = 3
LEAVE_A_FEW_OF_EACH_KIND = """few => {
  const name = element => [element.tagName, ...['class', 'style', 'fill']
      .map(each => element.getAttribute(each))].join(' ');
  const kind = element => [...new Set([element, ...element.querySelectorAll('*')].map(name))]
      .sort().join();
  for (const parent of document.querySelectorAll('main *')) {
    const count = {};
    for (const child of [...parent.children]) {
      const its = kind(child);
      count[its] = (count[its] || 0) + 1;
      if (count[its] > few) child.remove();
    }
  }
}"""
"""The hundredth row of a table has the colours of the first ones."""

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}

SETTLED = 600
"""Milliseconds after which the theme has looked again for what can be scrolled, to let it be."""

HEAVIEST = 1_000_000
"""Bytes, unpacked, that a page may load before its reader does anything."""

HELD_UP_BY = """() => [...performance.getEntriesByType('resource')]
    .filter(entry => entry.renderBlockingStatus === 'blocking').map(entry => entry.name)"""
"""The files without which a browser draws nothing."""

WEIGHT = """() => [...performance.getEntriesByType('navigation'),
                   ...performance.getEntriesByType('resource')]
                  .reduce((sum, entry) => sum + entry.decodedBodySize, 0)"""

MARKED = """() => {
  const there = document.activeElement, style = getComputedStyle(there);
  const box = there.getBoundingClientRect();
  return {
    what: there.outerHTML.slice(0, 120),
    drawn: (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1)
        || style.boxShadow !== 'none',
    onScreen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
  };
}"""
"""Whether the element that has the keyboard's focus shows it, and is on the screen."""


@pytest.fixture(scope="module", params=VISITED or ["index.html"])
def opened(request, visit):
    """Open one page."""
    opened = visit(request.param)
    opened.name = request.param
    return opened


def violations(page, rules):
    """Return what axe-core finds, one line for each place."""
    options = {**rules, "resultTypes": ["violations"], "preload": False, "iframes": False}
    outcome = Axe().run(page, options=options)
    return [
        f"{v['id']}: {node['html'][:120]} ({node['failureSummary'].splitlines()[-1].strip()})"
        for v in outcome.response["violations"]
        for node in v["nodes"]
    ]


def test_accessible_by_wcag_aa(opened):
    assert violations(opened.page, ALL_BUT_CONTRAST) == []


def test_a_page_is_light_enough(opened):
    assert opened.page.evaluate(WEIGHT) <= HEAVIEST


def test_a_page_is_drawn_as_soon_as_its_style_sheet_is_there(opened):
    if opened.name == "search.html":
        pytest.skip("the search page is its scripts")
    held_up = [name.rpartition("/")[2] for name in opened.page.evaluate(HELD_UP_BY)]
    assert len(held_up) <= 2
    assert all(name.startswith(("site-", "documentation_options.js")) for name in held_up)


def test_a_phone_needs_no_sideways_scrolling_and_is_as_accessible(opened):
    opened.page.set_viewport_size(PHONE)
    width = opened.page.evaluate("document.documentElement.scrollWidth")
    found = []
    if opened.name in TYPICAL:
        opened.page.wait_for_timeout(SETTLED)
        found = violations(opened.page, ALL_BUT_CONTRAST)
    opened.page.set_viewport_size(DESKTOP)
    assert width <= PHONE["width"]
    # What a narrow screen folds away or brings up is the same on the pages of one kind.
    assert found == []


def test_mathematics_is_drawn_by_the_browser_itself(opened):
    heights = opened.page.evaluate(
        "[...document.querySelectorAll('math')].map(m => m.getBoundingClientRect().height)"
    )
    assert all(height > 0 for height in heights)
    assert opened.page.locator("script[src*=mathjax i]").count() == 0


def test_contrast_and_figures_hold_in_the_light_and_in_the_dark(opened):
    opened.page.evaluate(LEAVE_A_FEW_OF_EACH_KIND, OF_EACH_KIND)
    faint = violations(opened.page, CONTRAST_ONLY)
    opened.page.emulate_media(color_scheme="dark")
    opened.page.wait_for_selector("html[data-theme=dark]")
    # A colour that holds in the dark on one page holds on the others that use it.
    faint += violations(opened.page, CONTRAST_ONLY) if opened.name in TYPICAL else []
    behind = opened.page.evaluate(
        "[...document.querySelectorAll('figure.recorded-figure img')]"
        ".map(i => getComputedStyle(i).backgroundColor)"
    )
    opened.page.emulate_media(color_scheme="light")
    assert faint == []
    assert set(behind) <= {"rgb(255, 255, 255)"}


def test_no_other_host_is_asked_and_nothing_complains(opened):
    # The last of a page's tests: whatever its scripts ask for later has been asked by now.
    assert opened.elsewhere == []
    assert opened.failed == []
    assert opened.complaints == []


def test_the_keyboard_skips_to_the_text_and_shows_where_it_is(visit):
    page = visit("notebooks/minimum-size.html").page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    assert page.evaluate(MARKED)["onScreen"]
    page.keyboard.press("Enter")
    # Waited for: on a busy machine the address follows the key a moment later.
    page.wait_for_url("**/minimum-size.html#main-content", wait_until="commit", timeout=10_000)
    places = []
    for _ in range(60):
        page.keyboard.press("Tab")
        places.append(page.evaluate(MARKED))
    assert [place["what"] for place in places if not (place["drawn"] and place["onScreen"])] == []


def test_the_site_is_readable_without_scripts(chromium, address):
    context = chromium.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    for name in TYPICAL:
        page.goto(address + name, wait_until="domcontentloaded")
        assert page.locator("h1:visible").count() >= 1, name
        assert page.locator("main a:visible").count() >= 1, name
    context.close()
