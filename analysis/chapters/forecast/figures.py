"""Figures of the forecast."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.report.figures import PALETTE, style


def forecast(past: pd.DataFrame, ahead: pd.DataFrame) -> tuple[Figure, Axes]:
    """Draw mean savings by year in the programme: seen, forecast, and what happened then.

    Parameters
    ----------
    past : DataFrame
        ``year``, ``group``, ``mean``.
    ahead : DataFrame
        ``year``, ``group``, ``mean``, ``low``, ``high``, and ``happened`` once it is known; percent
        of the benchmark.
    """
    groups = list(ahead["group"].unique())
    with style():
        fig, axes = plt.subplots(2, 3, figsize=(6.8, 4.8), sharex=True, sharey=True)
        for ax, group in zip(axes.flat, groups, strict=True):
            old, new = past[past["group"] == group], ahead[ahead["group"] == group]
            ax.plot(old["year"], old["mean"], "o-", color=PALETTE[6], markersize=3.5)
            ax.vlines(new["year"], new["low"], new["high"], color=PALETTE[0], linewidth=2.4)
            ax.plot(new["year"], new["mean"], "o", color=PALETTE[0])
            if "happened" in new:
                ax.plot(new["year"], new["happened"], "D", color="#222222", markersize=4)
            ax.axhline(0, color="#222222", linewidth=0.8)
            ax.set_title(group, fontsize=10)
            ax.set_xticks([2014, 2018, 2022, 2026])
        for ax in axes[:, 0]:
            ax.set_ylabel("Mean saving, %")
    return fig, axes[0, 0]
