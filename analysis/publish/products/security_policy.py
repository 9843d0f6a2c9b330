"""A Content-Security-Policy in every page: what a browser may run and load there, and from where.

The site needs nothing from another host, so nothing from another host is allowed, and no script
that was not there when the page was published is run. A static site has no server to say so, hence
the policy stands in the page. It cannot hold `frame-ancestors` there; a server can add it.

Scripts and styles that stand in a page are named by their hash, one by one. Style attributes too,
since to allow all would allow those of injected text. What the styles and attributes of one page
hold is allowed on every page: the search page reads the others to show what it found in them.
"""

import base64
import hashlib
import re
from collections.abc import Set
from html.parser import HTMLParser

from analysis.files import write_atomically
from analysis.publish.errors import BuildError
from analysis.publish.products.finished import Finished

FIXED = {
    "default-src": ("'none'",),
    "img-src": ("'self'", "data:"),
    "font-src": ("'self'",),
    "connect-src": ("'self'",),
    "manifest-src": ("'self'",),
    "base-uri": ("'none'",),
    "form-action": ("'self'",),
}
"""What is the same on every page. The search form of the site leads to the site."""

HANDLERS = frozenset({"window.print()"})
"""Code in attributes that is allowed, on whatever it stands: the theme's button for printing."""

DATA_BLOCKS = re.compile(r"(?!text/javascript|application/javascript|module)\w+/[\w+.-]+|importmap")
"""Types of a script element that a browser does not run."""

META = re.compile(r'\n?<meta http-equiv="Content-Security-Policy"[^>]*>')
AFTER = re.compile(r"<head\b[^>]*>(?:\s*<meta charset=[^>]*>)?", re.IGNORECASE)
"""Where it is put: a policy holds for what comes after it, and the encoding must come first."""


class InlineParts(HTMLParser):
    """The scripts, styles and style attributes that stand in a page itself.

    Attributes
    ----------
    scripts, styles, attributes : set of str
        Their text, as a browser hashes it.
    handlers : set of str
        Code in attributes, such as that of ``onclick``.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self.scripts: set[str] = set()
        self.styles: set[str] = set()
        self.attributes: set[str] = set()
        self.handlers: set[str] = set()
        self._inside: set[str] | None = None
        self._text: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the attributes, and begin to collect the text of a script or style."""
        attributes = dict(attrs)
        if attributes.get("style"):
            self.attributes.add(attributes["style"] or "")
        self.handlers |= {
            value or ""
            for name, value in attrs
            if name.startswith("on") or (value or "").strip().lower().startswith("javascript:")
        }
        kind = attributes.get("type") or "text/javascript"
        runs = tag == "script" and not DATA_BLOCKS.fullmatch(kind)
        if tag == "style" or (runs and "src" not in attributes):
            self._inside = self.styles if tag == "style" else self.scripts

    def handle_data(self, data: str) -> None:
        """Collect text."""
        if self._inside is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        """Keep what was collected."""
        if self._inside is not None and tag in ("script", "style"):
            self._inside.add("".join(self._text))
            self._inside = None
            self._text = []


def policy(page: InlineParts, attributes: Set[str], styles: Set[str] = frozenset()) -> str:
    """Return the policy of one page.

    Parameters
    ----------
    attributes, styles : set of str
        Style attributes and styles of all pages of the site.

    Raises
    ------
    BuildError
        If the page has code in an attribute, other than `HANDLERS`.
    """
    if refused := sorted(page.handlers - HANDLERS):
        raise BuildError(
            f"has code in an attribute, {refused[0]!r}: put it into a file of book/_static/, since "
            "the site's security policy does not run it."
        )
    directives = FIXED | {
        "script-src": ("'self'", *_hashes(page.scripts)),
        "script-src-attr": ("'unsafe-hashes'", *_hashes(HANDLERS)),
        "style-src": ("'self'", *_hashes(page.styles | styles)),
    }
    if attributes:
        directives["style-src-attr"] = ("'unsafe-hashes'", *_hashes(attributes))
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in directives.items())


def _hashes(texts: Set[str]) -> list[str]:
    digests = (hashlib.sha256(text.encode()).digest() for text in texts)
    return sorted(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


def with_policy(page: str, directives: str) -> str:
    """Return the HTML of a page with what `policy` returned, in place of what it may have.

    Raises
    ------
    BuildError
        If the page has no head.
    """
    bare = META.sub("", page)
    place = AFTER.search(bare)
    if place is None:
        raise BuildError("has no <head>: the security policy has no place in it.")
    meta = f'\n<meta http-equiv="Content-Security-Policy" content="{directives}">'
    return f"{bare[: place.end()]}{meta}{bare[place.end() :]}"


def security_policies(finished: Finished) -> None:
    """Put a policy into every page of the site; the last product, since it hashes what is there."""
    files = sorted(finished.site.rglob("*.html"))
    names = {file.relative_to(finished.site).as_posix(): file for file in files}
    # Templates of the theme lie among its files; they are no pages.
    pages = {name: file.read_text("utf-8") for name, file in names.items() if not _is_static(name)}
    parts = {name: InlineParts(page) for name, page in pages.items()}
    attributes = {each for page in parts.values() for each in page.attributes}
    styles = {each for page in parts.values() for each in page.styles}
    for name, page in pages.items():
        try:
            written = with_policy(page, policy(parts[name], attributes, styles))
        except BuildError as error:
            raise BuildError(f"{name} {error}") from error
        write_atomically(names[name], written.encode())


def _is_static(name: str) -> bool:
    return name.startswith("_static/")
