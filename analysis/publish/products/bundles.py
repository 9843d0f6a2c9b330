"""One style sheet and one script for all pages, in place of a dozen each.

A browser draws nothing before it has all style sheets of a page and has run the scripts in its
head. Here it waits for one sheet, and the scripts wait for the page. Sheets keep only rules for
what the site has.
"""

import hashlib
import posixpath
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from analysis.files import write_atomically
from analysis.publish.errors import BuildError
from analysis.publish.products.finished import Finished
from analysis.publish.products.style_sheets import Names, assembled, needed

STATIC = "_static"
FIRST = "_static/documentation_options.js"
"""The script that scripts standing in the page add to: it cannot wait."""
INDEX = "searchindex.js"
"""The words of all pages: no script, but for its form."""

_SHEET = re.compile(
    r'[ \t]*<link\b(?=[^>]*\brel="stylesheet")[^>]*?\bhref="(?!\w+:)([^"]+)"[^>]*>\n?'
)
_SCRIPT = re.compile(r'[ \t]*<script((?:\s+[\w-]+(?:="[^"]*")?)*)>\s*</script>\n?')
_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)
_ATTRIBUTES = {
    "src": re.compile(r'\bsrc="([^"]+)"'),
    "waits": re.compile(r'\b(?:defer|async)\b|\btype="(?!text/javascript)'),
}
_NAMED = re.compile(r'\b(?:class|id)="([^"]*)"')
_WORD = re.compile(r"[A-Za-z_][\w-]*")
_BEGINNING = re.compile(r"([A-Za-z_][\w-]+-)(?=[\"'`]|\$\{)")


def bundles(finished: Finished) -> None:
    """Give every page one style sheet and one script."""
    site = finished.site
    pages = {file: file.read_text(encoding="utf-8") for file in sorted(site.rglob("*.html"))}
    pages = {file: text for file, text in pages.items() if STATIC not in file.parts}
    bundler = Bundler(site, names_of(site, list(pages.values())))
    for file, text in pages.items():
        place = file.relative_to(site).as_posix()
        changed = bundler.with_one_script(bundler.with_one_sheet(text, place), place)
        if changed != text:
            write_atomically(file, changed)


def names_of(site: Path, pages: Sequence[str]) -> Names:
    """Return the names that elements may have: those on the pages, and all words of scripts."""
    whole = {name for page in pages for value in _NAMED.findall(page) for name in value.split()}
    texts = scripts_used(site, pages)
    beginnings = {beginning for text in texts for beginning in _BEGINNING.findall(text)}
    whole.update(word for text in texts for word in _WORD.findall(text))
    return Names(frozenset(whole), tuple(sorted(beginnings)))


def scripts_used(site: Path, pages: Sequence[str]) -> list[str]:
    """Return the scripts that a page names, or a script that a page uses.

    The theme brings one, of all its icons, that no page loads.
    """
    files = [file for kind in ("*.js", "*.mjs") for file in site.rglob(kind)]
    left = {file for file in files if file.name != INDEX}
    used: list[str] = []
    naming = list(pages)
    while naming:
        named = {file for file in left if any(file.name in text for text in naming)}
        naming = [file.read_text(encoding="utf-8") for file in sorted(named)]
        used += naming
        left -= named
    return used


class Bundler:
    """Makes bundles of the files of one site.

    Parameters
    ----------
    site : Path
        The folder of the site.
    names : Names
        What elements may be called.
    """

    def __init__(self, site: Path, names: Names) -> None:
        self._site, self._names = site, names
        self._sheet, self._script = cache(self._make_sheet), cache(self._make_script)

    def with_one_sheet(self, page: str, place: str) -> str:
        """Return a page with one style sheet, where the first one stood."""
        sheets = tuple(_from_root(match[1], place) for match in _SHEET.finditer(page))
        if not sheets:
            return page
        link = f'<link rel="stylesheet" href="{_up(place)}{self._sheet(sheets)}" />\n'
        once = iter([link])
        return _SHEET.sub(lambda _: next(once, ""), page)

    def with_one_script(self, page: str, place: str) -> str:
        """Return a page in whose head no script holds up the page, but the one that cannot wait.

        One that has attributes of its own stays alone. The search page stays as it is: there a
        script calls one that comes later, once the page is read.
        """
        head, end, rest = page.partition("</head>")
        waiting = {match[0]: _source(match, place) for match in _SCRIPT.finditer(head)}
        waiting = {tag: source for tag, source in waiting.items() if source not in ("", FIRST)}
        if INDEX in waiting.values():
            return page
        together = {tag: source for tag, source in waiting.items() if tag.count('="') == 1}
        bundle = self._script(tuple(together.values())) if together else ""
        once = iter([f'<script defer src="{_up(place)}{bundle}"></script>\n'])

        def placed(match: re.Match[str]) -> str:
            if match[0] in together:
                return next(once, "")
            waits = match[0] in waiting
            return match[0].replace("<script", "<script defer", 1) if waits else match[0]

        return _SCRIPT.sub(placed, head) + end + rest

    def _make_sheet(self, files: tuple[str, ...]) -> str:
        """Write the bundle of some style sheets; return where it is."""
        text = "\n".join(assembled(file, self._read, STATIC) for file in files)
        return self._write("css", needed(text, self._names))

    def _make_script(self, files: tuple[str, ...]) -> str:
        """Write the bundle of some scripts; return where it is."""
        texts = (_SOURCE_MAP.sub("", self._read(file)) for file in files)
        # The first semicolon keeps a "use strict" of one script from the others.
        return self._write("js", ";" + "\n;\n".join(texts))

    def _read(self, file: str) -> str:
        place = self._site / file
        if not place.is_file():
            raise BuildError(f"{file}: a page names it, but it is no file of the site.")
        return place.read_text(encoding="utf-8")

    def _write(self, kind: str, text: str) -> str:
        # Its name changes with its content, so that no browser keeps an old one.
        digest = hashlib.sha256(text.encode()).hexdigest()[:10]
        file = f"{STATIC}/site-{digest}.{kind}"
        write_atomically(self._site / file, text)
        return file


def _up(place: str) -> str:
    """Return the way from a page to the root of the site."""
    return "../" * place.count("/")


def _from_root(address: str, place: str) -> str:
    """Return where a file that a page names is, from the root of the site."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(place), address.partition("?")[0]))


def _source(tag: re.Match[str], place: str) -> str:
    """Return the file of a script that holds up its page; empty for any other script."""
    source = _ATTRIBUTES["src"].search(tag[1])
    if source is None or "://" in source[1] or _ATTRIBUTES["waits"].search(tag[1]):
        return ""
    return _from_root(source[1], place)
