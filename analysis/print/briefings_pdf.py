"""Briefings as tagged PDF: one page for each suggestion, and an overview of four.

Their numbers, figures and citations come from the records and the executed notebooks, as on the
site.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analysis import settings
from analysis.errors import InputError
from analysis.print.briefings import OVERVIEW, OVERVIEW_SECTIONS, SECTIONS, Briefing, Overview
from analysis.print.briefings_markup import to_typst
from analysis.print.pdf import pdf_bytes
from analysis.print.typst_text import templates, typst_string, typst_text
from analysis.report.citations import Work, plain_citation
from analysis.report.grades import GRADE_MEANINGS
from analysis.report.numbers import Record

Figure = Mapping[str, str]
"""A recorded figure: `svg`, `alt` and `caption`."""


@dataclass(frozen=True)
class Sources:
    """What briefings are made from.

    Attributes
    ----------
    records : mapping of str to Record
        Every number, by id.
    figures : mapping of str to Figure
        Every recorded figure, by name.
    work : Work
        What is cited: this book.
    version : str
        Version of the book.
    verdicts : mapping of int to (str, str)
        Verdict of the claims ledger on each suggestion, and the claim it is about, where there is
        one.
    """

    records: Mapping[str, Record]
    figures: Mapping[str, Figure]
    work: Work
    version: str
    verdicts: Mapping[int, tuple[str, str]] = field(default_factory=dict)


def briefing_pdf(briefing: Briefing, sources: Sources) -> bytes:
    """Return one briefing as a tagged PDF of one page.

    Raises
    ------
    InputError
        When a number or figure that it shows is not recorded, or it does not fit its page.
    """
    return _naming_its_file(
        briefing.name, lambda: _document("briefing", **_briefing(briefing, sources))
    )


def overview_pdf(overview: Overview, briefings: Sequence[Briefing], sources: Sources) -> bytes:
    """Return the overview of all briefings as a tagged PDF of four pages.

    Raises
    ------
    InputError
        When a number or figure that it shows is not recorded, or it does not fit its pages.
    """
    return _naming_its_file(
        OVERVIEW, lambda: _document("overview", **_overview(overview, briefings, sources))
    )


def _naming_its_file(name: str, make: Callable[[], bytes]) -> bytes:
    """Make a document; a fault is reported with the name of the file to mend."""
    import typst

    try:
        return make()
    except (InputError, typst.TypstError) as error:
        raise InputError(f"book/briefings/{name}.md: {error}") from error


def _document(kind: str, drawings: Mapping[str, Figure], **parameters: str) -> bytes:
    """Fill one template, whose parameters are Typst's code."""
    arguments = ",\n".join(
        f"  {name.replace('_', '-')}: {code}" for name, code in parameters.items()
    )
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
    spread = f"{settings.INTERVAL_WORDS} {record.interval_text}"
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
    """Return the verdict and its claim as a pair of Typst's code, or none."""
    if suggestion not in sources.verdicts:
        return "none"
    return _array(_content(typst_text(words)) for words in sources.verdicts[suggestion])


def _briefing(briefing: Briefing, sources: Sources) -> dict[str, Any]:
    records = sources.records
    sections = {name: _content(to_typst(text, records)) for name, text in briefing.sections.items()}
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
        "answer": sections["The answer"],
        "notes": _array(f"({typst_string(name)}, {sections[name]})" for name in SECTIONS[2:]),
        "citation": _content(typst_text(cited)),
        "grade_meaning": _content(typst_text(GRADE_MEANINGS[records[briefing.headline].grade])),
        "drawings": {briefing.figure: sources.figures[briefing.figure]},
    }


def _overview(
    overview: Overview, briefings: Sequence[Briefing], sources: Sources
) -> dict[str, Any]:
    records = sources.records
    sections = {name: _content(to_typst(text, records)) for name, text in overview.sections.items()}
    return {
        "title": typst_string(overview.title),
        "work": typst_string(sources.work.title),
        "author": typst_string(sources.work.author),
        "version": typst_string(sources.version),
        "opening": _content(to_typst(overview.opening, records)),
        "suggestions": _array(_summary(briefing, sources) for briefing in briefings),
        "sections": _array(f"({typst_string(n)}, {sections[n]})" for n in OVERVIEW_SECTIONS),
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
        "short": _content(to_typst(briefing.sections["In one sentence"], sources.records)),
        "action": _content(to_typst(briefing.sections["What to do"], sources.records)),
        "change": _content(to_typst(briefing.sections["What could change it"], sources.records)),
    }
    return f"({', '.join(f'{name}: {code}' for name, code in parts.items())})"
