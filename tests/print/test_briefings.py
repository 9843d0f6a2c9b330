"""Briefings: their words, their numbers, and what is said when something is missing."""

import io
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest

from analysis import settings
from analysis.errors import InputError
from analysis.print.briefings import SECTIONS, read_briefing, read_overview
from analysis.print.briefings_markup import divided, number_shown, to_typst
from analysis.print.briefings_pdf import Sources, briefing_pdf, overview_pdf
from analysis.report.citations import Work
from analysis.report.numbers import Record

pytestmark = pytest.mark.unit

FOLDER = settings.ROOT / "book" / "briefings"
FILES = sorted(FOLDER.glob("s*.md"))
ROLE = re.compile(r"\{number\}`([\w.]+)(?::\w+)?`")
PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="460pt" height="288pt" viewBox="0 0 460 288">'
    '<path d="M0 0 L460 288" stroke="black"/></svg>'
)


def a_record(name, **changes):
    """Return a record with this id, as long in print as they come."""
    fields = {
        "id": name,
        "label": f"The quantity that is called {name} in this test of what fits one page",
        "value": 123_000.0,
        "low": 95_000.0,
        "high": 170_000.0,
        "interval": settings.INTERVAL,
        "unit": "people",
        "text": "123,000 people (90% interval 95,000–170,000)",
        "value_text": "123,000 people",
        "low_text": "95,000 people",
        "high_text": "170,000 people",
        "interval_text": "95,000–170,000",
        "estimand": "Anything.",
        "grade": "assumed",
        "suggestion": 1,
        "page": "notebooks/any",
        "anchor": f"numbers.html#{name}",
        "mcse": None,
        "mcse_low": None,
        "mcse_high": None,
        "flip_point": None,
        "assumptions": (),
        "data_digest": {},
        "code_digest": "",
        "seed": 1,
        "version": "0.1.0",
    }
    return Record(**{**fields, **changes})


def ids_of(file):
    """Return every number that a file of words names."""
    text = file.read_text(encoding="utf-8")
    front = text.split("---\n")[1]
    return set(ROLE.findall(text)) | set(re.findall(r"\b(?:s\d\d|cv|ra)\.[\w.]+\w", front))


def sources(figures=(), ids=()):
    every = {name for file in FOLDER.glob("*.md") for name in ids_of(file)} | set(ids)
    names = {read_briefing(file).figure for file in FILES} | set(figures)
    names |= set(read_overview(FOLDER / "overview.md").figures)
    drawing = {
        "svg": PICTURE,
        "alt": "The line falls from left to right, as it should.",
        "caption": "A line.",
    }
    work = Work("Ten Suggestions, Tested", "The contributors", "2027", "https://example.org/")
    return Sources(
        {name: a_record(name) for name in every}, dict.fromkeys(names, drawing), work, "0.1.0"
    )


def read(pdf):
    return pypdf.PdfReader(io.BytesIO(pdf))


def printed_text(pdf):
    """Return the text of a document without its spaces, which readers of PDF guess."""
    return "".join("".join(page.extract_text() for page in read(pdf).pages).split())


def test_there_is_a_briefing_for_each_suggestion():
    assert [read_briefing(file).suggestion for file in FILES] == list(range(1, 11))
    assert [read_briefing(file).name for file in FILES] == [file.stem for file in FILES]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_words_hold_no_typed_result(file):
    """A figure with decimals, a share or a sum comes from a record; years and sizes may stand."""
    text = re.sub(
        r'\{number\}`[^`]*`|"[^"]*"|\(pp?\. [^)]*\)', "", file.read_text().split("---\n")[2]
    )
    assert not re.findall(r"[£$]\d|\d\.\d", text)
    assert set(re.findall(r"\d+%", text)) <= {"1%", "2%", "80%", "95%", "99%"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_briefing_is_one_tagged_page(file):
    briefing = read_briefing(file)
    pdf = briefing_pdf(briefing, sources())
    document = read(pdf)
    assert len(document.pages) == 1
    assert document.metadata["/Title"] == f"Suggestion {briefing.suggestion}: {briefing.title}"
    root = document.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]
    assert root["/Lang"].startswith("en")
    assert "https://example.org/numbers.html#" + briefing.headline in printed_text(pdf)
    for name in SECTIONS[1:]:
        assert name.replace(" ", "") in printed_text(pdf)


def test_the_overview_is_four_pages():
    briefings = [read_briefing(file) for file in FILES]
    pdf = overview_pdf(read_overview(FOLDER / "overview.md"), briefings, sources())
    assert len(read(pdf).pages) == 4
    text = printed_text(pdf).replace("’", "'")
    assert all(briefing.title.replace(" ", "") in text for briefing in briefings)


def test_the_same_records_give_the_same_bytes():
    briefing = read_briefing(FILES[0])
    assert briefing_pdf(briefing, sources()) == briefing_pdf(briefing, sources())


def test_a_verdict_is_shown_where_there_is_one():
    briefing = read_briefing(FILES[0])
    judged = replace(sources(), verdicts={1: ("supported with conditions", "A claim (p. 19)")})
    assert "supportedwithconditions,ontheclaim:Aclaim(p.19)" in printed_text(
        briefing_pdf(briefing, judged)
    )
    assert "supportedwithconditions" not in printed_text(briefing_pdf(briefing, sources()))


@pytest.mark.parametrize(
    ("lacking", "complaint"),
    [
        ("records", "number s07.* is not recorded in any notebook"),
        ("figures", "figure overspend-by-size is not recorded in any notebook"),
    ],
)
def test_what_is_missing_is_named_in_one_error(lacking, complaint):
    briefing = read_briefing(FOLDER / "s07.md")
    with pytest.raises(InputError, match=f"^book/briefings/s07.md: {complaint}"):
        briefing_pdf(briefing, replace(sources(), **{lacking: {}}))


def test_a_briefing_that_runs_over_its_page_is_refused():
    briefing = read_briefing(FILES[0])
    longer = replace(
        briefing, sections={**briefing.sections, "The answer": "Too many words. " * 400}
    )
    with pytest.raises(InputError, match=r"s01\.md: .*runs over its one page"):
        briefing_pdf(longer, sources())


@pytest.mark.parametrize("lost", ["headline", "figure", "numbers"])
def test_a_field_that_is_missing_is_named(tmp_path: Path, lost):
    copy = Path(shutil.copy(FILES[6], tmp_path))
    copy.write_text(copy.read_text().replace(f"\n{lost}:", "\nother:"))
    with pytest.raises(InputError, match=rf"s07\.md: its front matter lacks '{lost}'"):
        read_briefing(copy)


def test_a_section_that_is_missing_is_named(tmp_path: Path):
    copy = Path(shutil.copy(FILES[6], tmp_path))
    copy.write_text(copy.read_text().replace("## What to do", "## What to do instead"))
    with pytest.raises(InputError, match="no text under 'What to do'"):
        read_briefing(copy)


def test_text_of_a_record_is_printed_and_not_run():
    hostile = '#panic("x") *b* $y$ <z> @w // "q" \\ [ ]'
    harmless = sources()
    briefing = read_briefing(FILES[0])
    name = next(name for name, label in briefing.numbers.items() if not label)
    records = {**harmless.records, name: replace(harmless.records[name], label=hostile)}
    text = printed_text(briefing_pdf(briefing, replace(harmless, records=records)))
    assert "".join(hostile.split()) in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", '#"plain";'),
        ("*soft* **loud**", '#emph[#"soft";]#" ";#strong[#"loud";]'),
        ("{number}`a.b:value`", '#"123,000 people";'),
        ("- one\n- two", '#list([#"one";\n\n],[#"two";\n\n],)'),
        ("[here](https://example.org)", '#link("https://example.org")[#"here";]'),
        ('"q" #x', '#"“q” #x";'),
    ],
)
def test_markdown_becomes_typst(text, expected):
    assert to_typst(text, {"a.b": a_record("a.b")}) == expected


@pytest.mark.parametrize("text", ["`code`", "# Heading", "![x](y.png)", "{ref}`x`", "<b>x</b>"])
def test_what_a_briefing_cannot_hold_is_refused(text):
    with pytest.raises(InputError, match="a briefing"):
        to_typst(text, {})


def test_a_number_shows_what_is_asked_for():
    records = {"a.b": a_record("a.b")}
    assert number_shown("a.b", records) == "123,000 people (90% interval 95,000–170,000)"
    assert number_shown("a.b:interval", records) == "95,000–170,000"
    with pytest.raises(InputError, match="no 'size'"):
        number_shown("a.b:size", records)
    with pytest.raises(InputError, match=r"a\.c is not recorded"):
        number_shown("a.c", records)


def test_sections_are_divided_at_their_headings():
    assert divided("first\n\n## One\n\n1\n\n## Two\n2") == ("first", {"One": "1", "Two": "2"})
