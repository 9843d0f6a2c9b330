"""A small report as parts that know nothing of their form, written as one HTML file or as PDF.

Both forms print the same parts, so they cannot say different numbers. Text is text: what a user's
file says is escaped in both.
"""

import warnings
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from analysis.print.pdf import pdf_bytes
from analysis.print.typst_text import templates, typst_string, typst_text
from analysis.report.figures import FigureBundle, show_figure
from analysis.report.markup import environment

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Paragraph:
    """One paragraph; ``lead`` for the sentence that answers the question."""

    text: str
    lead: bool = False
    kind: str = "paragraph"


@dataclass(frozen=True)
class Points:
    """A list of sentences."""

    items: tuple[str, ...]
    kind: str = "points"


@dataclass(frozen=True)
class Grid:
    """A table of text: the first column heads its rows."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    kind: str = "grid"


@dataclass(frozen=True)
class Exhibit:
    """A figure: its table, the drawing, its caption, and the text that states its finding."""

    table: pd.DataFrame
    bundle: FigureBundle
    kind: str = "exhibit"

    @property
    def address(self) -> str:
        """The drawing inside an address: as an image nothing in it can act on the page."""
        return f"data:image/svg+xml;base64,{b64encode(self.bundle.svg.encode()).decode()}"


type Part = Paragraph | Points | Grid | Exhibit


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it; in print it may begin a page."""

    heading: str
    parts: tuple[Part, ...]
    new_page: bool = False


@dataclass(frozen=True)
class Report:
    """A whole report.

    Attributes
    ----------
    numbers : dict
        What it says, for machines: values that JSON can hold.
    """

    title: str
    subtitle: str
    sections: tuple[Section, ...]
    numbers: dict[str, object]

    @property
    def first_page(self) -> tuple[Section, ...]:
        """The sections before the first that begins a page."""
        return tuple(takewhile(lambda section: not section.new_page, self.sections))


def sentences(section: Section) -> list[str]:
    """Return the sentences of a section, without its tables and figures."""
    told: list[str] = []
    for part in section.parts:
        match part:
            case Paragraph(text=text):
                told.append(text)
            case Points(items=items):
                told += items
    return told


def grid(
    caption: str, headings: Sequence[str], rows: Sequence[Sequence[str]], note: str = ""
) -> Grid:
    """Return a table of text."""
    return Grid(caption, tuple(headings), tuple(tuple(row) for row in rows), note)


@contextmanager
def quietly() -> Iterator[None]:
    """Draw labels of a reader's, which may hold signs that the font of the figure lacks."""
    with warnings.catch_warnings():
        # The alternative text and the data of the figure have every sign.
        warnings.filterwarnings("ignore", "Glyph .* missing")
        yield


def plainly(labels: pd.Series | Sequence[object], most: int = 40) -> list[str]:
    """Return labels that matplotlib shows as they are: a dollar sign would begin a formula.

    Parameters
    ----------
    most : int
        Letters of one label.
    """
    return [str(label)[:most].replace("$", r"\$") for label in labels]


def exhibit(fig: Figure, name: str, caption: str, alt: str, table: pd.DataFrame) -> Exhibit:
    """Return a figure as a part of the report.

    Parameters
    ----------
    name : str
        Of the book's figure that it repeats.
    """
    with quietly():
        bundle = show_figure(fig, name=name, caption=caption, alt=alt, data=table, raster=False)
    return Exhibit(table, bundle)


def report_html(report: Report) -> str:
    """Return a report as one HTML file without scripts that needs nothing beside it."""
    return environment(TEMPLATES).get_template("people.html.jinja").render(report=report)


def report_pdf(report: Report) -> bytes:
    """Return a report as tagged PDF."""
    files = templates()
    title = typst_string(report.title)
    lines = [
        '#import "base.typ": *',
        f"#show: quiet-document.with(title: {title}, description: {typst_string(report.subtitle)})",
        f"#set page(footer: page-foot({typst_string(report.title)}))",
        "#set figure(placement: none)",
        "#show figure: set block(breakable: false)",
        f"= {typst_text(report.title)}",
        f"#kicker({typst_string(report.subtitle)})",
    ]
    for section in report.sections:
        lines += ["#pagebreak()"] * section.new_page
        lines.append(f"== {typst_text(section.heading)}")
        lines += [_typst(part, files) for part in section.parts]
    return pdf_bytes("\n\n".join(lines), files)


def _typst(part: Part, files: dict[str, bytes]) -> str:
    match part:
        case Paragraph(text=text, lead=lead):
            return f"#text(size: 1.15em, {typst_string(text)})" if lead else typst_text(text)
        case Points(items=items):
            return "\n".join(f"- {typst_text(item)}" for item in items)
        case Grid():
            return _typst_grid(part)
        case Exhibit(bundle=bundle):
            name = f"{bundle.name}.svg"
            files[name] = bundle.svg.encode()
            files[f"{bundle.name}.csv"] = bundle.csv.encode()
            drawn = f"drawing({typst_string(name)}, {typst_string(bundle.alt)}, width: 86%)"
            caption = typst_string(bundle.caption)
            return f"#figure({drawn}, caption: {caption})\n{_attached(bundle)}"


def _attached(bundle: FigureBundle) -> str:
    """The data of a figure, as a file inside the PDF."""
    name, about = typst_string(f"{bundle.name}.csv"), typst_string(f"Data of {bundle.name}")
    kind = 'mime-type: "text/csv", relationship: "data"'
    return f"#pdf.attach({name}, {kind}, description: {about})"


def _typst_grid(part: Grid) -> str:
    align = f"({', '.join(['left', *['right'] * (len(part.headings) - 1)])},)"
    heads = ", ".join(f"strong({typst_string(heading)})" for heading in part.headings)
    cells = [f"  {', '.join(typst_string(cell) for cell in row)}," for row in part.rows]
    note = f"\n\n#kicker({typst_string(part.note)})" if part.note else ""
    return (
        "#{\nshow figure: set block(breakable: true)\nset figure.caption(position: top)\n"
        f"figure(caption: {typst_string(part.caption)}, kind: table, table(\n"
        f"  columns: {len(part.headings)}, align: {align}, table.header({heads}),\n"
        "  table.hline(stroke: hairline),\n" + "\n".join(cells) + "\n))\n}" + note
    )
