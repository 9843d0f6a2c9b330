"""The whole book as one document to print: every page of the site, and all numbers at its end."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence

from analysis.errors import InputError
from analysis.print.page_printer import Printer
from analysis.print.pandoc_tree import Node, raw
from analysis.print.pdf import pdf_bytes
from analysis.print.places import NUMBER_PLACE, Page, Places, find_places, number_places
from analysis.print.printable_html import article
from analysis.print.typst_text import printable_signs, templates, typst_string, typst_text
from analysis.report.citations import Work
from analysis.report.grades import GRADE_MEANINGS, suggestion_title
from analysis.report.numbers import Record

TEMPLATE = "book.typ"


def book_pdf(
    pages: Sequence[Page],
    drawing: Callable[[str], bytes],
    records: Mapping[str, Record],
    work: Work,
    version: str,
) -> bytes:
    """Return the whole book as a tagged PDF, with outline and table of contents.

    Parameters
    ----------
    pages : sequence of Page
        The finished pages of the site, in their order.
    drawing : callable
        From the address of a picture of the site to its content.
    records : mapping of str to Record
        Every number, by id.
    work : Work
        What is cited: this book.
    version : str
        Version of the book.
    """
    places = Places(targets=number_places(list(records)))
    body = _body(pages, places)
    opening = {
        "title": work.title,
        "author": work.author,
        "version": version,
        "address": work.site,
    }
    arguments = ", ".join(f"{name}: {typst_string(value)}" for name, value in opening.items())
    grades = "".join(
        f"({typst_string(name)}, {typst_string(meaning)}), "
        for name, meaning in GRADE_MEANINGS.items()
    )
    text = (
        f'#import "base.typ": *\n#import "{TEMPLATE}": *\n'
        f"#show: book.with({arguments}, grades: ({grades}))\n\n{body}\n\n{_appendix(records)}"
    )
    pictures = {file: places.drawn.get(file) or drawing(file) for file in sorted(places.drawings)}
    return pdf_bytes(text, {**templates(TEMPLATE), **pictures})


def _body(pages: Sequence[Page], places: Places) -> str:
    """Return the pages as Typst's markup."""
    import pypandoc

    html = "\n".join(
        f'<div id="page-{at}">{article(page, places)}</div>' for at, page in enumerate(pages)
    )
    document = json.loads(pypandoc.convert_text(html, "json", format="html"))
    trees = _by_page(document["blocks"])
    if len(trees) != len(pages):
        raise InputError("a page of the site does not close what it opens: its HTML is malformed.")
    for page, tree in zip(pages, trees, strict=True):
        find_places(page, tree, places)
    blocks: list[Node] = []
    for page, tree in zip(pages, trees, strict=True):
        blocks += [
            raw("#pagebreak(weak: true)"),
            *_part(page),
            *Printer(page, places).printed(tree),
        ]
    printed = json.dumps({**document, "blocks": blocks})
    typst = pypandoc.convert_text(printed, "typst", format="json", extra_args=["--wrap=none"])
    return printable_signs(str(typst))


def _by_page(blocks: Iterable[Node]) -> list[list[Node]]:
    """Return the content of each page, which stands in a division of its own."""
    return [
        node["c"][1]
        for node in blocks
        if node["t"] == "Div" and node["c"][0][0].startswith("page-")
    ]


def _part(page: Page) -> list[Node]:
    return [raw(f"#part({typst_string(page.part)})")] if page.part else []


def _appendix(records: Mapping[str, Record]) -> str:
    """Return every number as tables, one for each suggestion."""
    groups: dict[int, list[Record]] = {}
    for record in records.values():
        groups.setdefault(record.suggestion or 0, []).append(record)
    tables = (
        f"#number-table({typst_string(suggestion_title(number or None))}, "
        f"({''.join(map(_row, group))}))"
        for number, group in sorted(groups.items())
    )
    return "#pagebreak(weak: true)\n#all-numbers-heading\n" + "\n".join(tables)


def _row(record: Record) -> str:
    words = {"label": record.label, "shown": record.text, "grade": record.grade}
    cells = [f"{name}: [{typst_text(value)}]" for name, value in words.items()]
    place = number_places([record.id])[NUMBER_PLACE, record.id]
    cells += [f"id: {typst_string(record.id)}", f"place: {typst_string(place)}"]
    return f"({', '.join(cells)}), "
