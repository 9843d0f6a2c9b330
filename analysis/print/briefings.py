"""The words of the briefings, as they stand in `book/briefings/`."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from analysis.errors import InputError
from analysis.print.briefings_markup import divided

SECTIONS = (
    "In one sentence",
    "The answer",
    "What to do",
    "What could change it",
    "What this does not show",
)
"""What every briefing must say, after the suggestion in its author's sense."""

OVERVIEW = "overview"
"""Name of the overview, and of the file with its words."""

OVERVIEW_SECTIONS = ("How to read it", "What lies under all ten", "What this is not")
"""What the overview says of its own, after its opening."""


@dataclass(frozen=True)
class Briefing:
    """The words of one briefing, and the names of what it shows.

    Attributes
    ----------
    suggestion : int
        1 to 10.
    title : str
        The suggestion in a few words.
    figure : str
        Name of a recorded figure.
    headline : str
        Id of its first number, which is cited.
    numbers : mapping of str to str
        Labels of further numbers by their ids, as Markdown; empty where the recorded label will do.
    sense : str
        The suggestion in its author's sense, as Markdown.
    sections : mapping of str to str
        Markdown by the headings of `SECTIONS`.
    """

    suggestion: int
    title: str
    figure: str
    headline: str
    numbers: Mapping[str, str]
    sense: str
    sections: Mapping[str, str]

    @property
    def name(self) -> str:
        """Name of its file, as `s07`."""
        return f"s{self.suggestion:02d}"


@dataclass(frozen=True)
class Overview:
    """The words of the overview, and the figures that it shows."""

    title: str
    figures: tuple[str, ...]
    numbers: Mapping[str, str]
    opening: str
    sections: Mapping[str, str]


def read_briefing(file: Path) -> Briefing:
    """Read the words of one briefing.

    Parameters
    ----------
    file : Path
        Markdown with front matter: `suggestion`, `title`, `figure`, `headline`, `numbers`.

    Raises
    ------
    InputError
        When a field or a section is missing.
    """
    front, sense, sections = _parts(file, SECTIONS)
    with _named_when_missing(file):
        return Briefing(
            suggestion=int(front["suggestion"]),
            title=str(front["title"]),
            figure=str(front["figure"]),
            headline=str(front["headline"]),
            numbers=_labels(front["numbers"]),
            sense=sense,
            sections=sections,
        )


def read_overview(file: Path) -> Overview:
    """Read the words of the overview: `title`, `figures` and `numbers`, then its sections.

    Raises
    ------
    InputError
        When a field or a section is missing.
    """
    front, opening, sections = _parts(file, OVERVIEW_SECTIONS)
    with _named_when_missing(file):
        return Overview(
            title=str(front["title"]),
            figures=tuple(str(name) for name in front["figures"]),
            numbers=_labels(front["numbers"]),
            opening=opening,
            sections=sections,
        )


@contextmanager
def _named_when_missing(file: Path) -> Iterator[None]:
    """Turn a field that the front matter lacks into an error that names file and field."""
    try:
        yield
    except KeyError as error:
        raise InputError(f"{file.name}: its front matter lacks {error.args[0]!r}.") from error


def _labels(numbers: Mapping[str, str | None]) -> dict[str, str]:
    return {str(id): str(label or "") for id, label in numbers.items()}


def _parts(file: Path, headings: Iterable[str]) -> tuple[dict[str, Any], str, dict[str, str]]:
    """Return the front matter of a file, its opening and its sections."""
    _, front, body = ["", "", "", *file.read_text(encoding="utf-8").split("---\n", 2)][-3:]
    opening, sections = divided(body)
    empty = [heading for heading in headings if not sections.get(heading)]
    if empty or not opening:
        raise InputError(
            f"{file.name}: it has no text under {(empty or ['its first lines'])[0]!r}."
        )
    return yaml.safe_load(front) or {}, opening, sections
