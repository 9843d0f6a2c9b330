"""The picture of the chapter on today's contracts."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.report.figure_labels import write_near
from analysis.report.figures import PALETTE, style

TICKS = {10_000: "10,000", 100_000: "100,000", 1_000_000: "1 million"}
OVERSPEND_TICKS = (1, 2, 5, 10)
ACCENT, QUIET = PALETTE[1], "#4d4d4d"
LABEL_AT = 60_000
FOOT = 0.25


def borne_by_contract(curves: pd.DataFrame, sizes: Mapping[str, float]) -> tuple[Figure, Axes]:
    """Draw the overspend that must be borne against size, with the contracts on the curves.

    Parameters
    ----------
    curves : DataFrame
        ``people``; ``chance`` and ``together`` with ``_low`` and ``_high`` ends, percent.
    sizes : mapping of str to float
        People by the name of a contract.
    """
    with style():
        fig, ax = plt.subplots(figsize=(6.4, 4.4))
        for name, colour, words in (
            ("together", ACCENT, "if groups also differ"),
            ("chance", PALETTE[0], "chance alone"),
        ):
            people, ends = curves["people"], (curves[f"{name}_low"], curves[f"{name}_high"])
            ax.fill_between(people, *ends, color=colour, alpha=0.22, linewidth=0)
            ax.plot(people, curves[name], color=colour)
            at = int((people - LABEL_AT).abs().argmin())
            write_near(ax, words, (people[at], curves[name][at]), (4, 4), colour, fontweight="bold")
        for label, size in sizes.items():
            _mark(ax, curves, label, size)
        ax.set(xscale="log", yscale="log", ylim=(FOOT, 20))
        ax.set_xlim(curves["people"].min(), curves["people"].max())
        ax.set_xticks(list(TICKS), list(TICKS.values()))
        ax.set_yticks(OVERSPEND_TICKS, [f"{tick}%" for tick in OVERSPEND_TICKS])
        ax.minorticks_off()
        ax.set_xlabel("People in the contract")
        ax.set_ylabel("Overspend to be borne, of the budget")
    return fig, ax


def _mark(ax: Axes, curves: pd.DataFrame, label: str, size: float) -> None:
    """Put a contract on both curves, with its name beside the lower one."""
    at = int((curves["people"] - size).abs().argmin())
    heights = curves.loc[at, ["chance", "together"]]
    ax.vlines(size, FOOT, heights["together"], color=QUIET, linewidth=0.8, linestyle=":")
    ax.plot([size, size], heights, "o", color="#222222", markersize=5)
    write_near(ax, label, (size, float(heights.to_numpy()[0])), (-5, -12), "#222222", ha="right")
