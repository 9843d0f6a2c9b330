"""Figures of the chapter on minimum size."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.report.figure_labels import write_near
from analysis.report.figures import PALETTE, style

SIZE_TICKS = [1e2, 1e3, 1e4, 1e5, 1e6, 1e7]
SIZE_LABELS = ["100", "1,000", "10,000", "100,000", "1,000,000", "10 million"]
TOLERANCE_TICKS = [0.2, 0.5, 1, 1.5, 2, 3, 4, 5, 10, 20, 50]
PROBABILITY_TICKS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 40]


def size_axis(ax: Axes, low: float, high: float) -> None:
    """Make the horizontal axis a logarithmic one of people, with whole powers of ten.

    Parameters
    ----------
    low, high : float
        Ends of the axis, people.
    """
    ax.set(xscale="log", xlim=(low, high))
    ax.set_xticks(*_sizes_between(low, high))
    ax.minorticks_off()


def _sizes_between(low: float, high: float) -> tuple[list[float], list[str]]:
    """Powers of ten to mark on an axis of people, and their words."""
    marks = zip(SIZE_TICKS, SIZE_LABELS, strict=True)
    within = {tick: words for tick, words in marks if low <= tick <= high}
    return list(within), list(within.values())


def overspend_by_size(table: pd.DataFrame, limit: float) -> tuple[Figure, Axes]:
    """Draw the probability of an overspend against the size of the pool.

    Parameters
    ----------
    table : DataFrame
        ``people``, ``tolerance_percent``, ``probability_percent``, ``low``, ``high``.
    limit : float
        Acceptable probability, percent, drawn as a line.
    """
    with style():
        fig, ax = plt.subplots()
        for colour, (tolerance, rows) in zip(
            PALETTE, table.groupby("tolerance_percent"), strict=False
        ):
            ax.fill_between(rows["people"], rows["low"], rows["high"], color=colour, alpha=0.3)
            ax.plot(rows["people"], rows["probability_percent"], color=colour)
            nearest = int(np.abs(rows["probability_percent"] - 25).to_numpy().argmin())
            at = (rows["people"].iloc[nearest], rows["probability_percent"].iloc[nearest])
            write_near(ax, f"over {tolerance:g}%", at, (8, 4), colour)
        ax.axhline(limit, color="#222222", linewidth=0.9, linestyle=":")
        left_end = (table["people"].min(), limit)
        write_near(ax, f"one year in {100 / limit:.0f}", left_end, (2, 4), "#222222")
        ax.set(ylim=(0, None))
        size_axis(ax, table["people"].min(), table["people"].max())
        ax.set_xlabel("People in the pool")
        ax.set_ylabel("Years with such an overspend, %")
    return fig, ax


def size_map(
    bands: pd.DataFrame, claimed: float, readings: Sequence[tuple[float, float]]
) -> tuple[Figure, Axes]:
    """Draw where pools of a few sizes are just large enough: contours with their intervals.

    Parameters
    ----------
    bands : DataFrame
        ``people``, ``tolerance_percent``, ``probability_percent``, ``low``, ``high``.
    claimed : float
        Size that the Viewpoint names; drawn in another colour if it is one of ``people``.
    readings : sequence of (float, float)
        Tolerance and probability, percent, of the readings that the chapter reports.
    """
    with style():
        fig, ax = plt.subplots(figsize=(6.4, 4.8))
        for size, rows in bands.groupby("people"):
            colour = PALETTE[1] if size == claimed else PALETTE[0]
            x = rows["tolerance_percent"]
            ax.fill_between(x, rows["low"], rows["high"], color=colour, alpha=0.28, linewidth=0)
            ax.plot(x, rows["probability_percent"], color=colour, linewidth=1.4)
            place = rows.iloc[_label_position(rows, readings)]
            ax.annotate(
                f"{size:,.0f}",
                (place["tolerance_percent"], place["probability_percent"]),
                ha="center",
                va="center",
                fontsize=9.5,
                color=colour,
                bbox={"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none"},
            )
        for reading in readings:
            ax.plot(*reading, "o", color="#222222", markersize=5)
        low, high = bands["tolerance_percent"].min(), bands["tolerance_percent"].max()
        probabilities = [probability for _, probability in readings]
        bottom = min(1, *probabilities)
        top = max(25, *(1.3 * probability for probability in probabilities))
        ax.set(xscale="log", yscale="log", xlim=(low, high), ylim=(bottom, top))
        across = [tick for tick in TOLERANCE_TICKS if low <= tick <= high]
        upward = [tick for tick in PROBABILITY_TICKS if bottom <= tick <= top]
        ax.set_xticks(across, [f"{tick:g}" for tick in across])
        ax.set_yticks(upward, [f"{tick:g}" for tick in upward])
        ax.minorticks_off()
        ax.set_xlabel("Overspend that can be borne, % of the budget")
        ax.set_ylabel("Acceptable share of such years, %")
    return fig, ax


def _label_position(rows: pd.DataFrame, readings: Sequence[tuple[float, float]]) -> int:
    """Row of a contour at which its size is written, clear of the marked readings."""
    x = rows["tolerance_percent"]
    probability = np.maximum(rows["probability_percent"], 1e-6)
    # Labels stand along a diagonal, where the lines are far enough apart.
    height = np.log(probability) - 1.1 * np.log(x)
    from_diagonal = np.abs(height - np.log(2.4)).where(x > 1.12 * x.min(), np.inf)
    for reading in readings:
        across, upward = np.log(x / reading[0]), np.log(probability / reading[1])
        hidden = (np.abs(across) < 0.12) & (np.abs(upward) < 0.12)
        from_diagonal = from_diagonal.mask(hidden, np.inf)
    return int(from_diagonal.to_numpy().argmin())


def needed_by_design(
    table: pd.DataFrame, claimed: float, ends: tuple[float, float] = (1e4, 2e6)
) -> tuple[Figure, Axes]:
    """Draw the minimum size under several designs, on a logarithmic scale.

    Parameters
    ----------
    table : DataFrame
        ``design``, ``people``, ``low``, ``high``.
    claimed : float
        Size that the Viewpoint names, drawn as a line.
    ends : tuple of float
        Of the axis, people.
    """
    with style():
        fig, ax = plt.subplots(figsize=(6.4, 0.48 * len(table) + 1.2))
        y = range(len(table))[::-1]
        ax.hlines(y, table["low"], table["high"], color=PALETTE[0], linewidth=5, alpha=0.45)
        ax.plot(table["people"], y, "o", color=PALETTE[0])
        ax.axvline(claimed, color=PALETTE[1], linewidth=1.2)
        ax.annotate(
            "Casalino's 100,000",
            (claimed, len(table) - 0.4),
            ha="center",
            va="bottom",
            color=PALETTE[1],
            fontsize=9.5,
            annotation_clip=False,
        )
        ax.set_yticks(y, table["design"])
        ax.set(ylim=(-0.6, len(table) - 0.4))
        size_axis(ax, *ends)
        ax.set_xlabel("Smallest pool that is large enough, people")
    return fig, ax


def bearable_by_size(table: pd.DataFrame, tolerance: float) -> tuple[Figure, Axes]:
    """Draw the overspend that must be borne, by size, for chance and with differences.

    Parameters
    ----------
    table : DataFrame
        ``people``, and ``chance`` and ``together`` with ``_low`` and ``_high`` ends, percent.
    tolerance : float
        Percent, drawn as a line.
    """
    parts = [
        ("together", "chance, and groups that differ", PALETTE[1]),
        ("chance", "chance alone", PALETTE[0]),
    ]
    with style():
        fig, ax = plt.subplots()
        for name, label, colour in parts:
            ends = table[f"{name}_low"], table[f"{name}_high"]
            ax.fill_between(table["people"], *ends, color=colour, alpha=0.3, linewidth=0)
            ax.plot(table["people"], table[name], color=colour)
            at = table.iloc[len(table) * 2 // 5]
            write_near(ax, label, (at["people"], at[f"{name}_high"]), (4, 5), colour)
        ax.axhline(tolerance, color="#222222", linewidth=0.9, linestyle=":")
        left_end = (float(table["people"].min()), tolerance)
        write_near(ax, f"{tolerance:g}%", left_end, (3, 3), "#222222")
        ax.set(yscale="log")
        size_axis(ax, table["people"].min(), table["people"].max())
        ticks = [tick for tick in TOLERANCE_TICKS if tick <= table["together_high"].max()]
        ax.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
        ax.minorticks_off()
        ax.set_ylim(min(0.3, float(table["chance_low"].min())), None)
        ax.set_xlabel("People in the group")
        ax.set_ylabel("Overspend to be borne, % of the budget")
    return fig, ax


def organisations(table: pd.DataFrame, needed: pd.DataFrame) -> tuple[Figure, Axes]:
    """Draw the sizes of English organisations beside the sizes that are needed.

    Parameters
    ----------
    table : DataFrame
        ``organisation``, and the sizes ``p05``, ``p25``, ``p50``, ``p75``, ``p95`` that 5 to 95 %
        of organisations do not exceed.
    needed : DataFrame
        ``need``, ``people``, ``low``, ``high``.
    """
    with style():
        fig, ax = plt.subplots(figsize=(6.4, 4.3))
        sides = ["right", "left", "center"]  # the first two stand close together
        for colour, side, row in zip(
            PALETTE[1:], sides, needed.sort_values("people").to_dict("records"), strict=False
        ):
            ax.axvspan(row["low"], row["high"], color=colour, alpha=0.25, linewidth=0)
            ax.axvline(row["people"], color=colour, linewidth=1.1)
            ax.annotate(
                row["need"],
                (row["people"], len(table) - 0.35),
                ha=side,
                va="bottom",
                color=colour,
                fontsize=9.5,
                annotation_clip=False,
            )
        y = np.arange(len(table))[::-1]
        ax.hlines(y, table["p05"], table["p95"], color=PALETTE[0], linewidth=1.6)
        ax.hlines(y, table["p25"], table["p75"], color=PALETTE[0], linewidth=7, alpha=0.55)
        ax.plot(table["p50"], y, "o", color="#ffffff", markeredgecolor=PALETTE[0], markersize=6)
        ax.set_yticks(y, table["organisation"])
        ax.set(ylim=(-0.6, len(table) - 0.4))
        size_axis(ax, 2e3, 4e6)
        ax.set_xlabel("Registered patients")
    return fig, ax


def cost_by_size(table: pd.DataFrame) -> tuple[Figure, Axes]:
    """Draw the fixed running cost and the price of risk for each head, by size.

    Parameters
    ----------
    table : DataFrame
        ``people``, and ``fixed`` and ``risk`` with ``_low`` and ``_high`` ends, GBP per head.
    """
    with style():
        fig, ax = plt.subplots()
        parts = [
            ("fixed", "fixed running cost", PALETTE[0]),
            ("risk", "price of the reserve", PALETTE[1]),
        ]
        for name, label, colour in parts:
            low, high = table[f"{name}_low"], table[f"{name}_high"]
            ax.fill_between(table["people"], low, high, color=colour, alpha=0.3, linewidth=0)
            ax.plot(table["people"], table[name], color=colour)
            at = table.iloc[len(table) * 2 // 5]
            write_near(ax, label, (at["people"], at[name]), (6, 6), colour)
        ax.set(yscale="log")
        size_axis(ax, table["people"].min(), table["people"].max())
        ticks = [0.5, 1, 2, 5, 10, 20, 50, 100, 200]
        ax.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
        ax.set_ylim(0.25, 260)
        ax.minorticks_off()
        ax.set_xlabel("People in the pool")
        ax.set_ylabel("Pounds a head and year")
    return fig, ax
