"""Published figures: each with its citation, and what it may be used for.

Calibration figures may enter a model; validation figures may only be compared with what a model
says; context may only be quoted. Asking for a figure states the purpose, so that a figure cannot
cross from one side to the other unnoticed.
"""

import difflib
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Literal, get_args

import pandas as pd

from analysis.evidence import catalogue
from analysis.evidence.errors import EvidenceError

Role = Literal["calibration", "validation", "context"]
Purpose = Literal["model", "validation", "quotation"]

_ROLE_FOR = {"model": "calibration", "validation": "validation"}


@dataclass(frozen=True)
class Fact:
    """One published figure.

    Attributes
    ----------
    id, topic, quantity : str
        What the figure measures.
    value, low, high : float or None
        Figure and range, in `unit`; None where the source gives none.
    unit, population, year : str
        Of what, whom and when; empty where the source does not say.
    citation, doi_or_url, status, read_at : str
        The source, how far it was read, and where.
    role : {"calibration", "validation", "context"}
        What the figure may be used for.
    usable_in_model : bool
        True when the status is read, computed or derived, without a reservation that forbids use.
    caution : str
        The reservation, where there is one.
    """

    id: str
    topic: str
    quantity: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    population: str
    year: str
    citation: str
    doi_or_url: str
    status: str
    read_at: str
    role: Role
    usable_in_model: bool
    caution: str


def fact(id: str, purpose: Purpose = "model") -> Fact:
    """One published figure, for a stated purpose.

    Parameters
    ----------
    id : str
        As in the table of facts, such as "F-RCA-2013-14".
    purpose : {"model", "validation", "quotation"}, default "model"
        "model" refuses figures that are not calibration or not usable; "validation" refuses
        figures that are not validation; "quotation" gives any.

    Returns
    -------
    Fact
        The figure.

    Raises
    ------
    EvidenceError
        If there is no such figure, or it may not be used for that purpose.

    Examples
    --------
    >>> fact("F-RCA-2013-14").value
    25.0
    """
    rows = {row["id"]: row for row in catalogue.table("published", "facts").to_dict("records")}
    if id not in rows:
        near = difflib.get_close_matches(id, rows, n=3, cutoff=0.4) or list(rows)[:3]
        raise EvidenceError(f"There is no fact {id!r}. Did you mean one of: {', '.join(near)}?")
    found = _fact(rows[id])
    _check_purpose(found, purpose)
    return found


def facts(
    topic: str | None = None, role: Role | None = None, usable_only: bool = False
) -> pd.DataFrame:
    """Table of published figures.

    Parameters
    ----------
    topic : str, optional
        Keep one topic, such as "pool size and risk".
    role : {"calibration", "validation", "context"}, optional
        Keep one role.
    usable_only : bool, default False
        Keep only figures that may enter a model.

    Returns
    -------
    pandas.DataFrame
        Columns as the attributes of `Fact`; `value`, `low` and `high` in the unit of each row.

    Raises
    ------
    EvidenceError
        If there is no such topic.
    """
    rows = catalogue.table("published", "facts")
    if topic is not None:
        topics = sorted(rows["topic"].unique())
        if topic not in topics:
            raise EvidenceError(
                f"There is no topic {topic!r}. The topics are: {', '.join(topics)}."
            )
        rows = rows[rows["topic"] == topic]
    if role is not None:
        rows = rows[rows["role"] == role]
    if usable_only:
        rows = rows[rows["usable_in_model"]]
    return rows.reset_index(drop=True)


def savings_threshold_schedule() -> pd.DataFrame:
    """Minimum savings rate of the one-sided Medicare Shared Savings Program, by size.

    Returns
    -------
    pandas.DataFrame
        `beneficiaries_low`, `beneficiaries_high` (people; missing in the open band), and
        `minimum_savings_low_end_percent`, `minimum_savings_high_end_percent` (percent of
        benchmark), linear between.

    References
    ----------
    42 CFR 425.604(b).
    """
    return catalogue.table("published", "msr_schedule")


def _fact(row: dict[Hashable, Any]) -> Fact:
    numbers = {"value", "low", "high"}
    # The table's schema vouches for the types, which a checker cannot see through a mapping.
    fields: Any = {
        name: row[name] if pd.notna(row[name]) else (None if name in numbers else "")
        for name in Fact.__dataclass_fields__
    }
    return Fact(**fields)


def _check_purpose(found: Fact, purpose: Purpose) -> None:
    if purpose not in get_args(Purpose):
        known = ", ".join(get_args(Purpose))
        raise EvidenceError(f"There is no purpose {purpose!r}. There are: {known}.")
    needed = _ROLE_FOR.get(purpose)
    if needed is not None and found.role != needed:
        raise EvidenceError(
            f"Fact {found.id} is {found.role}, so it may not be used for {purpose}. Use a "
            f"{needed} figure, or change its role, with the reason, in data/published/roles.csv."
        )
    if purpose == "model" and not found.usable_in_model:
        raise EvidenceError(
            f"Fact {found.id} may not enter a model: its status is {found.status!r}"
            f"{f' ({found.caution})' if found.caution else ''}. Read its source, or use another."
        )
