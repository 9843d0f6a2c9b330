"""The claims ledger for machines: one row a claim as CSV, everything as JSON."""

import csv
import io
import json
import math
from typing import Any

from analysis.files import write_atomically
from analysis.publish.products.finished import Finished
from analysis.report.claims.ledger import Beside, Comparison, Ledger, LedgerRow, read_ledger
from analysis.report.claims.wording import asked_text, claimed_text, holds_text
from analysis.report.numbers import Record

COLUMNS = (
    *("id", "suggestion", "claim", "claimed", "value", "low", "high", "unit", "source", "page"),
    *(
        "verdict",
        "probability",
        "grade",
        "numbers",
        "tests",
        "untested",
        "repeats",
        "disagree_about",
    ),
)
"""Columns of the CSV, in order. `probability` is that of the claim, and `grade` the weakest behind
the verdict; `tests` has one sentence a number, the main one first, divided by semicolons."""


def claims_files(finished: Finished) -> None:
    """Put in every claim with its verdict, where the site has a page of claims."""
    if not (finished.site / "claims.html").is_file():
        return
    ledger = read_ledger(finished.records)
    write_atomically(finished.site / "claims.csv", claims_csv(ledger))
    write_atomically(finished.site / "claims.json", claims_json(ledger))


def claims_csv(ledger: Ledger) -> bytes:
    """Return the ledger as CSV (UTF-8), one row a claim."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(_csv_row(row) for row in ledger.rows)
    return text.getvalue().encode("utf-8")


def claims_json(ledger: Ledger) -> bytes:
    """Return the ledger as JSON (UTF-8): every claim with its tests, ranges and probabilities.

    An object with `claims` and `suggestions`, the central claim and the verdict of each of the
    ten. Null stands for a missing figure, or for a range without that end.
    """
    content = {
        "claims": [_json_row(row) for row in ledger.rows],
        "suggestions": [
            {
                "suggestion": answer["suggestion"],
                "title": answer["title"],
                "claim": answer["claim"],
                **_judged(ledger.row(str(answer["claim"]))),
            }
            for answer in ledger.answers
        ],
    }
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode("utf-8")


def _stated(row: LedgerRow) -> dict[str, Any]:
    names = ("id", "suggestion", "claim", "value", "low", "high", "unit", "source", "page")
    return {name: getattr(row, name) for name in names} | {"claimed": claimed_text(row)}


def _judged(row: LedgerRow) -> dict[str, Any]:
    probability = row.judgement.probability
    return {
        "verdict": row.verdict.value,
        "probability": None if probability is None else round(probability, 2),
        "grade": row.judgement.grade or None,
    }


def _csv_row(row: LedgerRow) -> dict[str, Any]:
    return _stated(row) | {
        **_judged(row),
        "numbers": " ".join(result.record.id for result in row.tests),
        "tests": "; ".join(_sentence(result) for result in row.tests),
        "untested": row.untested_reason,
        "repeats": row.repeats,
        "disagree_about": row.topic,
    }


def _sentence(result: Comparison) -> str:
    return f"{result.record.text} asked: {asked_text(result)}: {holds_text(result.probability)}"


def _json_row(row: LedgerRow) -> dict[str, Any]:
    untested = {"kind": row.untested_kind, "reason": row.untested_reason}
    return _stated(row) | {
        **_judged(row),
        "tests": [_json_test(result) for result in row.tests],
        "beside": [_json_beside(beside) for beside in row.beside],
        "untested": None if row.tests else untested,
        "repeats": row.repeats or None,
        "disagree_about": row.topic or None,
    }


def _json_test(result: Comparison) -> dict[str, Any]:
    ends = (result.claimed.low, result.claimed.high)
    low, high = (end if math.isfinite(end) else None for end in ends)
    return {
        "number": result.record.id,
        "text": result.record.text,
        "grade": result.record.grade,
        "relation": result.relation,
        "asked_low": low,
        "asked_high": high,
        "unit": result.record.unit,
        "probability": round(result.probability, 2),
        "main": result.main or None,
        "condition": result.condition,
        "reason": result.reason,
    }


def _json_beside(beside: Beside) -> dict[str, str]:
    kind = "number" if isinstance(beside.figure, Record) else "fact"
    return {"kind": kind, "id": beside.figure.id, "reason": beside.reason}
