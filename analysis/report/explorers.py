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
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis import settings
from analysis.errors import InputError
from analysis.files import write_atomically
from analysis.report import formatting, provenance
from analysis.report.numbers import Record, records_folder

if TYPE_CHECKING:
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

    Attributes
    ----------
    id : str
        Of a number that the chapter has recorded before.
    answer : str
        Which answer of the explorer it is, for example ``smallest``.
    settings : mapping of str to float or str
        Settings that the answer depends on, as the page shows them.
    computed : ndarray, shape (3,)
        Low end, median and high end by the tables, in the unit of the record.
    """

    id: str
    answer: str
    settings: Mapping[str, Setting]
    computed: np.ndarray

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
        record = self.record
        parts = (record.value, record.low, record.high)
        published = [math.inf if part is None else part for part in parts]
        unit = formatting.unit_named(record.unit)
        errors = [record.mcse, record.mcse_low, record.mcse_high]
        steps = formatting.printed_steps(published, errors, unit)
        for number, wanted, step in zip(self.computed[[1, 0, 2]], published, steps, strict=True):
            if number != wanted and not abs(number - wanted) * unit.scale <= step:
                raise InputError(
                    f"explorer: {record.id} is {wanted:g} and not {number:g}; "
                    "compute its tables at more points."
                )

    def as_fields(self) -> dict[str, Any]:
        """Return the fields that the page needs."""
        names = ("id", "text", "value_text", "interval_text", "grade", "anchor")
        record = self.record
        fields = {name: getattr(record, name) for name in names}
        return {**fields, "answer": self.answer, "settings": dict(self.settings)}


@dataclass(frozen=True)
class Support:
    """What stands behind the answers of one kind.

    Attributes
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

    Attributes
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
    constants : mapping of str to float
        Single values that the page computes with.
    """

    name: str
    settings: Mapping[str, Setting]
    support: Mapping[str, Support]
    agreements: Sequence[Agreement]
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    chance: Mapping[str, "ChanceTable"] = field(default_factory=dict)
    tables: Mapping[str, "Lookup"] = field(default_factory=dict)
    constants: Mapping[str, float] = field(default_factory=dict)


def recorded(id: str) -> Record:
    """Return a number that this chapter has recorded.

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
    """Return the largest Monte Carlo error of recorded numbers, relative to the value or end."""
    pairs: list[tuple[float | None, float | None]] = []
    for record in map(recorded, ids):
        pairs += [
            (record.mcse, record.value),
            (record.mcse_low, record.low),
            (record.mcse_high, record.high),
        ]
    return max(abs(error / value) for error, value in pairs if error and value)


def write_explorer(explorer: Explorer) -> Path:
    """Write the tables of an explorer beside the records of its page; return the file.

    Raises
    ------
    InputError
        When it would not repeat a number of its chapter, or a table holds what is not a number.
    """
    if not explorer.agreements:
        raise InputError(f"explorer {explorer.name}: name a recorded number that it must repeat.")
    for agreement in explorer.agreements:
        agreement.check()
    file = records_folder() / f"{PREFIX}{explorer.name}.json"
    text = json.dumps(_content(explorer), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    write_atomically(file, text + "\n")
    return file


def _content(explorer: Explorer) -> dict[str, Any]:
    return {
        "name": explorer.name,
        "page": explorer.agreements[0].record.page,
        "interval": settings.INTERVAL,
        "seed": settings.PROJECT_SEED,
        "version": provenance.package_version(),
        "code_digest": provenance.digest_mapping(provenance.code_digests()),
        "data_digest": provenance.data_digests(),
        "settings": dict(explorer.settings),
        "ranges": {name: list(ends) for name, ends in explorer.ranges.items()},
        "constants": dict(explorer.constants),
        "support": {name: asdict(support) for name, support in explorer.support.items()},
        "numbers": [agreement.as_fields() for agreement in explorer.agreements],
        "chance": {name: _chance(table) for name, table in explorer.chance.items()},
        "tables": {name: _lookup(table, _step(table)) for name, table in explorer.tables.items()},
    }


def _chance(table: "ChanceTable") -> dict[str, Any]:
    variation = [round(float(part), 5) for part in table.variation]
    return {"variation": variation, "deviation": _lookup(table.deviation, DEVIATION_UNIT)}


def _step(table: "Lookup") -> float:
    """Step in which a table is written: a power of ten, a 2,000th of its typical size or less."""
    if table.scale == "log":
        return 0.0005
    sizes = np.abs(table.values[np.isfinite(table.values) & (table.values != 0)])
    typical = float(np.median(sizes)) if sizes.size else 1.0
    return float(10.0 ** math.floor(math.log10(typical / 2_000)))


def _lookup(table: "Lookup", unit: float) -> dict[str, Any]:
    if np.isnan(table.values).any():
        raise InputError("explorer: a table holds what is not a number.")
    values = np.log(table.values) if table.scale == "log" else table.values
    steps = np.where(np.isfinite(values), np.round(values / unit), np.inf)
    return {
        "axes": [asdict(axis) for axis in table.axes],
        "scale": table.scale,
        "unit": unit,
        "values": [int(step) if math.isfinite(step) else None for step in steps.ravel()],
    }
