"""The directive `assumption-list`: every assumption with a range, grouped by suggestion."""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from analysis import settings
from analysis.evidence.assumptions import all_assumptions
from analysis.site.assumption_list import (
    assumptions_html,
    group_anchor,
    group_title,
    grouped,
)
from analysis.site.cards import cards_page
from analysis.site.sphinx.sections import html_section
from analysis.site.sphinx.staged import all_records

ASSUMPTIONS_FILE = settings.DATA / "published" / "assumptions.csv"


class AssumptionList(SphinxDirective):
    """One section for each suggestion, and for each foundation, that has assumptions."""

    def run(self) -> list[nodes.Node]:
        """Return the sections."""
        self.env.note_dependency(str(ASSUMPTIONS_FILE))
        records = all_records(self.env)
        # A page without numbers of its own may make assumptions too.
        places = sorted(self.env.found_docs) + [cards_page(record) for record in records.values()]
        pages = {place.rpartition("/")[2]: f"{place}.html" for place in places}
        return [
            html_section(
                group_anchor(group), group_title(group), assumptions_html(rows, records, pages)
            )
            for group, rows in grouped(all_assumptions()).items()
        ]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.add_directive("assumption-list", AssumptionList)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
