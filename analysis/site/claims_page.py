"""The page of the ledger: its table, where the texts disagree, what the verdicts mean."""

from collections import Counter
from html import escape
from typing import Any
from urllib.parse import quote

from analysis.report.claims.ledger import Beside, Comparison, Ledger, LedgerRow
from analysis.report.claims.rule import Verdict
from analysis.report.claims.wording import (
    UNTESTED_KINDS,
    asked_text,
    claim_text,
    claimed_text,
    fact_text,
    holds_text,
    judgement_text,
    note_text,
    short_source,
    verdict_meanings,
)
from analysis.report.numbers import Record
from analysis.site.templates import filled


def verdict_slug(verdict: Verdict) -> str:
    """Return a verdict as the part of a class name, as `not-supported`."""
    return verdict.value.replace(" ", "-")


def verdict_html(verdict: Verdict, link: str) -> str:
    """Return a verdict as a chip that links to an address, usually that of the claim."""
    kind = f"verdict verdict-{verdict_slug(verdict)}"
    return f'<a class="{kind}" href="{escape(link)}">{escape(verdict.value)}</a>'


def ledger_html(ledger: Ledger, numbers: str) -> str:
    """Return the table of all claims, with the form that filters it, hidden without JavaScript.

    Parameters
    ----------
    numbers : str
        Address of the page of number cards.
    """
    sources = dict.fromkeys(short_source(row.source) for row in ledger.rows)
    return filled(
        "claims",
        rows=[_row(row, ledger) for row in ledger.rows],
        suggestions=range(1, 11),
        verdicts=[verdict.value for verdict in Verdict],
        sources=list(sources),
        numbers=numbers,
    )


def _row(row: LedgerRow, ledger: Ledger) -> dict[str, Any]:
    others = [other for other in ledger.topics().get(row.topic, []) if other.id != row.id]
    return {
        **{name: getattr(row, name) for name in ("id", "page", "suggestion", "repeats")},
        "claim": claim_text(row),
        "central": ledger.central_for(row.id),
        "verdict": row.verdict.value,
        "slug": verdict_slug(row.verdict),
        "rank": list(Verdict).index(row.verdict),
        "judgement": judgement_text(row),
        "note": note_text(row, ledger.cutoffs),
        "source": short_source(row.source),
        "claimed": claimed_text(row),
        "others": [{"id": other.id, "claimed": claimed_text(other)} for other in others],
        "tests": [_test(result) for result in row.tests],
        "beside": [_beside(beside) for beside in row.beside],
        "kind": UNTESTED_KINDS.get(row.untested_kind, ""),
        "reason": row.untested_reason,
    }


def _test(result: Comparison) -> dict[str, str]:
    return {
        **_number(result.record),
        "name": result.label,
        "condition": result.condition[0].upper() + result.condition[1:],
        "asked": asked_text(result),
        "holds": holds_text(result.probability),
        "reason": result.reason,
        "main": result.main,
    }


def _number(record: Record) -> dict[str, str]:
    return {name: getattr(record, name) for name in ("id", "label", "text", "grade")}


def _beside(beside: Beside) -> dict[str, Any]:
    reason = beside.reason[0].upper() + beside.reason[1:]
    if isinstance(beside.figure, Record):
        return {**_number(beside.figure), "link": True, "reason": reason}
    fact = beside.figure
    return {
        "quantity": fact.quantity,
        "citation": fact.citation,
        "text": fact_text(fact),
        "link": False,
        "reason": reason,
    }


def disagreements_html(ledger: Ledger) -> str:
    """Return where the texts disagree, as an HTML list of definitions.

    Each figure stands beside the others, with text and page.
    """
    parts = []
    for topic, rows in ledger.topics().items():
        figures = "".join(f"<dd>{_figure_of(row)}</dd>" for row in rows)
        parts.append(f"<div><dt>{escape(topic)}</dt>{figures}</div>")
    return f'<dl class="disagreements">{"".join(parts)}</dl>'


def _figure_of(row: LedgerRow) -> str:
    where = f"{escape(short_source(row.source))}, {escape(row.page)}"
    figure = f'<a href="#{row.id}"><strong>{escape(claimed_text(row))}</strong></a>'
    return f"{figure} <span>{where}</span>"


def verdict_legend_html(ledger: Ledger) -> str:
    """Return what each verdict means and how many claims have it, as a list of definitions."""
    counts = Counter(row.verdict for row in ledger.rows)
    lines = "".join(
        f"<dt>{verdict_html(verdict, f'?verdict={quote(verdict.value)}#all-claims')}</dt>"
        f"<dd>{escape(meaning)} <strong>{counts[verdict]} of {len(ledger.rows)}.</strong></dd>"
        for verdict, meaning in verdict_meanings(ledger.cutoffs).items()
    )
    return f'<dl class="verdict-legend">{lines}</dl>'
