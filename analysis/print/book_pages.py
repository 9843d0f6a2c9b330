"""Pages of the site, as HTML that can be printed."""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from analysis.print.typst_text import TEMPLATES

Node = dict[str, Any]
"""One element of pandoc's tree: its type `t` and its content `c`."""

_FOR_SCREENS = re.compile(r"<(script|style|form|dialog|template)\b.*?</\1>", re.DOTALL)

_MARKED_PARAGRAPH = re.compile(r'<p class="(recorded-number|table-note)">(.*?)</p>', re.DOTALL)

PICTURES = "pictures.css"
"""How pictures drawn in a page look on paper."""

_WORDS = re.compile(
    r'aria-label="([^"]+)"|<desc[^>]*>(.+?)</desc>|<title[^>]*>(.+?)</title>', re.DOTALL
)

_SVG = re.compile(r"<svg\b.*?</svg>", re.DOTALL)

_MATHML = re.compile(r'<math alttext="(.*?)"[^>]*?display="(\w+)"[^>]*>.*?</math>', re.DOTALL)


@dataclass(frozen=True)
class Page:
    """One page of the site.

    Parameters
    ----------
    address : str
        As `notebooks/minimum-size`, without ending.
    html : str
        The whole page.
    part : str
        Heading of the part that begins with it; empty within a part.
    """

    address: str
    html: str
    part: str = ""

    @property
    def slug(self) -> str:
        """Name of the page inside the document."""
        return self.address.rpartition("/")[2]

    def place(self, anchor: str) -> str:
        """Return the name inside the document of an anchor of this page."""
        return f"{self.slug}--{anchor}"


@dataclass
class Places:
    """What can be pointed to, by address and anchor, with footnotes and pictures.

    Parameters
    ----------
    targets : dict of (str, str) to str
        Place inside the document, by address of the page and anchor.
    notes : dict of (str, str) to list of Node
        Footnotes, in the same way.
    drawings : set of str
        Addresses of the pictures that are shown.
    drawn : dict of str to bytes
        Those that stood in a page itself, and not in a file of the site.
    """

    targets: dict[tuple[str, str], str] = field(default_factory=dict)
    notes: dict[tuple[str, str], list[Node]] = field(default_factory=dict)
    drawings: set[str] = field(default_factory=set)
    drawn: dict[str, bytes] = field(default_factory=dict)


def article(page: Page, places: Places) -> str:
    """Return the text of a page as HTML that pandoc reads well.

    Formulas are given in the LaTeX they were written in, which loses nothing; a picture drawn in
    the page becomes a file. Navigation, styles and scripts lie outside the article.
    """
    # Greedy: a page may hold articles of its own, as that of the claims does.
    found = re.search(r"<article[^>]*>(.*)</article>", page.html, re.DOTALL)
    text = re.sub(_FOR_SCREENS, "", found[1] if found else "")
    text = _SVG.sub(lambda drawn: _picture(drawn[0], page, places), _MATHML.sub(_tex, text))
    # Pandoc keeps neither the class of a paragraph nor an aside, and has its own idea of footnotes.
    text = _MARKED_PARAGRAPH.sub(r'<div class="\1"><p>\2</p></div>', text)
    text = re.sub(r"(</?)aside\b", r"\1div", text)
    return text.replace(' role="doc-noteref"', "")


def _tex(match: re.Match[str]) -> str:
    mode = "; mode=display" if match[2] == "block" else ""
    return f'<script type="math/tex{mode}">{unescape(match[1])}</script>'


def _picture(svg: str, page: Page, places: Places) -> str:
    """Put a picture drawn in the page among the files, and return the image that shows it.

    One without words for those who cannot see it is an ornament, and left out.
    """
    words = _WORDS.search(svg)
    size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    if not words or not size:
        return ""
    name = f"drawn/{page.slug}-{len(places.drawn)}.svg"
    root, inside = svg.removeprefix("<svg").split(">", 1)
    root = re.sub(r'\s(?:xmlns|width|height|style|class)="[^"]*"', "", root)
    root = root.replace('"inherit"', '"Libertinus Serif"')
    namespace = 'xmlns="http://www.w3.org/2000/svg"'
    style = f"<style>{(TEMPLATES / PICTURES).read_text(encoding='utf-8')}</style>"
    drawn = f'<svg {namespace} width="{size[1]}" height="{size[2]}"{root}>{style}{inside}'
    places.drawn[name] = drawn.encode()
    return f'<img src="/{name}" alt="{next(filter(None, words.groups())).strip()}">'
