"""Sections of the report on what the answer rests on, and on other populations beside it."""

import math

import pandas as pd

from analysis.own.people.comparison import comparison_sentences, scope_sentence
from analysis.own.people.report import fit_figures as fit
from analysis.own.people.report.document import Paragraph, Part, Points, grid
from analysis.own.people.report.findings import Findings
from analysis.own.people.report.words import by_name, records, rounded, size_words, with_interval
from analysis.settings import INTERVAL_PERCENT

BESIDE_HEADINGS = ["", "k", "Smallest pool", "Share of these people"]


def beside_rows(beside: pd.DataFrame) -> list[list[str]]:
    """Return the cells of the table under `BESIDE_HEADINGS`, from `comparison.beside_others`."""
    return [
        [
            f"{row['population']}, {row['ages']}",
            with_interval(row, "k"),
            with_interval(row, "people", "count"),
            "" if math.isnan(row["share"]) else f"{row['share']:.0%}",
        ]
        for row in records(beside)
    ]


def beside_others(findings: Findings) -> list[Part]:
    """Return how the answer compares with other populations."""
    return [
        Points(tuple(comparison_sentences(findings.beside))),
        grid(
            "These people and others, with one budget for everybody of these ages",
            BESIDE_HEADINGS,
            beside_rows(findings.beside),
            f"Medians and {INTERVAL_PERCENT} intervals; chance alone. A group of unknown age "
            f"counts among all ages only. {scope_sentence(findings.beside)}",
        ),
    ]


def rests_on(findings: Findings) -> list[Part]:
    """Return the costs as seen beside the model, and how much few people matter."""
    names = {
        "mean_cost": "Mean annual cost a person",
        "k": "k, one budget for everybody",
        "k_within": "k, adjusted budgets",
    }
    rows = [
        [names[name], rounded(row["observed"]), with_interval(row | {"value": row["model"]})]
        for name, row in by_name(findings.observed).items()
    ]
    return [
        Paragraph(_few(findings)),
        grid("Costs as they are, and as the model has them", ["", "Observed", "Model"], rows),
        fit.survival(findings),
        fit.sensitivity(findings),
        *fit.deciles(findings),
    ]


def _few(findings: Findings) -> str:
    """How much the costliest people matter, and those whom nobody has seen."""
    resting, without = findings.resting, by_name(findings.without)["people"]
    seen, beyond = resting["value"], 100 * resting.loc["beyond"]
    return (
        "k and the size of a pool go with the second moment of cost. The "
        f"{seen['costliest_people']:.0f} costliest people bring {seen['costliest']:.0%} of that of "
        f"these people, {seen['costliest_each']:.2%} each; without them a pool would need "
        f"{size_words(without | {'people': without['value']})}. As the model has them, "
        f"{beyond['value']:.0f}% ({beyond['low']:.0f} to {beyond['high']:.0f}%) comes from costs "
        "above any seen here. Neither is a reason to leave anybody out: the interval of the answer "
        "is as wide as such people make it."
    )
