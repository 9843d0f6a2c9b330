"""A forecast from reference classes of a reader's own: how many of the likes of them succeeded."""

import csv
import io
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.chapters.learn_from_ipas.forecast import weighted_success
from analysis.errors import InputError
from analysis.seeds import seed_for
from analysis.tables.read_errors import plain_read_errors

DRAWS = 20_000
MOST_BYTES = 5_000_000
COLUMNS = ("class", "succeeded", "started")


def read_classes(file: Path) -> pd.DataFrame:
    """Read a table of reference classes.

    Parameters
    ----------
    file : Path
        CSV file with columns ``class``, ``succeeded``, ``started`` and, optionally, ``weight``.

    Returns
    -------
    DataFrame, one row a class
        ``class``, ``succeeded``, ``started``, ``weight`` (1 where there is none).

    Raises
    ------
    InputError
        If the file is not such a table; names the line and the fix.
    """
    with plain_read_errors(file.name):
        rows = csv.DictReader(io.StringIO(_text(file)))
        if lacks := [name for name in COLUMNS if name not in (rows.fieldnames or ())]:
            raise InputError(
                f"column {lacks[0]} is not in the table; it needs {', '.join(COLUMNS)} and may "
                "have weight"
            )
        table = pd.DataFrame([_row(number, row) for number, row in enumerate(rows, 2)])
        if table.empty:
            raise InputError("holds no classes; give one row a class")
        if table["class"].duplicated().any():
            twice = table["class"][table["class"].duplicated()].iloc[0]
            raise InputError(f"class {twice!r} is there twice; add its rows up")
        if not table["weight"].sum() > 0:
            raise InputError("every weight is 0; give at least one class a weight")
        return table


def _text(file: Path) -> str:
    if not file.is_file():
        raise InputError("no such file")
    content = file.read_bytes()
    if len(content) > MOST_BYTES:
        raise InputError("is too large for a table of classes: give one row a class")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("is not text in UTF-8; save it as a CSV file in UTF-8") from error
    if "\0" in text:
        raise InputError("is not a text file; save it as a CSV file in UTF-8")
    return text


def _row(line: int, row: dict[str, str | None]) -> dict[str, object]:
    name = (row["class"] or "").strip()
    if not name:
        raise InputError(f"line {line}: the class has no name")
    numbers = {key: _number(line, key, row.get(key)) for key in ("succeeded", "started")}
    weight = _number(line, "weight", row["weight"]) if row.get("weight") else 1.0
    are_whole = all(value == int(value) for value in numbers.values())
    if not are_whole or not numbers["succeeded"] <= numbers["started"] or not numbers["started"]:
        raise InputError(
            f"line {line}: {numbers['succeeded']:g} of {numbers['started']:g} succeeded; give "
            "whole numbers, at least 1 that started and no more that succeeded"
        )
    return {"class": name, **numbers, "weight": weight}


def _number(line: int, column: str, text: str | None) -> float:
    try:
        value = float(text or "")
    except ValueError:
        value = np.nan
    if not 0 <= value <= 1e9:
        raise InputError(
            f"line {line}, column {column}: {(text or '')[:40]!r} is no number from 0 to a billion"
        )
    return value


def own_forecast(table: pd.DataFrame) -> tuple[list[np.ndarray], np.ndarray]:
    """Return draws of the share that succeeds, by class and weighted over classes.

    Parameters
    ----------
    table : DataFrame
        From `read_classes`.

    Returns
    -------
    shares : list of ndarray, shape (draw,)
        Beta posteriors under Jeffreys' prior, in the order of the table.
    weighted : ndarray, shape (draw,)
    """
    generator = np.random.default_rng(seed_for("own-reference-classes"))
    success, weights = {}, {}
    for number, row in enumerate(table.to_dict(orient="records")):
        won, lost = float(row["succeeded"]), float(row["started"] - row["succeeded"])
        success[str(number)] = generator.beta(won + 0.5, lost + 0.5, size=DRAWS)
        weights[str(number)] = float(row["weight"])
    return list(success.values()), weighted_success(success, weights)
