"""The text of a briefing as Typst: Markdown with the number role, as on the site."""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from analysis.errors import InputError
from analysis.print.typst_text import typst_string, typst_text
from analysis.report.number_role import not_recorded, role_target
from analysis.report.numbers import Record

if TYPE_CHECKING:
    from markdown_it.token import Token

_ENCLOSING = {
    "paragraph_open": "",
    "paragraph_close": "\n\n",
    "em_open": "#emph[",
    "em_close": "]",
    "strong_open": "#strong[",
    "strong_close": "]",
    "link_close": "]",
    "bullet_list_open": "#list(",
    "bullet_list_close": ")\n\n",
    "ordered_list_open": "#enum(",
    "ordered_list_close": ")\n\n",
    "list_item_open": "[",
    "list_item_close": "],",
    "softbreak": " ",
    "hardbreak": " \\ ",
}
"""What begins and ends with a token of its own."""


def number_shown(text: str, records: Mapping[str, Record]) -> str:
    """Return what the number role shows for `s07.attachment` or `s07.attachment:value`.

    Raises
    ------
    InputError
        When there is no such number or variant.
    """
    name, field = role_target(text)
    if name not in records:
        raise not_recorded(name)
    return str(getattr(records[name], field))


def to_typst(text: str, records: Mapping[str, Record]) -> str:
    """Return Markdown as Typst's markup.

    Parameters
    ----------
    text : str
        Paragraphs, lists, emphasis, links and the number role; nothing else.
    records : mapping of str to Record
        Every number, by id.

    Raises
    ------
    InputError
        When it holds anything else, or a number that is not recorded.
    """
    from markdown_it import MarkdownIt
    from mdit_py_plugins.myst_role import myst_role_plugin

    parser = MarkdownIt("commonmark", {"typographer": True}).enable("smartquotes")
    tokens = parser.use(myst_role_plugin).parse(text)
    return "".join(_written(token, records) for token in tokens).strip()


def _written(token: "Token", records: Mapping[str, Record]) -> str:
    if token.type in _ENCLOSING:
        return _ENCLOSING[token.type]
    if token.type == "inline":
        return "".join(_written(child, records) for child in token.children or [])
    writers: dict[str, Callable[[], str]] = {
        "text": lambda: typst_text(token.content) if token.content else "",
        "myst_role": lambda: _number(token, records),
        "link_open": lambda: f"#link({typst_string(str(token.attrs['href']))})[",
    }
    if token.type not in writers:
        raise InputError(f"a briefing cannot hold {token.type} ({token.content[:40]!r}).")
    return writers[token.type]()


def _number(token: "Token", records: Mapping[str, Record]) -> str:
    if token.meta["name"] != "number":
        raise InputError(f"a briefing knows no role {token.meta['name']}: only `number`.")
    return typst_text(number_shown(token.content, records))


def divided(text: str) -> tuple[str, dict[str, str]]:
    """Return what stands before the first second-level heading, and the text under each."""
    opening, *rest = re.split(r"^## +(.+?)\s*$", text, flags=re.MULTILINE)
    return opening.strip(), {rest[i]: rest[i + 1].strip() for i in range(0, len(rest), 2)}
