"""How wide the columns of a long table are on paper."""

from collections.abc import Sequence
from typing import Any

from analysis.print.pandoc_tree import words_of

LINE_SIGNS = 100
"""Signs in a line of a table: one whose longest cells fit needs no widths."""

ROOM_AROUND = 3.0
"""Signs of space beside the longest word of a column."""


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
    weights = [_weight(column) for column in columns]
    return [weight / sum(weights) for weight in weights]


def _weight(column: Sequence[str]) -> float:
    """Return room for the longest word; beyond it more for long texts, but not in proportion."""
    longest_word = max(len(word) for text in column for word in ["", *text.split()])
    mean_length = sum(map(len, column)) / len(column)
    return max(longest_word + ROOM_AROUND, 2.5 * mean_length**0.6)
