"""Figures of the chapter on hospitals' cooperation."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from analysis.report.figures import PALETTE, style

HOSPITAL, CONSORTIUM, BOTH = PALETTE[0], PALETTE[1], PALETTE[2]
DARK = "#222222"


def _intervals(ax: Axes, y: np.ndarray, table: pd.DataFrame, colour: str) -> None:
    ax.hlines(y, table["low"], table["high"], color=colour, linewidth=5, alpha=0.45)
    ax.plot(table["value"], y, "o", color=colour)


def contract_effects(table: pd.DataFrame) -> tuple[Figure, Axes]:
    """Draw what an averted admission brings hospital and consortium under several contracts.

    Parameters
    ----------
    table : DataFrame
        ``contract``, ``side`` ("hospital" or "consortium"), ``value``, ``low``, ``high``; pounds.
    """
    contracts = list(dict.fromkeys(table["contract"]))
    with style():
        fig, ax = plt.subplots(figsize=(6.4, 0.64 * len(contracts) + 1.2))
        base = np.arange(len(contracts))[::-1].astype(float)
        ax.axvline(0, color=DARK, linewidth=0.9)
        for side, colour, step in (("hospital", HOSPITAL, 0.16), ("consortium", CONSORTIUM, -0.16)):
            rows = table[table["side"] == side].set_index("contract").loc[contracts]
            _intervals(ax, base + step, rows, colour)
            place = (0, 9) if step > 0 else (0, -16)
            ax.annotate(
                side,
                (rows["value"].iloc[0], base[0] + step),
                xytext=place,
                ha="center",
                textcoords="offset points",
                color=colour,
            )
        ax.set_yticks(base, contracts)
        ax.set_ylim(-0.55, len(contracts) - 0.35)
        ax.xaxis.set_major_formatter(lambda x, _: f"{x:,.0f}".replace("-", "−"))
        ax.set_xlabel("Loss or gain by each averted admission, £")
    return fig, ax


def bargaining_zone(table: pd.DataFrame) -> tuple[Figure, Axes]:
    """Draw how probably a payment suits both sides, against what averting an admission costs.

    Parameters
    ----------
    table : DataFrame
        ``payment_percent`` of the tariff, increasing; ``enough_percent``, how probably it is
        enough for the hospital.
    """
    payment, enough = table["payment_percent"].to_numpy(), table["enough_percent"].to_numpy()
    cost = np.linspace(0, 100, len(payment))
    both = np.broadcast_to(enough[:, None], (len(payment), len(cost)))
    with style():
        fig, ax = plt.subplots()
        levels = [0, 5, 25, 50, 75, 95, 100.1]
        greens = ["#ffffff", "#e3f3ee", "#bfe3d8", "#8fcdb9", "#5db497", "#2f9c78"]
        filled = ax.contourf(cost, payment, both, levels, colors=greens)
        # Above this line the consortium would pay more than it saves.
        below = Polygon([(0, 0), (0, 100), (100, 0)], transform=ax.transData)
        filled.set_clip_path(below)
        ax.plot([0, 100], [100, 0], color=CONSORTIUM)
        ax.annotate(
            "most that the\nconsortium can pay",
            (45, 55),
            xytext=(12, 6),
            textcoords="offset points",
            color=CONSORTIUM,
        )
        for share in (25, 50, 75, 95):
            at = float(np.interp(share, enough, payment))
            ax.plot([0, 100 - at], [at, at], color=HOSPITAL, linewidth=0.9)
            ax.annotate(
                f"enough: {share}%",
                (1, at),
                xytext=(0, 4),
                textcoords="offset points",
                color=DARK,
                fontsize=10,
            )
        ax.set(xlim=(0, 100), ylim=(0, 100))
        ax.set_xlabel("Cost of averting one admission, % of the tariff")
        ax.set_ylabel("Payment to the hospital, % of the tariff")
    return fig, ax


def unpaid_cooperation(table: pd.DataFrame, published: Sequence[float]) -> tuple[Figure, Axes]:
    """Draw how probably each side gains without any gain-share, by marginal rate.

    Parameters
    ----------
    table : DataFrame
        ``marginal_rate_percent``, ``hospital``, ``consortium``, ``both``; percent.
    published : sequence of float
        Marginal rates that were in force, percent, drawn as lines.
    """
    x = table["marginal_rate_percent"]
    with style():
        fig, ax = plt.subplots()
        for rate in published:
            ax.axvline(rate, color="#777777", linewidth=0.8, linestyle=":")
            ax.annotate(
                f"{rate:g}%",
                (rate, 101),
                ha="center",
                va="bottom",
                color="#555555",
                annotation_clip=False,
                fontsize=10,
            )
        ax.fill_between(x, 0, table["both"], color=BOTH, alpha=0.25, linewidth=0)
        for side, colour in (("hospital", HOSPITAL), ("consortium", CONSORTIUM), ("both", BOTH)):
            ax.plot(x, table[side], color=colour)
        ax.annotate("hospital gains", (3, 92), color=HOSPITAL)
        ax.annotate("consortium gains", (97, 84), color=CONSORTIUM, ha="right", va="top")
        ax.annotate("both gain", (46, 12), color="#00543d", ha="center")
        ax.set(xlim=(0, 100), ylim=(0, 100))
        ax.set_xlabel("Share of the tariff paid for the last admission, %")
        ax.set_ylabel("Probability, %")
    return fig, ax


def readmission_rules(table: pd.DataFrame, support_cost_gbp: float) -> tuple[Figure, Axes]:
    """Draw the break-even effort against readmissions under several payment rules.

    Parameters
    ----------
    table : DataFrame
        ``rule``, ``effort`` (two kinds), ``value``, ``low``, ``high``; pounds per discharge.
    support_cost_gbp : float
        Cost of discharge support, pounds per discharge, drawn as a line.
    """
    rules = list(dict.fromkeys(table["rule"]))
    with style():
        fig, ax = plt.subplots(figsize=(6.4, 0.66 * len(rules) + 1.2))
        base = np.arange(len(rules))[::-1].astype(float)
        ax.axvline(0, color=DARK, linewidth=0.9)
        ax.axvline(support_cost_gbp, color="#777777", linewidth=0.9, linestyle=":")
        ax.annotate(
            "typical cost\nof support",
            (support_cost_gbp, base[0] + 0.1),
            xytext=(4, 0),
            textcoords="offset points",
            color="#555555",
            va="center",
        )
        kinds = zip(
            dict.fromkeys(table["effort"]), (PALETTE[6], HOSPITAL), (0.16, -0.16), strict=True
        )
        for kind, colour, step in kinds:
            rows = table[table["effort"] == kind].set_index("rule").loc[rules]
            _intervals(ax, base + step, rows, colour)
            ax.annotate(
                kind,
                (0, base[0] + step),
                xytext=(6, 0),
                va="center",
                textcoords="offset points",
                color=colour,
                fontsize=10,
            )
        ax.set_yticks(base, rules)
        ax.set_ylim(-0.5, len(rules) - 0.5)
        ax.xaxis.set_major_formatter(lambda x, _: f"{x:,.0f}".replace("-", "−"))
        ax.set_xlabel("Break-even cost of prevention, £ per discharge")
    return fig, ax


def advice_fees(table: pd.DataFrame, paid: pd.DataFrame) -> tuple[Figure, Axes]:
    """Draw what each side needs for a call for advice, and what it is paid.

    Parameters
    ----------
    table : DataFrame
        ``side``, ``value``, ``low``, ``high``; pounds per call, the payer last.
    paid : DataFrame
        ``side``, ``paid``: fees paid today, pounds per call.
    """
    with style():
        fig, ax = plt.subplots(figsize=(6.4, 0.62 * len(table) + 1.2))
        y = np.arange(len(table))[::-1].astype(float)
        needs = np.arange(len(table)) < len(table) - 1
        _intervals(ax, y[needs], table[needs], HOSPITAL)
        _intervals(ax, y[~needs], table[~needs], CONSORTIUM)
        place = dict(zip(table["side"], y, strict=True))
        for side, fee in zip(paid["side"], paid["paid"], strict=True):
            at = (fee, place[side])
            ax.plot(*at, "D", color=DARK, markersize=7, markerfacecolor="white")
            ax.annotate(
                f"paid: £{fee:g}",
                at,
                xytext=(0, 10),
                textcoords="offset points",
                ha="center",
                color=DARK,
                fontsize=10,
            )
        ax.set_yticks(y, table["side"])
        ax.set(xlim=(0, None), ylim=(-0.5, len(table) - 0.35))
        ax.set_xlabel("Fee for one call, £")
    return fig, ax
