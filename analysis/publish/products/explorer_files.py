"""The tables of the explorers as files of the site: for the page, and as CSV for readers."""

import csv
import io
import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from analysis.files import write_atomically
from analysis.publish.products.finished import Finished
from analysis.report import explorers

FOLDER = "explorers"
"""Of the site."""


def explorer_files(finished: Finished) -> None:
    """Put in the tables of every explorer that a chapter has made."""
    folder = finished.site / FOLDER
    for records in finished.project.records_folders():
        for file in sorted(records.glob(f"{explorers.PREFIX}*.json")):
            name = file.stem.removeprefix(explorers.PREFIX)
            text = file.read_text(encoding="utf-8")
            write_atomically(folder / f"{name}.json", text)
            write_atomically(folder / f"{name}.csv", explorer_csv(text))


def explorer_csv(text: str) -> str:
    """Return the grid of an explorer as CSV, one row a point.

    Parameters
    ----------
    text : str
        Of its JSON file.

    Returns
    -------
    str
        Columns: the table, its settings, and low end, median and high end. Tables of chance are
        written as the overspend, a share of the budget, that is exceeded with the probability.
    """
    content = json.loads(text)
    grids = {f"overspend {name}": _overspends(table) for name, table in content["chance"].items()}
    grids |= {name: _grid(table) for name, table in content["tables"].items()}
    settings = dict.fromkeys(axis["name"] for axes, _ in grids.values() for axis in axes)
    out = io.StringIO()
    writer = csv.DictWriter(out, ["table", *settings, "low", "median", "high"], lineterminator="\n")
    writer.writeheader()
    for name, (axes, values) in grids.items():
        writer.writerows({"table": name, **row} for row in _rows(axes, values))
    return out.getvalue()


def _grid(table: Mapping[str, Any]) -> tuple[list[dict[str, Any]], np.ndarray]:
    """Return the axes of a table and its values; the last dimension is low, median, high."""
    shape = [len(axis["values"]) for axis in table["axes"]]
    flat = [math.inf if step is None else step * table["unit"] for step in table["values"]]
    values = np.reshape(flat, (*shape, -1))
    return table["axes"], np.exp(values) if table["scale"] == "log" else values


def _overspends(table: Mapping[str, Any]) -> tuple[list[dict[str, Any]], np.ndarray]:
    from scipy.special import ndtri

    axes, deviation = _grid(table["deviation"])
    people, probability = (np.array(axis["values"]) for axis in axes)
    spread = np.array(table["variation"]) / np.sqrt(people)[:, None, None]
    return axes, (deviation - ndtri(probability)[None, :, None]) * spread


def _rows(axes: list[dict[str, Any]], values: np.ndarray) -> Iterator[dict[str, Any]]:
    for at in np.ndindex(values.shape[:-1]):
        place = {axis["name"]: axis["values"][i] for axis, i in zip(axes, at, strict=True)}
        ends = dict(zip(("low", "median", "high"), values[at], strict=True))
        yield place | {name: f"{value:.6g}" for name, value in ends.items()}
