"""A style sheet as rules: leaving out those for elements that a site does not have.

The theme's sheets style hundreds of parts that this book has nowhere; without them a page weighs
a third less. Nothing is rewritten: a rule stays as it is or goes.
"""

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_PIECE = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|[{};()]', re.DOTALL)
_IMPORT = re.compile(r'@import\s+(?:url\()?["\']?([^"\')\s;]+)["\']?\)?\s*;')
_URL = re.compile(r'url\(\s*(["\']?)(?!data:|https?:|/|#)([^"\')]+)\1\s*\)')
_ARGUMENTS = re.compile(r"\([^()]*\)")
_NAME = re.compile(r"[.#]((?:\\.|[\w-])+)")
_GROUPS = ("@media", "@supports", "@layer", "@container")


@dataclass(frozen=True)
class Names:
    """Names of classes and ids that may occur on a page.

    Attributes
    ----------
    whole : frozenset of str
        Names that pages or scripts hold.
    beginnings : tuple of str
        What scripts complete to names, such as ``tooltip-``.
    """

    whole: frozenset[str]
    beginnings: tuple[str, ...] = ()

    def has(self, name: str) -> bool:
        """Return whether a name may occur."""
        return name in self.whole or name.startswith(self.beginnings)


def needed(sheet: str, names: Names) -> str:
    """Return a style sheet without comments, and without rules for what cannot occur."""
    kept = (_needed_rule(prelude, body, names) for prelude, body in rules(sheet))
    return "\n".join(rule for rule in kept if rule)


def _needed_rule(prelude: str, body: str | None, names: Names) -> str:
    """Return a rule, as far as it is needed; empty for one that is not."""
    if body is None:
        return "" if prelude.startswith("@charset") else f"{prelude};"
    if prelude.startswith(_GROUPS):
        inside = needed(body, names)
        return f"{prelude}{{{inside}}}" if inside else ""
    if prelude.startswith("@"):
        return f"{prelude}{{{body}}}"
    selectors = [one for one in _selectors(prelude) if can_match(one, names)]
    return f"{','.join(selectors)}{{{' '.join(body.split())}}}" if selectors else ""


def can_match(selector: str, names: Names) -> bool:
    """Return whether all classes and ids that a selector asks for may occur.

    What stands in brackets, as of ``:not()`` and ``:is()``, may be absent and the selector match.
    """
    while selector != (outside := _ARGUMENTS.sub("", selector)):
        selector = outside
    asked = (name.replace("\\", "") for name in _NAME.findall(re.sub(r"\[[^]]*\]", "", selector)))
    return all(names.has(name) for name in asked)


def rules(sheet: str) -> Iterator[tuple[str, str | None]]:
    """Yield what stands before each block of a sheet, and the block; None for a statement."""
    sheet = _COMMENT.sub("", sheet)
    depth = brackets = start = opened = 0
    for piece in _PIECE.finditer(sheet):
        mark = piece[0]
        if mark in "()":
            brackets += 1 if mark == "(" else -1
        elif brackets:
            continue
        elif mark == "{":
            opened = piece.end() if depth == 0 else opened
            depth += 1
        elif mark == "}":
            depth -= 1
            if depth == 0:
                yield sheet[start : opened - 1].strip(), sheet[opened : piece.start()].strip()
                start = piece.end()
        elif mark == ";" and depth == 0:
            yield sheet[start : piece.start()].strip(), None
            start = piece.end()


def _selectors(prelude: str) -> list[str]:
    """Return the selectors of a rule: its prelude, parted at the commas outside brackets."""
    parts, depth, start = [], 0, 0
    for place, sign in enumerate(prelude):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(sign, 0)
        if sign == "," and depth == 0:
            parts.append(prelude[start:place].strip())
            start = place + 1
    return [*parts, prelude[start:].strip()]


def assembled(file: str, read: Callable[[str], str], folder: str) -> str:
    """Return a sheet as if it stood elsewhere: with what it imports, and its addresses adapted.

    Parameters
    ----------
    file : str
        Where the sheet is, from the root of the site.
    read : callable
        Returns the text of a file, named in the same way.
    folder : str
        Where it will stand.
    """
    here = posixpath.dirname(file)

    def moved(match: re.Match[str]) -> str:
        place = posixpath.normpath(posixpath.join(here, match[2]))
        return f"url({match[1]}{posixpath.relpath(place, folder)}{match[1]})"

    def imported(match: re.Match[str]) -> str:
        return assembled(posixpath.normpath(posixpath.join(here, match[1])), read, folder)

    # Addresses first: those of an imported sheet have been adapted already.
    text = _URL.sub(moved, _COMMENT.sub("", read(file)))
    return _IMPORT.sub(imported, text)
