"""Figures of the chapter on balanced incentives."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator

from analysis.report.figures import PALETTE, style

INK = "#222222"
RATIO_TICKS = {
    0.05: "1:20",
    0.2: "1:5",
    0.5: "1:2",
    1.0: "1:1",
    2.0: "2:1",
    5.0: "5:1",
    20.0: "20:1",
}


def ratio_distribution(table: pd.DataFrame, factor: float) -> tuple[Figure, Axes]:
    """Draw how likely each ratio of rewards is, and mark what counts as roughly equal.

    Parameters
    ----------
    table : DataFrame
        ``ratio_low``, ``ratio_high`` (ends of a bin), ``probability_percent``.
    factor : float
        Ratios between one over this and this are near one.
    """
    with style():
        fig, ax = plt.subplots(figsize=(6.4, 3.4))
        centre = np.sqrt(table["ratio_low"] * table["ratio_high"])
        near = (centre > 1 / factor) & (centre < factor)
        width = table["ratio_high"] - table["ratio_low"]
        ax.bar(
            table["ratio_low"],
            table["probability_percent"],
            width,
            align="edge",
            color=np.where(near, PALETTE[1], PALETTE[0]),
            edgecolor="white",
            linewidth=0.5,
        )
        top = table["probability_percent"].max()
        ax.annotate("roughly\nas large", (1, top * 1.02), ha="center", va="bottom", color=INK)
        for x, words in (
            (0.14, "savings rewarded more"),
            (7.0, "quality and experience\nrewarded more"),
        ):
            ax.annotate(words, (x, top * 1.02), ha="center", va="bottom", color=PALETTE[0])
        first = table.iloc[0]
        ax.annotate(
            "less,\nor none",
            (first["ratio_low"], first["probability_percent"]),
            xytext=(0, 3),
            textcoords="offset points",
            va="bottom",
            color=PALETTE[0],
        )
        ax.set(xscale="log", ylim=(0, top * 1.3), xlim=(0.02, 50))
        ax.set_xticks(list(RATIO_TICKS), list(RATIO_TICKS.values()))
        ax.minorticks_off()
        ax.set_xlabel("Potential reward for quality and experience : for savings")
        ax.set_ylabel("Probability, %")
        ax.grid(visible=False)
    return fig, ax


def gains_by_design(table: pd.DataFrame) -> tuple[Figure, np.ndarray]:
    """Draw what commissioner, group and patients gain under each design.

    Parameters
    ----------
    table : DataFrame
        ``design``, ``who``, ``median``, ``low``, ``high``, per cent of the budget; designs in the
        order they are to be shown.
    """
    parties, designs = list(table["who"].unique()), list(table["design"].unique())
    with style():
        fig, axes = plt.subplots(
            1, len(parties), sharex=True, sharey=True, figsize=(6.8, 0.42 * len(designs) + 1.3)
        )
        for colour, ax, who in zip(PALETTE, axes, parties, strict=False):
            rows = table[table["who"] == who].set_index("design").loc[designs]
            y = np.arange(len(designs))[::-1]
            ax.hlines(y, rows["low"], rows["high"], color=colour, linewidth=5, alpha=0.4)
            ax.plot(rows["median"], y, "o", color=colour)
            ax.axvline(0, color=INK, linewidth=0.9)
            ax.set_title(who, color=colour)
            ax.set_yticks(y, designs)
            ax.tick_params(axis="y", length=0)
            ax.set_ylim(-0.6, len(designs) - 0.4)
            ax.xaxis.set_major_locator(MultipleLocator(5))
        fig.supxlabel("Gain, % of the budget", fontsize=11, color=INK)
    return fig, axes


def shares_of_variance(table: pd.DataFrame) -> tuple[Figure, Axes]:
    """Draw how much of the uncertainty each primitive accounts for.

    Parameters
    ----------
    table : DataFrame
        ``label``, ``share_percent``; largest first.
    """
    with style():
        fig, ax = plt.subplots(figsize=(6.4, 0.36 * len(table) + 1.0))
        y = np.arange(len(table))[::-1]
        ax.barh(y, table["share_percent"], color=PALETTE[0])
        for position, share in zip(y, table["share_percent"], strict=True):
            ax.annotate(
                f"{share:.0f}",
                (share, position),
                xytext=(4, 0),
                textcoords="offset points",
                va="center",
                color=INK,
            )
        ax.set_yticks(y, table["label"])
        ax.set_xlim(0, table["share_percent"].max() * 1.1)
        ax.set_xlabel("Share of the uncertainty, %")
        ax.grid(visible=False, axis="y")
    return fig, ax


def reliability_by_size(table: pd.DataFrame, marked: dict[str, float]) -> tuple[Figure, np.ndarray]:
    """Draw the share of measured differences that is true, by size of the group.

    Parameters
    ----------
    table : DataFrame
        ``measure`` (at most four), ``people``, ``median``, ``low``, ``high`` (per cent).
    marked : dict of str to float
        Sizes to mark, by label.
    """
    with style():
        fig, axes = plt.subplots(2, 2, sharex=True, sharey=True, figsize=(6.4, 4.8))
        panels = zip(PALETTE, axes.flat, table.groupby("measure", sort=False), strict=False)
        for colour, ax, (measure, rows) in panels:
            ax.fill_between(rows["people"], rows["low"], rows["high"], color=colour, alpha=0.3)
            ax.plot(rows["people"], rows["median"], color=colour)
            ax.set_title(measure, color=colour)
            for people in marked.values():
                ax.axvline(people, color=INK, linewidth=0.8, linestyle=":")
            ax.set(xscale="log", ylim=(0, 100))
            ax.set_xticks([1e3, 1e4, 1e5, 1e6], ["1,000", "10,000", "100,000", "1m"])
            ax.minorticks_off()
        for label, people in marked.items():
            axes[0, 0].annotate(
                label, (people, 3), xytext=(3, 0), textcoords="offset points", color=INK, fontsize=9
            )
        fig.supxlabel("People in the group", fontsize=11, color=INK)
        fig.supylabel("Part of the differences that is true, %", fontsize=11, color=INK)
    return fig, axes


def correlation_by_year(table: pd.DataFrame) -> tuple[Figure, Axes]:
    """Draw the correlation of quality and savings by year, and over years.

    Parameters
    ----------
    table : DataFrame
        ``row``, ``median``, ``low``, ``high``, ``observed`` (missing for pooled rows), ``kind``
        (``year``, ``floor`` for years with a floor under the score, ``pooled``).
    """
    colours = {"year": PALETTE[0], "floor": PALETTE[4], "pooled": PALETTE[1]}
    with style():
        fig, ax = plt.subplots(figsize=(6.4, 0.34 * len(table) + 1.1))
        y = np.arange(len(table))[::-1]
        colour = table["kind"].map(colours)
        ax.hlines(y, table["low"], table["high"], color=colour, linewidth=5, alpha=0.45)
        ax.scatter(table["median"], y, color=colour, zorder=3)
        ax.scatter(table["observed"], y, marker="|", s=90, color=INK, zorder=4)
        ax.axvline(0, color=INK, linewidth=0.9)
        ax.set_yticks(y, table["row"])
        ax.set_xlabel("Correlation of quality score and savings rate")
        ax.grid(visible=False, axis="y")
    return fig, ax


def luck_by_size(table: pd.DataFrame) -> tuple[Figure, Axes]:
    """Draw the share of bonuses that pays for luck, by size of the group.

    Parameters
    ----------
    table : DataFrame
        ``design``, ``people``, ``median``, ``low``, ``high`` (per cent).
    """
    with style():
        fig, ax = plt.subplots()
        for colour, (design, rows) in zip(
            PALETTE, table.groupby("design", sort=False), strict=False
        ):
            ax.fill_between(rows["people"], rows["low"], rows["high"], color=colour, alpha=0.15)
            ax.plot(rows["people"], rows["median"], color=colour)
            ax.annotate(
                str(design),
                (rows["people"].iloc[-1], rows["median"].iloc[-1]),
                xytext=(5, 0),
                textcoords="offset points",
                color=colour,
                va="center",
                annotation_clip=False,
            )
        ax.set(xscale="log", ylim=(0, 100))
        ax.set_xticks([5e3, 3e4, 1e5, 3e5], ["5,000", "30,000", "100,000", "300,000"])
        ax.minorticks_off()
        ax.set_xlabel("People in the group")
        ax.set_ylabel("Part of bonuses that pays for luck, %")
    return fig, ax
