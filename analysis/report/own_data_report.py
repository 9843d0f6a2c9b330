"""The report on a reader's own population: what the book finds for RAND and England, for them."""

import warnings
from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.report.charts import own_data as charts
from analysis.report.charts.minimum_size import overspend_by_size
from analysis.report.figures import FigureBundle, show_figure
from analysis.report.own_data_document import (
    Drawing,
    Paragraph,
    Part,
    Points,
    Report,
    Section,
    grid,
)
from analysis.report.own_data_findings import Findings, report_numbers
from analysis.report.own_data_words import (
    PERCENT,
    by_name,
    needs,
    records,
    rounded,
    size_words,
    with_interval,
)
from analysis.risk.own_data import Settings, tolerance_of_any_size
from analysis.risk.own_data.checks import cannot_tell


def own_report(found: Findings) -> Report:
    """Return the report.

    Parameters
    ----------
    found : Findings

    Returns
    -------
    Report
    """
    said = found.fitted.manifest
    return Report(
        title="How large must a pool of these people be?",
        subtitle=f"{said['source']}: {said['people']:,} people, by {', '.join(said['by'])}. "
        f"Made with Ten Suggestions, Tested, version {said['version']}.",
        sections=(
            Section("The answer", tuple(_answer(found))),
            Section("How often chance breaks a budget", tuple(_chance(found))),
            Section("What adjustment explains", tuple(_adjustment(found))),
            Section("Stop-loss cover", tuple(_cover(found))),
            Section("What these data cannot tell", (_limits(found),)),
            Section("Does the model fit these data?", tuple(_checks(found))),
            Section("How this was made", tuple(_made(found))),
        ),
        numbers=report_numbers(found),
    )


def _reading(settings: Settings) -> str:
    return (
        f"overspends by more than {100 * settings.tolerance:g}% in at most "
        f"{100 * settings.probability:g}% of years"
    )


def _answer(found: Findings) -> list[Part]:
    rows, settings = by_name(found.sizes.set_index("case")), found.settings
    by = ", ".join(found.fitted.manifest["by"])
    parts: list[Part] = [
        Paragraph(
            f"A pool needs {size_words(rows['adjusted'])} if chance alone shall not break its "
            f"budget: so many that it {_reading(settings)}, when budgets follow {by}.",
            lead=True,
        ),
        Paragraph(
            f"With one budget a head for everybody it needs {size_words(rows['unadjusted'])}. "
            "That is estimated from your costs with the book's cost model; only the largest "
            "possible cost is assumed."
        ),
        Paragraph(
            f"If pools also differ for good, by {100 * settings.lasting:g}% of the budget (one "
            f"standard deviation; assumed), {needs(rows['lasting'])}. However large, a pool "
            "would then have to bear an overspend of "
            f"{100 * tolerance_of_any_size(settings):.1f}%."
        ),
    ]
    return parts + [Paragraph(f"Warning. {warning}") for warning in found.warnings]


def _chance(found: Findings) -> list[Part]:
    settings = found.settings
    chosen = found.curve["tolerance_percent"].isin([1.0, 100 * settings.tolerance])
    shown = found.curve[chosen & (found.curve["people"] <= 1e6)]
    answer = by_name(found.sizes.set_index("case"))["adjusted"]
    figure = show_figure(
        overspend_by_size(shown, 100 * settings.probability)[0],
        name="overspend-by-size",
        caption="How often chance alone causes an overspend, by size of the pool; bands are "
        f"{PERCENT} intervals.",
        alt=f"The share of years with an overspend above {100 * settings.tolerance:g}% falls to "
        f"{100 * settings.probability:g}% at {size_words(answer)}.",
        data=shown,
    )
    table = found.grid.rename(columns={"people": "value"})
    tolerances = sorted(table["tolerance"].unique())
    rows = [
        [
            f"{100 * float(probability):g}% of years",
            *(with_interval(row) for row in records(table[table["probability"] == probability])),
        ]
        for probability in sorted(table["probability"].unique())
    ]
    return [
        Drawing(figure),
        grid(
            "Smallest pool that is large enough, in people, by tolerated overspend and by the "
            "share of years in which it may be larger",
            ["Acceptable", *(f"over {100 * tolerance:g}%" for tolerance in tolerances)],
            rows,
            f"Chance alone, adjusted budgets; median and {PERCENT} interval. 1,000 stands for "
            "1,000 or fewer, no size for more than 3 million.",
        ),
    ]


def _adjustment(found: Findings) -> list[Part]:
    rows = by_name(found.explained)
    r_squared = {key: 100 * value for key, value in rows["r_squared"].items()}
    entries = [
        ["k, one budget for everybody", with_interval(rows["k_unadjusted"])],
        ["k, adjusted budgets", with_interval(rows["k_adjusted"])],
        ["Share of variance explained (R²), %", with_interval(r_squared)],
        ["Mean annual cost a person", with_interval(rows["mean_cost"], digits=4)],
    ]
    return [
        Paragraph(
            "k is the standard deviation of one person's annual cost over its mean: a pool of N "
            "people has a relative spread of k over the square root of N."
        ),
        grid("What adjustment explains", ["", f"Median ({PERCENT} interval)"], entries),
        Drawing(_group_figure(found)),
    ]


def _group_figure(found: Findings) -> FigureBundle:
    groups = found.by_group
    ordered = records(groups.sort_values("observed").reset_index(drop=True))
    bottom, top = ordered[0], ordered[-1]
    with warnings.catch_warnings():
        # A label may hold signs that the font of the figure lacks; the alternative text has them.
        warnings.filterwarnings("ignore", "Glyph .* missing")
        return _drawn_groups(groups, bottom, top)


def _drawn_groups(
    groups: pd.DataFrame, bottom: Mapping[str, Any], top: Mapping[str, Any]
) -> FigureBundle:
    return show_figure(
        charts.mean_cost_by_cell(groups)[0],
        name="cost-by-group",
        caption="Mean annual cost of each group, in the currency of the data: observed, and "
        f"modelled with {PERCENT} intervals.",
        alt=f"Mean cost runs from {rounded(bottom['observed'])} ({bottom['group']}) to "
        f"{rounded(top['observed'])} ({top['group']}); dots mark what was observed.",
        data=groups,
    )


def _cover(found: Findings) -> list[Part]:
    cover, settings = found.cover, found.settings
    full = cover[cover["share_kept"] == cover["share_kept"].min()]
    first, *_, last = records(full.reset_index(drop=True))
    figure = show_figure(
        charts.size_under_cover(full)[0],
        name="size-under-cover",
        caption=f"Smallest pool that {_reading(settings)}, by attachment point of stop-loss "
        f"cover; bands are {PERCENT} intervals.",
        alt=f"Cover above {rounded(first['attachment'])} brings the smallest pool to "
        f"{rounded(first['people'])} people, above {rounded(last['attachment'])} to "
        f"{rounded(last['people'])}.",
        data=full,
    )
    rows = [
        [
            f"{rounded(row['attachment'])} ({row['multiple']:g} times the mean)",
            f"{100 * row['share_kept']:g}%",
            with_interval(row, "premium"),
            with_interval(row, "k"),
            with_interval(row, "people"),
        ]
        for row in records(cover)
    ]
    return [
        Paragraph(
            "Stop-loss cover pays what a person costs above an attachment point in a year. The "
            "premium is what is expected to be paid, a head, before any loading. k is what "
            "remains, over the whole mean cost."
        ),
        grid(
            f"Stop-loss cover, and the smallest pool that {_reading(settings)}",
            ["Attachment point", "Pool keeps above it", "Premium a head", "k left", "People"],
            rows,
            f"Medians and {PERCENT} intervals; amounts in the currency of the data.",
        ),
        Drawing(figure),
    ]


def _limits(found: Findings) -> Points:
    return Points(tuple(cannot_tell(found.fitted, found.settings)))


def _checks(found: Findings) -> list[Part]:
    names = {
        "mean_cost": "Mean annual cost a person",
        "k_shown": "k within the groups that show their sum of squares",
    }
    rows = [
        [names[name], rounded(row["observed"], 4), with_interval(row | {"value": row["model"]})]
        for name, row in by_name(found.observed).items()
    ]
    tail = found.tail
    figure = show_figure(
        charts.tail_survival(tail)[0],
        name="tail",
        caption="Share of people above each large cost: observed (a line where joined groups "
        f"leave a range) and modelled, with {PERCENT} intervals.",
        alt=f"{tail['observed_high'].iloc[0]:.2g}% of people are observed above "
        f"{rounded(tail['amount'].iloc[0])}; the model has {tail['model'].iloc[0]:.2g}%.",
        data=tail,
    )
    fit_rows = [
        [
            one.fit.rpartition("-")[2], f"{one.max_rhat:.4f}", f"{one.min_ess_bulk:,.0f}",
            f"{one.min_ess_tail:,.0f}", str(one.divergences),
        ]
        for one in found.fitted.diagnostics
    ]  # fmt: skip
    verdict = " ".join(found.warnings) or "Model and costs agree within the limits of this report."
    return [
        Paragraph(verdict),
        grid("Costs as they are, and as the model has them", ["", "Observed", "Model"], rows),
        Drawing(figure),
        grid(
            "Convergence of the four parts of the posterior",
            ["Part", "largest R-hat", "least bulk ESS", "least tail ESS", "divergences"],
            fit_rows,
        ),
    ]


def _made(found: Findings) -> list[Part]:
    said, settings = found.fitted.manifest, found.settings
    merged = (
        f"{said['cells_merged']:,} of the {said['cells_found']:,} groups found were merged with "
        f"others, because they had fewer than {said['fewest_people']} people in some part"
        if said["cells_merged"]
        else f"None of the {said['cells_found']:,} groups found had to be merged"
    )
    bands = [
        f"{band['column']}: in bands that begin at "
        f"{', '.join(f'{edge:g}' for edge in band['edges'])}."
        for band in said.get("bands", [])
    ]
    points = [
        f"From {said['cells']:,} groups, released by the command cells: {merged}. Tail groups were "
        "joined by the same rule, and sums rounded to at most a tenth of one person's usual part.",
        f"Hurdle model: any cost; a lognormal up to {said['threshold']:,.10g} "
        f"({said['threshold_rule']}); a generalised Pareto beyond. Priors as in the book, in "
        "multiples of that amount. No-U-Turn sampling of its four independent parts.",
        f"Largest possible annual cost of a person: {settings.maximum:,.10g} times the mean.",
        f"SHA-256 of the data: {said['source_sha256'] or 'none, they came from a database'}.",
    ]
    return [Points(tuple([*bands, *points]))]
