"""The terms of the glossary, and where they stand in a text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import InputError

_BLOCK = re.compile(r"^```\{glossary\}[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)

LONGEST = 320
"""Characters of a definition: more would not fit beside the word on a phone."""


@dataclass(frozen=True)
class Term:
    """One entry: what it is called, and what it means.

    Attributes
    ----------
    names : tuple of str
        The name of the entry, then its other names and abbreviations.
    definition : str
        Plain text.
    """

    names: tuple[str, ...]
    definition: str

    @property
    def marked(self) -> tuple[str, ...]:
        """The names that are looked for in texts: those without a word in brackets."""
        return tuple(name for name in self.names if not name.endswith(")"))


def read_terms(page: Path) -> list[Term]:
    """Return the entries of a glossary page.

    Parameters
    ----------
    page : Path
        MyST Markdown with one `glossary` directive: names begin a line, definitions are indented.

    Raises
    ------
    InputError
        When the page has no glossary, or an entry has no definition, one that is too long, or a
        name that another entry has.
    """
    block = _BLOCK.search(page.read_text(encoding="utf-8"))
    if block is None:
        raise InputError(f"{page.name} has no {{glossary}} directive.")
    terms = [_term(entry, page) for entry in re.split(r"\n\s*\n", block.group(1).strip("\n"))]
    defined: set[str] = set()
    for name in (name.casefold() for term in terms for name in term.names):
        if name in defined:
            raise InputError(f"{page.name} defines {name!r} twice.")
        defined.add(name)
    return terms


def _term(entry: str, page: Path) -> Term:
    lines = entry.splitlines()
    names = tuple(line.strip() for line in lines if not line.startswith(" "))
    definition = " ".join(line.strip() for line in lines if line.startswith(" "))
    if not names or not 0 < len(definition) <= LONGEST:
        raise InputError(
            f"{page.name}: {names[0] if names else lines[0]!r} has a definition of "
            f"{len(definition)} characters; give it 1 to {LONGEST}."
        )
    return Term(names, definition)


class Finder:
    """Finds terms in running text: whole words, the longest name first, plurals included.

    A name with a capital after its first letter, such as IDS, stands for itself alone: "ids" is
    another word. Other names may begin with a capital or not.
    """

    def __init__(self, terms: list[Term]) -> None:
        self._by_name = {name.casefold(): term for term in terms for name in term.marked}
        names = sorted((name for term in terms for name in term.marked), key=len, reverse=True)
        either = "|".join(_pattern(name) for name in names)
        # A hyphen joins a term to another word, as in "budget-holding"; "GP-led" is still GP.
        self._pattern = re.compile(rf"(?<![\w-])(?:{either})(?![\w])") if names else None

    def find(self, text: str) -> Iterator[tuple[int, int, Term]]:
        """Yield the start and end of each term in a running text, and the term."""
        for match in self._pattern.finditer(text) if self._pattern else ():
            yield match.start(), match.end(), self._term(match.group())

    def _term(self, word: str) -> Term:
        key = re.sub(r"\s+", " ", word).casefold()
        return next(
            self._by_name[name]
            for name in (key, key.removesuffix("s"), key.removesuffix("ies") + "y")
            if name in self._by_name
        )


def _pattern(name: str) -> str:
    """Return the expression for one name: its plural too, and either kind of first letter."""
    words = r"\s+".join(re.escape(word) for word in name.split())
    if name[1:] == name[1:].lower():
        words = f"[{name[0].upper()}{name[0].lower()}]" + words[len(re.escape(name[0])) :]
    if name.endswith("y"):
        return f"(?:{words}|{words[:-1]}ies)"
    return f"{words}s?"


def first_uses(texts: Sequence[str], finder: Finder) -> list[list[tuple[int, int, Term]]]:
    """Return, for each running text of a page in order, the terms that are used there first.

    Start, end and term; each term at most once over all texts.
    """
    used: set[str] = set()
    first_of_each_text: list[list[tuple[int, int, Term]]] = []
    for text in texts:
        first = []
        for start, end, term in finder.find(text):
            if term.names[0] not in used:
                used.add(term.names[0])
                first.append((start, end, term))
        first_of_each_text.append(first)
    return first_of_each_text
