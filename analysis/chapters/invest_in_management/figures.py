"""Figures of the chapter on investment in management."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.report.figures import PALETTE, style


def capability_over_time(table: pd.DataFrame, with_interval: str) -> tuple[Figure, Axes]:
    """Draw capability over the years by policy, with the interval of one.

    Parameters
    ----------
    table : DataFrame
        ``policy``, ``year``, ``capability``, ``low``, ``high``; pounds a head.
    with_interval : str
        The policy whose interval is drawn; those of all would hide each other.
    """
    with style():
        fig, ax = plt.subplots()
        for colour, (policy, rows) in zip(
            PALETTE, table.groupby("policy", sort=False), strict=False
        ):
            if policy == with_interval:
                ax.fill_between(rows["year"], rows["low"], rows["high"], color=colour, alpha=0.2)
            ax.plot(rows["year"], rows["capability"], color=colour)
            last = (rows["year"].iloc[-1], rows["capability"].iloc[-1])
            ax.annotate(str(policy), last, xytext=(6, -4), textcoords="offset points", color=colour)
        ax.set(ylim=(0, None), xticks=[1, *range(2, int(table["year"].max()) + 1, 2)])
        ax.set_xlabel("Year")
        ax.set_ylabel("Capability, pounds a head")
    return fig, ax


def running_cost_by_size(table: pd.DataFrame, marks: dict[str, float]) -> tuple[Figure, Axes]:
    """Draw running cost a head against size, with what England allowed.

    Parameters
    ----------
    table : DataFrame
        ``people``, ``pounds``, ``low``, ``high``.
    marks : dict of str to float
        Label and pounds a head of horizontal lines.
    """
    with style():
        fig, ax = plt.subplots()
        ax.fill_between(table["people"], table["low"], table["high"], color=PALETTE[0], alpha=0.25)
        ax.plot(table["people"], table["pounds"], color=PALETTE[0])
        # Labels above and below in turn: the lines may lie close together.
        for side, (label, pounds) in zip((4, -13, 4, -13), marks.items(), strict=False):
            ax.axhline(pounds, color="#222222", linewidth=0.9, linestyle=":")
            ax.annotate(
                label,
                (table["people"].max(), pounds),
                xytext=(-2, side),
                textcoords="offset points",
                ha="right",
            )
        ax.set(xscale="log", ylim=(0, min(table["high"].max(), 90)))
        ax.set_xticks([2e4, 5e4, 1e5, 2e5, 5e5, 1e6], ["20k", "50k", "100k", "200k", "500k", "1m"])
        ax.minorticks_off()
        ax.set_xlabel("Patients")
        ax.set_ylabel("Running cost, pounds a head and year")
    return fig, ax
