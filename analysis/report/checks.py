"""Checks on what a notebook asks to publish: each failure is one sentence with the fix."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict, get_args

from analysis.errors import InputError

Grade = Literal["estimated", "calibrated", "assumed"]
"""Where a number's support comes from: fitted here, parameters from cited figures, or stated."""

GRADES: tuple[str, ...] = get_args(Grade)

SENTENCE_LENGTH = 40
"""Fewest characters of an alternative text: shorter ones name a figure, not its finding."""

_ID = re.compile(r"[a-z][a-z0-9]*(\.[a-z0-9]+(_[a-z0-9]+)*)+")
_RAW = re.compile(r"\d+\.\d{5,}")

MOST_DIGITS = 6
"""Significant digits beyond which a printed fraction is a raw one, that nobody rounded."""

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


class FlipPoint(TypedDict):
    """The value of an assumption at which the advice changes."""

    assumption: str
    value: float
    unit: str
    meaning: str


def _require_text(what: str, text: object) -> None:
    if not isinstance(text, str) or not text.strip():
        raise InputError(f"{what} must be a sentence or a name, found {text!r}.")


def check_record(
    id: str,
    label: str,
    estimand: str,
    grade: str,
    suggestion: int | None,
    flip_point: Mapping[str, Any] | None,
    assumptions: Sequence[str],
) -> None:
    """Refuse a record with a wrong field.

    Raises
    ------
    InputError
        Naming the number, the field, the value found and the fix.
    """
    if not isinstance(id, str) or not _ID.fullmatch(id):
        raise InputError(f"number id {id!r} must look like s07.p_over_2pct_100k: lower case, dots.")
    _require_text(f"number {id}: label", label)
    _require_text(f"number {id}: estimand", estimand)
    if grade not in GRADES:
        raise InputError(f"number {id}: grade {grade!r} must be one of {', '.join(GRADES)}.")
    if suggestion is not None and suggestion not in range(1, 11):
        raise InputError(f"number {id}: suggestion {suggestion!r} must be None or 1 to 10.")
    if isinstance(assumptions, str):
        raise InputError(f"number {id}: assumptions must be a list of sentences, not one string.")
    for assumption in assumptions:
        _require_text(f"number {id}: each assumption", assumption)
    if flip_point is not None:
        _check_flip_point(id, flip_point)


def check_digits(id: str, text: str) -> None:
    """Refuse the text of a number that prints a raw fraction: an exact value is not rounded.

    Raises
    ------
    InputError
        Naming the number, its text and the fix.
    """
    raw = _RAW.search(text)
    if raw and len(raw[0].replace(".", "").lstrip("0")) > MOST_DIGITS:
        raise InputError(f"number {id}: would print as {text}; give its decimals.")


def _check_flip_point(id: str, flip_point: Mapping[str, Any]) -> None:
    fields = set(FlipPoint.__annotations__)
    if set(flip_point) != fields:
        present = ", ".join(sorted(flip_point)) or "nothing"
        needed = ", ".join(sorted(fields))
        raise InputError(f"number {id}: flip_point needs exactly {needed}; found {present}.")
    if not isinstance(flip_point["value"], int | float):
        raise InputError(f"number {id}: flip_point value {flip_point['value']!r} must be a number.")
    for field in ("assumption", "unit", "meaning"):
        _require_text(f"number {id}: flip_point {field}", flip_point[field])


def check_display(name: str, caption: str) -> None:
    """Refuse a figure or table whose name cannot be an address or whose caption is missing.

    Raises
    ------
    InputError
        Naming the field and the fix.
    """
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise InputError(f"name {name!r} must be lower-case words joined by hyphens.")
    _require_text(f"{name}: caption", caption)


def check_alternative_text(name: str, alt: str) -> None:
    """Refuse an alternative text that is not a sentence stating the finding.

    Raises
    ------
    InputError
        When it is shorter than `SENTENCE_LENGTH` characters or has no full stop.
    """
    _require_text(f"{name}: alt", alt)
    if len(alt.strip()) < SENTENCE_LENGTH or not alt.strip().endswith("."):
        raise InputError(
            f"{name}: alt must be a sentence that states the finding, at least {SENTENCE_LENGTH} "
            f"characters and a full stop; found {alt!r}."
        )
