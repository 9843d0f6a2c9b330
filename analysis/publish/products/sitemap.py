"""What search engines are told: every page, once the book has an address."""

from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

import yaml

from analysis.files import write_atomically
from analysis.publish.products.finished import Finished
from analysis.publish.project import Project

SITEMAP = "sitemap.xml"
ROBOTS = "robots.txt"

NO_CONTENT = {"search.html", "genindex.html"}
"""Pages that only lead to others."""

NOT_LISTED = '<meta name="robots" content="noindex" />'
"""What a page carries that has moved."""

MOST = 50_000
"""Addresses that one sitemap may hold, by the protocol at sitemaps.org."""


def site_address(project: Project) -> str:
    """Return where the book is published, with a final slash; empty while that is not known."""
    config: dict[str, Any] = yaml.safe_load(project.config.read_text(encoding="utf-8"))
    address = str(config.get("sphinx", {}).get("config", {}).get("html_baseurl") or "")
    return f"{address.rstrip('/')}/" if address else ""


def sitemap(finished: Finished) -> None:
    """Put in the list of pages, and the file that names it to search engines.

    Without an address neither is made: both need absolute ones. `robots.txt` is heeded only where
    the book is at the root of its host.
    """
    address = site_address(finished.project)
    if not address:
        return
    places = [address + quote(page) for page in listed_pages(finished.site)]
    write_atomically(finished.site / SITEMAP, sitemap_xml(places))
    robots = f"User-agent: *\nAllow: /\n\nSitemap: {address}{SITEMAP}\n"
    write_atomically(finished.site / ROBOTS, robots)


def listed_pages(site: Path) -> list[str]:
    """Return the pages that a reader may look for, in order of name; the front page is first."""
    pages = (page for page in sorted(site.rglob("*.html")) if "_static" not in page.parts)
    names = [
        page.relative_to(site).as_posix()
        for page in pages
        if NOT_LISTED not in page.read_text(encoding="utf-8")[:2000]
    ]
    kept = [name for name in names if name not in NO_CONTENT]
    # The front page has one address, the folder's.
    return ["" if name == "index.html" else name for name in sorted(kept, key="index.html".__ne__)]


def sitemap_xml(addresses: list[str]) -> str:
    """Return a sitemap of absolute addresses.

    Raises
    ------
    ValueError
        For more than a sitemap may hold.
    """
    if len(addresses) > MOST:
        raise ValueError(f"{len(addresses)} pages are more than the {MOST} of one sitemap.")
    entries = "\n".join(f"<url><loc>{escape(address)}</loc></url>" for address in addresses)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"{entries}\n</urlset>\n"
    )
