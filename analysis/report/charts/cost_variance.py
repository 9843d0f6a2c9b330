"""Figures of the chapter on cost variance."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.report.figures import PALETTE, style


def survival_curve(table: pd.DataFrame, threshold: float) -> tuple[Figure, Axes]:
    """Draw the share of people who cost more than an amount: model with band, data as dots.

    Parameters
    ----------
    table : DataFrame
        ``cost_usd``, ``observed``, ``modelled``, ``low``, ``high``, ``lognormal_only``; shares.
    threshold : float
        Where the tail begins, US dollars.

    Returns
    -------
    fig, ax
    """
    with style():
        fig, ax = plt.subplots()
        ax.fill_between(table["cost_usd"], table["low"], table["high"], color=PALETTE[0], alpha=0.3)
        ax.plot(table["cost_usd"], table["modelled"], color=PALETTE[0])
        ax.plot(table["cost_usd"], table["lognormal_only"], "--", color=PALETTE[1])
        seen = table[table["observed"] > 0]
        ax.plot(seen["cost_usd"], seen["observed"], ".", color="#222222", markersize=5)
        ax.axvline(threshold, color="#777777", linewidth=0.8, linestyle=":")
        ax.set(xscale="log", yscale="log", ylim=(2e-5, 1.3))
        ax.annotate("tail begins", (threshold, 0.9), xytext=(4, 0), textcoords="offset points")
        above = table.iloc[len(table) * 3 // 5]
        ax.annotate(
            "hurdle model", (above["cost_usd"], above["high"]), xytext=(10, 8),
            textcoords="offset points", color=PALETTE[0],
        )  # fmt: skip
        middle = table.iloc[len(table) * 5 // 6]
        ax.annotate(
            "without a tail", (middle["cost_usd"], middle["lognormal_only"]), xytext=(-12, -14),
            textcoords="offset points", color=PALETTE[1], ha="right",
        )  # fmt: skip
        ax.set_xlabel("Annual cost of one person, US dollars")
        ax.set_ylabel("Share of people above it")
    return fig, ax


def chance_by_size(table: pd.DataFrame) -> tuple[Figure, Axes]:
    """Draw the standard deviation of a pool's cost against its size.

    Parameters
    ----------
    table : DataFrame
        ``people``, ``percent``, ``low``, ``high``.

    Returns
    -------
    fig, ax
    """
    with style():
        fig, ax = plt.subplots()
        ax.fill_between(table["people"], table["low"], table["high"], color=PALETTE[0], alpha=0.3)
        ax.plot(table["people"], table["percent"], color=PALETTE[0])
        ax.set(xscale="log", yscale="log")
        ax.set_xticks([1e3, 1e4, 1e5, 1e6], ["1,000", "10,000", "100,000", "1,000,000"])
        ax.set_yticks([0.5, 1, 2, 5, 10], ["0.5", "1", "2", "5", "10"])
        ax.minorticks_off()
        ax.set_xlabel("People in the pool")
        ax.set_ylabel("Standard deviation from chance,\n% of the budget")
    return fig, ax


def sensitivity(table: pd.DataFrame, base: float) -> tuple[Figure, Axes]:
    """Draw one quantity under several assumptions, as intervals below each other.

    Parameters
    ----------
    table : DataFrame
        ``assumption``, ``value``, ``low``, ``high``, in the order to be drawn.
    base : float
        Value under the assumptions of the chapter, drawn as a line.

    Returns
    -------
    fig, ax
    """
    with style():
        fig, ax = plt.subplots(figsize=(6.4, 0.42 * len(table) + 1.0))
        y = range(len(table))[::-1]
        ax.hlines(y, table["low"], table["high"], color=PALETTE[0], linewidth=4, alpha=0.5)
        ax.plot(table["value"], y, "o", color=PALETTE[0])
        ax.axvline(base, color="#777777", linewidth=0.8)
        ax.set_yticks(y, table["assumption"])
        ax.set_xlabel("k of one person's annual cost")
    return fig, ax
