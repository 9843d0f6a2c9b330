"""Figures of the chapter on the strength of incentives."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.report.figure_labels import name_lines
from analysis.report.figures import PALETTE, style

DARK = "#222222"


def effects_by_share(table: pd.DataFrame, best_percent: float) -> tuple[Figure, Axes]:
    """Draw what the share at risk brings, with the interval of each effect.

    Parameters
    ----------
    table : DataFrame
        ``effect``, ``share_percent``, ``percent``, ``low``, ``high``.
    best_percent : float
        Best share before anybody knows which assumption is true, drawn as a line.
    """
    with style():
        fig, ax = plt.subplots(figsize=(6.8, 4.4))
        ends: dict[str, tuple[float, str]] = {}
        for colour, (effect, rows) in zip(
            PALETTE, table.groupby("effect", sort=False), strict=False
        ):
            ax.fill_between(
                rows["share_percent"], rows["low"], rows["high"], color=colour, alpha=0.12
            )
            ax.plot(rows["share_percent"], rows["percent"], color=colour)
            ends[str(effect)] = (float(rows["percent"].iloc[-1]), colour)
        name_lines(ax, ends, 100)
        ax.axhline(0, color="#777777", linewidth=0.8)
        ax.axvline(best_percent, color=DARK, linewidth=0.9, linestyle=":")
        ax.annotate(
            "best share",
            (best_percent, table["high"].max()),
            xytext=(4, -10),
            textcoords="offset points",
            color=DARK,
        )
        ax.set(xlim=(0, 100))
        ax.set_xlabel("Share of savings and losses at risk, %")
        ax.set_ylabel("Percent of the budget")
    return fig, ax


def credibility_by_size(table: pd.DataFrame, at: float) -> tuple[Figure, Axes]:
    """Draw how much of a practice's own cost is the practice, by size and years seen.

    Parameters
    ----------
    table : DataFrame
        ``seen``, ``people``, ``percent``, ``low``, ``high``.
    at : float
        Size to mark.
    """
    with style():
        fig, ax = plt.subplots()
        for colour, (years_seen, rows) in zip(
            PALETTE, table.groupby("seen", sort=False), strict=False
        ):
            ax.fill_between(rows["people"], rows["low"], rows["high"], color=colour, alpha=0.2)
            ax.plot(rows["people"], rows["percent"], color=colour)
            ax.annotate(
                str(years_seen),
                (rows["people"].iloc[-1], rows["percent"].iloc[-1]),
                xytext=(5, -3),
                textcoords="offset points",
                color=colour,
            )
        ax.axvline(at, color=DARK, linewidth=0.9, linestyle=":")
        ax.annotate(f"{at:,.0f} patients", (at, 2), xytext=(4, 0), textcoords="offset points")
        ax.set(ylim=(0, 100))
        ax.xaxis.set_major_formatter("{x:,.0f}")
        ax.set_xlabel("Patients of the practice")
        ax.set_ylabel("Credibility, %")
    return fig, ax


def profit_by_decile(table: pd.DataFrame) -> tuple[Figure, Axes]:
    """Draw the profit a head that selection could foresee, by decile of expected cost.

    Parameters
    ----------
    table : DataFrame
        ``formula``, ``decile``, ``percent``, ``low``, ``high``.
    """
    with style():
        fig, ax = plt.subplots()
        formulas = list(table["formula"].unique())
        for offset, colour, formula in zip(
            np.linspace(-0.25, 0.25, len(formulas)), PALETTE, formulas, strict=False
        ):
            rows = table[table["formula"] == formula]
            x = rows["decile"] + offset
            ax.vlines(x, rows["low"], rows["high"], color=colour, linewidth=3, alpha=0.5)
            ax.plot(x, rows["percent"], "o", color=colour, markersize=4, label=formula)
        ax.axhline(0, color="#777777", linewidth=0.8)
        ax.legend(loc="lower left", title="Budget by")
        ax.set_xticks(range(1, 11))
        ax.set_xlabel("Decile of expected cost, from the healthiest to the sickest")
        ax.set_ylabel("Foreseeable profit, % of mean cost")
    return fig, ax
