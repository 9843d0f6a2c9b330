"""The first page of the report, to hand on alone: the answer, what it rests on, and what to do."""

import numpy as np

from analysis.intervals import HIGH
from analysis.own.people.measures import tolerance_of_any_size
from analysis.own.people.report.basis import basis_words
from analysis.own.people.report.document import Paragraph, Part, Points, Section, grid
from analysis.own.people.report.findings import Findings
from analysis.own.people.report.words import (
    by_name,
    needs,
    probability_words,
    reading,
    records,
    rounded,
    size_words,
    with_interval,
)
from analysis.own.people.size_curves import COVER
from analysis.settings import INTERVAL_PERCENT

NEXT_TO_NOTHING = 1e-4
"""Share of the mean cost below which a premium is not worth its digits."""

SURE = HIGH
"""Probability from which on a size is called enough: that of the interval's upper end."""


def first_page(findings: Findings) -> tuple[Section, ...]:
    """Return the sections that fit on one page."""
    return (
        Section("The answer", _answer(findings)),
        Section("What it rests on", (Points(tuple(_grounds(findings))),)),
        Section("What to do", (Points(tuple(_advice(findings))),)),
    )


def _answer(findings: Findings) -> tuple[Part, ...]:
    rows, settings = by_name(findings.sizes.set_index("case")), findings.settings
    by, pool = ", ".join(findings.fitted.manifest["by"]), findings.pool
    over = dict(zip(("value", "low", "high"), pool.overspends, strict=True))
    cases = {
        f"Smallest pool, budgets by {by}": "adjusted",
        "Smallest pool, one budget for everybody": "unadjusted",
        f"Smallest pool if pools differ lastingly by {100 * settings.lasting:g}%": "lasting",
    }
    numbers = [
        [words, with_interval(rows[case] | {"value": rows[case]["people"]}, unit="count")]
        for words, case in cases.items()
    ]
    share = f"{100 * settings.tolerance:g}%"
    overspent = f"Years in which just these {pool.people:,} overspend by more than {share}"
    numbers.append([overspent, with_interval(over, unit="probability")])
    numbers += [
        [f"Probability that {row['people']:,} people are enough", probability_words(row)]
        for row in records(pool.enough)
    ]
    lead = (
        f"A pool needs {size_words(rows['adjusted'])} if chance alone shall not break its budget: "
        f"so many that it {reading(settings)}, when budgets follow {by}."
    )
    note = (
        "By chance alone and with adjusted budgets, but for the second and third row. Lasting "
        "differences are assumed."
    )
    headings = ["", f"Median ({INTERVAL_PERCENT} interval)"]
    table = grid("The answer in numbers", headings, numbers, note)
    basis = basis_words(findings.fitted)
    return (Paragraph(lead, lead=True), table, *([Paragraph(basis)] if basis else []))


def _grounds(findings: Findings) -> list[str]:
    """On whose costs, on which model, on how few people, and on what is assumed."""
    manifest, resting = findings.fitted.manifest, findings.resting
    return [
        f"One year of costs of {manifest['people']:,} people, in {manifest['cells']:,} groups by "
        f"{', '.join(manifest['by'])}. Their own costs decide up to a high threshold.",
        f"{_share(*resting.loc['beyond'], decimals=0)} of what decides the size comes from costs "
        "above any seen here, on which other populations inform the model.",
        f"The costliest person brings {_share(*findings.share_of_one, decimals=1).lower()} of what "
        "was seen; "
        f"without the {resting['value']['costliest_people']:.0f} costliest, the answer would be "
        f"{rounded(by_name(findings.without)['people']['value'])} people.",
        "Assumed: people are independent, and budgets right on average. RAND, a US survey and the "
        "Netherlands stand beside these people on the next page.",
    ]


def _share(value: float, low: float, high: float, *, decimals: int) -> str:
    """Return a share with its interval, and in words where no digit would be left of it."""
    least = 10.0 ** -(decimals + 2)
    if high < least:
        return f"Less than {least:.{decimals}%}"
    return f"{value:.{decimals}%} ({low:.{decimals}%} to {high:.{decimals}%})"


def _advice(findings: Findings) -> list[str]:
    """What these numbers suggest to whoever must decide."""
    settings, pool = findings.settings, findings.pool
    k = np.array([findings.explained.loc["k_adjusted", end] for end in ("value", "low", "high")])
    reserve = dict(
        zip(("value", "low", "high"), findings.score * k / np.sqrt(pool.people), strict=True)
    )
    lasting = by_name(findings.sizes.set_index("case"))["lasting"]
    advice = [
        _alone(findings),
        f"A reserve for just these {pool.people:,}: chance alone takes up to "
        f"{with_interval(reserve, unit='probability')} of the budget in all but "
        f"{100 * settings.probability:g}% of years.",
    ]
    advice += _cover(findings)
    if settings.lasting:
        advice.append(
            f"Agree who bears what size does not even out. If pools differ lastingly by "
            f"{100 * settings.lasting:g}% (one standard deviation; assumed), {needs(lasting)}, and "
            f"even the largest must bear {100 * tolerance_of_any_size(settings):.1f}%. Costs of "
            "the same pools over several years would show it."
        )
    return advice


def _cover(findings: Findings) -> list[str]:
    """What cover for single costly people would change."""
    rows = [row for row in records(findings.cover) if row["multiple"] == COVER]
    full = next((row for row in rows if not row["share_kept"]), None)
    if full is None:
        return []
    above = f"cover for what a person costs above {rounded(full['attachment'])} a year"
    above += f" ({COVER:g} times the mean)"
    mean_cost = float(findings.explained["value"]["mean_cost"])
    if full["premium_high"] < NEXT_TO_NOTHING * mean_cost:
        return [f"{above.capitalize()} would pay next to nothing: hardly anybody costs that much."]
    return [
        f"Or {above}: {with_interval(full, 'premium')} a head before loading, and "
        f"{with_interval(full, 'people', 'count')} people are enough."
    ]


def _alone(findings: Findings) -> str:
    """Whether just these people are enough."""
    pool, own = findings.pool, records(findings.pool.enough)[0]
    size = by_name(findings.sizes.set_index("case"))["adjusted"]
    these = f"Just these {pool.people:,} people"
    if own["probability"] >= SURE:
        return f"{these} are enough by chance alone (probability {probability_words(own)})."
    join = f"join them with others to {rounded(size['people'])} people"
    if np.isfinite(size["high"]):
        join += f", or {rounded(size['high'])} to be {SURE:.0%} sure"
    if own["probability"] > 1 - SURE:
        return f"Whether {these.lower()} are enough is open ({probability_words(own)}): {join}."
    return f"{these} are too few: {join}."
