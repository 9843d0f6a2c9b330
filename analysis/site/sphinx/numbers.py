"""The Sphinx side of published numbers: a role for prose, and what their grades mean.

A page that uses a number depends on that number's file, so an incremental build rewrites the
page when the number moves. A number that does not exist is a warning, and the book is built
with warnings as errors.
"""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from analysis.errors import InputError
from analysis.report.number_role import not_recorded, role_target
from analysis.report.numbers import Record
from analysis.settings import INTERVAL_WORDS
from analysis.site.cards import cards_page, grade_legend_html
from analysis.site.sphinx.staged import numbers_folder

_logger = logging.getLogger(__name__)


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
        id, field = role_target(self.text)
        file = numbers_folder(self.env) / f"{id}.json"
        # Noted even when missing: the page is read again once the number exists.
        self.env.note_dependency(str(file))
        if not file.is_file():
            raise not_recorded(id)
        return Record.from_json(file.read_text(encoding="utf-8")), field

    def _reference(self, record: Record, field: str) -> nodes.reference:
        builder: Any = self.env.app.builder
        page = builder.get_relative_uri(self.env.docname, cards_page(record))
        title = f"{record.label} ({record.grade})"
        return nodes.reference(
            "",
            "",
            *_quiet_interval(getattr(record, field)),
            refuri=f"{page}#{record.id}",
            internal=True,
            classes=["number"],
            reftitle=title,
        )


def _quiet_interval(text: str) -> list[nodes.Node]:
    """Return a number with its interval set apart: a range for the eye, its name for the ear."""
    value, words, interval = text.partition(f" ({INTERVAL_WORDS} ")
    if not words:
        return [nodes.Text(text)]
    quiet = nodes.inline(classes=["interval"])
    quiet += [
        nodes.Text(" ("),
        nodes.inline("", f"{INTERVAL_WORDS} ", classes=["visually-hidden"]),
        nodes.Text(interval),
    ]
    return [nodes.Text(value), quiet]


class GradeLegend(SphinxDirective):
    """The directive `grade-legend`: what the three evidence grades mean."""

    def run(self) -> list[nodes.Node]:
        """Return the list of definitions."""
        return [nodes.raw("", grade_legend_html(), format="html")]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the role and the directive with Sphinx."""
    app.add_role("number", NumberRole())
    app.add_directive("grade-legend", GradeLegend)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
