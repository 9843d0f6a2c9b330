"""The report on a reader's own population: what the book finds for RAND and England, for them."""

from analysis.own.people.checks import cannot_tell
from analysis.own.people.measures import tolerance_of_any_size
from analysis.own.people.report import budget_figures as budgets
from analysis.own.people.report import figures as figures
from analysis.own.people.report import fit_figures as fit
from analysis.own.people.report.document import (
    Drawing,
    Paragraph,
    Part,
    Points,
    Report,
    Section,
    grid,
)
from analysis.own.people.report.findings import Findings, report_numbers
from analysis.own.people.report.missing_figures import missing_figures
from analysis.own.people.report.words import (
    PERCENT,
    by_name,
    needs,
    records,
    rounded,
    size_words,
    with_interval,
)
from analysis.own.people.settings import Settings


def own_report(found: Findings) -> Report:
    """Return the report."""
    said = found.fitted.manifest
    shown = (
        Section("The answer", tuple(_answer(found))),
        Section("How often chance breaks a budget", tuple(_chance(found))),
        Section("If pools differ for good", tuple(_persistent(found))),
        Section("What adjustment explains", tuple(_adjustment(found))),
        Section("Stop-loss cover and carve-outs", tuple(_cover(found))),
        Section("Does the model fit these data?", tuple(_checks(found))),
    )
    parts = [part for section in shown for part in section.parts]
    absent = missing_figures(part.bundle.name for part in parts if isinstance(part, Drawing))
    limits = Section("What these data cannot tell", _limits(found, absent))
    return Report(
        title="How large must a pool of these people be?",
        subtitle=f"{said['source']}: {said['people']:,} people, by {', '.join(said['by'])}. "
        f"Made with Ten Suggestions, Tested, version {said['version']}.",
        sections=(*shown[:5], limits, shown[5], Section("How this was made", tuple(_made(found)))),
        numbers=report_numbers(found) | {"figures_not_drawn": absent},
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
        figures.overspend(found),
        figures.size_map(found),
        grid(
            "Smallest pool that is large enough, in people, by tolerated overspend and by the "
            "share of years in which it may be larger",
            ["Acceptable", *(f"over {100 * tolerance:g}%" for tolerance in tolerances)],
            rows,
            f"Chance alone, adjusted budgets; median and {PERCENT} interval. 1,000 stands for "
            "1,000 or fewer, no size for more than 3 million.",
        ),
        figures.designs(found),
        figures.chance_by_size(found),
    ]


def _persistent(found: Findings) -> list[Part]:
    return [
        Paragraph(
            "Size evens out chance. It does not even out what differs between pools for good: need "
            "that the budget misses, prices, management. Your cells cannot show it; it is assumed."
        ),
        figures.size_with_persistent(found),
        figures.chance_and_persistent(found),
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
        *budgets.chance_and_loss(found),
        *budgets.ratios(found),
        *budgets.profit(found),
        budgets.mean_costs(found),
    ]


def _cover(found: Findings) -> list[Part]:
    cover, settings = found.cover, found.settings
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
        budgets.premium_and_size(found),
        budgets.break_even(found),
        budgets.carve_outs(found),
    ]


def _limits(found: Findings, absent: list[str]) -> tuple[Part, ...]:
    return (
        Points(tuple(cannot_tell(found.fitted, found.settings))),
        Paragraph(
            "Figures of the book that these cells cannot give, and what each would take:"
            if absent
            else "Every figure of the book's chapters on risk is in this report."
        ),
        Points(tuple(absent)),
    )


def _checks(found: Findings) -> list[Part]:
    names = {
        "mean_cost": "Mean annual cost a person",
        "k_shown": "k within the groups that show their sum of squares",
    }
    rows = [
        [names[name], rounded(row["observed"], 4), with_interval(row | {"value": row["model"]})]
        for name, row in by_name(found.observed).items()
    ]
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
        fit.survival(found),
        *fit.tail_calibration(found),
        *fit.deciles(found),
        fit.sensitivity(found),
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
