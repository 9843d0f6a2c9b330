"""Figures of the chapter on the English population."""

from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.report.figure_labels import write_near
from analysis.report.figures import PALETTE, style


def concentration_curves(curves: pd.DataFrame, published: pd.DataFrame) -> tuple[Figure, Axes]:
    """Draw the share of cost carried by the costliest people, and published points.

    Parameters
    ----------
    curves : DataFrame
        ``care``, ``people_percent`` (costliest, above 0), ``cost_percent``.
    published : DataFrame
        ``label``, ``people_percent``, ``cost_percent``, ``care``, ``calibrated`` (bool).
    """
    with style():
        fig, ax = plt.subplots()
        colours = dict(zip(curves["care"].unique(), PALETTE, strict=False))
        for care, rows in curves.groupby("care", sort=False):
            ax.plot(rows["people_percent"], rows["cost_percent"], color=colours[care])
            nearest = rows.iloc[(rows["people_percent"] - 0.25).abs().argmin()]
            at = (nearest["people_percent"], nearest["cost_percent"])
            write_near(ax, str(care), at, (-4, 6), colours[care], ha="right", va="bottom")
        _published_points(ax, published, colours)
        ax.set(xscale="log", xlim=(0.05, 100), ylim=(0, 100))
        ax.set_xticks([0.1, 1, 5, 20, 50, 100], ["0.1%", "1%", "5%", "20%", "50%", "all"])
        ax.minorticks_off()
        ax.set_yticks(range(0, 101, 20), [f"{tick}%" for tick in range(0, 101, 20)])
        ax.set_xlabel("Costliest people (logarithmic scale)")
        ax.set_ylabel("Share of all cost")
    return fig, ax


def _published_points(ax: Axes, published: pd.DataFrame, colours: dict[str, str]) -> None:
    """Draw published points with their words: filled where the generator was calibrated to them."""
    points: Any = published.itertuples()
    for point in points:
        at = (point.people_percent, point.cost_percent)
        ax.plot(
            *at,
            "o",
            markersize=7,
            markeredgecolor=colours[point.care],
            markerfacecolor=colours[point.care] if point.calibrated else "white",
            zorder=3,
        )
        write_near(ax, point.label, at, (8, -10), "#333333", fontsize=9, va="top")


def cost_by_age(table: pd.DataFrame) -> tuple[Figure, list[Axes]]:
    """Draw mean cost by age for the most and the least deprived fifth, one panel a sex.

    Parameters
    ----------
    table : DataFrame
        ``sex``, ``deprivation_quintile`` (1 and 5), ``age_low`` (years), ``source_gbp`` and
        ``generated_gbp`` per person-year.
    """
    names = {1: "most deprived fifth", 5: "least deprived fifth"}
    with style():
        fig, axes = plt.subplots(1, 2, sharey=True, figsize=(6.4, 3.6))
        for ax, (sex, rows) in zip(axes, table.groupby("sex"), strict=True):
            for colour, (quintile, part) in zip(
                (PALETTE[1], PALETTE[0]), rows.groupby("deprivation_quintile"), strict=True
            ):
                ax.plot(part["age_low"], part["source_gbp"], color=colour, linewidth=1.2)
                ax.plot(part["age_low"], part["generated_gbp"], ".", color=colour, markersize=6)
                if sex == "female":
                    at = part.iloc[12 if quintile == 1 else 16]
                    offset = (-6, 12) if quintile == 1 else (0, -26)
                    name, point = names[int(str(quintile))], (at["age_low"], at["source_gbp"])
                    write_near(ax, name, point, offset, colour, ha="right", fontsize=10)
            ax.set_title({"female": "Women and girls", "male": "Men and boys"}[str(sex)])
            ax.set_xlabel("Age, years")
            ax.set_ylim(0)
        axes[0].set_ylabel("Cost, pounds a head and year")
        axes[0].yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    return fig, list(axes)


def what_can_be_foreseen(table: pd.DataFrame) -> tuple[Figure, Axes]:
    """Draw the parts of the variance of cost as stacked bars, one a scope of care.

    Parameters
    ----------
    table : DataFrame
        ``care``, ``part``, ``percent`` (adding up to 100 by care), in the order to be drawn.
    """
    colours = (PALETTE[0], PALETTE[4], PALETTE[5], PALETTE[1], "#cfcfcf")
    dark = {PALETTE[0], PALETTE[1]}
    shares = table.pivot_table(index="care", columns="part", values="percent", sort=False)
    ends = shares.cumsum(axis=1)
    with style():
        fig, ax = plt.subplots(figsize=(6.4, 2.9))
        for colour, part in zip(colours, shares.columns, strict=True):
            starts = ends[part] - shares[part]
            ax.barh(
                shares.index, shares[part], left=starts, color=colour, edgecolor="white", label=part
            )
            for row, (start, width) in enumerate(zip(starts, shares[part], strict=True)):
                if width > 4:
                    ink = "white" if colour in dark else "#222222"
                    ax.text(
                        start + width / 2, row, f"{width:.0f}%", ha="center", va="center", color=ink
                    )
        fig.legend(loc="outside lower center", ncols=2, fontsize=9)
        ax.grid(visible=False)
        ax.set_xlim(0, 100)
        ax.set_xlabel("Share of the differences between people's yearly costs, %")
        ax.invert_yaxis()
    return fig, ax


def variation_by_source(table: pd.DataFrame) -> tuple[Figure, Axes]:
    """Draw k from several sources as intervals below each other.

    Parameters
    ----------
    table : DataFrame
        ``source``, ``value``, ``low``, ``high`` (ratios), ``generated`` (bool), in order.
    """
    with style():
        fig, ax = plt.subplots(figsize=(6.4, 0.42 * len(table) + 1.0))
        y = range(len(table))[::-1]
        colours = [PALETTE[0] if own else PALETTE[6] for own in table["generated"]]
        ax.hlines(y, table["low"], table["high"], color=colours, linewidth=4, alpha=0.5)
        ax.scatter(table["value"], y, color=colours, zorder=3)
        ax.set_yticks(y, table["source"])
        ax.set_xlim(0)
        ax.set_xlabel("k of one person's annual cost")
    return fig, ax
