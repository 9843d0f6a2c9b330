"""What every page carries beside its text: a description of itself, and its version at the foot.

Also the directives of two pages, the changelog and *Rerun it*.

A preview card needs absolute addresses. Where the book is published is one setting,
`html_baseurl`; while it is empty, nothing is said that would need it.
"""

import json
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from analysis import settings
from analysis.report import provenance
from analysis.site.previews import binder_address, card_name, description, meta_tags
from analysis.site.status import STATUS_FILE

CHANGELOG = settings.ROOT / "CHANGELOG.md"


def status_of(env: BuildEnvironment) -> dict[str, dict[str, Any]]:
    """Return how each chapter ran, by page; empty when the build has staged no status."""
    file = Path(env.srcdir) / STATUS_FILE
    rows = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else []
    return {f"notebooks/{row['notebook']}": row for row in rows}


def pages_with_another_run(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Return chapters that ran again: their feet are to be written anew."""
    before, now = getattr(env, "tensuggestions_status", {}), status_of(env)
    env.tensuggestions_status = now  # type: ignore[attr-defined]
    return [page for page, row in now.items() if before.get(page) != row and page in env.found_docs]


def add_to_page(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Give a page its meta tags, and its template what stands at the foot."""
    context["book_version"] = provenance.package_version()
    context["run"] = status_of(app.env).get(page)
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
    found = (
        paragraph.astext()
        for paragraph in doctree.findall(nodes.paragraph)
        if not isinstance(paragraph.parent, nodes.block_quote | nodes.legend | nodes.entry)
    )
    return next((text for text in found if len(text) > 40), "")


class Changelog(SphinxDirective):
    """The directive `changelog`: the project's own list of changes, its first heading left out."""

    option_spec: ClassVar[dict[str, Any]] = {}

    def run(self) -> list[nodes.Node]:
        """Return the sections of the file."""
        self.env.note_dependency(str(CHANGELOG))
        lines = CHANGELOG.read_text(encoding="utf-8").splitlines()
        holder = nodes.Element()
        shown = StringList(lines[1:], str(CHANGELOG))
        self.state.nested_parse(shown, 0, holder, match_titles=True)
        return list(holder.children)


class BinderLink(SphinxDirective):
    """The directive `binder-link`: where the book runs on Binder, once its repository is known."""

    option_spec: ClassVar[dict[str, Any]] = {}

    def run(self) -> list[nodes.Node]:
        """Return the link, or a sentence saying why there is none."""
        repository = str(self.config.html_theme_options.get("repository_url") or "")
        address = binder_address(repository)
        if not address:
            said = "This copy of the site names no public repository, so it has no link to Binder."
            return [nodes.paragraph("", said)]
        link = nodes.reference("", "Open the book on Binder", refuri=address, internal=False)
        return [nodes.paragraph("", "", link, nodes.Text(", a free service of others."))]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.add_directive("changelog", Changelog)
    app.add_directive("binder-link", BinderLink)
    app.connect("env-get-outdated", pages_with_another_run)
    app.connect("html-page-context", add_to_page)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
