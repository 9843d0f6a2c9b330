"""Sections that are made of HTML and still stand in Sphinx's table of contents."""

from docutils import nodes


def html_section(anchor: str, title: str, content: str) -> nodes.section:
    """Return a section with a heading, at an anchor of its own."""
    section = nodes.section(ids=[anchor], names=[title.lower()])
    section += nodes.title("", title)
    section += nodes.raw("", content, format="html")
    return section
