"""What a page is made of, so that pages of one make need not all be looked at."""

import re
from collections import defaultdict
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

ONE_TEMPLATE = {Path("numbers")}
"""Folders whose pages are filled in from one template by this project's own code."""

MOVED = 'http-equiv="refresh"'
"""What is found on a page that only sends the reader on."""

_ELEMENT = re.compile(r'<([a-z]\w*)\b[^>]*?\bclass="([^"]+)"')


class Page(HTMLParser):
    """One page: its text as it was read, and its ids, links, images, figures and captions."""

    def __init__(self, text):
        super().__init__()
        self.text = text
        self.ids, self.links, self.images, self.figures = set(), [], [], 0
        self.captions, self._caption = [], None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if values.get("id"):
            self.ids.add(values["id"])
        if tag == "a" and values.get("href"):
            self.links.append(values["href"])
        if tag == "img":
            self.images.append(values)
        if tag == "figure":
            self.figures += 1
        if tag == "figcaption":
            self._caption = []

    def handle_endtag(self, tag):
        if tag == "figcaption" and self._caption is not None:
            self.captions.append(" ".join("".join(self._caption).split()))
            self._caption = None

    def handle_data(self, data):
        if self._caption is not None:
            self._caption.append(data)

    @property
    def kinds(self):
        """The kinds of element that the page has: names with one of their classes each."""
        elements = set(_ELEMENT.findall(self.text))
        return {(name, kind) for name, classes in elements for kind in classes.split()}

    @property
    def sends_on(self):
        """Whether the page has moved, and this file only sends the reader on."""
        return MOVED in self.text[:2000]


@cache
def page_at(file):
    """Read one page; each is read once in a run."""
    return Page(Path(file).read_text(encoding="utf-8"))


def covering(site, pages):
    """Return pages that together have every kind of element, the longest pages first.

    What a style sheet does to an element is the same wherever the element stands.
    """
    left = sorted(pages, key=lambda page: -(site / page).stat().st_size)
    has = {page: page_at(site / page).kinds for page in left}
    wanted = set().union(*has.values())
    chosen = []
    while wanted:
        best = max(left, key=lambda page: len(has[page] & wanted))
        chosen.append(best)
        wanted -= has[best]
    return sorted(chosen)


def worth_a_visit(site, pages):
    """Return every page but those that send on, and of a template's many a few that cover it."""
    folders = defaultdict(list)
    for page in pages:
        if not page_at(site / page).sends_on:
            folders[Path(page).parent].append(page)
    few = [
        covering(site, pages) if folder in ONE_TEMPLATE else pages
        for folder, pages in folders.items()
    ]
    return sorted(page for group in few for page in group)
