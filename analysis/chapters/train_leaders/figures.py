"""Figures of the chapter on leaders."""

from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.report.figures import PALETTE, style

DARK = "#222222"


def coverage_by_leaders(
    table: pd.DataFrame, claimed: float, wanted_percent: float
) -> tuple[Figure, Axes]:
    """Draw the share of organisations with enough leaders against the number of leaders.

    Parameters
    ----------
    table : DataFrame
        ``leaders``, ``placed``, and for leaders who arise by chance ``percent``, ``low``,
        ``high`` (all percentages).
    claimed : float
        Number of leaders to mark.
    wanted_percent : float
        Coverage to mark.
    """
    with style():
        fig, ax = plt.subplots()
        ax.plot(table["leaders"], table["placed"], color=PALETTE[2])
        ax.fill_between(table["leaders"], table["low"], table["high"], color=PALETTE[0], alpha=0.3)
        ax.plot(table["leaders"], table["percent"], color=PALETTE[0])
        _mark_goal(ax, claimed, wanted_percent)
        middle = len(table) // 2
        ax.annotate(
            "wherever they arise",
            (table["leaders"].iloc[middle], table["percent"].iloc[middle]),
            xytext=(0, -52),
            textcoords="offset points",
            color=PALETTE[0],
        )
        ax.annotate(
            "placed where needed",
            (claimed, 100),
            xytext=(6, 4),
            textcoords="offset points",
            color=PALETTE[2],
        )
        ax.set(xlim=(0, table["leaders"].max()), ylim=(0, 109))
        ax.xaxis.set_major_formatter("{x:,.0f}")
        ax.set_xlabel("GP leaders in England")
        ax.set_ylabel("Consortia with two leaders, %")
    return fig, ax


def _mark_goal(ax: Axes, claimed: float, wanted_percent: float) -> None:
    """Draw the leaders claimed and the coverage wanted as dotted lines with their names."""
    ax.axvline(claimed, color=DARK, linewidth=0.9, linestyle=":")
    ax.axhline(wanted_percent, color=DARK, linewidth=0.9, linestyle=":")
    beside: dict[str, Any] = {"textcoords": "offset points", "color": DARK}
    ax.annotate(f"{claimed:,.0f} leaders", (claimed, 3), xytext=(4, 0), **beside)
    ax.annotate(f"{wanted_percent:g}%", (claimed * 1.7, wanted_percent), xytext=(0, -13), **beside)


def stock_over_time(table: pd.DataFrame, wanted: dict[str, float]) -> tuple[Figure, Axes]:
    """Draw the stock of leaders over the years, with the numbers that are wanted.

    Parameters
    ----------
    table : DataFrame
        ``years``, ``leaders``, ``low``, ``high``.
    wanted : dict of str to float
        Label and number of leaders.
    """
    with style():
        fig, ax = plt.subplots()
        ax.fill_between(table["years"], table["low"], table["high"], color=PALETTE[0], alpha=0.25)
        ax.plot(table["years"], table["leaders"], color=PALETTE[0])
        ax.annotate(
            "leaders in post",
            (table["years"].iloc[-1], table["leaders"].iloc[-1]),
            xytext=(-4, 6),
            textcoords="offset points",
            color=PALETTE[0],
            ha="right",
        )
        for label, number in wanted.items():
            ax.axhline(number, color=DARK, linewidth=0.9, linestyle=":")
            ax.annotate(
                f"{label}: {number:,.0f}",
                (0, number),
                xytext=(4, 4),
                textcoords="offset points",
                color=DARK,
            )
        ax.set(xlim=(0, table["years"].max()), ylim=(0, None))
        ax.yaxis.set_major_formatter("{x:,.0f}")
        ax.set_xlabel("Years since training began")
        ax.set_ylabel("GP leaders in England")
    return fig, ax
