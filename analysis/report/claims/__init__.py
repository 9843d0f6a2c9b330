"""The claims ledger: claims of the texts, the numbers that test them, verdicts by one rule."""

from analysis.report.claims.ledger import Ledger, LedgerRow, TestResult, read_ledger
from analysis.report.claims.rule import Outcome, Range, Verdict, outcome, verdict

__all__ = [
    "Ledger",
    "LedgerRow",
    "Outcome",
    "Range",
    "TestResult",
    "Verdict",
    "outcome",
    "read_ledger",
    "verdict",
]
