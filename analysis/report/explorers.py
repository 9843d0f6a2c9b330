"""What the explorers of the site are made of: tables that a chapter computed, for the browser.

A chapter writes one file beside its records, `_explorer-<name>.json`, and the site publishes it
as `explorers/<name>.json` and `explorers/<name>.csv`. The file holds the grid, the chapter's own
settings, and the recorded numbers that the explorer must give at them: where it would not, the
file is refused.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from analysis import settings as project
from analysis.errors import InputError
from analysis.files import write_atomically
from analysis.report import provenance
from analysis.report.formatting import printed_steps, unit_named
from analysis.report.numbers import Record, records_folder
from analysis.risk.chance_table import ChanceTable
from analysis.risk.lookup import Lookup

PREFIX = "_explorer-"
"""Beside the records of a page; the underscore keeps the file from being read as one of them."""

DEVIATION_UNIT = 0.0005
"""Step in which deviations from the normal quantile are written: a thirtieth of a percent."""

Setting = float | str


@dataclass(frozen=True)
class Agreement:
    """A recorded number, and what the explorer gives at its settings.

    Parameters
    ----------
    id : str
        Of a number that the chapter has recorded before.
    answer : str
        Which answer of the explorer it is, for example ``smallest``.
    settings : mapping of str to float or str
        Settings that the answer depends on, as the page shows them.
    found : ndarray, shape (3,)
        Low end, median and high end by the tables, in the unit of the record.
    """

    id: str
    answer: str
    settings: Mapping[str, Setting]
    found: np.ndarray

    @property
    def record(self) -> Record:
        """The number, as the chapter wrote it."""
        return recorded(self.id)

    def check(self) -> None:
        """Refuse an explorer that does not give the number to the digits it is shown with.

        Raises
        ------
        InputError
            When they differ by more than one step of what is printed.
        """
        made = self.record
        ends = [made.value, made.low, made.high]
        values = [math.inf if one is None else one for one in ends]
        unit = unit_named(made.unit)
        steps = printed_steps(values, [made.mcse, made.mcse_low, made.mcse_high], unit)
        for number, wanted, step in zip(self.found[[1, 0, 2]], values, steps, strict=True):
            if number != wanted and not abs(number - wanted) * unit.scale <= step:
                raise InputError(
                    f"explorer: {made.id} is {wanted:g} and not {number:g}; "
                    "compute its tables at more points."
                )

    def as_fields(self) -> dict[str, Any]:
        """Return the fields that the page needs."""
        names = ("id", "text", "value_text", "interval_text", "grade", "anchor")
        told = {name: getattr(self.record, name) for name in names}
        return {**told, "answer": self.answer, "settings": dict(self.settings)}


@dataclass(frozen=True)
class Support:
    """What stands behind the answers of one kind.

    Parameters
    ----------
    grade : str
        Grade of the answers.
    assumptions : sequence of str
        What must hold.
    relative_error : float
        Monte Carlo and interpolation error together, as a share of the answer: it decides how
        many digits are shown.
    """

    grade: str
    assumptions: Sequence[str]
    relative_error: float


@dataclass(frozen=True)
class Explorer:
    """One explorer: its tables and what they mean.

    Parameters
    ----------
    name : str
        For example ``minimum-size``.
    settings : mapping of str to float or str
        The chapter's own, as the page shows them.
    support : mapping of str to Support
        By the first setting on which it depends, or ``all``.
    agreements : sequence of Agreement
        Numbers of the chapter that the explorer must repeat.
    ranges : mapping of str to tuple of float
        Smallest and largest value of each setting that is not an axis, as the page shows them.
    chance : mapping of str to ChanceTable
        By name, whose parts are settings, for example ``rand/age_sex/none``.
    tables : mapping of str to Lookup
    constants : mapping of str to float
        Single values that the page computes with.
    """

    name: str
    settings: Mapping[str, Setting]
    support: Mapping[str, Support]
    agreements: Sequence[Agreement]
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    chance: Mapping[str, ChanceTable] = field(default_factory=dict)
    tables: Mapping[str, Lookup] = field(default_factory=dict)
    constants: Mapping[str, float] = field(default_factory=dict)


def recorded(id: str) -> Record:
    """Return a number that this chapter has recorded.

    Parameters
    ----------
    id : str

    Returns
    -------
    Record

    Raises
    ------
    InputError
        When it has not.
    """
    file = records_folder() / f"{id}.json"
    if not file.is_file():
        raise InputError(f"explorer: number {id} is not recorded here: record it first.")
    return Record.from_json(file.read_text(encoding="utf-8"))


def relative_error(*ids: str) -> float:
    """Return the largest Monte Carlo error of some numbers, relative to the value or end.

    Parameters
    ----------
    *ids : str
        Of numbers that the chapter has recorded.

    Returns
    -------
    float
    """
    pairs = [
        pair
        for one in map(recorded, ids)
        for pair in ((one.mcse, one.value), (one.mcse_low, one.low), (one.mcse_high, one.high))
    ]
    return max(abs(error / value) for error, value in pairs if error and value)


def write_explorer(explorer: Explorer) -> Path:
    """Write the tables of an explorer beside the records of its page.

    Parameters
    ----------
    explorer : Explorer

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        When it would not repeat a number of its chapter, or a table holds what is not a number.
    """
    if not explorer.agreements:
        raise InputError(f"explorer {explorer.name}: name a recorded number that it must repeat.")
    for one in explorer.agreements:
        one.check()
    content = {
        "name": explorer.name,
        "page": explorer.agreements[0].record.page,
        "interval": project.INTERVAL,
        "seed": project.PROJECT_SEED,
        "version": provenance.package_version(),
        "code_digest": provenance.digest_mapping(provenance.code_digests()),
        "data_digest": provenance.data_digests(),
        "settings": dict(explorer.settings),
        "ranges": {name: list(ends) for name, ends in explorer.ranges.items()},
        "constants": dict(explorer.constants),
        "support": {name: asdict(one) for name, one in explorer.support.items()},
        "numbers": [one.as_fields() for one in explorer.agreements],
        "chance": {name: _chance(one) for name, one in explorer.chance.items()},
        "tables": {name: _lookup(one, _step(one)) for name, one in explorer.tables.items()},
    }
    file = records_folder() / f"{PREFIX}{explorer.name}.json"
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    write_atomically(file, text + "\n")
    return file


def _chance(table: ChanceTable) -> dict[str, Any]:
    variation = [round(float(one), 5) for one in table.variation]
    return {"variation": variation, "deviation": _lookup(table.deviation, DEVIATION_UNIT)}


def _step(table: Lookup) -> float:
    """Step in which a table is written: a power of ten, a 2,000th of its typical size or less."""
    if table.scale == "log":
        return 0.0005
    sizes = np.abs(table.values[np.isfinite(table.values) & (table.values != 0)])
    typical = float(np.median(sizes)) if sizes.size else 1.0
    return float(10.0 ** math.floor(math.log10(typical / 2_000)))


def _lookup(table: Lookup, unit: float) -> dict[str, Any]:
    if np.isnan(table.values).any():
        raise InputError("explorer: a table holds what is not a number.")
    values = np.log(table.values) if table.scale == "log" else table.values
    whole = np.where(np.isfinite(values), np.round(values / unit), np.inf)
    return {
        "axes": [asdict(axis) for axis in table.axes],
        "scale": table.scale,
        "unit": unit,
        "values": [int(one) if math.isfinite(one) else None for one in whole.ravel()],
    }
