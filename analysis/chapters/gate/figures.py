"""The figure of the gate: intervals that hold the truth, by truth and number of people."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from analysis.chapters.gate.tables import TRUTH_LIMIT
from analysis.report.figures import PALETTE, style
from analysis.settings import INTERVAL

MARKERS = ("o", "s", "^", "D")


def coverage_by_truth(table: pd.DataFrame) -> tuple[Figure, Axes]:
    """Draw the share of intervals that hold the truth, a row for each truth.

    Parameters
    ----------
    table : DataFrame
        From `analysis.chapters.gate.tables.coverage` by ``truth`` and ``people``.
    """
    truths = list(dict.fromkeys(table["truth"]))
    with style():
        fig, ax = plt.subplots(figsize=(6.4, 0.8 + 0.34 * len(truths)))
        ax.axvline(INTERVAL, color="#555555", linewidth=1)
        ax.axvspan(0, TRUTH_LIMIT, color="#999999", alpha=0.15, linewidth=0)
        sizes = table.groupby("people", sort=True)
        for (people, part), marker, color in zip(sizes, MARKERS, PALETTE, strict=False):
            rows = [truths.index(name) for name in part["truth"]]
            label = f"{people:,}"
            ax.plot(part["coverage"], rows, marker, color=color, label=label, markersize=6)
        ax.set_yticks(range(len(truths)), truths)
        ax.invert_yaxis()
        ax.set_xlim(min(0.6, float(table["coverage"].min()) - 0.05), 1.02)
        ax.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        ax.set_xlabel("Intervals that hold the true minimum size")
        ax.legend(title="People", loc="lower left", fontsize=9)
    return fig, ax
