"""Choices the evidence does not settle, read by name so that every formula uses the same one."""

import difflib
import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.evidence import catalogue
from analysis.evidence.errors import EvidenceError
from analysis.intervals import log_normal_spread, normal_spread


@dataclass(frozen=True)
class Assumption:
    """One assumption, with the range over which sensitivity is shown.

    Attributes
    ----------
    value, low, high : float
        Value used, and the range a reader should consider, in `unit`.
    effective_date : str
        Date from which the value holds, ISO 8601.
    source_url : str
        Empty for a choice made here.
    grade : {"calibrated", "assumed"}
        Evidence grade.
    used_by : str
        Chapters that read it, separated by semicolons.
    """

    name: str
    value: float
    low: float
    high: float
    unit: str
    meaning: str
    justification: str
    effective_date: str
    source: str
    source_url: str
    grade: str
    used_by: str

    def as_normal(self) -> tuple[float, float]:
        """Return mean and standard deviation of a normal distribution with this range."""
        return self.value, normal_spread(self.low, self.high)

    def as_log_normal(self) -> tuple[float, float]:
        """Return the same of the logarithm, for a range above 0."""
        return math.log(self.value), log_normal_spread(self.low, self.high)


def assumption(name: str) -> Assumption:
    """Return one assumption by name; an unknown name raises EvidenceError with near matches.

    Examples
    --------
    >>> assumption("overspend_probability_limit").value
    0.05
    """
    table = assumptions()
    row = table[table["name"] == name]
    if row.empty:
        names = list(table["name"])
        near = difflib.get_close_matches(name, names, n=3, cutoff=0.4) or names
        raise EvidenceError(
            f"There is no assumption {name!r}. Did you mean one of: {', '.join(near)}? "
            "A new one is a row of data/published/assumptions.csv; then run derive.py there."
        )
    return _assumptions_of(row)[0]


def all_assumptions() -> list[Assumption]:
    """Return every assumption, in the order of the table."""
    return _assumptions_of(assumptions())


def _assumptions_of(table: pd.DataFrame) -> list[Assumption]:
    # The table's schema vouches for the types, which a checker cannot see through a mapping.
    rows: Any = table.astype(object).where(table.notna(), "").to_dict("records")
    return [Assumption(**row) for row in rows]


def assumptions() -> pd.DataFrame:
    """Return the table of all assumptions.

    Columns are the attributes of `Assumption`; `value`, `low`, `high` in the unit of each row.
    """
    return catalogue.table("published", "assumptions")
