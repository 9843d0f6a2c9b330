"""Words in a figure, beside what they name."""

import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LINE = 58
"""Letters of a title that fit on one line of a figure."""

LINE_HEIGHT = 0.06
"""Room that a name needs, as a share of the height of the axes."""


def state_finding(fig: "Figure", finding: str) -> None:
    """Write above a figure what it shows, clear of labels and legends.

    Parameters
    ----------
    finding : str
        One sentence; long ones are broken into lines.
    """
    fig.suptitle(textwrap.fill(finding, LINE), x=0.01, ha="left", fontsize=12, fontweight="bold")


def write_near(
    ax: "Axes",
    text: str,
    at: tuple[float, float],
    offset: tuple[float, float],
    colour: str,
    **options: Any,  # noqa: ANN401  (matplotlib's own)
) -> None:
    """Write words near a point.

    Parameters
    ----------
    at : tuple of float
        The point, in data coordinates unless ``xycoords`` says otherwise.
    offset : tuple of float
        From the point to the words, in typographic points.
    **options : Any
        Of ``Axes.annotate``: ``ha``, ``va``, ``fontsize``, ``xycoords`` ...
    """
    ax.annotate(text, at, xytext=offset, textcoords="offset points", color=colour, **options)


def name_lines(ax: "Axes", ends: Mapping[str, tuple[float, str]], at: float) -> None:
    """Write the names of lines at their right ends, none over another.

    Parameters
    ----------
    ends : mapping of str to (float, str)
        By name, where the line ends and its colour.
    at : float
        Where the lines end on the horizontal axis.
    """
    low, high = ax.get_ylim()
    height = -np.inf
    for name, (end, colour) in sorted(ends.items(), key=lambda item: item[1][0]):
        height = max(end, height + LINE_HEIGHT * (high - low))
        write_near(ax, name, (at, height), (5, -3), colour)
