"""Figures of the chapter on risk adjustment."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.report.figures import PALETTE, style


def cost_by_cell(table: pd.DataFrame) -> tuple[Figure, Axes]:
    """Draw mean cost by age and sex: modelled with interval, observed as a mark.

    Parameters
    ----------
    table : DataFrame
        ``age_band``, ``sex``, ``modelled_usd``, ``low_usd``, ``high_usd``, ``observed_usd``.

    Returns
    -------
    fig, ax
    """
    with style():
        fig, ax = plt.subplots(figsize=(6.4, 4.2))
        for offset, colour, (sex, rows) in zip(
            (-0.12, 0.12), PALETTE, table.groupby("sex"), strict=False
        ):
            x = np.arange(len(rows)) + offset
            ax.vlines(x, rows["low_usd"], rows["high_usd"], color=colour, linewidth=3, alpha=0.5)
            ax.plot(x, rows["modelled_usd"], "o", color=colour, markersize=6)
            ax.plot(x, rows["observed_usd"], "x", color="#222222", markersize=7, zorder=3)
            ax.annotate(
                str(sex),
                (x[-1], rows["modelled_usd"].iloc[-1]),
                xytext=(10, 0),
                textcoords="offset points",
                color=colour,
                va="center",
            )
        ax.set_xticks(range(len(rows)), rows["age_band"])
        ax.set_xlim(-0.5, len(rows) + 0.1)
        ax.set_xlabel("Age, years")
        ax.set_ylabel("Mean annual cost, US dollars")
        ax.set_ylim(bottom=0)
    return fig, ax


def ratios_by_group(table: pd.DataFrame) -> tuple[Figure, Axes]:
    """Draw predicted over observed cost by health group, one row of marks a budget formula.

    Parameters
    ----------
    table : DataFrame
        ``group``, ``formula``, ``predictive_ratio``.

    Returns
    -------
    fig, ax
    """
    with style():
        fig, ax = plt.subplots(figsize=(6.4, 4.4))
        groups = list(dict.fromkeys(table["group"]))
        for offset, colour, marker, (formula, rows) in zip(
            (0.12, -0.12), PALETTE[1::-1], "so", table.groupby("formula", sort=False), strict=True
        ):
            y = np.array([len(groups) - 1 - groups.index(g) for g in rows["group"]]) + offset
            ax.hlines(y, 1, rows["predictive_ratio"], color=colour, linewidth=1.2, alpha=0.6)
            ax.plot(rows["predictive_ratio"], y, marker, color=colour, label=f"{formula} budget")
        ax.axvline(1, color="#222222", linewidth=1)
        ax.set_yticks(range(len(groups)), groups[::-1])
        ax.set_xlabel("Budget over cost: below 1 the group is underpaid")
        fig.legend(loc="outside upper left", ncols=2)
    return fig, ax
