"""Figures of the report on budgets and cover, drawn by the functions of the chapters."""

import numpy as np
import pandas as pd

from analysis.chapters.carve_outs import figures as carve_out_charts
from analysis.chapters.risk_adjustment import figures as risk_adjustment_figures
from analysis.chapters.stop_loss import figures as stop_loss_figures
from analysis.evidence.assumptions import assumption
from analysis.own.people.budget_formulas import EXCESS
from analysis.own.people.curves import COVER
from analysis.own.people.report import charts as own_charts
from analysis.own.people.report.document import Drawing
from analysis.own.people.report.figures import CLAIMED, drawing, plainly, quietly
from analysis.own.people.report.findings import Findings
from analysis.own.people.report.words import PERCENT, records, rounded

MOST_ACROSS, MOST_BY, LONGEST_LABEL = 20, 4, 8
"""A figure of mean costs by two factors has room for so many levels, with so short names."""

MARKED = (12.0, 35.0)
"""Limits of carve-outs that are named, in multiples of the mean cost."""


def chance_and_loss(found: Findings) -> list[Drawing]:
    """Draw what budget formulas leave to chance, and what a costlier pool loses under them.

    Returns
    -------
    list of Drawing
        None where the cells know one formula only.
    """
    table, who = found.tables["chance-and-loss"], found.costlier
    if len(table) < 2:
        return []
    first, last = table.iloc[0], table.iloc[-1]
    mix = " at the usual mix of other factors" if who.by_health else ""
    shown = table.assign(formula=plainly(table["formula"], 24))
    with quietly():
        fig = risk_adjustment_figures.chance_and_loss(
            shown, ("What is left to chance", "What can be foreseen"), "costlier pool"
        )[0]
    return [
        drawing(
            fig,
            "chance-and-loss",
            "What better budgets do and do not do. Left: k within the groups of each budget "
            f"formula. Right: what a pool loses, as modelled, that has {EXCESS:.0%} more "
            f"{who.words}{mix}; the fullest formula "
            f"pays what the model expects, so that nothing is left. Lines are {PERCENT} intervals.",
            f"From one budget for all to the fullest formula, k goes from {first['k']:.2f} to "
            f"{last['k']:.2f}, and the foreseeable loss of a pool with {EXCESS:.0%} more "
            f"{who.words} from {first['loss']:.1f}% of its budget to nothing.",
            table,
        )
    ]


def ratios(found: Findings) -> list[Drawing]:
    """Draw budget over cost by group of people."""
    table = found.tables["ratios-by-health"]
    if table.empty:
        return []
    flat = table[table["formula"] == table["formula"].iloc[0]]
    worst, best = (
        flat.loc[i] for i in (flat["predictive_ratio"].idxmin(), flat["predictive_ratio"].idxmax())
    )
    with quietly():
        fig = risk_adjustment_figures.ratios_by_group(table.assign(group=plainly(table["group"])))[
            0
        ]
    return [
        drawing(
            fig,
            "ratios-by-health",
            "Budget over cost, as modelled, by group of people, under formulas that do not know "
            f"the group; of a factor with many levels the cheapest and the costliest. Lines are "
            f"{PERCENT} intervals.",
            f"With one budget for all, {worst['group']} brings "
            f"{100 * worst['predictive_ratio']:.0f}% of what it costs, and {best['group']} "
            f"{100 * best['predictive_ratio']:.0f}%.",
            table,
        )
    ]


def profit(found: Findings) -> list[Drawing]:
    """Draw what choosing people could earn."""
    table = found.tables["profit"]
    if table.empty:
        return []
    foreseen, seen = (table[table["what"] == what] for what in ("foreseen", "observed"))
    named = (part.assign(formula=plainly(part["formula"], 24)) for part in (foreseen, seen))
    with quietly():
        fig = risk_adjustment_figures.profit_by_decile(*named)[0]
    flat = foreseen[foreseen["formula"] == foreseen["formula"].iloc[0]].set_index("tenth")
    return [
        drawing(
            fig,
            "profit",
            "Profit a head that a pool could foresee, by tenth of people ranked by the cost that "
            "the fullest formula expects, when budgets follow a coarser one. Lines: the model, "
            f"with {PERCENT} bands. Marks: the costs of the same people.",
            "With one budget for all, the cheapest tenth is a foreseeable profit of "
            f"{flat['profit_percent'][1]:.0f}% of the mean cost a head, and the costliest tenth a "
            f"loss of {-flat['profit_percent'][10]:.0f}%.".replace("-", "−"),
            table,
        )
    ]


def mean_costs(found: Findings) -> Drawing:
    """Draw the mean cost of groups, observed and modelled.

    Returns
    -------
    Drawing
        By two factors where there is room, else one row a group.
    """
    groups, two = found.by_group, _two_factors(found)
    ordered = records(groups.sort_values("observed").reset_index(drop=True))
    with quietly():
        if two is None:
            fig = own_charts.mean_cost_by_cell(groups)[0]
        else:
            across, by = found.fitted.cells.factors[:2]
            fig = risk_adjustment_figures.cost_by_cell(
                two, across, by, plainly([across])[0], "your currency"
            )[0]
    return drawing(
        fig,
        "cost-by-age-sex",
        "Mean annual cost of each group, in the currency of the data: modelled with "
        f"{PERCENT} intervals, and observed ({'dots' if two is None else 'crosses'}).",
        f"Mean cost runs from {rounded(ordered[0]['observed'])} ({ordered[0]['group']}) to "
        f"{rounded(ordered[-1]['observed'])} ({ordered[-1]['group']}).",
        groups,
    )


def _two_factors(found: Findings) -> pd.DataFrame | None:
    """Observed and modelled means by the first two factors, if there is room to draw them."""
    if not found.fitted.crossed:
        return None
    across, by = found.fitted.cells.factors[:2]
    parts = found.by_group["group"].str.split(" · ", n=1, expand=True)
    table = found.by_group.assign(**{across: parts[0], by: parts[1]}).rename(
        columns={"model": "modelled"}
    )
    levels, groups = table[across].unique(), table[by].unique()
    short = max(map(len, [*levels, *groups])) <= LONGEST_LABEL
    if len(levels) > MOST_ACROSS or len(groups) > MOST_BY or not short:
        return None
    return table.assign(**{across: plainly(table[across]), by: plainly(table[by])})


def premium_and_size(found: Findings) -> Drawing:
    """Draw premium and smallest pool by attachment point."""
    table = found.tables["premium-and-size"]
    finite = table[np.isfinite(table["people_high"])]
    people = finite["people_low"].min() / 1.5, max(finite["people_high"].max(), CLAIMED) * 1.5
    ticks = stop_loss_figures.round_ticks(table["attachment"].min(), table["attachment"].max())
    premium = table["premium"]
    scales = stop_loss_figures.Scales(
        "", "Premium a head", "Attachment point, annual cost of a person",
        stop_loss_figures.round_ticks(premium.min(), premium.max(), steps=(1,)), ticks, people,
    )  # fmt: skip
    mean = float((table["attachment"] / table["multiple"]).iloc[0])
    fig = stop_loss_figures.premium_and_size(
        table, COVER * mean, [("Casalino's 100,000", CLAIMED)], scales
    )[0]
    first, last = table.iloc[0], table.iloc[-1]
    return drawing(
        fig,
        "premium-and-size",
        "Premium without loading, and smallest pool that is large enough for your reading of safe, "
        f"by attachment point; bands are {PERCENT} intervals, the vertical line is {COVER:g} times "
        "the mean. Amounts in the currency of the data; all axes are logarithmic.",
        f"Cover above {rounded(first['attachment'])} costs {rounded(first['premium'])} a head and "
        f"brings the smallest pool to {rounded(first['people'])} people; above "
        f"{rounded(last['attachment'])} it costs {rounded(last['premium'])} and leaves "
        f"{rounded(last['people'])}.",
        table,
    )


def break_even(found: Findings) -> Drawing:
    """Draw up to which loading cover is cheaper than a reserve."""
    table = found.tables["break-even"]
    asked = [
        (words, 100 * one.low, 100 * one.high)
        for words, one in (
            ("loading on a market", assumption("stop_loss_loading_commercial")),
            ("a public body at cost, assumed", assumption("stop_loss_loading_national")),
        )
    ]
    at = table[np.isclose(table["people"], CLAIMED) & np.isclose(table["attachment"], COVER)].iloc[
        0
    ]
    price = assumption("reserve_cost_of_capital").value
    return drawing(
        stop_loss_figures.break_even(table, asked, "attachment", "above {:g} × mean")[0],
        "break-even",
        "Loading up to which cover above an attachment point is cheaper than a reserve for all but "
        f"{100 * found.settings.probability:g}% of years, by size of the pool, with {PERCENT} "
        f"intervals; a reserve is taken to cost {price:.0%} of it a year (assumed). Grey: loadings "
        "that may be asked. Both axes are logarithmic.",
        f"For {CLAIMED:,} people cover above {COVER:g} times the mean pays up to a loading of "
        f"{at['loading_percent']:.2g}% of expected payments; a market asks {asked[0][1]:.0f} to "
        f"{asked[0][2]:.0f}%.",
        table,
    )


def carve_outs(found: Findings) -> Drawing:
    """Draw what carve-outs by cost take from the budget, and the k that they leave."""
    table, settings = found.tables["removed-and-left"], found.settings
    curves = table[table["removed_percent"].between(0.4, 42)]
    marks = curves[curves["limit"].isin(MARKED)]
    marks = marks.assign(label=[f"{limit:g} × mean" for limit in marks["limit"]])
    none = pd.DataFrame(columns=["removed_percent", "k", "label"])
    enough = settings.tolerance * np.sqrt(CLAIMED) / found.score
    ends = 0.8 * min(curves["low"].min(), enough), 1.1 * max(curves["high"].max(), enough)
    tolerance = f"{100 * settings.tolerance:g}%"
    words = [
        f"removing the {str(row['design']).split()[0]} above {row['limit']:g} times the mean takes "
        f"{row['removed_percent']:.1f}% of spending and leaves a k of {row['k']:.2f}"
        for row in records(marks)
        if row["limit"] == MARKED[0]
    ]
    said = "; ".join(words) or "no limit shown removes between 0.4 and 42% of spending"
    return drawing(
        carve_out_charts.removed_and_left(curves, marks, none, enough, tolerance, ends)[0],
        "removed-and-left",
        "Spending that leaves the budget and k of what remains, for carve-outs by a limit on a "
        f"person's annual cost, with {PERCENT} bands. Dots: limits in multiples of the mean. The "
        "horizontal axis is logarithmic.",
        f"Carve-outs by a limit: {said}.",
        table,
    )
