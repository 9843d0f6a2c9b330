"""Figures of the chapter on real or virtual budgets."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.report.figures import PALETTE, style
from analysis.settings import INTERVAL_WORDS

SEEN, HIDDEN, DARK = PALETTE[0], "#f3c6a5", "#222222"
COLOURS = {
    "paid so far": PALETTE[1],
    "chain ladder": PALETTE[3],
    "bootstrap": PALETTE[4],
    "Cape Cod": PALETTE[2],
    "model": PALETTE[0],
}
"""One colour a method, in every figure."""


def visible_months(table: pd.DataFrame) -> tuple[Figure, Axes]:
    """Draw how much of each month's cost is on the books at mid-year, and how much is hidden.

    Parameters
    ----------
    table : DataFrame
        ``month`` (name), ``seen_percent`` of the month's cost with ``low`` and ``high``.
    """
    with style():
        fig, ax = plt.subplots(figsize=(6.4, 3.4))
        x = np.arange(len(table))
        visible = table["seen_percent"].to_numpy()
        ax.bar(
            x,
            100 - visible,
            bottom=visible,
            color=HIDDEN,
            width=0.8,
            hatch="//",
            edgecolor="white",
            label="still to come",
        )
        ax.bar(x, visible, color=SEEN, width=0.8, label="on the books at the end of September")
        ends = np.abs(table[["low", "high"]].to_numpy().T - visible)
        ax.errorbar(x, visible, ends, fmt="none", ecolor=DARK, elinewidth=1.2, capsize=3)
        for at, value in zip(x, visible, strict=True):
            ax.annotate(f"{value:.0f}%", (at, value / 2), ha="center", color="white")
        ax.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, reverse=True)
        ax.set_xticks(x, table["month"])
        ax.set(ylim=(0, 102))
        ax.grid(False)
        ax.set_xlabel("Month of care")
        ax.set_ylabel("Share of the month's cost, %")
    return fig, ax


def illusions_by_trend(table: pd.DataFrame, scored: pd.DataFrame) -> tuple[Figure, Axes]:
    """Draw how often a surplus shown at mid-year is really a deficit, by growth of cost.

    Parameters
    ----------
    table : DataFrame
        ``method``, ``trend_percent``, ``percent``.
    scored : DataFrame
        Of the model, at single trends: ``trend_percent``, ``percent``, ``low``, ``high``.
    """
    with style():
        fig, ax = plt.subplots()
        for method, line in table.groupby("method", sort=False):
            colour = COLOURS[str(method)]
            ax.plot(line["trend_percent"], line["percent"], color=colour)
        ends = np.abs(scored[["low", "high"]].to_numpy().T - scored["percent"].to_numpy())
        ax.errorbar(
            scored["trend_percent"],
            scored["percent"],
            ends,
            fmt="o",
            color=COLOURS["model"],
            capsize=3,
        )
        names = {"paid so far": "bills to come\nignored"}
        for method, line in table.groupby("method", sort=False):
            end = line.iloc[-1]
            ax.annotate(
                names.get(str(method), str(method)),
                (end["trend_percent"], end["percent"]),
                xytext=(5, 0),
                textcoords="offset points",
                va="center",
                color=COLOURS[str(method)],
                annotation_clip=False,
            )
        first = scored.iloc[0]
        ax.annotate(
            "run-off model",
            (first["trend_percent"], first["percent"]),
            xytext=(7, -12),
            textcoords="offset points",
            color=COLOURS["model"],
        )
        ax.axvline(0, color="#777777", linewidth=0.8)
        ax.set(ylim=(0, 100), xlim=(table["trend_percent"].min(), table["trend_percent"].max()))
        ax.xaxis.set_major_formatter(lambda x, _: f"{x:+.0f}".replace("-", "−").replace("+0", "0"))
        ax.set_xlabel("Cost grows faster than the budget by, % a year")
        ax.set_ylabel("Surpluses shown that are deficits, %")
    return fig, ax


def one_review(table: pd.DataFrame) -> tuple[Figure, Axes]:
    """Draw one simulated year at mid-year: paid so far, estimates, and the truth.

    Parameters
    ----------
    table : DataFrame
        ``month`` (name); ``paid``, ``true``; ``model`` and ``chain_ladder`` with ``_low`` and
        ``_high``: cost of the month, percent of its budget.
    """
    with style():
        fig, ax = plt.subplots(figsize=(6.4, 3.8))
        x = np.arange(len(table))
        ax.bar(x, table["paid"], color="#cfd8dc", width=0.8)
        for method, step in (("chain_ladder", -0.18), ("model", 0.18)):
            name = method.replace("_", " ")
            outer = table[[f"{method}_low", f"{method}_high"]].to_numpy().T
            ends = np.abs(outer - table[method].to_numpy())
            ax.errorbar(
                x + step,
                table[method],
                ends,
                fmt="o",
                color=COLOURS[name],
                capsize=3,
                label=name if name != "model" else "run-off model",
            )
        ax.hlines(table["true"], x - 0.4, x + 0.4, color=DARK, linewidth=2, label="what came out")
        ax.axhline(100, color="#777777", linewidth=0.8, linestyle=":")
        ax.annotate("paid so far", (0, 40), ha="center", color="#455a64")
        ax.set_xticks(x, table["month"])
        ax.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=3)
        ax.grid(False)
        ax.set_xlabel("Month of care")
        ax.set_ylabel("Cost, % of the month's budget")
    return fig, ax


def coverage(table: pd.DataFrame, nominal: tuple[float, float]) -> tuple[Figure, Axes]:
    """Draw how often intervals held the truth, and their score, by scenario and method.

    Parameters
    ----------
    table : DataFrame
        ``scenario``, ``method``, ``held_percent``, ``low``, ``high``, ``interval_score``.
    nominal : tuple of float
        Coverage aimed at, percent: drawn as a band.
    """
    scenarios = list(dict.fromkeys(table["scenario"]))
    methods = [m for m in COLOURS if m in set(table["method"])]
    base = np.arange(len(scenarios))[::-1].astype(float)
    with style():
        fig, (left, right) = plt.subplots(
            1,
            2,
            figsize=(7.4, 0.62 * len(scenarios) + 1.5),
            sharey=True,
            width_ratios=(1.35, 1),
        )
        left.axvspan(*nominal, color="#e8e8e8", zorder=0)
        for number, method in enumerate(methods):
            rows = table[table["method"] == method].set_index("scenario").reindex(scenarios)
            y = base + 0.22 * ((len(methods) - 1) / 2 - number)
            label = "run-off model" if method == "model" else method
            left.hlines(y, rows["low"], rows["high"], color=COLOURS[method], linewidth=4, alpha=0.4)
            left.plot(rows["held_percent"], y, "o", color=COLOURS[method], label=label)
            right.plot(rows["interval_score"], y, "o", color=COLOURS[method])
        left.set_yticks(base, scenarios)
        left.set_xlim(0, 100)
        left.set_xlabel(f"Truth inside the {INTERVAL_WORDS}, %")
        right.set_xscale("log")
        ticks = [2, 5, 10, 20, 50]
        right.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
        right.set_xticks([], minor=True)
        right.set_xlabel("Interval score, less is better")
        fig.legend(*left.get_legend_handles_labels(), loc="outside upper left", ncols=len(methods))
    return fig, left


def cash_by_month(
    balance: pd.DataFrame, ruin: pd.DataFrame, months: Mapping[int, str]
) -> tuple[Figure, Axes]:
    """Draw the cash of a real budget by month, and how probably it has run out.

    Parameters
    ----------
    balance : DataFrame
        ``policy``, ``month`` (0 is the first of the year), ``percent``, ``low``, ``high``: cash at
        the month's end, percent of the annual budget.
    ruin : DataFrame
        ``policy``, ``month``, ``percent``.
    months : mapping of int to str
        Names of the months to mark.
    """
    with style():
        fig, (left, right) = plt.subplots(1, 2, figsize=(7.4, 3.9))
        for colour, (policy, line) in zip(
            (PALETTE[0], PALETTE[1]), balance.groupby("policy", sort=False), strict=True
        ):
            left.fill_between(line["month"], line["low"], line["high"], color=colour, alpha=0.2)
            left.plot(line["month"], line["percent"], color=colour, label=str(policy))
            rows = ruin[ruin["policy"] == policy]
            right.plot(rows["month"], rows["percent"], color=colour)
        left.axhline(0, color=DARK, linewidth=0.9)
        for ax in (left, right):
            ax.axvline(11, color="#777777", linewidth=0.8, linestyle=":")
            ax.set_xticks(list(months), list(months.values()))
        left.annotate("year's end", (11.3, left.get_ylim()[1] * 0.95), color="#555555", va="top")
        left.set_ylabel("Cash, % of the annual budget")
        left.yaxis.set_major_formatter(lambda x, _: f"{x:.0f}".replace("-", "−"))
        right.set_ylabel("Has run out of cash, %")
        right.set_ylim(0, 100)
        fig.legend(*left.get_legend_handles_labels(), loc="outside upper left", ncols=2)
    return fig, left
