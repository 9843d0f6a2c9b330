"""The directive `changelog`: the project's own list of changes."""

from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from analysis import settings

CHANGELOG = settings.ROOT / "CHANGELOG.md"


class Changelog(SphinxDirective):
    """The sections of the file, without its first heading, which the page has already."""

    def run(self) -> list[nodes.Node]:
        """Return the sections of the file."""
        self.env.note_dependency(str(CHANGELOG))
        lines = CHANGELOG.read_text(encoding="utf-8").splitlines()
        holder = nodes.Element()
        sections = StringList(lines[1:], str(CHANGELOG))
        self.state.nested_parse(sections, 0, holder, match_titles=True)
        return list(holder.children)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.add_directive("changelog", Changelog)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
