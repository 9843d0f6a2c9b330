"""Figures of the chapter on cost variance."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.report.figure_labels import write_near
from analysis.report.figures import PALETTE, style


def survival_curve(
    table: pd.DataFrame,
    thresholds: float | Sequence[float],
    cost: str = "cost_usd",
    unit: str = "US dollars",
    least: float = 2e-5,
    largest_seen: float = np.inf,
) -> tuple[Figure, Axes]:
    """Draw the share of people who cost more than an amount: fitted with band, seen as dots.

    Parameters
    ----------
    table : DataFrame
        Costs, then ``observed``, ``modelled``, ``low``, ``high``; shares. Where only a range is
        observed, ``observed_low`` and ``observed_high`` are drawn as a line.
    thresholds : float or sequence of float
        Where the tail begins, in the unit of the costs.
    cost, unit : str
        Name of the column of costs, and their unit.
    least : float
        Lower end of the axis of shares.
    largest_seen : float
        Beyond it nobody was seen; marked.
    """
    with style():
        fig, ax = plt.subplots()
        _fitted(ax, table.assign(low=table["low"].clip(lower=least / 10)), cost)
        with_people = table[table["observed"] > 0]
        ax.plot(with_people[cost], with_people["observed"], ".", color="#222222", markersize=5)
        if "observed_low" in table:
            ends = table["observed_low"].clip(lower=least), table["observed_high"]
            ax.vlines(table[cost], *ends, color="#222222", linewidth=1.5)
        starts = np.atleast_1d(thresholds)
        for start in starts:
            ax.axvline(start, color="#777777", linewidth=0.8, linestyle=":")
        top = 1.6 * float(table["high"].max())
        ax.set(xscale="log", yscale="log", ylim=(least, top), xlim=table[cost].iloc[[0, -1]])
        at = (starts.max(), top / 1.25)
        write_near(ax, "tail begins", at, (4, 0), "#555555", va="top", fontsize=9.5)
        if largest_seen < table[cost].max():
            ax.axvspan(largest_seen, table[cost].max(), color="#999999", alpha=0.18, linewidth=0)
            at = (largest_seen, top / 1.25)
            write_near(ax, "larger than\nany seen", at, (4, 0), "#555555", va="top", fontsize=9.5)
        ax.set_xlabel(f"Annual cost of one person, {unit}")
        ax.set_ylabel("Share of people above it")
    return fig, ax


def _fitted(ax: Axes, table: pd.DataFrame, cost: str) -> None:
    """Draw the fitted share of people above every cost, with its band and its name."""
    ax.fill_between(table[cost], table["low"], table["high"], color=PALETTE[0], alpha=0.3)
    ax.plot(table[cost], table["modelled"], color=PALETTE[0])
    above = table.iloc[len(table) * 2 // 5]
    write_near(ax, "fitted", (above[cost], above["high"]), (8, 6), PALETTE[0])


def chance_by_size(table: pd.DataFrame) -> tuple[Figure, Axes]:
    """Draw the standard deviation of a pool's cost against its size, for several k.

    Parameters
    ----------
    table : DataFrame
        ``whose`` (whose k), ``people``, ``percent``, ``low``, ``high``.
    """
    with style():
        fig, ax = plt.subplots()
        # One label at each end of the band, so that they do not meet.
        places = [(0.42, (6, 8), "left", "bottom"), (0.45, (-6, -6), "right", "top")]
        groups = table.groupby("whose", sort=False)
        for (whose, rows), colour, place in zip(groups, PALETTE, places, strict=False):
            along, offset, horizontal, vertical = place
            ax.fill_between(rows["people"], rows["low"], rows["high"], color=colour, alpha=0.25)
            ax.plot(rows["people"], rows["percent"], color=colour)
            at = rows.iloc[int(along * len(rows))]
            edge = at["high"] if vertical == "bottom" else at["low"]
            write_near(
                ax, str(whose), (at["people"], edge), offset, colour, ha=horizontal, va=vertical
            )
        ax.set(xscale="log", yscale="log")
        ax.set_xticks([1e3, 1e4, 1e5, 1e6], ["1,000", "10,000", "100,000", "1,000,000"])
        ax.set_yticks([0.5, 1, 2, 5, 10], ["0.5", "1", "2", "5", "10"])
        ax.minorticks_off()
        ax.set_xlabel("People in the pool")
        ax.set_ylabel("Standard deviation from chance,\n% of the budget")
    return fig, ax


def triangulation(table: pd.DataFrame, x_label: str, flip: float = 0.0) -> tuple[Figure, Axes]:
    """Draw estimates of one quantity by several routes, in groups, as intervals.

    Parameters
    ----------
    table : DataFrame
        ``group``, ``estimate`` (what it is), ``route`` (where it comes from), ``value`` (missing
        where only a range is known), ``low``, ``high``; in the order to be drawn.
    flip : float
        Value at which advice changes, drawn as a line; 0 for none.
    """
    groups, routes = list(dict.fromkeys(table["group"])), list(dict.fromkeys(table["route"]))
    with style():
        fig, ax = plt.subplots(figsize=(6.4, 0.36 * len(table) + 0.42 * len(groups) + 0.9))
        y, places, labels = 0.0, [], []
        for group in groups:
            rows = table[table["group"] == group]
            _group_title(ax, group, y)
            for row in rows.itertuples():
                y -= 1
                colour = PALETTE[routes.index(row.route)]
                dashes = "solid" if pd.notna(row.value) else (0, (2, 1))
                ax.hlines(
                    y, row.low, row.high, color=colour, linewidth=4, alpha=0.55, linestyle=dashes
                )
                if pd.notna(row.value):
                    ax.plot(row.value, y, marker="osD^"[routes.index(row.route)], color=colour)
                places.append(y)
                labels.append(row.estimate)
            y -= 1.2
        if flip:
            ax.axvline(flip, color="#777777", linewidth=0.9, zorder=0)
        ax.set_yticks(places, labels)
        ax.set_ylim(y + 0.6, 0.6)
        ax.set_xlim(left=0)
        ax.grid(visible=False, axis="y")
        ax.set_xlabel(x_label)
    return fig, ax


def _group_title(ax: Axes, group: str, y: float) -> None:
    """Write the name of a group of estimates at the left edge, above them."""
    box = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
    along = ("axes fraction", "data")
    write_near(
        ax, group, (0, y), (4, 0), "#333333", xycoords=along, va="center", weight="bold", bbox=box
    )


def sensitivity(table: pd.DataFrame, base: float) -> tuple[Figure, Axes]:
    """Draw one quantity under several assumptions, as intervals below each other.

    Parameters
    ----------
    table : DataFrame
        ``assumption``, ``value``, ``low``, ``high``, in the order to be drawn.
    base : float
        Value under the assumptions of the chapter, drawn as a line.
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
