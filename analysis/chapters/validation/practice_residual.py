"""Rebuild how far practices stray from their formula: Dixon and others (2011).

`analysis.risk.practice_spread` says what part of it is not chance.
"""

import numpy as np

from analysis.chapters.validation.checks import Check, Ledger
from analysis.chapters.validation.tolerances import because_k, tail_probability
from analysis.evidence.facts import fact
from analysis.risk.practice_spread import share_beyond

FACT = "B-PBRA-10pct"
"""England's curve of differences between groups goes through it. Neither check here rests on that
curve: one is of RAND's chance, the other of US differences."""


def _published() -> float:
    observed = fact(FACT, purpose="quotation").value
    assert observed is not None
    return observed


def declare(ledger: Ledger) -> None:
    """Enter two checks: chance alone, and with lasting differences as between US organisations."""
    published = _published()
    for name, what in (
        ("chance", "Practices 10% or more off their formula, if all were chance"),
        ("chance and tau", "The same, with lasting differences as between US organisations"),
    ):
        ledger.declare(
            Check(
                name=f"{FACT}, {name}",
                kind="published",
                what=what,
                expected=published,
                # Published as "about a third": the next simple fractions are a quarter and two
                # fifths, so the last digit is taken to be worth ten points.
                tolerance=100 * tail_probability(published / 100, last_digit=0.10),
                because=because_k() + ' of "about a third"',
                unit="% of practices",
                source="Dixon and others (2011)",
            )
        )


def evaluate(ledger: Ledger, k: np.ndarray, tau: np.ndarray) -> None:
    """Compare both with the published share.

    Parameters
    ----------
    ledger : Ledger
        In which the checks were declared.
    k : ndarray, shape (draw,)
        Of one person's cost that is left after the formula.
    tau : ndarray, shape (draw,)
        Lasting differences between US organisations, share of the budget.
    """
    ledger.evaluate(f"{FACT}, chance", lambda: share_beyond(k))
    ledger.evaluate(f"{FACT}, chance and tau", lambda: share_beyond(k, tau))
