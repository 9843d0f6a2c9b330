"""Figures of the chapter on risk adjustment."""

from collections.abc import Callable

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.report.figure_labels import write_near
from analysis.report.figures import PALETTE, style


def cost_by_cell(
    table: pd.DataFrame,
    across: str = "age_band",
    by: str = "sex",
    across_label: str = "Age, years",
    unit: str = "US dollars",
) -> tuple[Figure, Axes]:
    """Draw mean cost by two factors: modelled with interval, observed as a mark.

    Parameters
    ----------
    table : DataFrame
        The two factors, then modelled, low, high and observed cost: ``modelled_usd``, ``low_usd``,
        ``high_usd``, ``observed_usd``, or the same without ``_usd`` in another currency.
    across, by : str
        Names of the factors: along the axis, and by colour.
    across_label, unit : str
        Words on the axes.
    """
    with style():
        fig, ax = plt.subplots(figsize=(6.4, 4.2))
        end = "_usd" if "modelled_usd" in table else ""
        levels, groups = list(dict.fromkeys(table[across])), table.groupby(by)
        offsets = 0.12 * np.arange(1 - len(groups), len(groups), 2)
        for offset, colour, (group, rows) in zip(offsets, PALETTE, groups, strict=False):
            x = np.array([levels.index(level) for level in rows[across]]) + offset
            ends = rows[f"low{end}"], rows[f"high{end}"]
            ax.vlines(x, *ends, color=colour, linewidth=3, alpha=0.5)
            ax.plot(x, rows[f"modelled{end}"], "o", color=colour, markersize=6)
            ax.plot(x, rows[f"observed{end}"], "x", color="#222222", markersize=7, zorder=3)
            last = (x[-1], rows[f"modelled{end}"].iloc[-1])
            write_near(ax, str(group), last, (10, 0), colour, va="center")
        ax.set_xticks(range(len(levels)), levels)
        if len(levels) > 10:
            ax.tick_params(axis="x", rotation=90)
        ax.set_xlim(-0.5, len(levels) - 0.5 + max(0.6, 0.1 * len(levels)))
        ax.set_xlabel(across_label)
        ax.set_ylabel(f"Mean annual cost, {unit}")
        ax.set_ylim(bottom=0)
    return fig, ax


MARKERS = "osD^vP*"
"""One for each formula, so that formulas can be told apart in grey."""


def ratios_by_group(table: pd.DataFrame) -> tuple[Figure, Axes]:
    """Draw budget over cost by group of people, one row of marks a budget formula.

    Parameters
    ----------
    table : DataFrame
        ``group``, ``formula``, ``predictive_ratio``, ``low``, ``high``.
    """
    with style():
        groups = list(dict.fromkeys(table["group"]))
        formulas = list(dict.fromkeys(table["formula"]))
        fig, ax = plt.subplots(figsize=(6.4, 0.52 * len(groups) + 1.3))
        offsets = np.linspace(0.24, -0.24, len(formulas)) if len(formulas) > 1 else [0.0]
        for offset, colour, marker, formula in zip(
            offsets, PALETTE, MARKERS, formulas, strict=False
        ):
            rows = table[table["formula"] == formula]
            y = np.array([len(groups) - 1 - groups.index(g) for g in rows["group"]]) + offset
            ax.hlines(y, rows["low"], rows["high"], color=colour, linewidth=2.2, alpha=0.5)
            ax.plot(rows["predictive_ratio"], y, marker, color=colour, markersize=5, label=formula)
        ax.axvline(1, color="#222222", linewidth=1)
        ax.set_yticks(range(len(groups)), groups[::-1])
        ax.set_ylim(-0.6, len(groups) - 0.4)
        ax.grid(visible=False, axis="y")
        ax.set_xlabel("Budget over cost: below 1 the group is underpaid")
        fig.legend(loc="outside upper left", ncols=len(formulas))
    return fig, ax


def chance_and_loss(
    table: pd.DataFrame,
    titles: tuple[str, str] = ("Chance hardly shrinks", "Predictable loss goes"),
    pool: str = "sicker pool",
) -> tuple[Figure, np.ndarray]:
    """Draw side by side what formulas leave to chance and what a sicker pool loses under them.

    Parameters
    ----------
    table : DataFrame
        ``formula``, then ``k``, ``k_low``, ``k_high`` (ratio) and ``loss``, ``loss_low``,
        ``loss_high`` (percent of the budget).
    titles : tuple of str
        What each panel shows, as a finding.
    pool : str
        Whose loss it is.
    """
    panels = (
        ("k", titles[0], "k: one person's standard deviation over the mean", "{:.2f}"),
        ("loss", titles[1], f"What a {pool} loses, % of its budget", "{:.1f}%"),
    )
    with style():
        fig, axes = plt.subplots(1, 2, figsize=(7.2, 0.62 * len(table) + 1.3), sharey=True)
        y = np.arange(len(table))[::-1]
        for ax, colour, (name, title, label, form) in zip(axes, PALETTE, panels, strict=False):
            ax.barh(y, table[name], height=0.55, color=colour, alpha=0.35)
            ax.hlines(y, table[f"{name}_low"], table[f"{name}_high"], color=colour, linewidth=3)
            right = table[[name, f"{name}_high"]].max(axis=1)
            for at, value, end in zip(y, table[name], right, strict=True):
                text = form.format(value).replace("-", "−")
                write_near(ax, text, (end, at), (6, 0), "#222222", va="center")
            ax.axvline(0, color="#222222", linewidth=1)
            ax.set_title(title)
            ax.set_xlabel(label, fontsize=9)
            ax.set_xlim(min(0, 1.15 * table[f"{name}_low"].min()), 1.28 * right.max())
            ax.grid(visible=False, axis="y")
        axes[0].set_yticks(y, table["formula"])
    return fig, axes


def cost_by_decile(table: pd.DataFrame) -> tuple[Figure, np.ndarray]:
    """Draw observed over predicted cost by tenth of predicted cost, one panel a formula.

    Parameters
    ----------
    table : DataFrame
        ``formula``, ``tenth``, ``predictive_ratio``, ``low``, ``high``.
    """
    with style():
        formulas = list(dict.fromkeys(table["formula"]))
        fig, axes = plt.subplots(1, len(formulas), figsize=(7.2, 3.2), sharey=True)
        for ax, colour, formula in zip(np.ravel(axes), PALETTE, formulas, strict=False):
            rows = table[table["formula"] == formula]
            ax.vlines(
                rows["tenth"], rows["low"], rows["high"], color=colour, linewidth=3, alpha=0.5
            )
            ax.plot(rows["tenth"], rows["predictive_ratio"], "o", color=colour, markersize=5)
            ax.axhline(1, color="#222222", linewidth=1)
            ax.set_title(formula)
            ax.set_xticks([1, 4, 7, 10])
        fig.supxlabel("Tenth of people by predicted cost, cheapest to costliest", fontsize=11)
        np.ravel(axes)[0].set_ylabel("Predicted over observed cost")
    return fig, axes


def profit_by_decile(table: pd.DataFrame, realised: pd.DataFrame) -> tuple[Figure, Axes]:
    """Draw the foreseeable profit a head by tenth of expected cost, one line a budget formula.

    Parameters
    ----------
    table : DataFrame
        ``formula``, ``tenth``, ``profit_percent``, ``low``, ``high``: what the model foresees.
    realised : DataFrame
        The same columns for people held out, drawn as marks with intervals.
    """
    with style():
        fig, ax = plt.subplots(figsize=(6.4, 4.4))
        formulas = list(dict.fromkeys(table["formula"]))
        for number, (formula, colour) in enumerate(zip(formulas, PALETTE, strict=False)):
            rows = table[table["formula"] == formula]
            ax.fill_between(rows["tenth"], rows["low"], rows["high"], color=colour, alpha=0.25)
            ax.plot(rows["tenth"], rows["profit_percent"], color=colour, label=formula)
            held_out = realised[realised["formula"] == formula]
            x = held_out["tenth"] + 0.16 * (number - (len(formulas) - 1) / 2)
            ax.vlines(x, held_out["low"], held_out["high"], color=colour, linewidth=1.2, alpha=0.7)
            ax.plot(x, held_out["profit_percent"], MARKERS[number], color=colour, markersize=4)
        ax.axhline(0, color="#222222", linewidth=1)
        ax.set_xticks(range(1, 11))
        ax.set_xlabel("Tenth of people by expected cost, cheapest to costliest")
        ax.set_ylabel("Profit a head, % of the mean cost")
        ax.legend(title="Budget by", loc="lower left")
    return fig, ax


def tail_calibration(
    table: pd.DataFrame,
    level_words: Callable[[float], str] = lambda level: f"{100 * level:g}%",
    x_label: str = "Predicted quantile of a person's cost",
) -> tuple[Figure, np.ndarray]:
    """Draw observed over expected share above large costs, one panel a group of people.

    Parameters
    ----------
    table : DataFrame
        ``who``, ``formula``, ``quantile`` (or another measure of how large a cost is), ``ratio``
        (missing where only a range is known), ``low``, ``high``.
    level_words : callable
        Words of one ``quantile`` on the axis.
    """
    with style():
        panels = list(dict.fromkeys(table["who"]))
        formulas = list(dict.fromkeys(table["formula"]))
        levels = sorted(table["quantile"].unique())
        fig, axes = plt.subplots(1, len(panels), figsize=(7.2, 3.8), sharey=True, squeeze=False)
        offsets = np.linspace(-0.27, 0.27, len(formulas)) if len(formulas) > 1 else [0.0]
        for ax, who in zip(axes[0], panels, strict=True):
            for offset, colour, marker, formula in zip(
                offsets, PALETTE, MARKERS, formulas, strict=False
            ):
                rows = table[(table["formula"] == formula) & (table["who"] == who)]
                x = np.array([levels.index(level) for level in rows["quantile"]]) + offset
                low = rows["low"].clip(lower=0.1)
                ax.vlines(x, low, rows["high"], color=colour, linewidth=2.5, alpha=0.5)
                label = formula if who == panels[0] else None
                ax.plot(x, rows["ratio"], marker, color=colour, markersize=4.5, label=label)
            ax.axhline(1, color="#222222", linewidth=1)
            ax.set_title(who)
            ax.set_xticks(range(len(levels)), [level_words(level) for level in levels])
        # Ratios: half as many is as far off as twice as many. An interval may reach down to none.
        axes[0, 0].set_yscale("log")
        axes[0, 0].set_ylim(0.2, 1.1 * table["high"].max())
        ticks = [tick for tick in (0.25, 0.5, 1, 2, 4, 8, 16) if tick < table["high"].max()]
        axes[0, 0].set_yticks(ticks, [f"{tick:g}" for tick in ticks])
        axes[0, 0].minorticks_off()
        axes[0, 0].set_ylabel("Costs above it, observed over expected")
        fig.supxlabel(x_label, fontsize=11)
        if len(formulas) > 1:
            fig.legend(loc="outside upper left", ncols=len(formulas))
    return fig, axes
