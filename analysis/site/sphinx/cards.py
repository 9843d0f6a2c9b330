"""The pages that Sphinx makes from all records: entries, cards, assumptions, citations.

The pages of cards have no source of their own: Sphinx writes them after the others, so that they
stand neither in the table of contents nor in the search, where the entries already are.
"""

from collections.abc import Iterator
from typing import Any, ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from analysis import settings
from analysis.evidence.catalogue import descriptor, packages, table
from analysis.report import provenance
from analysis.report.citations import (
    CITATION_FILE,
    Work,
    read_work,
    work_bibtex,
    work_citation,
    work_ris,
)
from analysis.report.grades import suggestion_title
from analysis.report.numbers import Record, read_records
from analysis.report.releases import (
    PACKAGE,
    Release,
    present_release,
    reasons_of,
    releases_of,
    withdrawn,
)
from analysis.site.assumption_list import (
    all_assumptions,
    assumptions_html,
    group_anchor,
    group_title,
    grouped,
)
from analysis.site.cards import (
    CardLinks,
    card_html,
    cards_page,
    cards_page_html,
    entries_filter_html,
    entry_html,
    withdrawn_html,
)
from analysis.site.moves_page import moves_html
from analysis.site.sphinx.numbers import INDEX_FILE, NUMBERS_PAGE, numbers_folder

ASSUMPTIONS_PAGE = "assumptions"
DATA_PAGE = "data"
ASSUMPTIONS_FILE = settings.DATA / "published" / "assumptions.csv"


def all_records(env: BuildEnvironment) -> dict[str, Record]:
    """Return every staged number, and have the page that asks read again when one moves."""
    env.note_dependency(str(numbers_folder(env) / INDEX_FILE))
    return read_records(numbers_folder(env))


def _work(env: BuildEnvironment) -> Work:
    config = env.config
    return read_work(settings.ROOT, config.html_title, config.author, config.html_baseurl or "")


def _releases(env: BuildEnvironment) -> list[Release]:
    for file in (settings.DATA / PACKAGE).glob("*.csv"):
        env.note_dependency(str(file))
    return releases_of(table(PACKAGE, "numbers"))


def _section(anchor: str, title: str, content: str) -> nodes.section:
    section = nodes.section(ids=[anchor], names=[title.lower()])
    section += nodes.title("", title)
    section += nodes.raw("", content, format="html")
    return section


def _filtered(groups: list[nodes.section], form: str) -> list[nodes.Node]:
    """Return groups of rows in the block that `filter-table.js` filters.

    Raw beside the sections and not around them, so that Sphinx still finds their headings.
    """
    found: list[nodes.Node] = [nodes.raw("", f"<div data-filter-table>{form}", format="html")]
    for group in groups:
        found += [nodes.raw("", "<div data-group>", format="html"), group]
        found += [nodes.raw("", "</div>", format="html")]
    return [*found, nodes.raw("", "</div>", format="html")]


class NumberCards(SphinxDirective):
    """The directive `number-cards`: an entry for every number, grouped by suggestion."""

    def run(self) -> list[nodes.Node]:
        """Return one section for each suggestion that has numbers."""
        self.env.note_dependency(str(settings.ROOT / CITATION_FILE))
        work, records = _work(self.env), all_records(self.env)
        entries: dict[tuple[int, str], list[str]] = {}
        for record in records.values():
            title = suggestion_title(record.suggestion)
            entries.setdefault((record.suggestion or 0, title), []).append(entry_html(record, work))
        groups = [
            _section(nodes.make_id(title), title, "\n".join(shown))
            for (_, title), shown in sorted(entries.items())
        ]
        shown = _filtered(groups, entries_filter_html([title for _, title in sorted(entries)]))
        gone = withdrawn(_releases(self.env), records)
        if gone:
            articles = "\n".join(withdrawn_html(*one) for one in gone)
            shown.append(_section("withdrawn", "Withdrawn", articles))
        return shown


class AssumptionList(SphinxDirective):
    """The directive `assumption-list`: every assumption with a range, grouped by suggestion."""

    def run(self) -> list[nodes.Node]:
        """Return one section for each suggestion, and for each foundation, that has some."""
        self.env.note_dependency(str(ASSUMPTIONS_FILE))
        records = all_records(self.env)
        # A page without numbers of its own may make assumptions too.
        places = sorted(self.env.found_docs) + [cards_page(record) for record in records.values()]
        pages = {place.rpartition("/")[2]: f"{place}.html" for place in places}
        return [
            _section(
                group_anchor(group), group_title(group), assumptions_html(rows, records, pages)
            )
            for group, rows in grouped(all_assumptions()).items()
        ]


class WhatMoved(SphinxDirective):
    """The directive `what-moved`: how the numbers differ from those of the last release."""

    def run(self) -> list[nodes.Node]:
        """Return what moved, came and went, or that there was no release."""
        now = present_release(all_records(self.env), provenance.package_version())
        reasons = reasons_of(table(PACKAGE, "reasons"))
        html = moves_html(_releases(self.env), now, reasons)
        return [nodes.raw("", html, format="html")]


class WorkCitation(SphinxDirective):
    """The directive `work-citation`: the whole work, as `text`, `bibtex` or `ris`."""

    required_arguments = 1
    forms: ClassVar[dict[str, Any]] = {
        "text": work_citation,
        "bibtex": work_bibtex,
        "ris": work_ris,
    }

    def run(self) -> list[nodes.Node]:
        """Return the citation as a block to copy."""
        self.env.note_dependency(str(settings.ROOT / CITATION_FILE))
        form = self.arguments[0]
        if form not in self.forms:
            raise self.error(f"work-citation: {form!r} must be one of {', '.join(self.forms)}.")
        text = self.forms[form](_work(self.env))
        return [nodes.literal_block(text, text, language="text", classes=["citation-of-work"])]


def cards_pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Return the pages of cards, one a chapter, as Sphinx collects them."""
    env, builder = app.env, app.builder
    pages: dict[str, list[Record]] = {}
    for record in read_records(numbers_folder(env)).values():
        pages.setdefault(cards_page(record), []).append(record)
    work, rows = _work(env), all_assumptions()
    for page, records in sorted(pages.items()):
        links = _links(builder, env, page)
        chapter = records[0].page
        # A number recorded by hand, outside a build, has no chapter to link to.
        known = chapter in env.found_docs
        title = env.titles[chapter].astext() if known else chapter
        body = cards_page_html(
            title,
            [card_html(record, work, links, rows) for record in records],
            links.numbers,
            builder.get_relative_uri(page, chapter) if known else "",
        )
        yield page, {"title": f"Numbers: {title}", "body": body}, "page.html"


def _links(builder: Builder, env: BuildEnvironment, page: str) -> CardLinks:
    def to(name: str) -> str:
        return builder.get_relative_uri(page, name) if name in env.found_docs else ""

    return CardLinks(
        numbers=builder.get_relative_uri(page, NUMBERS_PAGE),
        assumptions=to(ASSUMPTIONS_PAGE),
        data=_described(env, to(DATA_PAGE)) if to(DATA_PAGE) else {},
    )


def _described(env: BuildEnvironment, page: str) -> dict[str, str]:
    """Return where the page on data describes each package: under the package's title."""
    sections = env.get_doctree(DATA_PAGE).findall(nodes.section)
    places = {place for section in sections for place in section["ids"]}
    titles = {name: nodes.make_id(descriptor(name)["title"]) for name in packages()}
    return {name: f"{page}#{place}" if place in places else page for name, place in titles.items()}


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directives and the pages of cards with Sphinx."""
    app.add_directive("number-cards", NumberCards)
    app.add_directive("assumption-list", AssumptionList)
    app.add_directive("what-moved", WhatMoved)
    app.add_directive("work-citation", WorkCitation)
    app.connect("html-collect-pages", cards_pages)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}
