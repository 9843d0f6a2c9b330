"""Figures of the report on budgets and cover, drawn by the functions of the chapters."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from analysis.chapters.carve_outs import figures as carve_out_charts
from analysis.chapters.risk_adjustment import figures as risk_adjustment_figures
from analysis.chapters.stop_loss import figures as stop_loss_figures
from analysis.evidence.assumptions import assumption
from analysis.own.people import budget_formulas, stop_loss_curves
from analysis.own.people.budget_formulas import EXCESS
from analysis.own.people.checks import shown_factors
from analysis.own.people.report.chance_figures import CLAIMED
from analysis.own.people.report.document import Exhibit, exhibit, plainly, quietly
from analysis.own.people.report.findings import Findings
from analysis.own.people.report.words import records, rounded
from analysis.own.people.size_curves import COVER
from analysis.report.figures import PALETTE, style
from analysis.settings import INTERVAL_PERCENT

MOST_ACROSS, MOST_BY, LONGEST_LABEL = 20, 4, 8
"""A figure of mean costs by two factors has room for so many levels, with so short names."""

MOST_ROWS = 45
"""Groups that a figure of mean costs has room for."""

MARKED = (12.0, 35.0)
"""Limits of carve-outs that are named, in multiples of the mean cost."""


def chance_and_loss(findings: Findings) -> list[Exhibit]:
    """Draw what budget formulas leave to chance, and what a costlier pool loses under them.

    Returns
    -------
    list of Exhibit
        None where the cells know one formula only.
    """
    table, who = budget_formulas.ladder(findings.fitted, findings.settings)
    if len(table) < 2:
        return []
    first, last = table.iloc[0], table.iloc[-1]
    mix = " at the usual mix of other factors" if who.by_health else ""
    labelled = table.assign(formula=plainly(table["formula"], 24))
    with quietly():
        fig = risk_adjustment_figures.chance_and_loss(
            labelled, ("What is left to chance", "What can be foreseen"), "costlier pool"
        )[0]
    return [
        exhibit(
            fig,
            "chance-and-loss",
            "What better budgets do and do not do. Left: k within the groups of each budget "
            f"formula. Right: what a pool loses, as modelled, that has {EXCESS:.0%} more "
            f"{who.words}{mix}; the fullest formula "
            f"pays what the model expects, so that nothing is left. Lines are {INTERVAL_PERCENT} "
            "intervals.",
            f"From one budget for all to the fullest formula, k goes from {first['k']:.2f} to "
            f"{last['k']:.2f}, and the foreseeable loss of a pool with {EXCESS:.0%} more "
            f"{who.words} from {first['loss']:.1f}% of its budget to nothing.",
            table,
        )
    ]


def ratios(findings: Findings) -> list[Exhibit]:
    """Draw budget over cost by group of people."""
    table = budget_formulas.ratios(findings.fitted, findings.settings)
    if table.empty:
        return []
    flat = table[table["formula"] == table["formula"].iloc[0]]
    worst, best = (
        flat.loc[i] for i in (flat["predictive_ratio"].idxmin(), flat["predictive_ratio"].idxmax())
    )
    with quietly():
        labelled = table.assign(group=plainly(table["group"]))
        fig = risk_adjustment_figures.ratios_by_group(labelled)[0]
    return [
        exhibit(
            fig,
            "ratios-by-health",
            "Budget over cost, as modelled, by group of people, under formulas that do not know "
            f"the group; of a factor with many levels the cheapest and the costliest. Lines are "
            f"{INTERVAL_PERCENT} intervals.",
            f"With one budget for all, {worst['group']} brings "
            f"{100 * worst['predictive_ratio']:.0f}% of what it costs, and {best['group']} "
            f"{100 * best['predictive_ratio']:.0f}%.",
            table,
        )
    ]


def profit(findings: Findings) -> list[Exhibit]:
    """Draw what choosing people could earn."""
    foreseen, observed = budget_formulas.profit(findings.fitted, findings.settings)
    if foreseen.empty:
        return []
    labelled = (part.assign(formula=plainly(part["formula"], 24)) for part in (foreseen, observed))
    with quietly():
        fig = risk_adjustment_figures.profit_by_decile(*labelled)[0]
    flat = foreseen[foreseen["formula"] == foreseen["formula"].iloc[0]].set_index("tenth")
    return [
        exhibit(
            fig,
            "profit",
            "Profit a head that a pool could foresee, by tenth of people ranked by the cost that "
            "the fullest formula expects, when budgets follow a coarser one. Lines: the model, "
            f"with {INTERVAL_PERCENT} bands. Marks: the costs of the same people.",
            "With one budget for all, the cheapest tenth is a foreseeable profit of "
            f"{flat['profit_percent'][1]:.0f}% of the mean cost a head, and the costliest tenth a "
            f"loss of {-flat['profit_percent'][10]:.0f}%.".replace("-", "−"),
            pd.concat([foreseen.assign(what="foreseen"), observed.assign(what="observed")]),
        )
    ]


def mean_costs(findings: Findings) -> Exhibit:
    """Draw the mean cost of groups, observed and modelled.

    Returns
    -------
    Exhibit
        By two factors where there is room, else one row a group.
    """
    groups, two = findings.by_group, _two_factors(findings)
    ordered = records(groups.sort_values("observed").reset_index(drop=True))
    with quietly():
        if two is None:
            fig = mean_cost_by_cell(groups)[0]
        else:
            across, by = findings.fitted.cells.factors[:2]
            fig = risk_adjustment_figures.cost_by_cell(
                two, across, by, plainly([across])[0], "your currency"
            )[0]
    return exhibit(
        fig,
        "cost-by-age-sex",
        "Mean annual cost of each group, in the currency of the data: modelled with "
        f"{INTERVAL_PERCENT} intervals, and observed ({'dots' if two is None else 'crosses'}); "
        "where a group does not show its largest costs, they are shared out by its other costs.",
        f"Mean cost runs from {rounded(ordered[0]['observed'])} ({ordered[0]['group']}) to "
        f"{rounded(ordered[-1]['observed'])} ({ordered[-1]['group']}).",
        groups,
    )


def mean_cost_by_cell(table: pd.DataFrame) -> tuple[Figure, Axes]:
    """Draw the mean cost of each group as observed, and as the model has it.

    Parameters
    ----------
    table : DataFrame, one row a group
        ``group``, ``observed``, ``model``, ``low``, ``high``, in the currency of the costs.
    """
    first_rows = table.head(MOST_ROWS)
    with style():
        fig, ax = plt.subplots(figsize=(6.4, 1.1 + 0.19 * len(first_rows)))
        place = range(len(first_rows))[::-1]
        ax.hlines(
            place, first_rows["low"], first_rows["high"], color=PALETTE[0], linewidth=5, alpha=0.4
        )
        ax.plot(first_rows["model"], place, "|", color=PALETTE[0], markersize=7)
        ax.plot(first_rows["observed"], place, "o", color=PALETTE[1], markersize=3.5)
        ax.set_yticks(place, plainly(first_rows["group"]), fontsize=8)
        ax.set(xlim=(0, None), ylim=(-0.7, len(first_rows) - 0.3))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
        ax.set_xlabel("Mean annual cost a person (dots: observed; bars: model)")
    return fig, ax


def _two_factors(findings: Findings) -> pd.DataFrame | None:
    """Observed and modelled means by the first two factors, if there is room to draw them."""
    factors = shown_factors(findings.fitted)
    if len(factors) < 2:
        return None
    across, by = factors
    parts = findings.by_group["group"].str.split(" · ", n=1, expand=True)
    table = findings.by_group.assign(**{across: parts[0], by: parts[1]}).rename(
        columns={"model": "modelled"}
    )
    levels, groups = table[across].unique(), table[by].unique()
    short = max(map(len, [*levels, *groups])) <= LONGEST_LABEL
    if len(levels) > MOST_ACROSS or len(groups) > MOST_BY or not short:
        return None
    return table.assign(**{across: plainly(table[across]), by: plainly(table[by])})


def premium_and_size(findings: Findings) -> Exhibit:
    """Draw premium and smallest pool by attachment point."""
    table = stop_loss_curves.stop_loss_curve(findings.fitted, findings.settings)
    # Above what anybody can cost there is no premium to draw.
    table = table[table["premium"] > 1e-9]
    finite = table[np.isfinite(table["people_high"])]
    people = finite["people_low"].min() / 1.5, max(finite["people_high"].max(), CLAIMED) * 1.5
    ticks = stop_loss_figures.round_ticks(table["attachment"].min(), table["attachment"].max())
    premium = table["premium"]
    scales = stop_loss_figures.Scales(
        "",
        "Premium a head",
        "Attachment point, annual cost of a person",
        stop_loss_figures.round_ticks(premium.min(), premium.max(), steps=(1,)),
        ticks,
        people,
    )
    mean = float((table["attachment"] / table["multiple"]).iloc[0])
    fig = stop_loss_figures.premium_and_size(
        table, COVER * mean, [("Casalino's 100,000", CLAIMED)], scales
    )[0]
    first, last = table.iloc[0], table.iloc[-1]
    return exhibit(
        fig,
        "premium-and-size",
        "Premium without loading, and smallest pool that is large enough for your reading of "
        f"safe, by attachment point; bands are {INTERVAL_PERCENT} intervals, the vertical line is "
        f"{COVER:g} times the mean. Amounts in the currency of the data; all axes are logarithmic.",
        f"Cover above {rounded(first['attachment'])} costs {rounded(first['premium'])} a head and "
        f"brings the smallest pool to {rounded(first['people'])} people; above "
        f"{rounded(last['attachment'])} it costs {rounded(last['premium'])} and leaves "
        f"{rounded(last['people'])}.",
        table,
    )


def break_even(findings: Findings) -> list[Exhibit]:
    """Draw up to which loading cover is cheaper than a reserve.

    Returns
    -------
    list of Exhibit
        None where nobody can cost what cover begins at.
    """
    table = stop_loss_curves.break_even(findings.fitted, findings.settings)
    if table.empty:
        return []
    loadings = [
        (words, 100 * loading.low, 100 * loading.high)
        for words, loading in (
            ("loading on a market", assumption("stop_loss_loading_commercial")),
            ("a public body at cost, assumed", assumption("stop_loss_loading_national")),
        )
    ]
    claimed = table[np.isclose(table["people"], CLAIMED)]
    at = claimed.iloc[int((claimed["attachment"] - COVER).abs().to_numpy().argmin())]
    price = assumption("reserve_cost_of_capital").value
    return [
        exhibit(
            stop_loss_figures.break_even(table, loadings, "attachment", "above {:g} × mean")[0],
            "break-even",
            "Loading up to which cover above an attachment point is cheaper than a reserve for all "
            f"but {100 * findings.settings.probability:g}% of years, by size of the pool, with "
            f"{INTERVAL_PERCENT} intervals; a reserve is taken to cost {price:.0%} of it a year "
            "(assumed). Grey: loadings that may be asked. Both axes are logarithmic.",
            f"For {CLAIMED:,} people cover above {at['attachment']:g} times the mean pays up to a "
            f"loading of {at['loading_percent']:.2g}% of expected payments; a market asks "
            f"{loadings[0][1]:.0f} to {loadings[0][2]:.0f}%.",
            table,
        )
    ]


def carve_outs(findings: Findings) -> Exhibit:
    """Draw what carve-outs by cost take from the budget, and the k that they leave."""
    settings = findings.settings
    table = stop_loss_curves.carve_outs(findings.fitted, settings)
    curves = table[table["removed_percent"].between(0.4, 42)]
    marks = curves[curves["limit"].isin(MARKED)]
    marks = marks.assign(label=[f"{limit:g} × mean" for limit in marks["limit"]])
    none = pd.DataFrame(columns=["removed_percent", "k", "label"])
    enough = settings.tolerance * np.sqrt(CLAIMED) / findings.score
    ends = 0.8 * min(curves["low"].min(), enough), 1.1 * max(curves["high"].max(), enough)
    tolerance = f"{100 * settings.tolerance:g}%"
    words = [
        f"removing the {str(row['design']).split()[0]} above {row['limit']:g} times the mean takes "
        f"{row['removed_percent']:.1f}% of spending and leaves a k of {row['k']:.2f}"
        for row in records(marks)
        if row["limit"] == MARKED[0]
    ]
    removals = "; ".join(words) or "no limit shown removes between 0.4 and 42% of spending"
    return exhibit(
        carve_out_charts.removed_and_left(curves, marks, none, enough, tolerance, ends)[0],
        "removed-and-left",
        "Spending that leaves the budget and k of what remains, for carve-outs by a limit on a "
        f"person's annual cost, with {INTERVAL_PERCENT} bands. Dots: limits in multiples of the "
        "mean. The horizontal axis is logarithmic.",
        f"Carve-outs by a limit: {removals}.",
        table,
    )
