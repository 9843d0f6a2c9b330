"""Figures of the report on a reader's own population."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from analysis.report.figures import PALETTE, style

_MOST_ROWS = 45


def _plainly(text: str) -> str:
    """Text that matplotlib shows as it is: a dollar sign would begin a formula."""
    return text.replace("$", r"\$")


def mean_cost_by_cell(table: pd.DataFrame) -> tuple[Figure, Axes]:
    """Draw the mean cost of each group as observed, and as the model has it.

    Parameters
    ----------
    table : DataFrame, one row a group
        ``group``, ``observed``, ``model``, ``low``, ``high``, in the currency of the costs.

    Returns
    -------
    fig, ax
    """
    shown = table.head(_MOST_ROWS)
    with style():
        fig, ax = plt.subplots(figsize=(6.4, 1.1 + 0.19 * len(shown)))
        place = range(len(shown))[::-1]
        ax.hlines(place, shown["low"], shown["high"], color=PALETTE[0], linewidth=5, alpha=0.4)
        ax.plot(shown["model"], place, "|", color=PALETTE[0], markersize=7)
        ax.plot(shown["observed"], place, "o", color=PALETTE[1], markersize=3.5)
        labels = [_plainly(str(group))[:40] for group in shown["group"]]
        ax.set_yticks(place, labels, fontsize=8)
        ax.set(xlim=(0, None), ylim=(-0.7, len(shown) - 0.3))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
        ax.set_xlabel("Mean annual cost a person (dots: observed; bars: model)")
    return fig, ax


def tail_survival(table: pd.DataFrame) -> tuple[Figure, Axes]:
    """Draw the share of people above each large cost, as observed and as the model has it.

    Parameters
    ----------
    table : DataFrame, one row an amount
        ``amount``, ``observed_low``, ``observed_high``, ``model``, ``low``, ``high``; shares in
        percent. The two observed ends differ where small bins were joined before release.

    Returns
    -------
    fig, ax
    """
    with style():
        fig, ax = plt.subplots()
        x = table["amount"]
        ax.fill_between(x, table["low"], table["high"], color=PALETTE[0], alpha=0.3, linewidth=0)
        ax.plot(x, table["model"], color=PALETTE[0])
        seen = table[table["observed_high"] > 0]
        floor = table["low"][table["low"] > 0].min() / 2
        ax.vlines(
            seen["amount"], seen["observed_low"].clip(lower=floor), seen["observed_high"],
            color=PALETTE[1], linewidth=2,
        )  # fmt: skip
        ax.plot(seen["amount"], seen["observed_high"], "_", color=PALETTE[1], markersize=7)
        ax.annotate(
            "model", (x.iloc[-1], table["model"].iloc[-1]), xytext=(-4, 8), ha="right",
            textcoords="offset points", color=PALETTE[0],
        )  # fmt: skip
        ax.annotate(
            "observed", (seen["amount"].iloc[0], seen["observed_high"].iloc[0]), xytext=(8, 2),
            textcoords="offset points", color=PALETTE[1],
        )  # fmt: skip
        ax.set(xscale="log", yscale="log")
        ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        ax.minorticks_off()
        ax.set_xlabel("Annual cost, in the currency of the data")
        ax.set_ylabel("People above it, %")
    return fig, ax


def size_under_cover(table: pd.DataFrame) -> tuple[Figure, Axes]:
    """Draw the smallest pool against the attachment point of stop-loss cover.

    Parameters
    ----------
    table : DataFrame, one row an attachment point
        ``attachment``, ``people``, ``people_low``, ``people_high``.

    Returns
    -------
    fig, ax
    """
    with style():
        fig, ax = plt.subplots(figsize=(6.4, 3.4))
        x = table["attachment"]
        low, high = table["people_low"], table["people_high"]
        ax.fill_between(x, low, high, color=PALETTE[0], alpha=0.3, linewidth=0)
        ax.plot(x, table["people"], "o-", color=PALETTE[0], markersize=4)
        ax.set(xscale="log", ylim=(0, None))
        ax.set_xticks(list(x), [f"{float(f'{value:.3g}'):,.10g}" for value in x])
        ax.minorticks_off()
        ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
        ax.set_xlabel("Attachment point, annual cost of a person")
        ax.set_ylabel("Smallest pool, people")
    return fig, ax
