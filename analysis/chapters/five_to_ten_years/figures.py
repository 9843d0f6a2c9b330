"""Figures of the chapter on time to mature."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.report.figures import PALETTE, style

DASHES = ("-", "--", ":")
"""Lines that grey printing still tells apart."""


def growth(raw: pd.DataFrame, free: pd.DataFrame) -> tuple[Figure, Axes]:
    """Draw gains since the first year: raw means, and growth under each calendar trend.

    Parameters
    ----------
    raw : DataFrame
        ``programme_year``, ``gain``.
    free : DataFrame
        ``trend``, ``programme_year``, ``gain``, ``low``, ``high``; percentage points.
    """
    with style():
        fig, ax = plt.subplots(figsize=(6.8, 4.2))
        ax.plot(raw["programme_year"], raw["gain"], "o", color="#222222", label="raw means")
        looks = zip(PALETTE, DASHES, free.groupby("trend", sort=False), strict=False)
        for colour, dash, (trend, rows) in looks:
            year = rows["programme_year"]
            ax.fill_between(year, rows["low"], rows["high"], color=colour, alpha=0.2)
            label = f"calendar trend {trend:+.1f} a year".replace("-", "\N{MINUS SIGN}")
            ax.plot(year, rows["gain"], color=colour, linestyle=dash, label=label)
        ax.axhline(0, color="#222222", linewidth=0.8)
        ax.set(xlim=(0.7, free["programme_year"].max() + 0.3))
        ax.set_xlabel("Year in the programme")
        ax.set_ylabel("Gain since the first year, points")
        ax.legend(loc="upper left")
    return fig, ax


def phase_in(table: pd.DataFrame) -> tuple[Figure, Axes]:
    """Draw the share at risk by year, and ruin by year, under three ways of phasing risk in.

    Parameters
    ----------
    table : DataFrame
        ``policy`` (the first two get their intervals), ``year``, ``share``, ``share_low``,
        ``share_high``, ``ruined``, ``ruined_low``, ``ruined_high``; percent.
    """
    panels = {"share": "Share at risk, %", "ruined": "Reserve gone, % of groups"}
    with style():
        fig, axes = plt.subplots(1, 2, figsize=(6.8, 3.6))
        for ax, (column, title) in zip(axes, panels.items(), strict=True):
            ways = table.groupby("policy", sort=False)
            looks = zip(PALETTE, DASHES, ways, strict=False)
            for at, (colour, dash, (policy, rows)) in enumerate(looks):
                ends = rows[f"{column}_low"], rows[f"{column}_high"]
                if at < 2:  # A third band would hide the others.
                    ax.fill_between(rows["year"], *ends, color=colour, alpha=0.2)
                ax.plot(rows["year"], rows[column], color=colour, linestyle=dash, label=str(policy))
            ax.set(ylim=(0, 105 if column == "share" else None), xticks=range(2, 11, 2))
            ax.set_title(title)
            ax.set_xlabel("Year")
        axes[1].legend(loc="upper left", fontsize=8)
        axes[1].set_ylim(0, 1.35 * axes[1].get_ylim()[1])  # room for the legend
    return fig, axes[0]
