"""The report on a reader's own population: what the book finds for RAND and England, for them."""

from analysis.own.people.checks import cannot_tell
from analysis.own.people.report import budget_figures as budgets
from analysis.own.people.report import chance_figures as chance
from analysis.own.people.report.data_sections import beside_others, rests_on
from analysis.own.people.report.document import (
    Exhibit,
    Paragraph,
    Part,
    Points,
    Report,
    Section,
    grid,
)
from analysis.own.people.report.findings import Findings, report_numbers
from analysis.own.people.report.first_page import first_page
from analysis.own.people.report.missing_figures import missing_figures
from analysis.own.people.report.words import (
    by_name,
    reading,
    records,
    rounded,
    with_interval,
)
from analysis.settings import INTERVAL_PERCENT


def own_report(findings: Findings) -> Report:
    """Return the report."""
    manifest = findings.fitted.manifest
    answered = (
        Section("Beside other populations", tuple(beside_others(findings)), new_page=True),
        Section("How often chance breaks a budget", tuple(_chance(findings))),
        Section("If pools differ lastingly", tuple(_persistent(findings))),
        Section("What adjustment explains", tuple(_adjustment(findings))),
        Section("Stop-loss cover and carve-outs", tuple(_cover(findings))),
        Section("The costs behind the answer", tuple(rests_on(findings))),
    )
    parts = [part for section in answered for part in section.parts]
    exhibits = {part.bundle.name: part for part in parts if isinstance(part, Exhibit)}
    absent = missing_figures(exhibits)
    figures = {
        name: records(found.table.reset_index(drop=True)) for name, found in exhibits.items()
    }
    limits = Section("What these data cannot tell", _limits(findings, absent))
    return Report(
        title="How large must a pool of these people be?",
        subtitle=(
            f"{manifest['source']}: {manifest['people']:,} people, by "
            f"{', '.join(manifest['by'])}. Made with Ten Suggestions, Tested, version "
            f"{manifest['version']}."
        ),
        sections=(
            *first_page(findings),
            *answered[:-1],
            limits,
            answered[-1],
            Section("How this was made", tuple(_made(findings))),
        ),
        numbers=report_numbers(findings) | {"figures": figures, "figures_not_drawn": absent},
    )


def _chance(findings: Findings) -> list[Part]:
    table = findings.grid.rename(columns={"people": "value"})
    tolerances = sorted(table["tolerance"].unique())
    rows = [
        [
            f"{100 * float(probability):g}% of years",
            *(
                with_interval(row, unit="count")
                for row in records(table[table["probability"] == probability])
            ),
        ]
        for probability in sorted(table["probability"].unique())
    ]
    return [
        chance.overspend(findings),
        chance.size_map(findings),
        grid(
            "Smallest pool that is large enough, in people, by tolerated overspend and by the "
            "share of years in which it may be larger",
            ["Acceptable", *(f"over {100 * tolerance:g}%" for tolerance in tolerances)],
            rows,
            f"Chance alone, adjusted budgets; median and {INTERVAL_PERCENT} interval. 1,000 stands "
            "for 1,000 or fewer, no size for more than 3 million.",
        ),
        chance.designs(findings),
        chance.chance_by_size(findings),
    ]


def _persistent(findings: Findings) -> list[Part]:
    return [
        Paragraph(
            "Size evens out chance. It does not even out what differs lastingly between pools: "
            "need that the budget misses, prices, management. Your cells cannot show it; it is "
            "assumed."
        ),
        chance.bearable(findings),
    ]


def _adjustment(findings: Findings) -> list[Part]:
    rows = by_name(findings.explained)
    r_squared = {key: 100 * value for key, value in rows["r_squared"].items()}
    entries = [
        ["k, one budget for everybody", with_interval(rows["k_unadjusted"])],
        ["k, adjusted budgets", with_interval(rows["k_adjusted"])],
        ["Share of variance explained (R²), %", with_interval(r_squared)],
        ["Mean annual cost a person", with_interval(rows["mean_cost"])],
    ]
    if "mean_cost_year" in rows:
        entries[-1][0] = "Mean cost of a head, as long as covered"
        entries += [
            ["Mean cost of a member-year", with_interval(rows["mean_cost_year"])],
            ["k of a year of cover, adjusted budgets", with_interval(rows["k_adjusted_year"])],
        ]
    return [
        Paragraph(
            "k is the standard deviation of one person's annual cost over its mean: a pool of N "
            "people has a relative spread of k over the square root of N."
        ),
        grid("What adjustment explains", ["", f"Median ({INTERVAL_PERCENT} interval)"], entries),
        *budgets.chance_and_loss(findings),
        *budgets.ratios(findings),
        *budgets.profit(findings),
        budgets.mean_costs(findings),
    ]


def _cover(findings: Findings) -> list[Part]:
    cover, settings = findings.cover, findings.settings
    rows = [
        [
            f"{rounded(row['attachment'])} ({row['multiple']:g} times the mean)",
            f"{100 * row['share_kept']:g}%",
            with_interval(row, "premium"),
            with_interval(row, "k"),
            with_interval(row, "people", "count"),
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
            f"Stop-loss cover, and the smallest pool that {reading(settings)}",
            ["Attachment point", "Pool keeps above it", "Premium a head", "k left", "People"],
            rows,
            f"Medians and {INTERVAL_PERCENT} intervals; amounts in the currency of the data.",
        ),
        budgets.premium_and_size(findings),
        *budgets.break_even(findings),
        budgets.carve_outs(findings),
    ]


def _limits(findings: Findings, absent: list[str]) -> tuple[Part, ...]:
    return (
        Points(tuple(cannot_tell(findings.fitted, findings.settings))),
        Paragraph(
            "Figures of the book that these cells cannot give, and what each would take:"
            if absent
            else "Every figure of the book's chapters on risk is in this report."
        ),
        Points(tuple(absent)),
    )


def _made(findings: Findings) -> list[Part]:
    manifest, settings = findings.fitted.manifest, findings.settings
    merged = (
        f"{manifest['cells_merged']:,} of the {manifest['cells_found']:,} groups found were merged "
        f"with others, because they had fewer than {manifest['fewest_people']} people in some part"
        if manifest["cells_merged"]
        else f"None of the {manifest['cells_found']:,} groups found had to be merged"
    )
    bands = [
        f"{band['column']}: in bands that begin at "
        f"{', '.join(f'{edge:g}' for edge in band['edges'])}."
        for band in manifest.get("bands", [])
    ]
    points = [
        f"From {manifest['cells']:,} groups, released by the command cells: {merged}. Bins of cost "
        "were joined by the same rule, and sums rounded to at most a tenth of one person's usual "
        "part.",
        "Up to a high threshold costs are those of these people, resampled. Above it (the lowest "
        f"is {rounded(findings.fitted.cells.threshold)}; several are averaged) a generalised "
        "Pareto, whose shape is informed by the book's populations and which ends at an uncertain "
        f"largest cost, at most {settings.maximum:,.10g} times the mean.",
        f"SHA-256 of the data: {manifest['source_sha256'] or 'none, they came from a database'}.",
    ]
    return [Points(tuple([*bands, *points]))]
