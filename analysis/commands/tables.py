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


def print_json(said: object) -> None:
    """Print what machines read: JSON on standard output and nothing else.

    Parameters
    ----------
    said : object
        What JSON can hold; an infinite number becomes null.
    """
    print(json.dumps(_finite(said), indent=2, ensure_ascii=False, allow_nan=False))


def _finite(said: object) -> object:
    if isinstance(said, dict):
        return {key: _finite(value) for key, value in said.items()}
    if isinstance(said, list | tuple):
        return [_finite(value) for value in said]
    unsayable = isinstance(said, float) and (said != said or said in (float("inf"), float("-inf")))
    return None if unsayable else said
