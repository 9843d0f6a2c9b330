"""The Sphinx side of the glossary: the first use of each term on a page shows its meaning.

Without scripts or style sheets a marked term is a link to its entry. With the style sheet the
meaning appears beside it when it is pointed at or has the focus, and `terms.js` lets Escape put
it away and a finger call it up.
"""

from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from analysis.site.glossary import Finder, Term, first_uses, read_terms

GLOSSARY = "glossary"
"""The page of all terms; without it a book has none."""

NOT_RUNNING_TEXT = (
    nodes.title,
    nodes.caption,
    nodes.legend,
    nodes.table,
    nodes.reference,
    nodes.literal,
    nodes.literal_block,
    nodes.raw,
    nodes.math,
    nodes.math_block,
    nodes.term,
    nodes.comment,
    nodes.footnote,
    nodes.problematic,
    addnodes.download_reference,
)
"""Where no term is marked: it is a name there, or the reader is looking something up."""


class MarkedTerm(nodes.inline):
    """A term with its meaning; its text is the word as the page has it."""


def mark_terms(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Mark the first use of each term in the running text of a page with resolved references."""
    source = Path(app.srcdir) / f"{GLOSSARY}.md"
    if app.builder.format != "html" or page == GLOSSARY or not source.is_file():
        return
    texts = [text for text in doctree.findall(nodes.Text) if is_running(text)]
    finder = Finder([term for term in read_terms(source) if page not in _elsewhere(app, term)])
    for text, uses in zip(texts, first_uses([t.astext() for t in texts], finder), strict=True):
        if uses:
            _replace(app, page, text, uses)


def _elsewhere(app: Sphinx, term: Term) -> list[str]:
    """Return the pages on which the term has another meaning."""
    pages: list[str] = app.config.glossary_other_meaning.get(term.names[0], [])
    return pages


def is_running(text: nodes.Text) -> bool:
    """Return whether a text of a page belongs to running text, where a term may be marked."""
    node: Any = text.parent
    while node is not None:
        if isinstance(node, NOT_RUNNING_TEXT):
            return False
        node = node.parent
    return True


def _replace(app: Sphinx, page: str, text: nodes.Text, uses: list[tuple[int, int, Term]]) -> None:
    words, parts, end = text.astext(), [], 0
    for start, stop, term in uses:
        marked = MarkedTerm("", words[start:stop], meaning=term.definition)
        marked["address"] = _address(app, page, term)
        parts += [nodes.Text(words[end:start]), marked]
        end = stop
    parts.append(nodes.Text(words[end:]))
    text.parent.replace(text, [part for part in parts if part.astext()])


def _address(app: Sphinx, page: str, term: Term) -> str:
    """Return where the entry of a term is, as seen from a page."""
    entries: Any = app.env.get_domain("std")
    glossary, entry = entries.objects["term", term.names[0]]
    return f"{app.builder.get_relative_uri(page, glossary)}#{entry}"


def visit_term(translator: Any, node: nodes.Element) -> None:  # noqa: ANN401 - Sphinx's writer
    """Write a marked term: a link to its entry, and its meaning beside it."""
    name = "meaning-" + node["address"].partition("#term-")[2]
    translator.body.append(
        f'<span class="term"><a class="term-word" href="{escape(node["address"])}" '
        f'aria-describedby="{escape(name)}">{escape(node.astext())}</a>'
        f'<span class="term-meaning screen-only" role="tooltip" id="{escape(name)}">'
        f"{escape(node['meaning'])}</span></span>"
    )
    raise nodes.SkipNode


def note_glossary(app: Sphinx, doctree: nodes.document) -> None:
    """Let the page that was read depend on the glossary: a changed meaning writes it anew."""
    source = Path(app.srcdir) / f"{GLOSSARY}.md"
    if source.is_file():
        app.env.note_dependency(str(source))


def write_terms_again(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Have the page of terms written with any other page.

    Sphinx forgets the terms of pages that it does not write, and the site's search with it.
    """
    return [GLOSSARY] if GLOSSARY in env.found_docs else []


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the marking of terms with Sphinx."""
    app.add_config_value("glossary_other_meaning", {}, "env", types=(dict,))
    app.add_node(MarkedTerm, html=(visit_term, None))
    app.connect("doctree-read", note_glossary)
    app.connect("doctree-resolved", mark_terms)
    app.connect("env-updated", write_terms_again)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
