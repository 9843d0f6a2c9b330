"""Figures of the chapter on minimum size."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.report.figures import PALETTE, style

SIZE_TICKS = [1e3, 1e4, 1e5, 1e6]
SIZE_LABELS = ["1,000", "10,000", "100,000", "1,000,000"]


def overspend_by_size(table: pd.DataFrame, limit: float) -> tuple[Figure, Axes]:
    """Draw the probability of an overspend against the size of the pool.

    Parameters
    ----------
    table : DataFrame
        ``people``, ``tolerance_percent``, ``probability_percent``, ``low``, ``high``.
    limit : float
        Acceptable probability, percent, drawn as a line.

    Returns
    -------
    fig, ax
    """
    with style():
        fig, ax = plt.subplots()
        for colour, (tolerance, rows) in zip(
            PALETTE, table.groupby("tolerance_percent"), strict=False
        ):
            ax.fill_between(rows["people"], rows["low"], rows["high"], color=colour, alpha=0.3)
            ax.plot(rows["people"], rows["probability_percent"], color=colour)
            at = int(np.abs(rows["probability_percent"] - 25).to_numpy().argmin())
            ax.annotate(
                f"over {tolerance:g}%",
                (rows["people"].iloc[at], rows["probability_percent"].iloc[at]),
                xytext=(8, 4),
                textcoords="offset points",
                color=colour,
            )
        ax.axhline(limit, color="#222222", linewidth=0.9, linestyle=":")
        ax.annotate(f"one year in {100 / limit:.0f}", (table["people"].min(), limit), xytext=(2, 4),
                    textcoords="offset points", color="#222222")  # fmt: skip
        ax.set(xscale="log", ylim=(0, None))
        ax.set_xticks(SIZE_TICKS, SIZE_LABELS)
        ax.minorticks_off()
        ax.set_xlabel("People in the pool")
        ax.set_ylabel("Years with such an overspend, %")
    return fig, ax


def size_map(
    tolerance_percent: np.ndarray, probability_percent: np.ndarray, people: np.ndarray
) -> tuple[Figure, Axes]:
    """Draw the minimum size over tolerance and acceptable probability, as labelled contours.

    Parameters
    ----------
    tolerance_percent : ndarray, shape (tolerance,)
    probability_percent : ndarray, shape (probability,)
    people : ndarray, shape (probability, tolerance)

    Returns
    -------
    fig, ax
    """
    with style():
        fig, ax = plt.subplots(figsize=(6.4, 4.6))
        levels = [2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 2e6]
        shown = np.log10(people)
        filled = np.log10([people.min() * 0.9, *levels, max(people.max(), 2.1e6)])
        ax.contourf(tolerance_percent, probability_percent, shown, np.unique(filled), cmap="Blues")
        lines = ax.contour(
            tolerance_percent, probability_percent, shown, np.log10(levels), colors="#222222",
            linewidths=0.9,
        )  # fmt: skip
        ax.clabel(lines, fmt={np.log10(v): f"{v:,.0f}" for v in levels}, fontsize=10)
        ax.set_xlabel("Overspend that can be borne, % of the budget")
        ax.set_ylabel("Acceptable share of such years, %")
        ax.grid(visible=False)
    return fig, ax


def needed_by_design(table: pd.DataFrame, claimed: float) -> tuple[Figure, Axes]:
    """Draw the minimum size under several designs, on a logarithmic scale.

    Parameters
    ----------
    table : DataFrame
        ``design``, ``people``, ``low``, ``high``.
    claimed : float
        Size that the Viewpoint names, drawn as a line.

    Returns
    -------
    fig, ax
    """
    with style():
        fig, ax = plt.subplots(figsize=(6.4, 0.5 * len(table) + 1.2))
        y = range(len(table))[::-1]
        ax.hlines(y, table["low"], table["high"], color=PALETTE[0], linewidth=5, alpha=0.45)
        ax.plot(table["people"], y, "o", color=PALETTE[0])
        ax.axvline(claimed, color=PALETTE[1], linewidth=1.2)
        ax.set_yticks(y, table["design"])
        ax.set(xscale="log", xlim=(8e3, 2e6), ylim=(-0.6, len(table) - 0.4))
        ax.set_xticks(SIZE_TICKS[1:], SIZE_LABELS[1:])
        ax.minorticks_off()
        ax.set_xlabel("Smallest pool that is large enough, people")
    return fig, ax
