"""The Sphinx side of published numbers: a role for prose, and what several pages share.

A page that uses a number depends on that number's file, so an incremental build rewrites the
page when the number moves. A number that does not exist is a warning, and the book is built
with warnings as errors.
"""

import hashlib
import json
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from analysis.errors import InputError
from analysis.report.number_role import not_recorded, role_target
from analysis.report.numbers import Record
from analysis.site.cards import legend_html
from analysis.site.sphinx.figures import RecordedTable
from analysis.site.status import STATUS_FILE, status_html

NUMBERS_FOLDER = "_numbers"
"""Folder of the staged sources that holds one JSON file for each number."""

INDEX_FILE = "_index.json"
"""File in that folder that changes whenever any number does."""

NUMBERS_PAGE = "numbers"
"""The page of all number cards."""

_logger = logging.getLogger(__name__)


def numbers_folder(env: BuildEnvironment) -> Path:
    """Return the folder of the staged sources that holds the numbers."""
    return Path(env.srcdir) / NUMBERS_FOLDER


class NumberRole(SphinxRole):
    """The role `number`: the published text of one number, linked to its card."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the reference, or a warning when there is no such number or variant."""
        try:
            return [self._reference(*self._record_and_field())], []
        except InputError as problem:
            _logger.warning(str(problem), location=self.get_location(), type="number")
            return [nodes.problematic(self.rawtext, self.rawtext)], []

    def _record_and_field(self) -> tuple[Record, str]:
        name, field = role_target(self.text)
        file = numbers_folder(self.env) / f"{name}.json"
        # Noted even when missing: the page is read again once the number exists.
        self.env.note_dependency(str(file))
        if not file.is_file():
            raise not_recorded(name)
        return Record.from_json(file.read_text(encoding="utf-8")), field

    def _reference(self, record: Record, field: str) -> nodes.reference:
        builder: Any = self.env.app.builder
        page = builder.get_relative_uri(self.env.docname, NUMBERS_PAGE)
        title = f"{record.label} ({record.grade})"
        return nodes.reference(
            "",
            getattr(record, field),
            refuri=f"{page}#{record.id}",
            internal=True,
            classes=["number"],
            reftitle=title,
        )


class GradeLegend(SphinxDirective):
    """The directive `grade-legend`: what the three evidence grades mean."""

    def run(self) -> list[nodes.Node]:
        """Return the list of definitions."""
        return [nodes.raw("", legend_html(), format="html")]


class BuildStatus(SphinxDirective):
    """The directive `build-status`: how each notebook ran, and what it depends on."""

    option_spec: ClassVar[dict[str, Any]] = {}

    def run(self) -> list[nodes.Node]:
        """Return the table, from the file the build has staged."""
        file = Path(self.env.srcdir) / STATUS_FILE
        self.env.note_dependency(str(file))
        if not file.is_file():
            message = f"{STATUS_FILE} is missing: build the book with `python -m analysis book`."
            _logger.warning(message, location=self.get_location(), type="number")
            return []
        rows = json.loads(file.read_text(encoding="utf-8"))
        return [nodes.raw("", status_html(rows), format="html")]


def visit_table(translator: Any, node: nodes.Element) -> None:  # noqa: ANN401 - Sphinx's writer
    """Open a recorded table; its caption, rows and links are its children."""
    translator.body.append(translator.starttag(node, "figure"))


def depart_table(translator: Any, node: nodes.Element) -> None:  # noqa: ANN401 - Sphinx's writer
    """Close a recorded table."""
    translator.body.append("</figure>\n")


def _digest_of_files(*folders: Path) -> str:
    files = [f for folder in folders for f in sorted(folder.rglob("*")) if f.is_file()]
    kept = [file for file in files if file.suffix != ".pyc"]
    return hashlib.sha256(b"".join(file.read_bytes() for file in kept)).hexdigest()


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the role, the directives and the table node with Sphinx."""
    app.add_role("number", NumberRole())
    app.add_directive("grade-legend", GradeLegend)
    app.add_directive("build-status", BuildStatus)
    app.add_enumerable_node(RecordedTable, "table", html=(visit_table, depart_table))
    # Sphinx looks at pages alone: it would keep them when this room's code changes, and not even
    # copy a changed style sheet. Configuration values say which files to read or write again.
    code, theme = Path(__file__).parent, [Path(app.srcdir) / n for n in ("_static", "_templates")]
    app.add_config_value("tensuggestions_code", _digest_of_files(code), "env", types=(str,))
    app.add_config_value("tensuggestions_theme", _digest_of_files(*theme), "html", types=(str,))
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}
