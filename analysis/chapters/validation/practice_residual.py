"""Rebuild how far practices stray from their formula: Dixon and others (2011).

With the best formula about a third of English practices cost at least a tenth more or less than
predicted. Chance between independent people explains some of that; the rest must be lasting
differences that no formula of the study saw.
"""

import numpy as np
from scipy.special import ndtr

from analysis.chapters.validation.checks import Check, Ledger
from analysis.chapters.validation.tolerances import because_k, tail_probability
from analysis.evidence import england
from analysis.evidence.facts import fact

DEVIATION = 0.10
"""Difference from prediction that is counted, share of predicted cost (fact B-PBRA-10pct)."""

PEOPLE, PRACTICES = 5_445_559, 797
"""Of the practice-level sample of the study (fact B-PBRA-1-prac)."""

FACT = "B-PBRA-10pct"

LARGEST_PERSISTENT_SD = 1.0
"""Share of predicted cost: no practice differs that much."""
_HALVINGS = 40


def practice_sizes() -> tuple[np.ndarray, np.ndarray]:
    """Return sizes of practices as they varied in England, scaled to the study's mean list.

    Returns
    -------
    people : ndarray, shape (size_bin,)
        Mean list size in each bin.
    share : ndarray, shape (size_bin,)
        Share of practices; adds up to 1.
    """
    bins = england.size_bins("practice")
    number = bins["n_organisations"].to_numpy(float)
    size = bins["people_sum"].to_numpy(float) / number
    mean = (size * number).sum() / number.sum()
    return size * (PEOPLE / PRACTICES) / mean, number / number.sum()


def share_beyond(k: np.ndarray, persistent_sd: np.ndarray | float = 0.0) -> np.ndarray:
    """Return the share of practices further from prediction than `DEVIATION`.

    Parameters
    ----------
    k : ndarray, shape (draw,)
        Of one person's cost that is left after the formula.
    persistent_sd : ndarray, shape (draw,), or float
        Lasting differences that the formula does not see, share of the budget.

    Returns
    -------
    ndarray, shape (draw,)
        Percent of practices, by the normal approximation in each size.
    """
    people, share = practice_sizes()
    persistent = np.asarray(persistent_sd)[..., None]
    sd = np.sqrt(np.asarray(k)[:, None] ** 2 / people + persistent**2)
    return 100 * 2 * ndtr(-DEVIATION / sd) @ share


def persistent_sd(k: np.ndarray) -> np.ndarray:
    """Return the lasting differences that make up the rest of the published share.

    Parameters
    ----------
    k : ndarray, shape (draw,)

    Returns
    -------
    ndarray, shape (draw,)
        Standard deviation, share of predicted cost, that together with chance puts as many
        practices beyond `DEVIATION` as published; 0 if chance alone puts more.
    """
    observed = fact(FACT, purpose="validation").value
    assert observed is not None
    low, high = np.zeros(len(k)), np.full(len(k), LARGEST_PERSISTENT_SD)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        too_few = share_beyond(k, middle) < observed
        low, high = np.where(too_few, middle, low), np.where(too_few, high, middle)
    return (low + high) / 2


def declare(ledger: Ledger) -> None:
    """Enter two checks: chance alone, and with lasting differences as between US organisations."""
    published = fact(FACT, purpose="validation")
    assert published.value is not None
    for name, what in (
        ("chance", "Practices 10% or more off their formula, if all were chance"),
        ("chance and tau", "The same, with lasting differences as between US organisations"),
    ):
        ledger.declare(
            Check(
                name=f"{FACT}, {name}",
                kind="published",
                what=what,
                expected=published.value,
                # Published as "about a third": the next simple fractions are a quarter and two
                # fifths, so the last digit is taken to be worth ten points.
                tolerance=100 * tail_probability(published.value / 100, last_digit=0.10),
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
