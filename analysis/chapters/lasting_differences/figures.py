"""Figures of the chapter on lasting differences."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.report.figure_labels import write_near
from analysis.report.figures import PALETTE, style

LABELS = {
    "chance": (35, (-22, -12)),
    "US organisations": (30, (-26, -14)),
    "Dutch municipalities": (86, (0, 6)),
    "England": (10, (4, 8)),
}
"""Where along its curve a source is named, percent of the way, and how far off in points."""

SIZE_TICKS = {
    1e3: "1,000",
    5e3: "5,000",
    1e4: "10,000",
    2e4: "20,000",
    5e4: "50,000",
    1e5: "100,000",
    1e6: "1,000,000",
}


def _size_axis(ax: Axes, low: float, high: float, skip: tuple[float, ...] = ()) -> None:
    ticks = {tick: text for tick, text in SIZE_TICKS.items() if low <= tick <= high}
    labelled = {tick: text for tick, text in ticks.items() if tick not in skip}
    ax.set(xscale="log", xlim=(low, high))
    ax.set_xticks(list(labelled), list(labelled.values()))
    ax.minorticks_off()


def correlation_by_lag(table: pd.DataFrame) -> tuple[Figure, np.ndarray]:
    """Draw how alike an organisation's results are some years apart, by size.

    Parameters
    ----------
    table : DataFrame
        ``band`` (its words), ``lag`` (years), ``observed``, ``low``, ``median``, ``high``.
    """
    bands = list(dict.fromkeys(table["band"]))
    with style():
        fig, axes = plt.subplots(2, 2, figsize=(6.4, 5.2), sharex=True, sharey=True)
        for ax, band in zip(axes.flat, bands, strict=True):
            rows = table[table["band"] == band]
            ax.fill_between(rows["lag"], rows["low"], rows["high"], color=PALETTE[0], alpha=0.25)
            ax.plot(rows["lag"], rows["median"], color=PALETTE[0])
            ax.plot(rows["lag"], rows["observed"], "o", color="#222222", markersize=4.5)
            ax.axhline(0, color="#777777", linewidth=0.8)
            ax.set_title(band, fontsize=11)
            ax.set_ylim(-0.45, 1)
        for ax in axes[:, 0]:
            ax.set_ylabel("Correlation")
        for ax in axes[-1]:
            ax.set_xlabel("Years apart")
    return fig, axes


def spread_by_size_and_source(
    curves: pd.DataFrame, points: pd.DataFrame, too_much: float
) -> tuple[Figure, Axes]:
    """Draw how far groups differ at each size, by source, and chance beside it.

    Parameters
    ----------
    curves : DataFrame
        ``source``, ``people``, ``value``, ``low``, ``high`` (percent of the budget) and ``part``:
        "seen" where groups of this size were seen. One source is called "chance".
    points : DataFrame
        Two single figures: ``source``, ``people``, ``value``, ``low``, ``high``.
    too_much : float
        Spread that alone breaks the tolerance, percent of the budget; drawn as a line.
    """
    with style():
        fig, ax = plt.subplots(figsize=(6.4, 4.8))
        for colour, (source, rows) in zip(
            PALETTE, curves.groupby("source", sort=False), strict=False
        ):
            for name, part in rows.groupby("part"):
                line = ":" if source == "chance" else "-" if name == "seen" else "--"
                ax.plot(part["people"], part["value"], line, color=colour)
                ends = part["low"], part["high"]
                shade = 0.22 if name == "seen" else 0.07
                ax.fill_between(part["people"], *ends, color=colour, alpha=shade, linewidth=0)
            percent, offset = LABELS[str(source)]
            at = rows.iloc[percent * len(rows) // 100]
            write_near(ax, str(source), (at["people"], at["value"]), offset, colour, ha="center")
        numbers = points[["people", "value", "low", "high"]].to_numpy(float)
        for source, (people, value, low, high), marker in zip(
            points["source"], numbers, "s^", strict=True
        ):
            ax.vlines(people, low, high, color="#222222", linewidth=1)
            ax.plot(people, value, marker, color="#222222", markersize=5)
            write_near(ax, source, (people, value), (6, -3), "#222222", fontsize=9)
        ax.axhline(too_much, color="#777777", linewidth=0.9)
        _size_axis(ax, curves["people"].min(), curves["people"].max(), (5e3, 2e4, 5e4))
        ax.set_yscale("log")
        ax.set_yticks([0.2, 0.5, 1, 2, 5, 10, 20], ["0.2", "0.5", "1", "2", "5", "10", "20"])
        ax.minorticks_off()
        ax.set_xlabel("People in the group")
        ax.set_ylabel("Standard deviation, % of the budget")
    return fig, ax
