"""The figure of the report on a reader's own population that no chapter has."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from analysis.report.figures import PALETTE, style

_MOST_ROWS = 45


def _plainly(text: str) -> str:
    """Text that matplotlib shows as it is: a dollar sign would begin a formula."""
    return text.replace("$", r"\$")


def mean_cost_by_cell(table: pd.DataFrame) -> tuple[Figure, Axes]:
    """Draw the mean cost of each group as observed, and as the model has it.

    Parameters
    ----------
    table : DataFrame, one row a group
        ``group``, ``observed``, ``model``, ``low``, ``high``, in the currency of the costs.
    """
    shown = table.head(_MOST_ROWS)
    with style():
        fig, ax = plt.subplots(figsize=(6.4, 1.1 + 0.19 * len(shown)))
        place = range(len(shown))[::-1]
        ax.hlines(place, shown["low"], shown["high"], color=PALETTE[0], linewidth=5, alpha=0.4)
        ax.plot(shown["model"], place, "|", color=PALETTE[0], markersize=7)
        ax.plot(shown["observed"], place, "o", color=PALETTE[1], markersize=3.5)
        labels = [_plainly(str(group))[:40] for group in shown["group"]]
        ax.set_yticks(place, labels, fontsize=8)
        ax.set(xlim=(0, None), ylim=(-0.7, len(shown) - 0.3))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
        ax.set_xlabel("Mean annual cost a person (dots: observed; bars: model)")
    return fig, ax
