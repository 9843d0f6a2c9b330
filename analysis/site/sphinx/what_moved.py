"""The directive `what-moved`: how the numbers differ from those of the last release."""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from analysis import settings
from analysis.evidence.catalogue import table
from analysis.report import provenance
from analysis.report.releases import PACKAGE, Release, present_release, reasons_of, releases_of
from analysis.site.moves_page import moves_html
from analysis.site.sphinx.staged import all_records


def all_releases(env: BuildEnvironment) -> list[Release]:
    """Return every release, and have the page that asks read again when one is added."""
    for file in (settings.DATA / PACKAGE).glob("*.csv"):
        env.note_dependency(str(file))
    return releases_of(table(PACKAGE, "numbers"))


class WhatMoved(SphinxDirective):
    """What moved, came and went, or that there was no release."""

    def run(self) -> list[nodes.Node]:
        """Return what moved, came and went, or that there was no release."""
        now = present_release(all_records(self.env), provenance.package_version())
        reasons = reasons_of(table(PACKAGE, "reasons"))
        html = moves_html(all_releases(self.env), now, reasons)
        return [nodes.raw("", html, format="html")]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.add_directive("what-moved", WhatMoved)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
