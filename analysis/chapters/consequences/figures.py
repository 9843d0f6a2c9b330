"""Figures of the chapter on consequences."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.report.figures import PALETTE, style


def ended_by_year(table: pd.DataFrame) -> tuple[Figure, Axes]:
    """Draw the share of contracts ended by year, for adequate groups and for harmful ones.

    Parameters
    ----------
    table : DataFrame
        ``rule``, ``group``, ``year``, ``percent``, ``low``, ``high``.
    """
    groups = list(table["group"].unique())
    with style():
        fig, axes = plt.subplots(1, len(groups), figsize=(6.8, 3.9), sharey=True)
        for ax, group in zip(axes, groups, strict=True):
            rows = table[table["group"] == group]
            for colour, (rule, line) in zip(
                PALETTE, rows.groupby("rule", sort=False), strict=False
            ):
                ax.fill_between(line["year"], line["low"], line["high"], color=colour, alpha=0.2)
                ax.plot(line["year"], line["percent"], color=colour, label=str(rule))
            ax.set_title(group)
            ax.set(ylim=(0, 100), xticks=range(2, int(rows["year"].max()) + 1, 2))
            ax.set_xlabel("Year")
        axes[0].set_ylabel("Contracts ended, %")
        axes[0].legend(loc="upper left")
    return fig, axes[0]


def frontier(table: pd.DataFrame, limit_percent: float) -> tuple[Figure, Axes]:
    """Draw, for each size, what families of rules reach: error against time to detect.

    Parameters
    ----------
    table : DataFrame
        ``people``, ``family``, ``false_percent``, ``years``.
    limit_percent : float
        Acceptable share of false terminations, drawn as a line.
    """
    sizes = sorted(table["people"].unique())
    with style():
        fig, axes = plt.subplots(2, 2, figsize=(6.8, 6.0), sharex=True, sharey=True)
        for ax, people in zip(axes.flat, sizes, strict=True):
            rows = table[table["people"] == people]
            for colour, (family, line) in zip(
                PALETTE, rows.groupby("family", sort=False), strict=False
            ):
                ax.plot(line["false_percent"], line["years"], color=colour, label=str(family))
            ax.axvline(limit_percent, color="#222222", linewidth=0.9, linestyle=":")
            ax.set_title(f"{people:,.0f} people")
            ax.set(xlim=(0, 50), ylim=(0, 13))
        for ax in axes[1]:
            ax.set_xlabel("Adequate groups ended, %")
        for ax in axes[:, 0]:
            ax.set_ylabel("Years to find a harmful group")
        axes[1, 1].legend(loc="upper right")
    return fig, axes[0, 0]
