"""Pictures for previews: one for each page that names one, made after the pages are."""

import re
from html import unescape

from analysis.files import write_if_changed
from analysis.publish.products.finished import Finished
from analysis.site.previews import CARDS, card_png

_IMAGE = re.compile(rf'property="og:image" content="[^"]*/({CARDS}/[\w.-]+)"')
_TITLE = re.compile(r"<h1[^>]*>(.*?)<a", re.DOTALL)
_NUMBER = re.compile(r'<a class="number [^"]*" href="[^"#]*#([\w.-]+)"')
_TAG = re.compile(r"<[^>]+>")
_SITE = re.compile(r'property="og:site_name" content="([^"]*)"')


def preview_cards(finished: "Finished") -> None:
    """Put in the card of every page that names one: none does while the address is unknown.

    Parameters
    ----------
    finished : Finished
        The site with its pages.
    """
    for page in sorted(finished.site.rglob("*.html")):
        text = page.read_text(encoding="utf-8")
        named = _IMAGE.search(text)
        if named:
            write_if_changed(finished.site / named[1], _card(finished, text))


def _card(finished: "Finished", text: str) -> bytes:
    """Return the card of one page: its title, and the first number that it gives."""
    site, title = _SITE.search(text), _TITLE.search(text)
    first = _NUMBER.search(text)
    record = finished.records.get(first[1]) if first else None
    return card_png(
        site=unescape(site[1]) if site else "",
        title=unescape(_TAG.sub("", title[1])).strip() if title else "",
        number=record.text if record else "",
        label=record.label if record else "",
    )
