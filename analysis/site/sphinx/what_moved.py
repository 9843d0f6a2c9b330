"""How numbers differ from a release: the directive `what-moved` and the role `released`."""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from analysis import settings
from analysis.errors import InputError
from analysis.evidence.catalogue import table
from analysis.report import provenance
from analysis.report.releases import (
    PACKAGE,
    Release,
    present_release,
    reasons_of,
    released_text,
    releases_of,
)
from analysis.site.moves_page import moves_html
from analysis.site.sphinx.staged import all_records

_logger = logging.getLogger(__name__)


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


class ReleasedRole(SphinxRole):
    """The role `released`: a number as a version published it, as `0.1.0 cv.k.rand`."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the text of that time, or a warning when there is no such version or number."""
        version, _, id = self.text.partition(" ")
        try:
            text = released_text(all_releases(self.env), version, id.strip())
        except InputError as problem:
            _logger.warning(str(problem), location=self.get_location(), type="number")
            return [nodes.problematic(self.rawtext, self.rawtext)], []
        return [nodes.inline(text, text, classes=["released-number"])], []


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.add_directive("what-moved", WhatMoved)
    app.add_role("released", ReleasedRole())
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
