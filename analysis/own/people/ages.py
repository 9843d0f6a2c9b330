"""Which cells hold people of some ages, as far as their labels tell."""

import re

import numpy as np

from analysis.population.risk_cells import RiskCells
from analysis.tables.column_roles import OLDEST, is_named

_BAND = re.compile(r"(\d{1,3})(?:\s*[-–]\s*(\d{1,3})|(\s*\+| and over))?")
"""``18-44``, ``85+`` or ``37``."""


def cells_of_ages(cells: RiskCells, low: float, high: float) -> np.ndarray | None:
    """Return which cells hold only people of the ages from `low` to below `high`.

    Returns
    -------
    ndarray of bool, shape (cell,), or None
        None where no column tells ages.
    """
    named = [factor for factor in cells.factors if is_named("age", factor)]
    if not named:
        return None
    spans = [age_span(label) for label in cells.table[named[0]].astype(str)]
    if not any(spans):
        return None
    return np.array([span is not None and low <= span[0] and span[1] <= high for span in spans])


def age_span(label: str) -> tuple[float, float] | None:
    """Youngest age of a band and the age below which it ends; None for other labels."""
    found = _BAND.fullmatch(label.strip())
    if found is None:
        return None
    first, last, is_open = found.groups()
    end = np.inf if is_open else float(last or first) + 1
    return (float(first), end) if float(first) <= OLDEST else None
