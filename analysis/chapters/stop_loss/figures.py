"""Figures of the chapter on stop-loss cover."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.report.figure_labels import write_near
from analysis.report.figures import PALETTE, style


@dataclass(frozen=True)
class Scales:
    """What the axes of `premium_and_size` show.

    Attributes
    ----------
    suffix : str
        End of the names of the columns of amounts.
    premium, attachment : str
        Labels of the axes.
    premiums, attachments : tuple of float
        Marked on the axes.
    people : tuple of float
        Ends of the axis of sizes.
    """

    suffix: str
    premium: str
    attachment: str
    premiums: tuple[float, ...]
    attachments: tuple[float, ...]
    people: tuple[float, float]


ENGLAND = Scales(
    "_gbp",
    "Premium, £ a head",
    "Attachment point, £ a person and year",
    (5, 20, 100, 500),
    (5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5),
    (4e3, 3e5),
)


def round_ticks(low: float, high: float, steps: Sequence[int] = (1, 2, 5)) -> tuple[float, ...]:
    """Return round amounts within a range, for a logarithmic axis.

    Parameters
    ----------
    low, high : float
        Above 0.
    steps : sequence of int
        Digits that count as round.
    """
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    ticks = [step * 10.0**power for power in powers for step in steps]
    return tuple(tick for tick in ticks if low <= tick <= high)


def _band(ax: Axes, table: pd.DataFrame, x: str, name: str, colour: str, style: str = "-") -> None:
    """Draw a median with the band of its interval, named ``name``, ``name_low``, ``name_high``."""
    low, high = table[f"{name}_low"], table[f"{name}_high"]
    ax.fill_between(table[x], low, high, color=colour, alpha=0.28, linewidth=0)
    ax.plot(table[x], table[name], style, color=colour)


def premium_and_size(
    table: pd.DataFrame,
    chosen: float,
    sizes: Sequence[tuple[str, float]],
    scales: Scales = ENGLAND,
) -> tuple[Figure, np.ndarray]:
    """Draw the premium and the smallest pool against the attachment point, one above the other.

    Parameters
    ----------
    table : DataFrame
        ``attachment_gbp``, and ``premium_gbp`` and ``people`` with ``_low`` and ``_high`` ends; or
        with another suffix than ``_gbp``.
    chosen : float
        One attachment point, drawn as a line.
    sizes : sequence of (str, float)
        Names and sizes of organisations, drawn beside the smallest pool.
    """
    with style():
        fig, axes = plt.subplots(2, 1, sharex=True, figsize=(6.4, 6.2))
        x = f"attachment{scales.suffix}"
        _band(axes[0], table, x, f"premium{scales.suffix}", PALETTE[0])
        axes[0].set_ylabel(scales.premium)
        axes[0].set(yscale="log")
        axes[0].set_yticks(scales.premiums, [f"{tick:,.10g}" for tick in scales.premiums])
        _band(axes[1], table, x, "people", PALETTE[0])
        axes[1].set(yscale="log", ylim=scales.people)
        tens = round_ticks(*scales.people, steps=(1,))
        axes[1].set_yticks(tens, [f"{tick:,.0f}" for tick in tens])
        axes[1].set_ylabel("Smallest pool, people")
        for name, people in sizes:
            axes[1].axhline(people, color=PALETTE[1], linewidth=0.9, linestyle=":")
            at = (table[x].min(), people)
            write_near(axes[1], name, at, (0, 3), PALETTE[1], ha="left", fontsize=9.5)
        for ax in axes:
            ax.axvline(chosen, color="#444444", linewidth=0.9)
            ax.set(xscale="log")
            ax.set_xticks(scales.attachments, [f"{tick:,.10g}" for tick in scales.attachments])
            ax.minorticks_off()
        axes[1].set_xlabel(scales.attachment)
    return fig, axes


def break_even(
    table: pd.DataFrame,
    loadings: Sequence[tuple[str, float, float]],
    attachments: str = "attachment_gbp",
    words: str = "above £{:,.0f}",
) -> tuple[Figure, Axes]:
    """Draw the loading up to which cover is cheaper than a reserve, by size of the pool.

    Parameters
    ----------
    table : DataFrame
        ``attachment_gbp``, ``people``, ``loading_percent``, ``loading_percent_low``,
        ``loading_percent_high``.
    loadings : sequence of (str, float, float)
        Name and ends, percent, of the loadings that may be asked.
    attachments : str
        Name of the column of attachment points.
    words : str
        What is said of one attachment point, which stands for the braces.
    """
    with style():
        fig, ax = plt.subplots(figsize=(6.4, 4.4))
        for name, low, high in loadings:
            ax.axhspan(low, high, color="#999999", alpha=0.25, linewidth=0)
            at = (table["people"].min(), low)
            write_near(ax, name, at, (4, 5), "#333333", ha="left", va="bottom", fontsize=9.5)
        for colour, (attachment, rows) in zip(PALETTE, table.groupby(attachments), strict=False):
            _band(ax, rows, "people", "loading_percent", colour)
            last = rows.iloc[-1]
            at = (last["people"], last["loading_percent"])
            write_near(ax, words.format(attachment), at, (6, 0), colour, va="center")
        ax.set(xscale="log", yscale="log", ylim=(0.1, 100), xlim=(900, 9e6))
        ax.set_xticks([1e3, 1e4, 1e5, 1e6], ["1,000", "10,000", "100,000", "1,000,000"])
        ax.set_yticks([0.1, 1, 10, 100], ["0.1", "1", "10", "100"])
        ax.minorticks_off()
        ax.set_xlabel("People in the pool")
        ax.set_ylabel("Break-even loading,\n% of expected payments")
    return fig, ax


def spiral(rounds: pd.DataFrame, shares: pd.DataFrame) -> tuple[Figure, np.ndarray]:
    """Draw how voluntary cover unravels, and who is left by what pools know beforehand.

    Parameters
    ----------
    rounds : DataFrame
        ``round``, ``premium_gbp``, ``insured_percent``.
    shares : DataFrame
        ``people``, ``known_sd_percent``, ``insured_percent`` with ``_low`` and ``_high`` ends.
    """
    with style():
        fig, axes = plt.subplots(1, 2, figsize=(6.9, 3.7), sharey=True)
        axes[0].plot(
            rounds["round"], rounds["insured_percent"], "o-", color=PALETTE[0], markersize=4
        )
        for position in (0, len(rounds) - 1):
            row = rounds.iloc[position]
            at = (row["round"], row["insured_percent"])
            side = "left" if position == 0 else "right"
            write_near(axes[0], f"£{row['premium_gbp']:.0f}", at, (4, 7), PALETTE[0], ha=side)
        axes[0].set(ylim=(0, 108))
        axes[0].xaxis.set_major_locator(MaxNLocator(integer=True))
        axes[0].set_xlabel("Round")
        axes[0].set_ylabel("Groups that buy, %")
        for colour, (people, rows) in zip(PALETTE, shares.groupby("people"), strict=False):
            _band(axes[1], rows, "known_sd_percent", "insured_percent", colour)
            middle = rows.iloc[int(np.abs(rows["insured_percent"] - 35).to_numpy().argmin())]
            at = (middle["known_sd_percent"], middle["insured_percent"])
            write_near(axes[1], f"{people:,.0f}", at, (9, 6), colour, fontsize=9.5)
        axes[1].set_xlabel("Need that groups foresee,\nstandard deviation, % of the budget")
    return fig, axes
