"""Pages of the site as one document: pandoc's tree of them, changed for paper.

What only a screen can use is left out. Addresses become places inside the document where it holds
what they point to.
"""

import json
import posixpath
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote, urldefrag, urlsplit

from analysis.print.book_pages import Node, Page, Places
from analysis.print.typst_text import typst_string

SCREEN_ONLY = {
    "headerlink", "data-link", "visually-hidden", "cell_input", "toctree-wrapper", "footnote-list",
    "no-print", "d-print-none", "popover", "screen-only",
}  # fmt: skip
"""Classes of what a screen alone can use."""

NUMBER_PLACE = "numbers"
"""The page whose places are the numbers of the appendix."""


def walked(tree: Any, change: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    """Return a copy of pandoc's tree in which `change` has replaced elements.

    Parameters
    ----------
    tree : JSON
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


def find_places(page: Page, blocks: list[Node], places: Places) -> None:
    """Note what can be pointed to on a page.

    An anchor that is neither a heading nor a figure stands for the nearest: the one after it when
    it is empty, the one it is in otherwise.
    """
    waiting: list[str] = []
    last = ""
    for node in elements(blocks):
        anchor, classes = attributes(node)
        if "footnote" in classes and node["t"] == "Div":
            places.notes[page.address, anchor] = _without_label(node["c"][1])
        elif node["t"] in {"Header", "Figure"} and anchor:
            last = page.place(anchor)
            for name in [anchor, *waiting, *([""] if node["t"] == "Header" else [])]:
                places.targets.setdefault((page.address, name), last)
            waiting = []
        elif anchor and node["t"] == "Span" and not node["c"][1]:
            waiting.append(anchor)
        elif anchor and last:
            places.targets.setdefault((page.address, anchor), last)


def _without_label(blocks: list[Node]) -> list[Node]:
    """Return a footnote without the number that the site prints before it."""
    return list(
        walked(
            blocks,
            lambda node: [] if node["t"] == "Span" and "label" in attributes(node)[1] else None,
        )
    )


def raw(typst: str, inline: bool = False) -> Node:
    """Return Typst as an element."""
    return {"t": "RawInline" if inline else "RawBlock", "c": ["typst", typst]}


class Printer:
    """Changes the elements of one page."""

    def __init__(self, page: Page, places: Places, level: int = 1) -> None:
        self.page, self.places, self.level = page, places, level

    def change(self, node: Node) -> list[Node] | None:
        """Return what stands in the place of an element, or None to look inside it."""
        if SCREEN_ONLY.intersection(attributes(node)[1]):
            return []
        writer = getattr(self, f"_{node['t'].lower()}", None)
        return writer(node) if writer else None

    def printed(self, tree: Any) -> Any:  # noqa: ANN401 - JSON of any shape
        """Return a tree with everything changed."""
        return walked(tree, self.change)

    def _header(self, node: Node) -> list[Node]:
        level, (anchor, _, _), words = node["c"]
        name = self.page.place(anchor) if anchor else ""
        return [{"t": "Header", "c": [level + self.level, [name, [], []], self.printed(words)]}]

    def _div(self, node: Node) -> list[Node]:
        """Return what a box of the page holds: the box itself is for screens, but for two kinds."""
        content = self.printed(node["c"][1])
        kind = {"recorded-number", "table-note"}.intersection(attributes(node)[1])
        return [raw(f"#{kind.pop()}["), *content, raw("]")] if kind else list(content)

    def _span(self, node: Node) -> list[Node]:
        _, classes = attributes(node)
        words = self.printed(node["c"][1])
        if "caption-number" in classes:
            return [{"t": "Strong", "c": words}]
        return [{"t": "Emph", "c": words}] if "grade" in classes else list(words)

    def _para(self, node: Node) -> list[Node] | None:
        words = self.printed(node["c"])
        shown = [word for word in words if word["t"] not in {"Space", "SoftBreak"}]
        return [{"t": node["t"], "c": words}] if shown else []

    _plain = _para

    def _code(self, node: Node) -> list[Node]:
        return [{"t": "Code", "c": [["", [], []], node["c"][1]]}]

    def _codeblock(self, node: Node) -> list[Node]:
        return [{"t": "CodeBlock", "c": [["", [], []], node["c"][1]]}]

    def _rawblock(self, node: Node) -> list[Node]:
        return []

    _rawinline = _rawblock

    def _horizontalrule(self, node: Node) -> list[Node]:
        return []

    def _math(self, node: Node) -> list[Node]:
        words = typst_string(node["c"][1])
        return [raw(f"#[#set math.equation(alt: {words});", True), node, raw("]", True)]

    def _image(self, node: Node) -> list[Node]:
        _, words, (source, _) = node["c"]
        file = posixpath.normpath(
            posixpath.join(posixpath.dirname(self.page.address), unquote(source))
        )
        file = file.lstrip("/")
        self.places.drawings.add(file)
        alt = "".join(part["c"] if part["t"] == "Str" else " " for part in words)
        return [raw(f"#drawing({typst_string(file)}, {typst_string(alt)}, width: auto)", True)]

    def _figure(self, node: Node) -> list[Node]:
        (anchor, classes, _), (_, caption), content = node["c"]
        kind = "table" if "recorded-table" in classes else "image"
        place = f" <{self.page.place(anchor)}>" if anchor else ""
        first, *rest = self.printed(caption) or [{"t": "Plain", "c": []}]
        content = self.printed(content)
        if not content:
            return [first, *rest]  # what it showed needs a screen
        return [
            raw(f'#figure(kind: "book-{kind}", supplement: none, numbering: none, caption: ['),
            first,
            raw("], ["),
            *content,
            *rest,
            raw(f"]){place}"),
        ]

    def _table(self, node: Node) -> list[Node]:
        _, caption, columns, head, bodies, foot = self.printed_parts(node)
        widths = column_widths([*head[1], *(row for body in bodies for row in body[3])])
        for at, column in enumerate(columns):
            column[0] = {"t": "AlignRight" if _is_number(bodies, at) else "AlignLeft"}
            column[1] = {"t": "ColWidth", "c": widths[at]} if widths else {"t": "ColWidthDefault"}
        table = [["", ["typst:no-figure"], []], caption, columns, head, bodies, foot]
        return [{"t": "Table", "c": table}]

    def printed_parts(self, node: Node) -> list[Any]:
        """Return the parts of a table, changed, as a copy."""
        return list(json.loads(json.dumps(self.printed(node["c"]))))

    def _definitionlist(self, node: Node) -> list[Node] | None:
        """Return terms with one short paragraph each as lines, which take less paper."""
        given = self.printed(node["c"])
        if any(len(said) != 1 or len(said[0]) != 1 for _, said in given):
            return None
        lines: list[Node] = []
        for term, ((block,),) in given:
            if block["t"] not in {"Para", "Plain"}:
                return None
            parts = [{"t": "Strong", "c": term}, {"t": "Str", "c": ":"}, {"t": "Space"}]
            lines += [*parts, *block["c"], {"t": "LineBreak"}]
        return [{"t": "Para", "c": lines[:-1]}]

    def _link(self, node: Node) -> list[Node]:
        _, words, (address, _) = node["c"]
        shown = list(self.printed(words))
        if "verdict" in attributes(node)[1]:
            shown = [{"t": "Strong", "c": shown}]
        parts = urlsplit(address)
        note = self.places.notes.get((self.page.address, parts.fragment))
        if note is not None and "footnote-reference" in attributes(node)[1]:
            return [{"t": "Note", "c": self.printed(note)}]
        if parts.scheme:
            return [raw(f"#link({typst_string(address)})[", True), *shown, raw("]", True)]
        place = self.place_of(address)
        if place is None:
            return shown  # it points to a file of the site, which is not in this document
        kind = "number-link" if "number" in attributes(node)[1] else "link"
        return [raw(f"#{kind}(label({typst_string(place)}))[", True), *shown, raw("]", True)]

    def place_of(self, address: str) -> str | None:
        """Return the place inside the document of an address of the site, if it is there."""
        path, anchor = urldefrag(address)
        page = self.page.address
        if path:
            page = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(path)))
            page = page.removesuffix(".html")
        return self.places.targets.get((page, unquote(anchor)))


LINE_SIGNS = 100
"""Signs in a line of a table: one whose longest cells fit needs no widths."""


def words_of(tree: Any) -> str:  # noqa: ANN401 - JSON of any shape
    """Return the text of a tree, without what Typst alone reads."""
    shown = (
        node["c"] if node["t"] == "Str" else node["c"][1] if node["t"] == "Code" else " "
        for node in elements(tree)
        if node["t"] in {"Str", "Code", "Space", "SoftBreak", "LineBreak", "Para", "Plain"}
    )
    return "".join(shown).strip()


def column_widths(rows: list[Any]) -> list[float]:
    """Return the share of the line that each column of a long table should have.

    Parameters
    ----------
    rows : list
        Rows of pandoc's tree, all of one length.

    Returns
    -------
    list of float
        Empty where the table needs none: it is short, or a cell spans several columns.
    """
    texts = [[words_of(cell[4]) for cell in row[1]] for row in rows]
    if not texts or len({len(row) for row in texts}) != 1:
        return []
    columns = list(zip(*texts, strict=True))
    if sum(max(map(len, column)) for column in columns) <= LINE_SIGNS:
        return []
    weights = [
        # Room for the longest word; beyond that, long columns get more, but not in proportion.
        max(max(len(word) for text in column for word in ["", *text.split()]) + 3.0,
            2.5 * (sum(map(len, column)) / len(column)) ** 0.6)
        for column in columns
    ]  # fmt: skip
    return [weight / sum(weights) for weight in weights]


def _is_number(bodies: list[Any], at: int) -> bool:
    """Say whether every cell of a column was marked as a number."""
    cells = [row[1][at] for body in bodies for row in body[3] if at < len(row[1])]
    return bool(cells) and all("number" in cell[0][1] for cell in cells)


def number_places(names: Iterable[str]) -> dict[tuple[str, str], str]:
    """Return the places of numbers, which stand in a table at the end of the document."""
    return {(NUMBER_PLACE, name): f"{NUMBER_PLACE}--{name}" for name in names}
