"""Pictures for previews: one for each page that names one, made after the pages are."""

import json
import re
import tempfile
from html import unescape
from pathlib import Path

from analysis.files import write_if_changed
from analysis.publish.products.finished import Finished
from analysis.site.meta_tags import CARDS

_IMAGE = re.compile(rf'property="og:image" content="[^"]*/({CARDS}/[\w.-]+)"')
_TITLE = re.compile(r"<h1[^>]*>(.*?)<a", re.DOTALL)
_NUMBER = re.compile(r'<a class="number [^"]*" href="[^"#]*#([\w.-]+)"')
_TAG = re.compile(r"<[^>]+>")
_SITE = re.compile(r'property="og:site_name" content="([^"]*)"')

_CARD = """#let words = json("words.json")
#set page(width: 1200pt, height: 630pt, margin: 72pt, fill: rgb("#fdfdfc"))
#set text(font: "Libertinus Serif", size: 44pt, fill: rgb("#1d2126"), lang: "en")
#set par(leading: 0.45em)
#text(size: 30pt, fill: rgb("#505860"))[#words.site]
#v(18pt)
#text(size: 64pt, weight: "semibold")[#words.title]
#v(1fr)
#text(size: 58pt, fill: rgb("#1f4e79"), weight: "semibold")[#words.number]
#v(-14pt)
#text(size: 32pt, fill: rgb("#505860"))[#words.label]
"""


def preview_cards(finished: Finished) -> None:
    """Put in the card of every page that names one: none does while the address is unknown."""
    for page in sorted(finished.site.rglob("*.html")):
        text = page.read_text(encoding="utf-8")
        image = _IMAGE.search(text)
        if image:
            write_if_changed(finished.site / image[1], _card(finished, text))


def _card(finished: Finished, text: str) -> bytes:
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


def card_png(site: str, title: str, number: str = "", label: str = "") -> bytes:
    """Return the picture of a preview: the title of a page and its first number.

    Parameters
    ----------
    site, title : str
        Of the book and of the page.
    number, label : str
        The number with its interval, and what it is; empty on a page without numbers.

    Returns
    -------
    bytes
        PNG of `analysis.site.meta_tags.SIZE`.
    """
    import typst

    words = {"site": site, "title": title, "number": number, "label": label}
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "words.json").write_text(json.dumps(words), encoding="utf-8")
        source = Path(folder, "card.typ")
        source.write_text(_CARD, encoding="utf-8")
        pages = typst.compile(source, format="png", ppi=72.0, ignore_system_fonts=True)
    return pages[0] if isinstance(pages, list) else pages
