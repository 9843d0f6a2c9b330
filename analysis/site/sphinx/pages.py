"""What every page carries beside its text: a description of itself, and its version at the foot.

A preview card needs absolute addresses. Where the book is published is one setting,
`html_baseurl`; while it is empty, nothing is said that would need it.
"""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from analysis.report import provenance
from analysis.site.meta_tags import card_name, description, meta_tags
from analysis.site.sphinx.staged import status_of_pages

SHORTEST = 40
"""Characters below which a paragraph does not describe its page."""


def add_to_page(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Give a page its meta tags, and its template what stands at the foot."""
    context["book_version"] = provenance.package_version()
    context["run"] = status_of_pages(app.env).get(page)
    if doctree is None:
        return
    base = str(app.config.html_baseurl or "").rstrip("/")
    tags = meta_tags(
        title=next((title.astext() for title in doctree.findall(nodes.title)), page),
        site=app.config.html_title,
        text=description(_first_paragraph(doctree)),
        address=f"{base}/{app.builder.get_target_uri(page)}" if base else "",
        image=f"{base}/{card_name(page)}" if base else "",
    )
    context["metatags"] = str(context.get("metatags", "")) + tags


def _first_paragraph(doctree: nodes.document) -> str:
    """Return the first text of a page that says something."""
    texts = (
        paragraph.astext()
        for paragraph in doctree.findall(nodes.paragraph)
        if not isinstance(paragraph.parent, nodes.block_quote | nodes.legend | nodes.entry)
    )
    return next((text for text in texts if len(text) > SHORTEST), "")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("html-page-context", add_to_page)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
