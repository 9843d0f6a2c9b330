"""Choices the evidence does not settle, read by name so that every formula uses the same one."""

import difflib
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.evidence import catalogue
from analysis.evidence.errors import EvidenceError


@dataclass(frozen=True)
class Assumption:
    """One assumption, with the range over which sensitivity is shown.

    Attributes
    ----------
    name : str
        How formulas refer to it.
    value, low, high : float
        Value used, and the range a reader should consider, in `unit`.
    unit, meaning, justification : str
        What it is and why it was chosen.
    effective_date : str
        Date from which the value holds, ISO 8601.
    source, source_url : str
        Where it comes from; `source_url` is empty for a choice made here.
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


def assumption(name: str) -> Assumption:
    """One assumption by name.

    Parameters
    ----------
    name : str
        As in `assumptions`.

    Returns
    -------
    Assumption
        Value, range, unit and reasons.

    Raises
    ------
    EvidenceError
        If there is no such assumption; near matches are listed.

    Examples
    --------
    >>> assumption("overspend_probability_limit").value
    0.05
    """
    rows = {row["name"]: row for row in assumptions().to_dict("records")}
    if name not in rows:
        near = difflib.get_close_matches(name, rows, n=3, cutoff=0.4) or list(rows)
        raise EvidenceError(
            f"There is no assumption {name!r}. Did you mean one of: {', '.join(near)}? "
            "A new one is a row of data/published/assumptions.csv; then run derive.py there."
        )
    # The table's schema vouches for the types, which a checker cannot see through a mapping.
    found: Any = {field: "" if pd.isna(cell) else cell for field, cell in rows[name].items()}
    return Assumption(**found)


def assumptions() -> pd.DataFrame:
    """Table of all assumptions.

    Returns
    -------
    pandas.DataFrame
        Columns as the attributes of `Assumption`; `value`, `low`, `high` in the unit of each row.
    """
    return catalogue.table("published", "assumptions")
