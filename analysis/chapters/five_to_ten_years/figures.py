"""Figures of the chapter on time to mature."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.report.figures import PALETTE, style

DASHES = ("-", "--", ":")
"""Lines that grey printing still tells apart."""


def growth(observed: pd.DataFrame, curves: pd.DataFrame, with_interval: str) -> tuple[Figure, Axes]:
    """Draw savings by year in the programme: raw means, and growth under each constraint.

    Parameters
    ----------
    observed : DataFrame
        ``programme_year``, ``rate``.
    curves : DataFrame
        ``constraint``, ``programme_year``, ``rate``, ``low``, ``high``; percent of the benchmark.
    with_interval : str
        The constraint whose interval is drawn.
    """
    with style():
        fig, ax = plt.subplots(figsize=(6.8, 4.2))
        ax.plot(
            observed["programme_year"], observed["rate"], "o", color="#222222", label="raw means"
        )
        for colour, dash, (name, rows) in zip(
            PALETTE, DASHES, curves.groupby("constraint", sort=False), strict=False
        ):
            if name == with_interval:
                ax.fill_between(
                    rows["programme_year"], rows["low"], rows["high"], color=colour, alpha=0.2
                )
            ax.plot(
                rows["programme_year"], rows["rate"], color=colour, linestyle=dash, label=str(name)
            )
        ax.axhline(0, color="#222222", linewidth=0.8)
        ax.set(xlim=(0.7, curves["programme_year"].max()), ylim=(-1, None))
        ax.set_xlabel("Year in the programme")
        ax.set_ylabel("Mean saving, % of the benchmark")
        ax.legend(loc="upper left")
    return fig, ax


def gradients(table: pd.DataFrame) -> tuple[Figure, Axes]:
    """Draw the yearly gain by way of looking, with intervals.

    Parameters
    ----------
    table : DataFrame
        ``way``, ``points``, ``low``, ``high``, ``joint`` (whether from the joint model).
    """
    rows = table.iloc[::-1].reset_index(drop=True)
    with style():
        fig, ax = plt.subplots(figsize=(6.8, 3.4))
        for at, row in enumerate(rows.to_dict("records")):
            colour = PALETTE[0] if row["joint"] else PALETTE[6]
            ax.plot([row["low"], row["high"]], [at, at], color=colour, linewidth=2.4)
            ax.plot(row["points"], at, "o", color=colour)
        ax.axvline(0, color="#222222", linewidth=0.8)
        ax.set_yticks(range(len(rows)), rows["way"])
        ax.set_xlabel("Rise of savings, points per year in the programme")
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
