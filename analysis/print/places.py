"""Pages of the site inside one document: what they are called, and what can be pointed to."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from analysis.print.pandoc_tree import Node, attributes, elements, walked

NUMBER_PLACE = "numbers"
"""The page whose places are the numbers of the appendix."""


@dataclass(frozen=True)
class Page:
    """One page of the site.

    Attributes
    ----------
    address : str
        As `notebooks/minimum-size`, without ending.
    html : str
        The whole page.
    part : str
        Heading of the part that begins with it; empty within a part.
    """

    address: str
    html: str
    part: str = ""

    @property
    def slug(self) -> str:
        """Name of the page inside the document."""
        return self.address.rpartition("/")[2]

    def place(self, anchor: str) -> str:
        """Return the name inside the document of an anchor of this page."""
        return f"{self.slug}--{anchor}"


@dataclass
class Places:
    """What can be pointed to, by address of the page and anchor, with footnotes and pictures.

    Attributes
    ----------
    targets
        Places inside the document.
    notes
        Footnotes.
    drawings
        Addresses of the pictures that are shown.
    drawn
        Those that stood in a page itself, and not in a file of the site, by address.
    """

    targets: dict[tuple[str, str], str] = field(default_factory=dict)
    notes: dict[tuple[str, str], list[Node]] = field(default_factory=dict)
    drawings: set[str] = field(default_factory=set)
    drawn: dict[str, bytes] = field(default_factory=dict)


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


def number_places(ids: Iterable[str]) -> dict[tuple[str, str], str]:
    """Return the places of numbers, which stand in a table at the end of the document."""
    return {(NUMBER_PLACE, id): f"{NUMBER_PLACE}--{id}" for id in ids}
