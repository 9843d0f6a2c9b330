"""Figures of the report on large costs and on how the model fits."""

from matplotlib.ticker import FuncFormatter

from analysis.chapters.cost_variance import figures as cost_variance_figures
from analysis.chapters.risk_adjustment import figures as risk_adjustment_figures
from analysis.own.people import budget_formulas, tail
from analysis.own.people.report.document import Exhibit, exhibit, plainly, quietly
from analysis.own.people.report.findings import Findings
from analysis.own.people.report.words import rounded
from analysis.settings import INTERVAL_PERCENT


def survival(findings: Findings) -> Exhibit:
    """Draw the share of people above amounts: as seen, as fitted, and beyond what was seen."""
    cells = findings.fitted.cells
    table = tail.survival(findings.fitted, findings.settings)
    highest = float(table.loc[table["observed"].isna(), "cost"].iloc[0])
    beyond = findings.resting.loc["beyond"]
    above = table[table["cost"] >= cells.threshold * (1 - 1e-9)].iloc[0]
    fig, ax = cost_variance_figures.survival_curve(
        table,
        cells.threshold,
        "cost",
        "currency of the data",
        float(table["observed"].min()) / 100,
        highest,
    )
    # In plain figures: powers of ten say little to most readers, and need a font of their own.
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    return exhibit(
        fig,
        "survival",
        "Share of people whose annual cost exceeds an amount: as seen (dots), and as fitted, with "
        f"its {INTERVAL_PERCENT} band. Up to the lowest threshold (dotted) the model repeats what "
        "was seen; in the shaded part nobody was seen. Both axes are logarithmic.",
        f"{100 * above['observed']:.2g}% of people cost more than {rounded(above['cost'])}, the "
        f"lowest threshold; above {rounded(highest)} nobody was seen, and "
        f"{100 * beyond['value']:.0f}% ({100 * beyond['low']:.0f} to {100 * beyond['high']:.0f}%) "
        "of the second moment comes from there.",
        table,
    )


def deciles(findings: Findings) -> list[Exhibit]:
    """Draw predicted over observed cost by tenth of expected cost.

    Returns
    -------
    list of Exhibit
        None where all people are in one cell.
    """
    if len(findings.fitted.cells.table) < 2:
        return []
    table = budget_formulas.tenths(findings.fitted, findings.settings)
    labelled = table.assign(formula=plainly(table["formula"]))
    with quietly():
        fig = risk_adjustment_figures.cost_by_decile(labelled)[0]
    ratio = table["predictive_ratio"]
    return [
        exhibit(
            fig,
            "deciles",
            "Predicted over observed cost by tenth of expected cost, for the people of the fit, "
            f"with {INTERVAL_PERCENT} intervals of the prediction; 1 is right.",
            f"Predicted over observed cost by tenth lies between {ratio.min():.2f} and "
            f"{ratio.max():.2f}.",
            table,
        )
    ]


def sensitivity(findings: Findings) -> Exhibit:
    """Draw k under other assumptions about the largest costs, and without the costliest people."""
    table = tail.other_assumptions(findings.fitted, findings.settings, findings.without)
    assumed, without = table["value"].iloc[:-1], table.iloc[-1]
    return exhibit(
        cost_variance_figures.sensitivity(table, float(table["value"].iloc[0]))[0],
        "k-sensitivity",
        f"k under other assumptions about the largest costs, with {INTERVAL_PERCENT} intervals.",
        f"By the largest possible cost, k lies between {assumed.min():.2f} and "
        f"{assumed.max():.2f}; {str(without['assumption']).lower()} it is {without['value']:.2f}.",
        table,
    )
