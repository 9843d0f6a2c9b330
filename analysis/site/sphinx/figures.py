"""Turn the output of `show_figure` and `show_table` into numbered figures and tables of the book.

MyST-NB finds `BookFigureRenderer` through the entry point in pyproject.toml and calls it for each
output while Sphinx reads a page.
"""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from myst_nb.core.render import MimeData, MimeRenderPlugin, NbElementRenderer
from sphinx.application import Sphinx
from sphinx.util.osutil import relative_uri

from analysis.files import write_if_changed
from analysis.report.figures import FIGURE_MIME
from analysis.report.tables import TABLE_MIME


class RecordedTable(nodes.figure):
    """A numbered table with its caption above."""


class BookFigureRenderer(MimeRenderPlugin):
    """Renders figure and table bundles as docutils nodes that can be referred to by number."""

    mime_priority_overrides: ClassVar[Sequence[tuple[str, str, int | None]]] = (
        ("*", FIGURE_MIME, 1),
        ("*", TABLE_MIME, 2),
    )

    @staticmethod
    def handle_mime(
        renderer: NbElementRenderer, data: MimeData, inline: bool
    ) -> list[nodes.Element] | None:
        """Return the nodes of one output; None when it is of another type, or within a line."""
        if inline or data.mime_type not in (FIGURE_MIME, TABLE_MIME):
            return None
        build = _figure if data.mime_type == FIGURE_MIME else _table
        return [build(renderer, dict(data.content), data.line or 0)]


def _figure(renderer: NbElementRenderer, content: dict[str, str], line: int) -> nodes.Element:
    name = content["name"]
    uri = renderer.write_file([f"{name}.svg"], content["svg"].encode(), overwrite=True)
    figure = nodes.figure(classes=["recorded-figure"])
    figure += nodes.image(uri=uri, alt=content["alt"])
    caption, rest = _parsed(renderer, content["caption"], line)
    figure += caption
    links = _data_link(renderer, "figures", name, content["csv"])
    figure += nodes.legend("", *rest, links)
    return _labelled(renderer, figure, name, line)


def _table(renderer: NbElementRenderer, content: dict[str, str], line: int) -> nodes.Element:
    name = content["name"]
    table = RecordedTable(classes=["recorded-table"])
    caption, rest = _parsed(renderer, content["caption"], line)
    # The scrolling container takes the keyboard's focus, or the right-hand columns of a wide
    # table could not be reached without a mouse.
    label = f'role="region" tabindex="0" aria-label="{escape(caption.astext())}"'
    # Sphinx opens the caption of a figure and leaves closing it to the end of the figure.
    html = (
        f'</figcaption><div class="table-scroll" {label}>'
        f'<table aria-label="{escape(caption.astext())}">{content["rows"]}</table></div>'
    )
    table += [caption, nodes.raw("", html, format="html"), *rest]
    if content.get("note"):
        note, more = _parsed(renderer, content["note"], line)
        paragraph = nodes.paragraph("", "", *note.children, classes=["table-note"])
        table += [paragraph, *more]
    table += _data_link(renderer, "tables", name, content["csv"])
    return _labelled(renderer, table, name, line)


def _parsed(
    renderer: NbElementRenderer, text: str, line: int
) -> tuple[nodes.caption, list[nodes.Node]]:
    """Parse MyST text; return its first paragraph as a caption, and what follows it."""
    page: Any = renderer.renderer
    holder = nodes.Element()
    with page.current_node_context(holder):
        page.nested_render_text(text, line)
    first, *rest = holder.children
    caption = nodes.caption("", "", *first.children)
    caption.source, caption.line = page.document["source"], line
    return caption, rest


def _data_link(renderer: NbElementRenderer, folder: str, name: str, csv: str) -> nodes.Element:
    """Write the CSV to a permanent address of the site, and return a link to it."""
    env: Any = renderer.renderer.sphinx_env
    address = f"_static/{folder}/{name}.csv"
    write_if_changed(Path(env.app.outdir) / address, csv)
    here = env.app.builder.get_target_uri(env.docname)
    html = (
        f'<a class="data-link" href="{escape(relative_uri(here, address))}" download>'
        f'Data (CSV)<span class="visually-hidden"> of {escape(name.replace("-", " "))}</span></a>'
    )
    return nodes.paragraph("", "", nodes.raw("", html, format="html"), classes=["data-line"])


def _labelled(
    renderer: NbElementRenderer, node: nodes.Element, name: str, line: int
) -> nodes.Element:
    """Give the node its label, so that `numref` finds it from every page."""
    document = renderer.renderer.document
    node.source, node.line = document["source"], line
    node["names"].append(nodes.fully_normalize_name(name))
    document.note_explicit_target(node, node)
    return node


def visit_table(translator: Any, node: nodes.Element) -> None:  # noqa: ANN401 - Sphinx's writer
    """Open a recorded table; its caption, rows and links are its children."""
    translator.body.append(translator.starttag(node, "figure"))


def depart_table(translator: Any, node: nodes.Element) -> None:  # noqa: ANN401 - Sphinx's writer
    """Close a recorded table."""
    translator.body.append("</figure>\n")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the node of tables with Sphinx; MyST-NB finds the renderer by itself."""
    app.add_enumerable_node(RecordedTable, "table", html=(visit_table, depart_table))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
