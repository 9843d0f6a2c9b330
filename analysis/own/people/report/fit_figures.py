"""Figures of the report on how the model fits, drawn by the functions of the chapters."""

import numpy as np
from matplotlib.ticker import FuncFormatter

from analysis.chapters.cost_variance import figures as cost_variance_figures
from analysis.chapters.risk_adjustment import figures as risk_adjustment_figures
from analysis.own.people.report.document import Drawing, drawing, plainly, quietly
from analysis.own.people.report.findings import Findings
from analysis.own.people.report.words import rounded
from analysis.settings import INTERVAL_PERCENT


def survival(findings: Findings) -> Drawing:
    """Draw the share of people above amounts: observed, modelled, and without a tail."""
    table = findings.tables["survival"]
    exact = np.isclose(table["observed_low"], table["observed_high"])
    marked = table.assign(observed=table["observed_high"].where(exact))
    least = max(float(table["modelled"].min()), 1e-9) / 2
    first = table[table["cost"] >= findings.fitted.cells.threshold].iloc[0]
    fig, ax = cost_variance_figures.survival_curve(
        marked, findings.fitted.cells.threshold, "cost", "currency of the data", least
    )
    # In plain figures: powers of ten say little to most readers, and need a font of their own.
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    return drawing(
        fig,
        "survival",
        "Share of people whose annual cost exceeds an amount: observed (dots; lines where joined "
        f"groups leave a range), hurdle model with its {INTERVAL_PERCENT} band, and a lognormal "
        "without a tail (dashed). Below the tail cells hold sums only. Both axes are logarithmic.",
        f"{100 * first['observed_high']:.2g}% of people are observed above "
        f"{rounded(first['cost'])}, where the tail begins; the model has "
        f"{100 * first['modelled']:.2g}%, a lognormal without a tail "
        f"{100 * first['lognormal_only']:.2g}%.",
        table,
    )


def tail_calibration(findings: Findings) -> list[Drawing]:
    """Draw observed over expected numbers of people above large costs.

    Returns
    -------
    list of Drawing
        None where nobody is seen above any.
    """
    table = findings.tables["tail-calibration"]
    if table.empty:
        return []
    agree = ((table["low"] <= 1) & (table["high"] >= 1)).sum()
    return [
        drawing(
            risk_adjustment_figures.tail_calibration(table, rounded, "Annual cost of a person")[0],
            "tail-calibration",
            "Observed over expected number of people who cost more than an amount; 1 is right. "
            f"Bars are {INTERVAL_PERCENT} intervals of what was observed, without a dot where "
            "joined groups leave a range. The people are those of the fit.",
            f"At {agree} of {len(table)} large amounts the observed number of people above it "
            "agrees with the model, within its interval.",
            table,
        )
    ]


def deciles(findings: Findings) -> list[Drawing]:
    """Draw predicted over observed cost by tenth of expected cost.

    Returns
    -------
    list of Drawing
        None where all people are in one cell.
    """
    table = findings.tables["deciles"]
    if len(findings.fitted.cells.table) < 2:
        return []
    labelled = table.assign(formula=plainly(table["formula"]))
    with quietly():
        fig = risk_adjustment_figures.cost_by_decile(labelled)[0]
    ratio = table["predictive_ratio"]
    return [
        drawing(
            fig,
            "deciles",
            "Predicted over observed cost by tenth of expected cost, for the people of the fit, "
            f"with {INTERVAL_PERCENT} intervals of the prediction; 1 is right.",
            f"Predicted over observed cost by tenth lies between {ratio.min():.2f} and "
            f"{ratio.max():.2f}.",
            table,
        )
    ]


def sensitivity(findings: Findings) -> Drawing:
    """Draw k under other assumptions about the largest costs."""
    table = findings.tables["k-sensitivity"]
    with_tail = table[table["assumption"] != "No tail at all"]["value"]
    return drawing(
        cost_variance_figures.sensitivity(table, float(table["value"].iloc[0]))[0],
        "k-sensitivity",
        f"k under other assumptions about the largest costs, with {INTERVAL_PERCENT} intervals.",
        f"Under the assumptions that keep a tail, k lies between {with_tail.min():.2f} and "
        f"{with_tail.max():.2f}.",
        table,
    )
