"""The site's own search finds numbers, claims and terms where they are."""

import pytest

pytestmark = [pytest.mark.integration, pytest.mark.browser]


@pytest.fixture(scope="module")
def results(visit, address):
    """Return a function from a query to the addresses of its results, the best first."""

    def search(query):
        page = visit("search.html").page
        page.get_by_role("searchbox").fill(query)
        page.keyboard.press("Enter")
        page.get_by_text("Search finished, found").wait_for()
        links = page.eval_on_selector_all("#search-results li > a", "all => all.map(a => a.href)")
        return [link.removeprefix(address) for link in links]

    return search


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("minimum size", "notebooks/minimum-size.html"),
        ("s07.p_over_2pct_100k", "numbers.html#s07.p_over_2pct_100k"),
        ("attachment point", "glossary.html#term-Attachment-point"),
        ("stop-loss", "glossary.html#term-Stop-loss"),
        ("100,000 patients", "claims.html#"),
    ],
)
def test_a_search_leads_to_the_place(results, query, place):
    assert any(link.startswith(place) for link in results(query)[:15])


def test_results_are_the_places_that_exist(results, pages):
    links = results("overspends by more than 2%")
    assert any("#" in link for link in links)
    for link in links:
        page, _, anchor = link.partition("#")
        assert not anchor or anchor in pages[page.partition("?")[0]].ids, link


def test_without_scripts_the_search_names_the_lists(chromium, address):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}search.html")
    page.get_by_role("link", name="all numbers", exact=True).click()
    assert page.url == f"{address}numbers.html"
    context.close()
