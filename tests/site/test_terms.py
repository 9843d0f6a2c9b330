"""The meaning of a term appears for pointer, keyboard and finger, and goes away with Escape."""

import pytest

pytestmark = [pytest.mark.integration, pytest.mark.browser]

PAGE = "notebooks/minimum-size.html"


@pytest.fixture(scope="module")
def page(visit):
    return visit(PAGE).page


@pytest.fixture
def term(page):
    page.mouse.move(0, 0)
    return page.locator(".term").first


def shown(term):
    return term.locator(".term-meaning").is_visible()


def test_each_meaning_is_shown_once_a_page_and_leads_to_the_glossary(page):
    links = page.eval_on_selector_all(".term-word", "all => all.map(a => a.href)")
    assert len(links) == len(set(links)) > 5
    assert all("/glossary.html#term-" in link for link in links)
    assert page.locator(".bd-article :is(h1, h2, h3, figcaption, code) .term").count() == 0


def test_pointer(page, term):
    assert not shown(term)
    term.locator("a").hover()
    assert shown(term)
    term.locator(".term-meaning").hover()  # it stays while it is read
    assert shown(term)
    page.keyboard.press("Escape")
    assert not shown(term)
    page.mouse.move(0, 0)
    term.locator("a").hover()
    assert shown(term)


def test_keyboard(page, term):
    link = term.locator("a")
    link.focus()
    assert shown(term)
    described = page.locator(f"[id='{link.get_attribute('aria-describedby')}']")
    assert described.inner_text() == term.locator(".term-meaning").inner_text()
    page.keyboard.press("Escape")
    assert not shown(term)
    assert link.evaluate("a => a === document.activeElement")
    link.blur()


def test_meanings_stay_on_the_screen(page):
    page.set_viewport_size({"width": 700, "height": 900})
    for term in page.locator(".term").all():
        term.locator("a").focus()
        box = term.locator(".term-meaning").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 700
    page.set_viewport_size({"width": 1440, "height": 900})


def test_finger(chromium, address):
    context = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    page.goto(address + PAGE)
    term = page.locator(".term").first
    term.locator("a").tap()
    assert shown(term)
    assert PAGE in page.url
    term.locator("a").tap()
    page.wait_for_url("**/glossary.html#term-*")
    context.close()


def test_without_scripts_a_term_is_a_link_to_its_entry(chromium, address):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + PAGE)
    page.locator(".term a").first.click()
    assert "/glossary.html#term-" in page.url
    assert page.locator("dt:target").count() == 1
    context.close()
