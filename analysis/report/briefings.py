"""Briefings: one page for each suggestion and an overview of four, as tagged PDF.

Their words stand in `book/briefings/`; their numbers, figures and citations come from the records
and the executed notebooks, as on the site.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from analysis import settings
from analysis.errors import InputError
from analysis.report.briefings_markup import sections, to_typst
from analysis.report.cards import GRADE_MEANINGS
from analysis.report.citations import Work, plain_citation
from analysis.report.numbers import Record
from analysis.report.pdf import pdf_bytes
from analysis.report.typst_text import templates, typst_string, typst_text

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

Figure = Mapping[str, str]
"""A recorded figure: `svg`, `alt` and `caption`."""


@dataclass(frozen=True)
class Briefing:
    """The words of one briefing, and the names of what it shows.

    Parameters
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
    said : mapping of str to str
        Markdown by the headings of `SECTIONS`.
    """

    suggestion: int
    title: str
    figure: str
    headline: str
    numbers: Mapping[str, str]
    sense: str
    said: Mapping[str, str]

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
    said: Mapping[str, str]


@dataclass(frozen=True)
class Sources:
    """What briefings are made from.

    Parameters
    ----------
    records : mapping of str to Record
        Every number, by id.
    figures : mapping of str to Figure
        Every recorded figure, by name.
    work : Work
        What is cited: this book.
    version : str
        Version of the book.
    verdicts : mapping of int to str
        Verdict of the claims ledger on each suggestion, where there is one.
    """

    records: Mapping[str, Record]
    figures: Mapping[str, Figure]
    work: Work
    version: str
    verdicts: Mapping[int, str] = field(default_factory=dict)


def read_briefing(file: Path) -> Briefing:
    """Read the words of one briefing.

    Parameters
    ----------
    file : Path
        Markdown with front matter: `suggestion`, `title`, `figure`, `headline`, `numbers`.

    Returns
    -------
    Briefing

    Raises
    ------
    InputError
        When a field or a section is missing.
    """
    given, sense, said = _parts(file, SECTIONS)
    try:
        names = {name: str(given[name]) for name in ("title", "figure", "headline")}
        numbers = {str(name): str(label or "") for name, label in given["numbers"].items()}
        return Briefing(int(given["suggestion"]), **names, numbers=numbers, sense=sense, said=said)
    except KeyError as error:
        raise InputError(f"{file.name}: its front matter lacks {error.args[0]!r}.") from error


def read_overview(file: Path) -> Overview:
    """Read the words of the overview: `title`, `figures` and `numbers`, then its sections.

    Parameters
    ----------
    file : Path

    Returns
    -------
    Overview

    Raises
    ------
    InputError
        When a field or a section is missing.
    """
    given, opening, said = _parts(file, OVERVIEW_SECTIONS)
    try:
        figures = tuple(str(name) for name in given["figures"])
        numbers = {str(name): str(label or "") for name, label in given["numbers"].items()}
        return Overview(str(given["title"]), figures, numbers, opening, said)
    except KeyError as error:
        raise InputError(f"{file.name}: its front matter lacks {error.args[0]!r}.") from error


def _parts(file: Path, wanted: Iterable[str]) -> tuple[dict[str, Any], str, dict[str, str]]:
    """Return the front matter of a file, its opening and its sections."""
    _, front, body = ["", "", "", *file.read_text(encoding="utf-8").split("---\n", 2)][-3:]
    opening, said = sections(body)
    lacks = [heading for heading in wanted if not said.get(heading)]
    if lacks or not opening:
        raise InputError(
            f"{file.name}: it has no text under {(lacks or ['its first lines'])[0]!r}."
        )
    return yaml.safe_load(front) or {}, opening, said


def briefing_pdf(briefing: Briefing, sources: Sources) -> bytes:
    """Return one briefing as a tagged PDF of one page.

    Parameters
    ----------
    briefing : Briefing
    sources : Sources

    Returns
    -------
    bytes

    Raises
    ------
    InputError
        When a number or figure that it shows is not recorded, or it does not fit its page.
    """
    return _told(briefing.name, lambda: _document("briefing", **_briefing(briefing, sources)))


def overview_pdf(overview: Overview, briefings: Sequence[Briefing], sources: Sources) -> bytes:
    """Return the overview of all briefings as a tagged PDF of four pages.

    Parameters
    ----------
    overview : Overview
    briefings : sequence of Briefing
        In their order.
    sources : Sources

    Returns
    -------
    bytes

    Raises
    ------
    InputError
        When a number or figure that it shows is not recorded, or it does not fit its pages.
    """
    return _told(OVERVIEW, lambda: _document("overview", **_overview(overview, briefings, sources)))


def _told(name: str, made: Callable[[], bytes]) -> bytes:
    """Make a document; a fault is told with the name of the file to mend."""
    import typst

    try:
        return made()
    except (InputError, typst.TypstError) as error:
        raise InputError(f"book/briefings/{name}.md: {error}") from error


def _document(kind: str, drawings: Mapping[str, Figure], **given: str) -> bytes:
    """Fill one template; what it is given is Typst's code, by parameter."""
    arguments = ",\n".join(f"  {name.replace('_', '-')}: {code}" for name, code in given.items())
    text = f'#import "{kind}.typ": {kind}\n#{kind}(\n{arguments},\n)\n'
    files = {f"{name}.svg": drawing["svg"].encode() for name, drawing in drawings.items()}
    return pdf_bytes(text, {**templates(f"{kind}.typ"), **files})


def _content(typst: str) -> str:
    return f"[{typst}]"


def _array(items: Iterable[str]) -> str:
    return f"({''.join(f'{item}, ' for item in items)})"


def _number(name: str, records: Mapping[str, Record], label: str = "") -> str:
    """Return one number as a dictionary of Typst's code, with its own label unless one is given."""
    if name not in records:
        raise InputError(f"number {name} is not recorded in any notebook.")
    record = records[name]
    spread = f"{settings.INTERVAL:.0%} interval {record.interval_text}"
    interval = _content(typst_text(spread)) if record.interval is not None else "none"
    words = _content(to_typst(label, records) if label else typst_text(record.label))
    value, grade = (_content(typst_text(part)) for part in (record.value_text, record.grade))
    return f"(value: {value}, label: {words}, interval: {interval}, grade: {grade})"


def _figure(name: str, sources: Sources) -> str:
    """Return one recorded figure as a dictionary of Typst's code."""
    if name not in sources.figures:
        raise InputError(f"figure {name} is not recorded in any notebook.")
    drawing = sources.figures[name]
    caption = _content(to_typst(drawing["caption"], sources.records))
    alt = typst_string(drawing["alt"])
    return f"(file: {typst_string(f'{name}.svg')}, alt: {alt}, caption: {caption})"


def _verdict(suggestion: int, sources: Sources) -> str:
    verdict = sources.verdicts.get(suggestion)
    return "none" if verdict is None else _content(typst_text(verdict))


def _briefing(briefing: Briefing, sources: Sources) -> dict[str, Any]:
    records = sources.records
    said = {name: _content(to_typst(text, records)) for name, text in briefing.said.items()}
    headline = _number(briefing.headline, records)
    cited = plain_citation(records[briefing.headline], sources.work)
    return {
        "title": typst_string(briefing.title),
        "suggestion": str(briefing.suggestion),
        "work": typst_string(sources.work.title),
        "author": typst_string(sources.work.author),
        "version": typst_string(sources.version),
        "verdict": _verdict(briefing.suggestion, sources),
        "sense": _content(to_typst(briefing.sense, records)),
        "headline": headline,
        "numbers": _array(
            _number(name, records, label) for name, label in briefing.numbers.items()
        ),
        "figure": _figure(briefing.figure, sources),
        "answer": said["The answer"],
        "notes": _array(f"({typst_string(name)}, {said[name]})" for name in SECTIONS[2:]),
        "citation": _content(typst_text(cited)),
        "grade_meaning": _content(typst_text(GRADE_MEANINGS[records[briefing.headline].grade])),
        "drawings": {briefing.figure: sources.figures[briefing.figure]},
    }


def _overview(
    overview: Overview, briefings: Sequence[Briefing], sources: Sources
) -> dict[str, Any]:
    records = sources.records
    said = {name: _content(to_typst(text, records)) for name, text in overview.said.items()}
    return {
        "title": typst_string(overview.title),
        "work": typst_string(sources.work.title),
        "author": typst_string(sources.work.author),
        "version": typst_string(sources.version),
        "opening": _content(to_typst(overview.opening, records)),
        "suggestions": _array(_summary(briefing, sources) for briefing in briefings),
        "sections": _array(f"({typst_string(n)}, {said[n]})" for n in OVERVIEW_SECTIONS),
        "numbers": _array(
            _number(name, records, label) for name, label in overview.numbers.items()
        ),
        "figures": _array(_figure(name, sources) for name in overview.figures),
        "grades": _array(
            f"({typst_string(grade)}, {typst_string(meaning)})"
            for grade, meaning in GRADE_MEANINGS.items()
        ),
        "address": typst_string(sources.work.site),
        "drawings": {name: sources.figures[name] for name in overview.figures},
    }


def _summary(briefing: Briefing, sources: Sources) -> str:
    """Return what the overview shows of one briefing, as a dictionary of Typst's code."""
    parts = {
        "suggestion": str(briefing.suggestion),
        "title": typst_string(briefing.title),
        "verdict": _verdict(briefing.suggestion, sources),
        "headline": _number(briefing.headline, sources.records),
        "short": _content(to_typst(briefing.said["In one sentence"], sources.records)),
        "action": _content(to_typst(briefing.said["What to do"], sources.records)),
        "change": _content(to_typst(briefing.said["What could change it"], sources.records)),
    }
    return f"({', '.join(f'{name}: {code}' for name, code in parts.items())})"
