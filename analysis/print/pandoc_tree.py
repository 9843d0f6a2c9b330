"""Pandoc's tree of a document: walking it, and the little that is asked of its elements."""

from collections.abc import Iterator
from typing import Any

Node = dict[str, Any]
"""One element of pandoc's tree: its type `t` and its content `c`."""


def walked(tree: Any, change: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    """Return a copy of pandoc's tree in which `change` has replaced elements.

    Parameters
    ----------
    change : callable
        From an element to what stands in its place, a list, or None to look inside it.
    """
    if isinstance(tree, list):
        items: list[Any] = []
        for item in tree:
            replaced = change(item) if isinstance(item, dict) and "t" in item else None
            items.extend([walked(item, change)] if replaced is None else replaced)
        return items
    if isinstance(tree, dict):
        return {key: walked(value, change) for key, value in tree.items()}
    return tree


def elements(tree: Any) -> Iterator[Node]:  # noqa: ANN401 - JSON of any shape
    """Yield every element of pandoc's tree, in the order of reading."""
    if isinstance(tree, dict):
        if "t" in tree:
            yield tree
        tree = list(tree.values())
    if isinstance(tree, list):
        for item in tree:
            yield from elements(item)


def attributes(node: Node) -> tuple[str, list[str]]:
    """Return the id and the classes of an element; most have none."""
    content: Any = node.get("c")
    if node["t"] == "Header":
        return content[1][0], content[1][1]
    if node["t"] in {"Div", "Span", "Link", "Code", "CodeBlock", "Table", "Figure", "Image"}:
        return content[0][0], content[0][1]
    return "", []


def raw(typst: str, inline: bool = False) -> Node:
    """Return Typst as an element."""
    return {"t": "RawInline" if inline else "RawBlock", "c": ["typst", typst]}


def words_of(tree: Any) -> str:  # noqa: ANN401 - JSON of any shape
    """Return the text of a tree, without what Typst alone reads."""
    texts = (
        node["c"] if node["t"] == "Str" else node["c"][1] if node["t"] == "Code" else " "
        for node in elements(tree)
        if node["t"] in {"Str", "Code", "Space", "SoftBreak", "LineBreak", "Para", "Plain"}
    )
    return "".join(texts).strip()
