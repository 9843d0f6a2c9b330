"""Text of others as Typst: everything that a document prints passes through here.

A document in Typst is a program, so text that came from a reader, a record or a notebook must not
be read as one. Each piece is written as a string literal, in which only two signs mean anything.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"
"""Where the templates of documents lie."""

BASE = "base.typ"
"""The template with the look that all documents share."""

UNKNOWN_SIGN = "\ufffd"
"""Stands for a sign that no font of these documents has."""

# Signs that print nothing, and those that turn the direction of text around unseen.
_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    r"\ufe00-\ufe0f\ufeff]"
)

_IN_MATPLOTLIB_ALONE = "\u2607\u2608\u26b0\u26b1\u2715\u2716\u2727\u2729\uf6c5"
"""In matplotlib's copy of DejaVu Sans Mono, and not in Typst's."""


@cache
def _known_signs() -> frozenset[str]:
    """Return the signs that Typst's fonts have: a document with another is not accessible."""
    import matplotlib
    from matplotlib.ft2font import FT2Font

    # The widest of Typst's fonts lies inside its program; matplotlib has a copy that can be read.
    font = FT2Font(Path(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSansMono.ttf"))
    signs = frozenset(map(chr, font.get_charmap())) | {"\n"}
    return signs - set(_IN_MATPLOTLIB_ALONE)


def printable_signs(text: str) -> str:
    """Return text with only the signs that Typst's fonts have.

    Signs that print nothing are left out, and those of no known font replaced.
    """
    plain = unicodedata.normalize("NFC", _UNPRINTABLE.sub("", text)).replace("\t", " ")
    return "".join(sign if sign in _known_signs() else UNKNOWN_SIGN for sign in plain)


def typst_string(text: str) -> str:
    r"""Return text as a string of Typst's code, for an argument: quotation marks included.

    Parameters
    ----------
    text : str
        Anything; signs that print nothing are left out, and those of no known font replaced.

    Examples
    --------
    >>> typst_string('a "b" \\ #c')
    '"a \\"b\\" \\\\ #c"'
    """
    escaped = printable_signs(text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def typst_text(text: str) -> str:
    """Return text for Typst's markup: printed as it stands, whatever it holds.

    Examples
    --------
    >>> typst_text("a *b* #panic()")
    '#"a *b* #panic()";'
    """
    # The semicolon ends the code: a point or bracket that follows would be read as part of it.
    return f"#{typst_string(text)};"


def templates(*names: str) -> dict[str, bytes]:
    """Return templates as files for `pdf_bytes`, by file name, the base always among them."""
    return {name: (TEMPLATES / name).read_bytes() for name in (BASE, *names)}
