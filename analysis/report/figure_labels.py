"""Words in a figure, beside what they name."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes


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
