"""Figures of the chapter on what to learn from."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.report.figures import PALETTE, style

BEARERS = {"plan": "#f2f2f2", "not said": "#f2f2f2", "shared": "#cfe3f1", "group": "#0072b2"}
"""Who bears the risk, from the payer to the group of doctors."""

TAKERS = {"no": "#f2f2f2", "yes": "#bfe3d6"}
"""Whether a model of contracting takes a model of risk."""


def success_by_class(table: pd.DataFrame) -> tuple[Figure, Axes]:
    """Draw the share that succeeded by reference class, and the forecast below.

    Parameters
    ----------
    table : DataFrame
        ``label``, ``percent``, ``low``, ``high``; the last row is the forecast.
    """
    with style():
        fig, ax = plt.subplots(figsize=(6.4, 0.75 * len(table) + 1))
        y = np.arange(len(table))[::-1]
        colours = [PALETTE[0]] * (len(table) - 1) + [PALETTE[1]]
        ax.hlines(y, table["low"], table["high"], color=colours, linewidth=4, alpha=0.5)
        ax.scatter(table["percent"], y, color=colours, zorder=3)
        for at, (label, percent) in zip(y, table[["label", "percent"]].to_numpy(), strict=True):
            ax.annotate(
                f"{label}: {percent:.0f}%",
                (0, at),
                xytext=(2, 10),
                textcoords="offset points",
                color="#222222",
            )
        ax.set(xlim=(0, 60), ylim=(-0.5, len(table) - 0.2), yticks=[])
        ax.spines["left"].set_visible(False)
        ax.set_xlabel("Succeeded, %")
    return fig, ax


def forecast_by_weight(table: pd.DataFrame, at: float) -> tuple[Figure, Axes]:
    """Draw the forecast against the weight of the networks of independent practices.

    Parameters
    ----------
    table : DataFrame
        ``weight_percent``, ``percent``, ``low``, ``high``.
    at : float
        Weight that the chapter assumes, percent.
    """
    with style():
        fig, ax = plt.subplots()
        ax.fill_between(
            table["weight_percent"], table["low"], table["high"], color=PALETTE[0], alpha=0.25
        )
        ax.plot(table["weight_percent"], table["percent"], color=PALETTE[0])
        ax.axvline(at, color="#222222", linewidth=0.9, linestyle=":")
        ax.annotate("this chapter", (at, 1), xytext=(4, 0), textcoords="offset points")
        ax.set(xlim=(0, 100), ylim=(0, None))
        ax.set_xlabel("Weight of US networks of independent practices, %")
        ax.set_ylabel("Consortia that succeed, %")
    return fig, ax


def who_bears_what(bearer: Mapping[str, Mapping[str, str]]) -> tuple[Figure, Axes]:
    """Draw who takes each model of risk contracting, and who bears what under it.

    Parameters
    ----------
    bearer : mapping of str to mapping of str to str
        Model, then item, then a key of `TAKERS` or `BEARERS`.
    """
    models, items = list(bearer), list(next(iter(bearer.values())))
    with style():
        fig, ax = plt.subplots(figsize=(6.6, 0.46 * len(items) + 1.2))
        for x, model in enumerate(models):
            for y, item in enumerate(items):
                who = bearer[model][item]
                ax.add_patch(plt.Rectangle((x, -y), 0.96, 0.92, color=(TAKERS | BEARERS)[who]))
                ax.text(
                    x + 0.48,
                    -y + 0.46,
                    who,
                    ha="center",
                    va="center",
                    color="white" if who == "group" else "#222222",
                )
        ax.set(xlim=(0, len(models)), ylim=(1 - len(items), 1))
        ax.set_xticks(np.arange(len(models)) + 0.48, models)
        ax.set_yticks(0.46 - np.arange(len(items)), items)
        ax.xaxis.tick_top()
        ax.grid(visible=False)
        ax.tick_params(length=0)
        ax.spines[:].set_visible(False)
    return fig, ax
