"""Figures of the chapter on validation."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.inference.rank_uniformity import Band
from analysis.report.figure_labels import write_near
from analysis.report.figures import PALETTE, style

SIZE_TICKS = [500, 1_000, 5_000, 20_000, 60_000]
RATIO_TICKS = [0.1, 0.2, 0.5, 1, 2]
INK, QUIET = "#222222", "#777777"


def comparisons(table: pd.DataFrame) -> tuple[Figure, Axes]:
    """Draw what was found over what was published, a row for each comparison, failures first.

    Parameters
    ----------
    table : DataFrame
        ``what``, ``ratio``, ``low``, ``high`` (over the published value; an end may be missing),
        ``tolerance`` (share of it) and ``outcome``, from the top down.
    """
    rows = np.arange(len(table))[::-1]
    with style():
        fig, ax = plt.subplots(figsize=(6.4, 0.28 * len(table) + 0.8))
        allowed = table["tolerance"]
        ax.hlines(rows, (1 - allowed).clip(lower=0.01), 1 + allowed, color="#dddddd", linewidth=7)
        for outcome, colour, marker in (("FAIL", PALETTE[1], "X"), ("pass", PALETTE[0], "o")):
            chosen = (table["outcome"] == outcome).to_numpy()
            part, at = table[chosen], rows[chosen]
            ax.hlines(at, part["low"], part["high"], color=colour, linewidth=1.6)
            ax.plot(part["ratio"], at, marker, color=colour, markersize=6)
        ax.axvline(1.0, color=QUIET, linewidth=0.8)
        ax.set_xscale("log")
        ax.set_xticks(RATIO_TICKS, [f"{tick:g}" for tick in RATIO_TICKS])
        ax.minorticks_off()
        ax.set_xlim(RATIO_TICKS[0], RATIO_TICKS[-1])
        ax.set_yticks(rows, table["what"], fontsize=8.5)
        ax.set_xlabel("Found over published")
    return fig, ax


def savings_schedule(table: pd.DataFrame) -> tuple[Figure, Axes]:
    """Draw the published minimum savings rates beside those that k gives.

    Parameters
    ----------
    table : DataFrame
        ``people``, ``published_percent``, ``rebuilt_percent``, ``low``, ``high`` and
        ``rand_percent`` (from people under 65).
    """
    with style():
        fig, ax = plt.subplots()
        people = table["people"]
        ax.fill_between(people, table["low"], table["high"], color=PALETTE[0], alpha=0.3)
        ax.plot(people, table["rebuilt_percent"], color=PALETTE[0])
        ax.plot(people, table["rand_percent"], color=QUIET, linestyle="--", linewidth=1.2)
        ax.plot(people, table["published_percent"], "o", color=PALETTE[1], markersize=6)
        for text, row, column, colour, offset in (
            ("people over 64", 2, "rebuilt_percent", PALETTE[0], (-70, -22)),
            ("published", 3, "published_percent", PALETTE[1], (-16, 12)),
            ("people under 65: not comparable", 0, "rand_percent", QUIET, (14, 4)),
        ):
            at = (people.iloc[row], table[column].iloc[row])
            write_near(ax, text, at, offset, colour)
        ax.set(xscale="log", ylim=(0, None))
        ax.set_xticks(SIZE_TICKS, [f"{n:,}" for n in SIZE_TICKS])
        ax.minorticks_off()
        ax.set_xlabel("Assigned beneficiaries")
        ax.set_ylabel("Minimum savings rate, % of benchmark")
    return fig, ax


def recovery(panels: Mapping[str, pd.DataFrame]) -> tuple[Figure, np.ndarray]:
    """Draw what came out of simulated data against what was put in.

    Parameters
    ----------
    panels : mapping of str to DataFrame
        Title to ``truth``, ``estimate``, ``low`` and ``high``, one row a simulated data set.
    """
    with style():
        fig, axes = plt.subplots(
            1, len(panels), figsize=(6.4, 6.4 / len(panels) + 0.5), squeeze=False
        )
        for ax, (title, rows) in zip(axes[0], panels.items(), strict=True):
            inside = rows["truth"].between(rows["low"], rows["high"])
            for which, colour in ((inside, PALETTE[0]), (~inside, PALETTE[1])):
                part = rows[which]
                ax.vlines(
                    part["truth"],
                    part["low"],
                    part["high"],
                    color=colour,
                    linewidth=0.9,
                    alpha=0.55,
                )
                ax.plot(part["truth"], part["estimate"], "o", color=colour, markersize=2.6)
            ends = (rows[["truth", "low"]].min().min(), rows[["truth", "high"]].max().max())
            ax.plot(ends, ends, color=INK, linewidth=0.9, linestyle=":")
            ax.set_title(title)
            ax.set_xlabel("Put in")
        axes[0, 0].set_ylabel("Came out")
    return fig, axes


def rank_differences(
    curves: Mapping[str, Mapping[str, np.ndarray]], bands: Mapping[str, Band], columns: int = 2
) -> tuple[Figure, np.ndarray]:
    """Draw, for every model, how far its ranks are from uniform, with the simultaneous band.

    Parameters
    ----------
    curves : mapping of str to mapping of str to ndarray
        Model title to quantity to difference of the ECDF, at the points of the model's band.
    bands : mapping of str to Band
        By model title.
    """
    rows = -(-len(curves) // columns)
    with style():
        fig, axes = plt.subplots(
            rows, columns, figsize=(6.4, 2.5 * rows), sharex=True, sharey=True, squeeze=False
        )
        for ax, (title, quantities) in zip(axes.flat, curves.items(), strict=False):
            _rank_panel(ax, quantities, bands[title])
            ax.set_title(title, fontsize=11)
        for ax in axes.flat[len(curves) :]:
            ax.set_axis_off()
        fig.supxlabel("Rank of the truth among the draws, 0 to 1", fontsize=11)
        fig.supylabel("Share of ranks below, minus uniform", fontsize=11)
    return fig, axes


def _rank_panel(ax: Axes, quantities: Mapping[str, np.ndarray], band: Band) -> None:
    ax.fill_between(band.points, band.lower, band.upper, color="#e3e3e3", step="post")
    ax.axhline(0.0, color=QUIET, linewidth=0.7)
    outside = [name for name, difference in quantities.items() if not band.holds(difference)]
    for name, difference in quantities.items():
        if name not in outside:
            ax.step(band.points, difference, where="post", color=PALETTE[0], linewidth=0.8)
    for name in outside:
        difference = quantities[name]
        ax.step(band.points, difference, where="post", color=PALETTE[1], linewidth=1.4)
    if outside:
        names = _listed([name.replace("_", " ") for name in outside])
        ax.annotate(names, (0.03, 0.03), xycoords="axes fraction", color=PALETTE[1], fontsize=9)


def _listed(names: Sequence[str], most: int = 3) -> str:
    more = len(names) - most
    return "\n".join([*names[:most], *([f"and {more} more"] if more > 0 else [])])
