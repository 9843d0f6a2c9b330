"""Elements of a page changed for paper.

What only a screen can use is left out. Addresses become places inside the document where it holds
what they point to.
"""

import json
import posixpath
from typing import Any
from urllib.parse import unquote, urldefrag, urlsplit

from analysis.print.column_widths import column_widths
from analysis.print.pandoc_tree import Node, attributes, raw, walked
from analysis.print.places import Page, Places
from analysis.print.typst_text import typst_string

SCREEN_ONLY = frozenset(
    {
        "headerlink",
        "data-link",
        "visually-hidden",
        "cell_input",
        "toctree-wrapper",
        "footnote-list",
        "no-print",
        "d-print-none",
        "popover",
        "screen-only",
    }
)
"""Classes of what a screen alone can use."""


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
        is_blank = all(word["t"] in {"Space", "SoftBreak"} for word in words)
        return [] if is_blank else [{"t": node["t"], "c": words}]

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
        entries = self.printed(node["c"])
        if any(len(meanings) != 1 or len(meanings[0]) != 1 for _, meanings in entries):
            return None
        lines: list[Node] = []
        for term, ((block,),) in entries:
            if block["t"] not in {"Para", "Plain"}:
                return None
            parts = [{"t": "Strong", "c": term}, {"t": "Str", "c": ":"}, {"t": "Space"}]
            lines += [*parts, *block["c"], {"t": "LineBreak"}]
        return [{"t": "Para", "c": lines[:-1]}]

    def _link(self, node: Node) -> list[Node]:
        _, words, (address, _) = node["c"]
        text = list(self.printed(words))
        if "verdict" in attributes(node)[1]:
            text = [{"t": "Strong", "c": text}]
        parts = urlsplit(address)
        note = self.places.notes.get((self.page.address, parts.fragment))
        if note is not None and "footnote-reference" in attributes(node)[1]:
            return [{"t": "Note", "c": self.printed(note)}]
        if parts.scheme:
            return [raw(f"#link({typst_string(address)})[", True), *text, raw("]", True)]
        place = self.place_of(address)
        if place is None:
            return text  # it points to a file of the site, which is not in this document
        kind = "number-link" if "number" in attributes(node)[1] else "link"
        return [raw(f"#{kind}(label({typst_string(place)}))[", True), *text, raw("]", True)]

    def place_of(self, address: str) -> str | None:
        """Return the place inside the document of an address of the site, if it is there."""
        path, anchor = urldefrag(address)
        page = self.page.address
        if path:
            page = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(path)))
            page = page.removesuffix(".html")
        return self.places.targets.get((page, unquote(anchor)))


def _is_number(bodies: list[Any], at: int) -> bool:
    """Say whether every cell of a column was marked as a number."""
    cells = [row[1][at] for body in bodies for row in body[3] if at < len(row[1])]
    return bool(cells) and all("number" in cell[0][1] for cell in cells)
