"""A claim, its range and its source in words."""

import math
import re

from analysis.evidence.facts import Fact
from analysis.report import formatting
from analysis.report.claims.ledger import Comparison, LedgerRow
from analysis.report.claims.rule import Cutoffs, Verdict
from analysis.report.draws_text import probability_text
from analysis.report.formatting import Unit

SHORT_SOURCES = {
    "Casalino": "Viewpoint",
    "Nuffield Trust (2011) web page": "Web page of the Viewpoint",
    "Nuffield Trust (2011) press": "Press release, 19 January 2011",
    "Boxer": "Boxer's commentary",
    "Smith": "Smith and Mays, BMJ 2012",
}
"""How the source is called in a row, by how its full title begins."""

UNTESTED_KINDS = {
    "history": "A fact of history",
    "plan": "A plan",
    "recommendation": "A recommendation",
    "definition": "True by counting",
    "input": "Taken as given here",
    "unmeasured": "Not measured here",
}
"""Why a claim is not tested, in a word or two."""

_MILLION, _BILLION = 1e6, 1e9


def short_source(title: str) -> str:
    """Return a short name of a text, or its full title where it has none."""
    return next((s for begin, s in SHORT_SOURCES.items() if title.startswith(begin)), title)


def claim_text(row: LedgerRow) -> str:
    """Return a claim with the quotation marks of print."""
    return re.sub(r'"([^"]*)"', r"“\1”", row.claim).replace("'", "’")


def main_page(row: LedgerRow) -> str:
    """Return the page on which a text argues its claim, as `p. 26`; empty where it has no pages.

    The last page is where a claim is argued, an earlier one where it is summarised.
    """
    pages = re.findall(r"\bp(\d+(?:-\d+)?)", row.page)
    if not pages:
        return ""
    return f"{'pp.' if '-' in pages[-1] else 'p.'} {pages[-1].replace('-', '–')}"


def claimed_text(row: LedgerRow) -> str:
    """Return the figures of a claim as a reader would say them, as `100,000 patients or more`.

    `in words` where the claim gives no figure.
    """
    return _figures(row.value, row.low, row.high, row.unit) or "in words"


def fact_text(fact: Fact) -> str:
    """Return the figure of a published fact with its unit."""
    ends = (None, None) if fact.value is not None else (fact.low, fact.high)
    return _figures(fact.value, *ends, fact.unit)


def _figures(value: float | None, low: float | None, high: float | None, unit: str) -> str:
    if low is not None and high is not None:
        return _with_unit(f"{_figure(low, unit)}–{_figure(high, unit)}", unit)
    if low is not None:
        return f"{_with_unit(_figure(low, unit), unit)} or more"
    if high is not None:
        return f"up to {_with_unit(_figure(high, unit), unit)}"
    return "" if value is None else _with_unit(_figure(value, unit), unit)


def _with_unit(figure: str, unit: str) -> str:
    if unit in {"GBP", "USD", "year", "count"}:
        return figure
    if unit.startswith(("ratio", "fraction", "share")):
        return f"{figure} ({unit.replace('(', '').replace(')', '')})"
    return f"{figure} {unit}".replace(" percent", "%")


def _figure(value: float, unit: str) -> str:
    sign = {"GBP": "£", "USD": "$"}.get(unit, "")
    for size, name in ((_BILLION, " billion"), (_MILLION, " million")):
        if sign and value >= size:
            return f"{sign}{value / size:g}{name}"
    return f"{value:g}" if unit == "year" else f"{sign}{value:,.10g}"


def verdict_meanings(at: Cutoffs) -> dict[Verdict, str]:
    """Return what each verdict means, in the order of the page, with the cut-offs in words."""
    sure, likely, excluded = (f"{p:.0%}" for p in (at.sure, at.likely, at.excluded))
    return {
        Verdict.SUPPORTED: f"The main number is estimated or calibrated, the claim holds with a "
        f"probability of at least {sure}, and no other reading makes it less likely "
        "than not.",
        Verdict.CONDITIONS: f"The main number is estimated or calibrated, and the claim holds with "
        f"a probability between {likely} and {sure}, or another reading makes it less likely "
        "than not.",
        Verdict.ASSUMED: f"The main number is assumed, and under the stated assumptions the claim "
        f"holds with a probability of at least {sure}. Nothing was observed.",
        Verdict.NOT_SUPPORTED: f"The main number is estimated or calibrated, and the claim holds "
        f"with a probability below {excluded}.",
        Verdict.UNTESTED: "No recorded number tests the claim, and the row says why; or the number "
        f"that does leaves it open: an assumed one below {sure}, any other between {excluded} "
        f"and {likely}.",
    }


def holds_text(probability: float) -> str:
    """Return how probable it is that a claim holds, as `holds with a probability of 62%`."""
    return f"holds with a probability of {probability_text(probability)}"


def judgement_text(row: LedgerRow) -> str:
    """Return the probability and the weakest grade behind a verdict; empty if nothing tests it."""
    if row.judgement.probability is None:
        return ""
    words = holds_text(row.judgement.probability)
    return f"{words}; weakest grade: {row.judgement.grade}"


def note_text(row: LedgerRow, at: Cutoffs) -> str:
    """Return what a reader must know beside the verdict of a tested claim; mostly empty.

    Why its test leaves it open, or that its assumptions do not carry every reading of it.
    """
    if row.verdict is Verdict.UNTESTED and row.tests:
        if row.tests[0].record.grade == "assumed":
            return "Only assumptions test it, and they do not clearly carry it."
        return "The number that tests it leaves it open."
    against = any(result.probability < at.likely for result in row.tests[1:])
    if row.verdict is Verdict.ASSUMED and against:
        return "The assumptions do not carry every reading of it."
    return ""


def asked_text(result: Comparison) -> str:
    """Return what a test asks of its number, as `between 5 and 10 years`."""
    unit = formatting.unit_named(result.record.unit)
    low, high = (bound_text(end, unit) for end in (result.claimed.low, result.claimed.high))
    if result.relation == "at most":
        return f"at most {high}"
    if result.relation == "at least":
        return f"at least {low}"
    return f"between {low.removesuffix(unit.suffix)} and {high}"


def bound_text(bound: float, unit: Unit) -> str:
    """Return one end of a range, in stored units, as exactly as three digits can."""
    scaled = bound * unit.scale
    if not math.isfinite(scaled):
        return "no limit"
    rounded = float(f"{scaled:.3g}") / unit.scale
    return formatting.value_text(rounded, unit, 0)
