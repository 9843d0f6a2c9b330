"""Figure of the kinds of care that may leave a budget."""

import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.report.figures import PALETTE, style


def k_without_each(table: pd.DataFrame, before: float) -> tuple[Figure, Axes]:
    """Draw k of what remains when each kind of care leaves the budget, largest share on top.

    Parameters
    ----------
    table : DataFrame
        ``what``, ``removed_percent``, ``k``, ``low``, ``high``.
    before : float
        k of all care, drawn as a line.
    """
    rows = table.sort_values("removed_percent").reset_index(drop=True)
    labels = [
        f"{what} ({removed:.0f}%)"
        for what, removed in zip(rows["what"], rows["removed_percent"], strict=True)
    ]
    with style():
        fig, ax = plt.subplots(figsize=(6.4, 0.42 * len(rows) + 1.1))
        ax.axvline(before, color="#444444", linewidth=0.9, linestyle=":")
        ax.hlines(rows.index, rows["low"], rows["high"], color=PALETTE[0], linewidth=4, alpha=0.5)
        ax.plot(rows["k"], rows.index, "o", color=PALETTE[0])
        ax.annotate(
            "all care", (before, len(rows) - 0.6), (4, 0), textcoords="offset points", fontsize=9.5
        )
        ax.set_yticks(rows.index, labels)
        ax.set_ylim(-0.6, len(rows) - 0.2)
        ax.set_xlabel("k of the budget that remains")
    return fig, ax
