"""The directive `work-citation`, and what this book is cited as."""

from typing import Any, ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from analysis import settings
from analysis.report.citations import (
    CITATION_FILE,
    Work,
    read_work,
    work_bibtex,
    work_citation,
    work_ris,
)


def cited_work(env: BuildEnvironment) -> Work:
    """Return what is cited: this book, by its configuration and its citation file."""
    config = env.config
    return read_work(settings.ROOT, config.html_title, config.author, config.html_baseurl or "")


def note_citation_file(env: BuildEnvironment) -> None:
    """Have the page that is being read depend on the citation file."""
    env.note_dependency(str(settings.ROOT / CITATION_FILE))


class WorkCitation(SphinxDirective):
    """The directive `work-citation`: the whole work, as `text`, `bibtex` or `ris`."""

    required_arguments = 1
    forms: ClassVar[dict[str, Any]] = {
        "text": work_citation,
        "bibtex": work_bibtex,
        "ris": work_ris,
    }

    def run(self) -> list[nodes.Node]:
        """Return the citation as a block to copy."""
        note_citation_file(self.env)
        form = self.arguments[0]
        if form not in self.forms:
            raise self.error(f"work-citation: {form!r} must be one of {', '.join(self.forms)}.")
        text = self.forms[form](cited_work(self.env))
        return [nodes.literal_block(text, text, language="text", classes=["citation-of-work"])]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.add_directive("work-citation", WorkCitation)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
