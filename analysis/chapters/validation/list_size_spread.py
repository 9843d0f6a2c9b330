"""Rebuild how far apart good and bad years lie by list size: Crump and others (1991).

They simulated years of fundholders' spending on 113 surgical procedures, by chance alone, and
gave for each list size the standard deviation and the range from the 5th to the 95th most
expensive of 100 years. The book takes k of narrow services from the standard deviations; the
ranges are kept for comparison. They come from the same simulated years, so what is checked is the
shape of the distribution and the law of the root of the size, and k hardly.
"""

from functools import partial

import numpy as np

from analysis.chapters.validation.checks import Check, Ledger
from analysis.chapters.validation.tolerances import simulated_range
from analysis.evidence.facts import fact
from analysis.intervals import normal_half_width

LIST_SIZES = (9_000, 24_000, 179_400)
"""Patients."""

SIMULATED_YEARS = 100


def range_percent(k: np.ndarray, people: int) -> np.ndarray:
    """Return the range of annual spending that holds the project's interval of years.

    Parameters
    ----------
    k : ndarray, shape (draw,)
        Coefficient of variation of one person's cost.

    Returns
    -------
    ndarray, shape (draw,)
        Percent of mean spending, for a normal distribution.
    """
    return 100 * 2 * normal_half_width() * np.asarray(k) / np.sqrt(people)


def declare(ledger: Ledger) -> None:
    """Enter one check a list size."""
    for people in LIST_SIZES:
        published = fact(f"A-CRUMP-{people}-range", purpose="validation")
        assert published.value is not None
        ledger.declare(
            Check(
                name=published.id,
                kind="published",
                what=f"Range of annual spending on surgery, {people:,} patients",
                expected=published.value,
                tolerance=simulated_range(published.value, SIMULATED_YEARS, last_digit=0.1),
                because=f"sampling error of {SIMULATED_YEARS} simulated years, and rounding",
                unit="% of mean",
                source="Crump and others (1991), abstract",
            )
        )


def evaluate(ledger: Ledger, k: np.ndarray) -> None:
    """Compare every list size with what k of narrow services gives.

    Parameters
    ----------
    ledger : Ledger
        In which the checks were declared.
    k : ndarray, shape (draw,)
    """
    for people in LIST_SIZES:
        ledger.evaluate(f"A-CRUMP-{people}-range", partial(range_percent, k, people))
