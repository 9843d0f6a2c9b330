"""The sitemap: every page that a reader may look for, and none without an address."""

from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest

from analysis.publish.products.redirects import redirects
from analysis.publish.products.sitemap import MOST, listed_pages, sitemap, sitemap_xml

pytestmark = pytest.mark.unit

SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def finished(folder, address):
    """A small site with a page that has moved, and its configuration."""
    site, book = folder / "site", folder / "book"
    for page in ("index", "search", "numbers", "notebooks/minimum-size", "_static/template"):
        (site / page).parent.mkdir(parents=True, exist_ok=True)
        (site / f"{page}.html").write_text("<!DOCTYPE html><title>x</title>")
    book.mkdir()
    (book / "_redirects.yml").write_text("old: numbers\n")
    config = folder / "_config.yml"
    config.write_text(f'sphinx:\n  config:\n    html_baseurl: "{address}"\n')
    made = SimpleNamespace(site=site, project=SimpleNamespace(config=config, book=book))
    redirects(made)
    return made


@pytest.mark.parametrize("address", ["https://example.org/b", "https://example.org/b/"])
def test_it_lists_the_pages_by_their_whole_address(tmp_path, address):
    site = finished(tmp_path, address)
    sitemap(site)
    tree = ElementTree.parse(site.site / "sitemap.xml").getroot()
    listed = [place.text for place in tree.iter(f"{SPACE}loc")]
    assert listed == [
        f"https://example.org/b/{page}"
        for page in ("", "notebooks/minimum-size.html", "numbers.html")
    ]
    robots = (site.site / "robots.txt").read_text().splitlines()
    assert "Sitemap: https://example.org/b/sitemap.xml" in robots
    assert "Allow: /" in robots


def test_without_an_address_there_is_none(tmp_path):
    site = finished(tmp_path, "")
    sitemap(site)
    assert not list(site.site.glob("sitemap.*")) and not (site.site / "robots.txt").exists()


def test_a_page_that_has_moved_is_not_listed(tmp_path):
    site = finished(tmp_path, "")
    assert (site.site / "old.html").is_file()
    assert "old.html" not in listed_pages(Path(site.site))


def test_more_addresses_than_a_sitemap_holds_are_refused():
    with pytest.raises(ValueError, match="50001 pages"):
        sitemap_xml(["https://example.org/"] * (MOST + 1))


def test_an_address_is_written_as_xml():
    assert "<loc>https://example.org/a?b&amp;c</loc>" in sitemap_xml(["https://example.org/a?b&c"])
