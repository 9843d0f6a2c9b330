"""Assumptions as tables: what is stated, over which range, and why.

Stated numbers are exact, so they are printed with all the digits that they have.
"""

from collections.abc import Iterable

import pandas as pd

from analysis.evidence.assumptions import assumption
from analysis.report.formatting import ends_text, signed_text, unit_named

EXACT = 0.0
"""Step of a number that is not rounded."""


def range_text(low: float, high: float, unit: str = "none") -> str:
    """Return a stated range, as `0.3–0.6` or `−1 to 2`; `unit` is a key of `UNITS`."""
    return ends_text([low, high], unit_named(unit), [EXACT, EXACT])


def ranges_table(names: Iterable[str]) -> pd.DataFrame:
    """Return assumptions by name: ``Quantity``, ``Median``, ``Interval``, ``Unit``, ``Grade``."""
    rows = [assumption(name) for name in names]
    return pd.DataFrame(
        {
            "Quantity": [row.meaning for row in rows],
            "Median": [signed_text(row.value, unit_named("none"), EXACT) for row in rows],
            "Interval": [range_text(row.low, row.high) for row in rows],
            "Unit": [row.unit.replace("GBP", "£") for row in rows],
            "Grade": [row.grade for row in rows],
        }
    )


def reasons_table(names: Iterable[str]) -> pd.DataFrame:
    """Return assumptions by name: ``What``, ``Median``, ``Low``, ``High``, ``Unit``, ``Why``."""
    rows = [assumption(name) for name in names]
    return pd.DataFrame(
        {
            "What": [row.meaning for row in rows],
            "Median": [row.value for row in rows],
            "Low": [row.low for row in rows],
            "High": [row.high for row in rows],
            "Unit": [row.unit for row in rows],
            "Why": [row.justification for row in rows],
        }
    )
