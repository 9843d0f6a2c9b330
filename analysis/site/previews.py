"""How a page shows itself elsewhere: meta tags, the picture of a preview, a link to Binder."""

import json
import tempfile
from html import escape
from pathlib import Path
from urllib.parse import quote, urlsplit

import typst

LONGEST = 200
"""Characters of a description that previews and search engines show."""

SIZE = (1200, 630)
"""Width and height of a card in pixels, as Open Graph's readers expect it."""

CARDS = "_static/previews"
"""Folder of the cards in the site."""

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


def description(text: str) -> str:
    """Return a text cut to what a preview shows, at the end of a sentence or a word.

    Parameters
    ----------
    text : str
        The first paragraph of a page.

    Returns
    -------
    str
    """
    text = " ".join(text.split())
    if len(text) <= LONGEST:
        return text
    cut = text[:LONGEST]
    sentence = cut.rfind(". ")
    return cut[: sentence + 1] if sentence > LONGEST // 2 else cut.rpartition(" ")[0] + " …"


def card_name(page: str) -> str:
    """Return where the card of a page is in the site."""
    return f"{CARDS}/{page.replace('/', '-')}.png"


def meta_tags(title: str, site: str, text: str, address: str = "", image: str = "") -> str:
    """Return the tags that describe a page to search engines and previews.

    Parameters
    ----------
    title, site : str
        Of the page and of the whole book.
    text : str
        What the page says; may be empty.
    address, image : str
        Absolute addresses of the page and of its card; left out while they are unknown.

    Returns
    -------
    str
        HTML.
    """
    named = {"description": text}
    properties = {
        "og:type": "article",
        "og:site_name": site,
        "og:title": title,
        "og:description": text,
        "og:url": address,
        "og:image": image,
        "og:image:width": str(SIZE[0]) if image else "",
        "og:image:height": str(SIZE[1]) if image else "",
    }
    if image:
        named["twitter:card"] = "summary_large_image"
    tags = [f'<meta name="{k}" content="{escape(v)}" />' for k, v in named.items() if v]
    tags += [f'<meta property="{k}" content="{escape(v)}" />' for k, v in properties.items() if v]
    return "\n".join(["", *tags, ""])


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
        PNG of `SIZE`.
    """
    words = {"site": site, "title": title, "number": number, "label": label}
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "words.json").write_text(json.dumps(words), encoding="utf-8")
        source = Path(folder, "card.typ")
        source.write_text(_CARD, encoding="utf-8")
        made = typst.compile(source, format="png", ppi=72.0, ignore_system_fonts=True)
    return made[0] if isinstance(made, list) else made


def binder_address(repository: str) -> str:
    """Return where Binder runs a public repository; empty for none, or one it cannot run.

    Parameters
    ----------
    repository : str
        Address of the repository, on GitHub or GitLab.

    Returns
    -------
    str
    """
    parts = urlsplit(repository)
    path = parts.path.strip("/").removesuffix(".git")
    if parts.scheme != "https" or path.count("/") < 1:
        return ""
    if parts.netloc == "github.com":
        return f"https://mybinder.org/v2/gh/{path}/HEAD?labpath=notebooks"
    if parts.netloc == "gitlab.com":
        return f"https://mybinder.org/v2/gl/{quote(path, safe='')}/HEAD?labpath=notebooks"
    return ""
