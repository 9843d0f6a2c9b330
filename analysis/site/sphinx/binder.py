"""The directive `binder-link`: where the book runs on Binder, once its repository is known."""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from analysis.site.binder import binder_address


class BinderLink(SphinxDirective):
    """A link, or a sentence saying why there is none."""

    def run(self) -> list[nodes.Node]:
        """Return the link, or a sentence saying why there is none."""
        repository = str(self.config.html_theme_options.get("repository_url") or "")
        address = binder_address(repository)
        if not address:
            text = "This copy of the site names no public repository, so it has no link to Binder."
            return [nodes.paragraph("", text)]
        link = nodes.reference("", "Open the book on Binder", refuri=address, internal=False)
        return [nodes.paragraph("", "", link, nodes.Text(", a free service of others."))]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.add_directive("binder-link", BinderLink)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
