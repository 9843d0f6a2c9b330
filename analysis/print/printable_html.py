"""Pages of the site, as HTML that can be printed."""

import re
from html import unescape

from analysis.print.places import Page, Places
from analysis.print.typst_text import TEMPLATES

_FOR_SCREENS = re.compile(r"<(script|style|form|dialog|template)\b.*?</\1>", re.DOTALL)

_MARKED_PARAGRAPH = re.compile(r'<p class="(recorded-number|table-note)">(.*?)</p>', re.DOTALL)

PICTURES = "pictures.css"
"""How pictures drawn in a page look on paper."""

_WORDS = re.compile(
    r'aria-label="([^"]+)"|<desc[^>]*>(.+?)</desc>|<title[^>]*>(.+?)</title>', re.DOTALL
)

_SVG = re.compile(r"<svg\b.*?</svg>", re.DOTALL)

_MATHML = re.compile(r'<math alttext="(.*?)"[^>]*?display="(\w+)"[^>]*>.*?</math>', re.DOTALL)


def article(page: Page, places: Places) -> str:
    """Return the text of a page as HTML that pandoc reads well.

    Formulas are given in the LaTeX they were written in, which loses nothing; a picture drawn in
    the page becomes a file. Navigation, styles and scripts lie outside the article.
    """
    # Greedy: a page may hold articles of its own, as that of the claims does.
    inside = re.search(r"<article[^>]*>(.*)</article>", page.html, re.DOTALL)
    text = re.sub(_FOR_SCREENS, "", inside[1] if inside else "")
    text = _SVG.sub(lambda svg: _picture(svg[0], page, places), _MATHML.sub(_tex, text))
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
    root, content = svg.removeprefix("<svg").split(">", 1)
    root = re.sub(r'\s(?:xmlns|width|height|style|class)="[^"]*"', "", root)
    root = root.replace('"inherit"', '"Libertinus Serif"')
    namespace = 'xmlns="http://www.w3.org/2000/svg"'
    style = f"<style>{(TEMPLATES / PICTURES).read_text(encoding='utf-8')}</style>"
    drawing = f'<svg {namespace} width="{size[1]}" height="{size[2]}"{root}>{style}{content}'
    places.drawn[name] = drawing.encode()
    return f'<img src="/{name}" alt="{next(filter(None, words.groups())).strip()}">'
