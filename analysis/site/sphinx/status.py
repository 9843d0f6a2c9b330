"""The directive `build-status`, and the chapters whose feet must be written anew."""

import json
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from analysis.site.sphinx.staged import status_file, status_of_pages
from analysis.site.status import status_html

_logger = logging.getLogger(__name__)


class BuildStatus(SphinxDirective):
    """The directive `build-status`: how each notebook ran, and what it depends on."""

    def run(self) -> list[nodes.Node]:
        """Return the table, from the file the build has staged."""
        file = status_file(self.env)
        self.env.note_dependency(str(file))
        if not file.is_file():
            message = f"{file.name} is missing: build the book with `python -m analysis book`."
            _logger.warning(message, location=self.get_location(), type="number")
            return []
        rows = json.loads(file.read_text(encoding="utf-8"))
        return [nodes.raw("", status_html(rows), format="html")]


def pages_with_another_run(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Return chapters that ran again: their feet are to be written anew."""
    before, now = getattr(env, "tensuggestions_status", {}), status_of_pages(env)
    env.tensuggestions_status = now  # type: ignore[attr-defined]
    return [page for page, row in now.items() if before.get(page) != row and page in env.found_docs]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.add_directive("build-status", BuildStatus)
    app.connect("env-get-outdated", pages_with_another_run)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
