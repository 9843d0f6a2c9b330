"""The grid of an explorer as CSV, one row a point, for readers with tools of their own."""

import csv
import io
import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from scipy.special import ndtri


def explorer_csv(text: str) -> str:
    """Return the grid of an explorer as CSV, one row a point.

    Parameters
    ----------
    text : str
        Of its file.

    Returns
    -------
    str
        Columns: the table, its settings, and low end, median and high end. Tables of chance are
        written as the overspend, a share of the budget, that is exceeded with the probability.
    """
    content = json.loads(text)
    tables = {f"overspend {name}": _overspends(one) for name, one in content["chance"].items()}
    tables |= {name: _read(one) for name, one in content["tables"].items()}
    names = list(dict.fromkeys(axis["name"] for axes, _ in tables.values() for axis in axes))
    out = io.StringIO()
    writer = csv.DictWriter(out, ["table", *names, "low", "median", "high"], lineterminator="\n")
    writer.writeheader()
    for name, (axes, values) in tables.items():
        writer.writerows({"table": name, **row} for row in _rows(axes, values))
    return out.getvalue()


def _read(table: Mapping[str, Any]) -> tuple[list[dict[str, Any]], np.ndarray]:
    shape = [len(axis["values"]) for axis in table["axes"]]
    flat = [math.inf if one is None else one * table["unit"] for one in table["values"]]
    values = np.reshape(flat, (*shape, -1))
    return table["axes"], np.exp(values) if table["scale"] == "log" else values


def _overspends(table: Mapping[str, Any]) -> tuple[list[dict[str, Any]], np.ndarray]:
    axes, deviation = _read(table["deviation"])
    people, probability = (np.array(axis["values"]) for axis in axes)
    spread = np.array(table["variation"]) / np.sqrt(people)[:, None, None]
    return axes, (deviation - ndtri(probability)[None, :, None]) * spread


def _rows(axes: list[dict[str, Any]], values: np.ndarray) -> Iterator[dict[str, Any]]:
    for at in np.ndindex(values.shape[:-1]):
        place = {axis["name"]: axis["values"][i] for axis, i in zip(axes, at, strict=True)}
        ends = dict(zip(("low", "median", "high"), values[at], strict=True))
        yield place | {name: f"{value:.6g}" for name, value in ends.items()}
