"""The documents to print that a site offers: briefings, their overview, and the whole book."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from analysis.files import write_atomically
from analysis.print.book_pdf import book_pdf
from analysis.print.briefings import OVERVIEW, read_briefing, read_overview
from analysis.print.briefings_pdf import Figure, Sources, briefing_pdf, overview_pdf
from analysis.print.places import Page
from analysis.publish.errors import BuildError
from analysis.publish.freshness import EXECUTED
from analysis.publish.products.finished import Finished
from analysis.publish.products.sitemap import site_address
from analysis.publish.project import Project
from analysis.publish.staging import pages_by_part
from analysis.report import provenance
from analysis.report.citations import Work, read_work
from analysis.report.claims.ledger import read_ledger
from analysis.report.claims.wording import claim_text, judgement_text, main_page
from analysis.report.figures import FIGURE_MIME
from analysis.report.numbers import Record, read_records

BRIEFINGS = "briefings"
"""Folder of `book/` with the words of the briefings, and of the site with their PDFs."""

BOOK = "ten-suggestions-tested.pdf"
"""Address of the whole book as one document."""

UNPRINTED = {"numbers", "status", "explorers", BRIEFINGS}
"""Pages left out of it: the numbers have a table at its end, the others need the site."""

FIRST_PART = "Introduction"
"""Heading of the pages before the first part of the table of contents."""


def documents(finished: Finished) -> None:
    """Put in the briefings, their overview and the whole book, where a book has briefings."""
    briefings = briefing_files(finished.project, finished.records)
    for name, content in briefings.items():
        write_atomically(finished.site / BRIEFINGS / name, content)
    if briefings:
        write_atomically(finished.site / BOOK, whole_book(finished))


def whole_book(finished: Finished) -> bytes:
    """Return the pages of a finished site as one PDF.

    Raises
    ------
    BuildError
        When a page holds what cannot be printed, or lacks a text for one of its pictures.
    """
    import typst

    try:
        return book_pdf(
            list(_pages(finished)),
            lambda file: (finished.site / file).read_bytes(),
            finished.records,
            work_of(finished.project),
            provenance.package_version(),
        )
    except typst.TypstError as error:
        # Its line is that of the document made, whose words say which page is meant.
        raise BuildError(f"{BOOK} cannot be made: {error.diagnostic}") from error


def _pages(finished: Finished) -> Iterator[Page]:
    """Yield the pages that can be printed, in the order of the table of contents."""
    last_part = ""
    for address, caption in pages_by_part(finished.project):
        part = caption or FIRST_PART
        if address not in UNPRINTED:
            html = (finished.site / f"{address}.html").read_text(encoding="utf-8")
            yield Page(address, html, part if part != last_part else "")
            last_part = part


def write_briefings(project: Project) -> list[Path]:
    """Make the briefings again from the chapters as last executed; return the files written.

    Raises
    ------
    BuildError
        When no chapter is executed yet, or there are no briefings.
    InputError
        When a number or figure that a briefing shows is not recorded.
    """
    records = read_records(*project.records_folders())
    if not records:
        raise BuildError("no number is recorded yet: run `make book` first.")
    briefings = briefing_files(project, records)
    if not briefings:
        raise BuildError("book/briefings/ holds no briefing: there is nothing to make.")
    for name, content in briefings.items():
        write_atomically(project.site / BRIEFINGS / name, content)
    return [project.site / BRIEFINGS / name for name in briefings]


def briefing_files(project: Project, records: Mapping[str, Record]) -> dict[str, bytes]:
    """Return every briefing of a book as PDF, by file name; none where it has no briefings.

    Parameters
    ----------
    project : Project
        Its notebooks executed.
    records : mapping of str to Record
        Every number, by id.
    """
    folder = project.book / BRIEFINGS
    files = sorted(folder.glob("s[0-9][0-9].md"))
    if not files:
        return {}
    figures = dict(recorded_figures(project))
    sources = Sources(
        records, figures, work_of(project), provenance.package_version(), _verdicts(records)
    )
    briefings = [read_briefing(file) for file in files]
    pdfs = {f"{briefing.name}.pdf": briefing_pdf(briefing, sources) for briefing in briefings}
    overview = folder / f"{OVERVIEW}.md"
    if overview.is_file():
        pdfs[f"{OVERVIEW}.pdf"] = overview_pdf(read_overview(overview), briefings, sources)
    return pdfs


def _verdicts(records: Mapping[str, Record]) -> dict[int, tuple[str, str]]:
    """Return the verdict of the claims ledger on each suggestion, with the claim it is about."""
    ledger = read_ledger(records)
    central = {
        int(str(answer["suggestion"])): ledger.row(str(answer["claim"]))
        for answer in ledger.answers
    }
    return {
        number: (
            row.verdict.value,
            f"{claim_text(row)} ({main_page(row)}). It {judgement_text(row)}",
        )
        for number, row in central.items()
    }


def recorded_figures(project: Project) -> Iterator[tuple[str, Figure]]:
    """Yield the name and content of every figure in the executed notebooks."""
    files = [project.executed / chapter.stem / EXECUTED for chapter in project.chapters()]
    for file in files:
        if not file.is_file():
            continue
        for cell in json.loads(file.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", ()):
                if figure := output.get("data", {}).get(FIGURE_MIME):
                    yield figure["name"], figure


def work_of(project: Project) -> Work:
    """Return what is cited, by the book's configuration."""
    config: dict[str, Any] = yaml.safe_load(project.config.read_text(encoding="utf-8"))
    site = site_address(project)
    return read_work(project.root, str(config["title"]), str(config["author"]), site)
