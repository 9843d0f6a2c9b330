"""The claims ledger: claims of the texts, the numbers that test them, verdicts by one rule."""

from analysis.report.claims.ledger import Comparison, Ledger, LedgerRow, read_ledger
from analysis.report.claims.rule import Outcome, Range, Verdict, outcome, verdict

__all__ = [
    "Comparison",
    "Ledger",
    "LedgerRow",
    "Outcome",
    "Range",
    "Verdict",
    "outcome",
    "read_ledger",
    "verdict",
]
