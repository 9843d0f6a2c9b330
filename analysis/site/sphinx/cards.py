"""The entries of all numbers on one page, and the pages of their cards.

The pages of cards have no source of their own: Sphinx writes them after the others, so that they
stand neither in the table of contents nor in the search, where the entries already are.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from analysis.evidence.assumptions import all_assumptions
from analysis.evidence.catalogue import descriptor, packages
from analysis.report.grades import suggestion_title
from analysis.report.numbers import Record, read_records
from analysis.report.releases import withdrawn
from analysis.site.cards import (
    CardLinks,
    card_html,
    cards_page,
    cards_page_html,
    citation_opening_html,
    entries_filter_html,
    entry_html,
    withdrawn_html,
)
from analysis.site.sphinx.citation import cited_work, note_citation_file
from analysis.site.sphinx.sections import html_section
from analysis.site.sphinx.staged import NUMBERS_PAGE, all_records, numbers_folder
from analysis.site.sphinx.what_moved import all_releases

ASSUMPTIONS_PAGE = "assumptions"
DATA_PAGE = "data"


class NumberCards(SphinxDirective):
    """The directive `number-cards`: an entry for every number, grouped by suggestion."""

    def run(self) -> list[nodes.Node]:
        """Return one section for each suggestion that has numbers, and one for withdrawn ones."""
        note_citation_file(self.env)
        records = all_records(self.env)
        entries = _entries_by_title(records)
        groups = [
            html_section(nodes.make_id(title), title, "\n".join(articles))
            for title, articles in entries.items()
        ]
        # A build makes all numbers of one version: another one makes every chapter run again.
        versions = sorted({record.version for record in records.values()})
        begins = [citation_opening_html(each, cited_work(self.env)) for each in versions[-1:]]
        content = _filtered(groups, entries_filter_html(entries) + "".join(begins))
        gone = withdrawn(all_releases(self.env), records)
        if gone:
            articles = "\n".join(withdrawn_html(version, number) for version, number in gone)
            content.append(html_section("withdrawn", "Withdrawn", articles))
        return content


def _entries_by_title(records: Mapping[str, Record]) -> dict[str, list[str]]:
    """Return the entries by heading: foundations first, then the suggestions in order."""
    entries: dict[str, list[str]] = {}
    for record in sorted(records.values(), key=lambda record: record.suggestion or 0):
        title = suggestion_title(record.suggestion)
        entries.setdefault(title, []).append(entry_html(record))
    return entries


def _filtered(groups: list[nodes.section], form: str) -> list[nodes.Node]:
    """Return groups of rows in the block that `filter-table.js` filters.

    Raw beside the sections and not around them, so that Sphinx still finds their headings.
    """
    content: list[nodes.Node] = [nodes.raw("", f"<div data-filter-table>{form}", format="html")]
    for group in groups:
        content += [nodes.raw("", "<div data-group>", format="html"), group]
        content += [nodes.raw("", "</div>", format="html")]
    return [*content, nodes.raw("", "</div>", format="html")]


def cards_pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Return the pages of cards, one a chapter, as Sphinx collects them."""
    env, builder = app.env, app.builder
    pages: dict[str, list[Record]] = {}
    for record in read_records(numbers_folder(env)).values():
        pages.setdefault(cards_page(record), []).append(record)
    work, rows = cited_work(env), all_assumptions()
    for page, records in sorted(pages.items()):
        links = _links(builder, env, page)
        chapter = records[0].page
        # A number recorded by hand, outside a build, has no chapter to link to.
        has_chapter = chapter in env.found_docs
        title = env.titles[chapter].astext() if has_chapter else chapter
        body = cards_page_html(
            title,
            [card_html(record, work, links, rows) for record in records],
            links.numbers,
            builder.get_relative_uri(page, chapter) if has_chapter else "",
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
    anchors = {anchor for section in sections for anchor in section["ids"]}
    by_title = {name: nodes.make_id(descriptor(name)["title"]) for name in packages()}
    return {name: f"{page}#{a}" if a in anchors else page for name, a in by_title.items()}


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive and the pages of cards with Sphinx."""
    app.add_directive("number-cards", NumberCards)
    app.connect("html-collect-pages", cards_pages)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}
