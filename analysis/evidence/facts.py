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
    value, low, high : float or None
        Figure and range, in `unit`; None where the source gives none.
    population, year : str
        Of whom and when; empty where the source does not say.
    status, read_at : str
        How far the source was read, and where.
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
    """Return one published figure, for a stated purpose.

    "model" refuses figures that are not calibration or not usable, "validation" those that are not
    validation; "quotation" gives any. A refused or unknown figure raises EvidenceError.

    Examples
    --------
    >>> fact("F-RCA-2013-14").value
    25.0
    """
    rows = {row["id"]: row for row in catalogue.table("published", "facts").to_dict("records")}
    if id not in rows:
        near = difflib.get_close_matches(id, rows, n=3, cutoff=0.4) or list(rows)[:3]
        raise EvidenceError(f"There is no fact {id!r}. Did you mean one of: {', '.join(near)}?")
    figure = _fact(rows[id])
    _check_purpose(figure, purpose)
    return figure


def facts(
    topic: str | None = None, role: Role | None = None, usable_only: bool = False
) -> pd.DataFrame:
    """Return the table of published figures: of one topic, of one role, or usable in a model only.

    Columns are the attributes of `Fact`; `value`, `low` and `high` are in the unit of each row. An
    unknown topic raises EvidenceError.
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
    """Return the minimum savings rate of the one-sided programme, by size (42 CFR 425.604(b)).

    Columns: `beneficiaries_low`, `beneficiaries_high` (people; missing in the open band), and
    `minimum_savings_low_end_percent`, `minimum_savings_high_end_percent` (percent of benchmark),
    linear between.
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


def _check_purpose(figure: Fact, purpose: Purpose) -> None:
    if purpose not in get_args(Purpose):
        purposes = ", ".join(get_args(Purpose))
        raise EvidenceError(f"There is no purpose {purpose!r}. There are: {purposes}.")
    needed = _ROLE_FOR.get(purpose)
    if needed is not None and figure.role != needed:
        raise EvidenceError(
            f"Fact {figure.id} is {figure.role}, so it may not be used for {purpose}. Use a "
            f"{needed} figure, or change its role, with the reason, in data/published/roles.csv."
        )
    if purpose == "model" and not figure.usable_in_model:
        raise EvidenceError(
            f"Fact {figure.id} may not enter a model: its status is {figure.status!r}"
            f"{f' ({figure.caution})' if figure.caution else ''}. Read its source, or use another."
        )
