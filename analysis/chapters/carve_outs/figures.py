"""Figures of the chapter on carve-outs."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.report.figures import PALETTE, style


def removed_and_left(
    curves: pd.DataFrame,
    marks: pd.DataFrame,
    service: pd.DataFrame,
    enough: float,
    tolerance: str = "2%",
    ends: tuple[float, float] = (1.5, 4.6),
) -> tuple[Figure, Axes]:
    """Draw what each carve-out takes from the budget against the k it leaves.

    Parameters
    ----------
    curves : DataFrame
        ``design``, ``removed_percent``, ``k``, ``low``, ``high``.
    marks : DataFrame
        ``design``, ``removed_percent``, ``k``, ``label``: points on the curves.
    service : DataFrame
        ``removed_percent``, ``k``, ``label``: one service under several concentrations.
    enough : float
        k at which 100,000 people are just enough, drawn as a line.
    tolerance : str
        Overspend that the line is for.
    ends : tuple of float
        Of the axis of k.
    """
    with style():
        fig, ax = plt.subplots(figsize=(6.4, 4.6))
        ax.axhline(enough, color="#444444", linewidth=0.9, linestyle=":")
        ax.annotate(
            f"100,000 people just enough for {tolerance}", (40, enough), xytext=(0, -12),
            ha="right", textcoords="offset points", color="#444444", fontsize=9.5,
        )  # fmt: skip
        # The lower of the two lines has its labels below it, the upper one above.
        sides = [((-5, -4), "right", "top"), ((5, 3), "left", "bottom")]
        for colour, (design, rows), side in zip(
            PALETTE, curves.groupby("design"), sides, strict=False
        ):
            offset, ha, va = side
            x = rows["removed_percent"]
            ax.fill_between(x, rows["low"], rows["high"], color=colour, alpha=0.25, linewidth=0)
            ax.plot(x, rows["k"], color=colour)
            chosen = marks[marks["design"] == design]
            ax.plot(chosen["removed_percent"], chosen["k"], "o", color=colour, markersize=5)
            for mark in chosen.to_dict("records"):
                ax.annotate(
                    mark["label"], (mark["removed_percent"], mark["k"]), xytext=offset, ha=ha,
                    va=va, textcoords="offset points", color=colour, fontsize=9.5,
                )  # fmt: skip
            last = rows.iloc[-1]
            ax.annotate(
                str(design).replace(" a limit", "\na limit"), (last["removed_percent"], last["k"]),
                xytext=(6, 0), va="center", textcoords="offset points", color=colour,
            )  # fmt: skip
        ax.plot(service["removed_percent"], service["k"], "s", color=PALETTE[2], markersize=5)
        for mark in service.to_dict("records"):
            ax.annotate(
                mark["label"], (mark["removed_percent"], mark["k"]), xytext=(7, 0), va="center",
                textcoords="offset points", color=PALETTE[2], fontsize=9.5,
            )  # fmt: skip
        ax.set(xscale="log", xlim=(0.4, 110), ylim=ends)
        ax.set_xticks([0.5, 1, 2, 5, 10, 20, 40], ["0.5", "1", "2", "5", "10", "20", "40"])
        ax.minorticks_off()
        ax.set_xlabel("Spending that leaves the budget, %")
        ax.set_ylabel("k of the budget that remains")
    return fig, ax


def service_by_concentration(
    table: pd.DataFrame, before: float, enough: float, chosen: float
) -> tuple[Figure, Axes]:
    """Draw k after the carve-out of a service against how many people its cost falls on.

    Parameters
    ----------
    table : DataFrame
        ``people_percent``, ``k``, ``low``, ``high``.
    before : float
        k without a carve-out.
    enough : float
        k at which 100,000 people are just enough.
    chosen : float
        The chapter's share of people, percent.
    """
    with style():
        fig, ax = plt.subplots()
        x = table["people_percent"]
        for level, label in (
            (before, "without a carve-out"),
            (enough, "100,000 just enough for 2%"),
        ):
            ax.axhline(level, color="#444444", linewidth=0.9, linestyle=":")
            ax.annotate(
                label, (x.min(), level), xytext=(2, 3), textcoords="offset points",
                color="#444444", fontsize=9.5,
            )  # fmt: skip
        ax.axvline(chosen, color="#888888", linewidth=0.9)
        ax.fill_between(x, table["low"], table["high"], color=PALETTE[2], alpha=0.28, linewidth=0)
        ax.plot(x, table["k"], color=PALETTE[2])
        ax.set(xscale="log", ylim=(1.5, 5.2))
        ax.set_xticks([1, 2, 5, 10, 20, 50, 100], ["1", "2", "5", "10", "20", "50", "all"])
        ax.minorticks_off()
        ax.set_xlabel("Costliest people on whom specialised services fall, %")
        ax.set_ylabel("k of the budget that remains")
    return fig, ax
