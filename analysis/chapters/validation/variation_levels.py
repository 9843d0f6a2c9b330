"""The k that published rules imply, and a published minimum size, against other estimates."""

import numpy as np

from analysis.chapters.validation.checks import Check, Ledger
from analysis.chapters.validation.minimum_savings_rate import SOURCE, implied_k
from analysis.chapters.validation.tolerances import because_k, k_tolerance
from analysis.evidence.assumptions import assumption
from analysis.evidence.facts import fact
from analysis.risk.minimum_size import size_with_persistent_differences

FROM_PROGRAMME = "k behind the minimum savings rates, from the programme's own results"
SAFE_SIZE = "A-JONES"


def declare(ledger: Ledger) -> None:
    """Enter the checks of k and of the published minimum size."""
    ledger.declare(
        Check(
            name=FROM_PROGRAMME,
            kind="published",
            what=FROM_PROGRAMME,
            expected=implied_k(),
            tolerance=k_tolerance() * implied_k(),
            because=because_k(),
            source=SOURCE,
        )
    )
    published = fact(SAFE_SIZE, purpose="validation")
    assert published.value is not None
    ledger.declare(
        Check(
            name=SAFE_SIZE,
            kind="published",
            what="English population below which risk is higher than acceptable",
            expected=published.value,
            tolerance=published.value / 2,
            because="the source does not say what is acceptable: half as much more or less",
            unit="people",
            source="Jones (2009), abstract",
        )
    )


def evaluate(ledger: Ledger, programme_k: np.ndarray, english_k: np.ndarray) -> None:
    """Compare with estimates that did not use the schedule.

    Parameters
    ----------
    programme_k : ndarray, shape (draw,)
        Part of the spread of savings rates that is new every year and shrinks with size.
    english_k : ndarray, shape (draw,)
        k of one English person's whole cost, all ages, for the minimum size.
    """
    ledger.evaluate(FROM_PROGRAMME, lambda: programme_k)
    tolerance = assumption("overspend_tolerance_high").value
    limit = assumption("overspend_probability_limit").value
    ledger.evaluate(
        SAFE_SIZE, lambda: size_with_persistent_differences(english_k, 0.0, tolerance, limit)
    )
