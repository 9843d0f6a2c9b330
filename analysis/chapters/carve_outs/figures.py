"""Figures of the chapter on carve-outs."""

from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.report.figure_labels import write_near
from analysis.report.figures import PALETTE, style


def removed_and_left(
    curves: pd.DataFrame,
    marks: pd.DataFrame,
    service: pd.DataFrame,
    enough: float,
    tolerance: str = "2%",
    ends: tuple[float, float] = (1.5, 4.6),
    who: str = "100,000 people",
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
        k at which a group is just large enough, drawn as a line.
    tolerance : str
        Overspend that the line is for.
    ends : tuple of float
        Of the axis of k.
    who : str
        The group that the line is for.
    """
    with style():
        fig, ax = plt.subplots(figsize=(6.4, 4.6))
        ax.axhline(enough, color="#444444", linewidth=0.9, linestyle=":")
        words = f"{who} just enough for {tolerance}"
        write_near(ax, words, (0.13, enough), (0, -12), "#444444", ha="left", fontsize=9.5)
        # The lower of the two lines has its labels below it, the upper one above.
        sides: list[dict[str, Any]] = [
            {"offset": (-5, -4), "ha": "right", "va": "top"},
            {"offset": (5, 3), "ha": "left", "va": "bottom"},
        ]
        designs = zip(PALETTE, curves.groupby("design"), sides, strict=False)
        for colour, (design, rows), side in designs:
            _line_with_interval(ax, rows, colour)
            _marked_points(ax, marks[marks["design"] == design], "o", colour, side)
            _name_at_end(ax, str(design), rows, colour, side["va"])
        _marked_points(ax, service, "s", PALETTE[2], {"offset": (7, 0), "va": "center"})
        ax.set(xscale="log", xlim=(0.12, 150), ylim=ends)
        ax.set_xticks(
            [0.2, 0.5, 1, 2, 5, 10, 20, 40], ["0.2", "0.5", "1", "2", "5", "10", "20", "40"]
        )
        ax.minorticks_off()
        ax.set_xlabel("Spending that leaves the budget, %")
        ax.set_ylabel("k of the budget that remains")
    return fig, ax


def _line_with_interval(ax: Axes, rows: pd.DataFrame, colour: str) -> None:
    """Draw k along one design."""
    removed = rows["removed_percent"]
    ax.fill_between(removed, rows["low"], rows["high"], color=colour, alpha=0.25, linewidth=0)
    ax.plot(removed, rows["k"], color=colour)


def _name_at_end(ax: Axes, design: str, rows: pd.DataFrame, colour: str, va: str) -> None:
    """Write the name of a design where its line ends."""
    end = rows.iloc[-1]
    words = design.replace(" a limit", "\na limit")
    write_near(ax, words, (end["removed_percent"], end["k"]), (6, 0), colour, va=va)


def _marked_points(
    ax: Axes, points: pd.DataFrame, marker: str, colour: str, side: dict[str, Any]
) -> None:
    """Draw points that have a label each."""
    ax.plot(points["removed_percent"], points["k"], marker, color=colour, markersize=5)
    for point in points.to_dict("records"):
        at = (point["removed_percent"], point["k"])
        write_near(ax, point["label"], at, colour=colour, fontsize=9.5, **side)


def service_by_concentration(
    table: pd.DataFrame, before: float, enough: float, chosen: float, who: str
) -> tuple[Figure, Axes]:
    """Draw k after the carve-out of a service against how many people its cost falls on.

    Parameters
    ----------
    table : DataFrame
        ``people_percent``, ``k``, ``low``, ``high``.
    before : float
        k without a carve-out.
    enough : float
        k at which a group is just large enough for 2%.
    chosen : float
        The chapter's share of people, percent.
    who : str
        That group.
    """
    with style():
        fig, ax = plt.subplots()
        x = table["people_percent"]
        for level, label in (
            (before, "without a carve-out"),
            (enough, f"{who} just enough for 2%"),
        ):
            ax.axhline(level, color="#444444", linewidth=0.9, linestyle=":")
            write_near(ax, label, (x.min(), level), (2, 3), "#444444", fontsize=9.5)
        ax.axvline(chosen, color="#888888", linewidth=0.9)
        ax.fill_between(x, table["low"], table["high"], color=PALETTE[2], alpha=0.28, linewidth=0)
        ax.plot(x, table["k"], color=PALETTE[2])
        ax.set(xscale="log", ylim=(0.8 * table["low"].min(), 1.2 * before))
        ax.set_xticks([1, 2, 5, 10, 20, 50, 100], ["1", "2", "5", "10", "20", "50", "all"])
        ax.minorticks_off()
        ax.set_xlabel("Costliest people on whom specialised services fall, %")
        ax.set_ylabel("k of the budget that remains")
    return fig, ax
