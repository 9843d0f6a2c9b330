"""A published `numbers.json`, read back: checked before anything is concluded from it."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from analysis.errors import InputError
from analysis.report.numbers import Record

PARTS = ("value", "low", "high")
"""The three figures of a number."""

_ERRORS = {"value": "mcse", "low": "mcse_low", "high": "mcse_high"}


@dataclass(frozen=True)
class PublishedNumber:
    """What of a published number can be computed again.

    `value`, `low` and `high` are in `unit`. None stands for infinity, and in a number without
    `interval` for an end that it has not. The `mcse` fields are the Monte Carlo standard errors of
    the three, None where there is none: all three in an exact number.
    """

    id: str
    page: str
    unit: str
    grade: str
    text: str
    seed: int
    interval: float | None
    value: float | None
    low: float | None
    high: float | None
    mcse: float | None
    mcse_low: float | None
    mcse_high: float | None

    def error(self, part: str) -> float:
        """Return the Monte Carlo standard error of one of `PARTS`; 0 where none is stated."""
        return getattr(self, _ERRORS[part]) or 0.0


_TEXTS = ("id", "page", "unit", "grade", "text")
_FIGURES = ("interval", *PARTS, *_ERRORS.values())


def published_numbers(text: str, name: str) -> dict[str, PublishedNumber]:
    """Return the numbers of the text of a `numbers.json`, by id.

    Parameters
    ----------
    text : str
        JSON, as `analysis.publish.products.number_files.numbers_json` writes it.
    name : str
        What to call the file in messages.

    Raises
    ------
    InputError
        When it is not such a file; the message names the number and the field.
    """
    try:
        content = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name}: is not valid JSON: {error}; fetch it again.") from error
    rows = content.get("numbers") if isinstance(content, dict) else None
    if not isinstance(rows, list) or not rows:
        raise InputError(f"{name}: has no list of numbers; give a numbers.json of this book.")
    numbers: dict[str, PublishedNumber] = {}
    for place, row in enumerate(rows, start=1):
        number = _number(row, place, name)
        if number.id in numbers:
            raise InputError(f"{name}: number {number.id} is there twice.")
        numbers[number.id] = number
    return numbers


def numbers_of(records: Mapping[str, Record]) -> dict[str, PublishedNumber]:
    """Return records as they will be read back, by id."""
    return {id: _number(record.published(), 0, id) for id, record in records.items()}


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a number")


def _number(row: Any, place: int, name: str) -> PublishedNumber:  # noqa: ANN401 - JSON
    if not isinstance(row, dict) or not isinstance(row.get("id"), str):
        raise InputError(f"{name}: entry {place} of its numbers has no id.")
    where = f"{name}: number {row['id']}"
    missing = [field for field in (*_TEXTS, "seed", *_FIGURES) if field not in row]
    if missing:
        raise InputError(f"{where} has no {missing[0]}.")
    for field in _TEXTS:
        if not isinstance(row[field], str):
            raise InputError(f"{where}: {field} is {row[field]!r}, not text.")
    if type(row["seed"]) is not int:
        raise InputError(f"{where}: seed is {row['seed']!r}, not a whole number.")
    figures = {field: _figure(row[field], f"{where}: {field}") for field in _FIGURES}
    negative = [field for field in _ERRORS.values() if (figures[field] or 0.0) < 0]
    if negative:
        raise InputError(f"{where}: {negative[0]} is below 0.")
    fields: dict[str, Any] = {field: row[field] for field in (*_TEXTS, "seed")} | figures
    return PublishedNumber(**fields)


def _figure(value: Any, where: str) -> float | None:  # noqa: ANN401 - JSON
    if value is None:
        return None
    if type(value) not in (int, float):
        raise InputError(f"{where} is {value!r}, not a number.")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise InputError(f"{where} is {str(value)[:20]}, not a finite number.")
    return number
