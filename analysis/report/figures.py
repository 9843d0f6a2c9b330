"""Figures: one quiet style, and a display object that carries caption, text and data along."""

import base64
import io
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from analysis.report.checks import check_alternative_text, check_display

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

FIGURE_MIME = "application/vnd.tensuggestions.figure+json"
"""Type of the output that the book turns into a numbered figure."""

PALETTE = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#4d4d4d")
"""Okabe and Ito's colours, told apart by colour-blind readers; darkest contrasts first."""

STYLE: dict[str, Any] = {
    "figure.figsize": (6.4, 4.0),
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "axes.facecolor": "white",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#555555",
    "axes.labelcolor": "#222222",
    "axes.titlelocation": "left",
    "axes.titlesize": 12,
    "axes.labelsize": 11,  # still legible when a phone halves the width
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e3e3e3",
    "grid.linewidth": 0.7,
    "xtick.color": "#555555",
    "ytick.color": "#555555",
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
    "legend.frameon": False,
    "legend.fontsize": 10,
    "lines.linewidth": 1.8,
    "font.family": "DejaVu Sans",  # ships with matplotlib: the same letters on every machine
    "svg.fonttype": "path",
    "svg.hashsalt": "tensuggestions",  # otherwise each run names the shapes anew
    "figure.constrained_layout.use": True,
}
"""Matplotlib settings of every figure in the book."""


def style() -> AbstractContextManager[None]:
    """Return a context in which figures are drawn in the book's style.

    Examples
    --------
    >>> with style():  # doctest: +SKIP
    ...     fig, ax = plt.subplots()
    """
    import matplotlib as mpl
    from cycler import cycler

    settings: Any = {**STYLE, "axes.prop_cycle": cycler(color=PALETTE)}
    return mpl.rc_context(settings)


@dataclass(frozen=True)
class FigureBundle:
    """What a figure cell returns: the drawing with its caption, alternative text and data."""

    name: str
    caption: str
    alt: str
    svg: str = field(repr=False)
    csv: str = field(repr=False)
    png: bytes = field(repr=False)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        content = {key: getattr(self, key) for key in ("name", "caption", "alt", "svg", "csv")}
        return {
            FIGURE_MIME: content,
            "image/png": base64.b64encode(self.png).decode("ascii"),
            "text/plain": f"{self.caption}\n[{self.alt}]",
        }


def show_figure(
    fig: "Figure",
    *,
    name: str,
    caption: str,
    alt: str,
    data: "pd.DataFrame",
    raster: bool = True,
) -> FigureBundle:
    """Return a figure for display in a notebook and, numbered, in the book.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        Drawn inside `style()`; closed here, so that Jupyter does not show it twice.
    name : str
        Lower-case words joined by hyphens: its label for `{numref}` and the names of its files.
    caption : str
        MyST Markdown; may contain the number role. Names the interval that is drawn.
    alt : str
        One sentence of at least 40 characters that states the finding.
    data : pandas.DataFrame
        What is drawn, with units in its column names: readers download it as CSV.
    raster : bool
        Whether a PNG is made too, for viewers of notebooks; else it is empty.

    Raises
    ------
    InputError
        When the name, caption, alternative text or data is missing or malformed.
    """
    import matplotlib.pyplot as plt

    check_display(name, caption)
    check_alternative_text(name, alt)
    csv = csv_text(data, name)
    svg, png = _drawn(fig, "svg"), _drawn(fig, "png") if raster else b""
    plt.close(fig)
    return FigureBundle(name, caption.strip(), alt.strip(), svg.decode(), csv, png)


def csv_text(data: "pd.DataFrame", name: str) -> str:
    """Return a table as CSV, its index included when it has a name.

    Raises
    ------
    InputError
        When `data` is not a table with rows and columns.
    """
    from analysis.errors import InputError

    if not hasattr(data, "to_csv") or getattr(data, "empty", True):
        raise InputError(
            f"{name}: data must be a DataFrame with rows, found {type(data).__name__}."
        )
    named = any(level is not None for level in data.index.names)
    return str(data.to_csv(index=named, lineterminator="\n", float_format="%.6g"))


def _drawn(fig: "Figure", kind: str) -> bytes:
    buffer = io.BytesIO()
    # A date or a program version inside the file would change it at every build.
    metadata = {"Date": None, "Creator": None} if kind == "svg" else {"Software": None}
    with style():
        fig.savefig(buffer, format=kind, dpi=144, metadata=metadata)
    return buffer.getvalue()
