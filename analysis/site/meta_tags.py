"""How a page describes itself to search engines and previews: its meta tags."""

from html import escape

LONGEST = 200
"""Characters of a description that previews and search engines show."""

SIZE = (1200, 630)
"""Width and height of a card in pixels, as Open Graph's readers expect it."""

CARDS = "_static/previews"
"""Folder of the cards in the site."""


def description(text: str) -> str:
    """Return the first paragraph of a page, cut to what a preview shows at a sentence or word."""
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
    """Return the tags that describe a page to search engines and previews, as HTML.

    Parameters
    ----------
    title, site : str
        Of the page and of the whole book.
    text : str
        What the page says; may be empty.
    address, image : str
        Absolute addresses of the page and of its card; left out while they are unknown.
    """
    names = {"description": text}
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
        names["twitter:card"] = "summary_large_image"
    tags = [f'<meta name="{k}" content="{escape(v)}" />' for k, v in names.items() if v]
    tags += [f'<meta property="{k}" content="{escape(v)}" />' for k, v in properties.items() if v]
    return "\n".join(["", *tags, ""])
