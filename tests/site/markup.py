"""What a page is made of, so that pages of one make need not all be looked at."""

import re
from collections import defaultdict
from pathlib import Path

ONE_TEMPLATE = {Path("numbers")}
"""Folders whose pages are filled in from one template by this project's own code."""

MOVED = 'http-equiv="refresh"'
"""What is found on a page that only sends the reader on."""

_ELEMENT = re.compile(r'<([a-z]\w*)\b[^>]*?\bclass="([^"]+)"')


def parts(file):
    """Return the kinds of element that a page has: names with one of their classes each."""
    found = _ELEMENT.findall(Path(file).read_text(encoding="utf-8"))
    return {(element, one) for element, classes in set(found) for one in classes.split()}


def covering(site, pages):
    """Return pages that together have every kind of element, the longest pages first.

    What a style sheet does to an element is the same wherever the element stands.
    """
    left = sorted(pages, key=lambda page: -(site / page).stat().st_size)
    has = {page: parts(site / page) for page in left}
    wanted = set().union(*has.values())
    chosen = []
    while wanted:
        best = max(left, key=lambda page: len(has[page] & wanted))
        chosen.append(best)
        wanted -= has[best]
    return sorted(chosen)


def sends_on(file):
    """Return whether a page has moved, and this file only sends the reader on."""
    with Path(file).open(encoding="utf-8") as opened:
        return MOVED in opened.read(2000)


def worth_a_visit(site, pages):
    """Return every page but those that send on, and of a template's many a few that cover it."""
    folders = defaultdict(list)
    for page in pages:
        if not sends_on(site / page):
            folders[Path(page).parent].append(page)
    few = [
        covering(site, pages) if folder in ONE_TEMPLATE else pages
        for folder, pages in folders.items()
    ]
    return sorted(page for group in few for page in group)
