"""Tables and text on a terminal: what a user's file says is shown, never obeyed."""

import json
import os
from collections.abc import Iterable, Sequence
from typing import Literal

from analysis.errors import printable


def plain(text: object) -> str:
    """Return text without control characters, which could move a cursor or change a colour.

    Returns
    -------
    str
        On one line.
    """
    return printable(str(text)).replace("\n", " ")


def print_table(
    headings: Sequence[str], rows: Iterable[Sequence[object]], *, right: Sequence[int] = ()
) -> None:
    """Print a table, its cells as they are: brackets in them are no markup.

    Parameters
    ----------
    right : sequence of int
        Columns of numbers, aligned to the right.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE)
    for index, heading in enumerate(headings):
        # Folded, not cut: a name that is cut cannot be typed into the next command.
        side: Literal["left", "right"] = "right" if index in right else "left"
        table.add_column(Text(heading), justify=side, overflow="fold")
    for row in rows:
        table.add_row(*(Text(plain(cell)) for cell in row))
    console = Console()
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console = Console(width=140)  # a pipe has no width, and a narrow one would fold the cells
    console.print(table)


def print_json(value: object) -> None:
    """Print what machines read: JSON on standard output and nothing else.

    Parameters
    ----------
    value : object
        What JSON can hold; an infinite number becomes null.
    """
    print(json.dumps(_finite(value), indent=2, ensure_ascii=False, allow_nan=False))


def _finite(value: object) -> object:
    if isinstance(value, dict):
        return {key: _finite(held) for key, held in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    unsayable = isinstance(value, float) and (
        value != value or value in (float("inf"), float("-inf"))
    )
    return None if unsayable else value
