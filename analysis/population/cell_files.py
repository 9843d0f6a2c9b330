"""Files of released cells: one Parquet file that holds the cells and says how they were made.

The file is a plain table, so any Parquet reader shows what leaves: the factors, the sums, and
``tail_00`` to ``tail_39``, where an empty bin was joined to the one before it. Its metadata carry
the manifest as JSON, under the key `MANIFEST_KEY`.
"""

import json
from collections.abc import Sequence
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.errors import InputError
from analysis.population.disclosure.release import CELL_COLUMNS, Release
from analysis.population.risk_cells import RiskCells, tail_edges
from analysis.tables.parquet_files import parquet_schema
from analysis.tables.people_tables import PeopleSource
from analysis.tables.read_errors import plain_read_errors

MANIFEST_KEY = b"tensuggestions.cells"
FORMAT = 1
_TAIL = "tail_{:02d}"
MOMENTS = (
    ("sum_cost", "sum_cost_squared", "n_positive"),
    ("sum_log", "sum_log_squared", "n_positive"),
    ("sum_log_body", "sum_log_squared_body", "n_body"),
)
"""A sum, the sum of squares that goes with it, and the people it is over."""
MAKE_AGAIN = "make the file again with `python -m analysis cells`"

SUMS_ROUNDED = "to a hundredth to a tenth of one person's usual part"


def manifest(source: PeopleSource, cost: str, release: Release) -> dict[str, Any]:
    """Say where released cells came from and what was done to them.

    Parameters
    ----------
    cost : str
        Column with the annual cost.

    Returns
    -------
    dict
        Values that JSON can hold. ``people`` is the sum over the released cells.
    """
    cells = release.cells
    return {
        "format": FORMAT,
        "version": version("tensuggestions"),
        "source": source.name,
        "source_sha256": source.digest(),
        "engine": source.engine,
        "cost": cost,
        "by": list(cells.factors),
        "threshold": cells.threshold,
        "threshold_rule": "automatic" if release.automatic_threshold else "given",
        "people": int(cells.table["n"].sum()),
        "cells": len(cells.table),
        "cells_found": release.cells_found,
        "cells_merged": release.cells_merged,
        "squares_withheld": release.squares_withheld,
        "fewest_people": release.rules.fewest_people,
        "count_step": release.rules.count_step,
        "sums_rounded": SUMS_ROUNDED,
    }


def cells_parquet(cells: RiskCells, said: dict[str, Any]) -> bytes:
    """Return the bytes of a file of cells.

    Parameters
    ----------
    cells : RiskCells
        Released: see `analysis.population.disclosure.release.release_cells`.
    said : dict
        From `manifest`.

    Returns
    -------
    bytes
        The same for the same cells and manifest.
    """
    table = cells.table[[*cells.factors, *CELL_COLUMNS]].copy()
    for index in range(len(cells.edges)):
        counts = pd.Series(cells.tail_counts[:, index], index=table.index, dtype="Int64")
        if cells.joined is not None:
            counts = counts.mask(cells.joined[:, index])
        table[_TAIL.format(index)] = counts
    arrow = pa.Table.from_pandas(table, preserve_index=False)
    # Without pandas' own note, which names its version: the bytes depend on the cells alone.
    said_json = json.dumps(said, sort_keys=True, ensure_ascii=False).encode()
    stream = BytesIO()
    pq.write_table(arrow.replace_schema_metadata({MANIFEST_KEY: said_json}), stream)
    return stream.getvalue()


def read_cells(file: Path) -> tuple[RiskCells, dict[str, Any]]:
    """Read a file of released cells.

    Parameters
    ----------
    file : Path
        As written from `cells_parquet`.

    Raises
    ------
    InputError
        If the file is absent, damaged, or was not written by the command `cells`.
    """
    with plain_read_errors(file.name):
        if not file.is_file():
            raise InputError("no such file")
        parquet_schema(file)
        arrow = pq.read_table(file)
        said = _manifest_of(arrow)
        table = arrow.to_pandas()
        check_cells(table, said["by"], said["threshold"])
        edges = tail_edges(said["threshold"])
        bins = table[[_TAIL.format(index) for index in range(len(edges))]]
        return (
            RiskCells(
                table[[*said["by"], *CELL_COLUMNS]],
                bins.fillna(0).to_numpy(dtype=np.int64),
                edges,
                tuple(said["by"]),
                bins.isna().to_numpy(),
            ),
            said,
        )


def _manifest_of(arrow: pa.Table) -> dict[str, Any]:
    try:
        said = json.loads((arrow.schema.metadata or {}).get(MANIFEST_KEY, b"{}"))
    except ValueError as error:  # what is there is not JSON, or not text
        raise InputError(f"its manifest is damaged; {MAKE_AGAIN}") from error
    if not isinstance(said, dict) or "format" not in said:
        raise InputError("holds no cells; make it with `python -m analysis cells`")
    if said["format"] != FORMAT:
        raise InputError(
            f"is of format {said['format']!r}, and this version reads {FORMAT}; {MAKE_AGAIN}"
        )
    by, threshold = said.get("by"), said.get("threshold")
    named = isinstance(by, list) and by and all(isinstance(name, str) for name in by)
    if not named or not isinstance(threshold, float | int) or not 0 < threshold < np.inf:
        raise InputError(f"its manifest is damaged; {MAKE_AGAIN}")
    return said


def check_cells(table: pd.DataFrame, by: Sequence[str], threshold: float) -> None:
    """Raise InputError if a table of cells cannot have come from people.

    Parameters
    ----------
    table : DataFrame, one row a cell
        With the columns of a file of cells; a missing tail bin was joined to the one below it.
    by : sequence of str
        The factors.
    threshold : float
        Cost at which the tail begins.
    """
    bins = [_TAIL.format(index) for index in range(len(tail_edges(threshold)))]
    wanted = [*by, *CELL_COLUMNS, *bins]
    if missing := [name for name in wanted if name not in table.columns]:
        raise InputError(f"column {missing[0]} is not there; {MAKE_AGAIN}")
    if table.empty:
        raise InputError(f"holds no cell; {MAKE_AGAIN}")
    if odd := [name for name in [*CELL_COLUMNS, *bins] if table[name].dtype.kind not in "iuf"]:
        raise InputError(f"column {odd[0]} holds no numbers; {MAKE_AGAIN}")
    numbers = _numbers(table, bins)
    adds_up = (
        (numbers["n_positive"] <= numbers["n"])
        & (numbers["n_body"] + numbers["n_tail"] == numbers["n_positive"])
        & (numbers[bins].sum(axis=1) == numbers["n_tail"])
        & (numbers["n"] > 0)
    )
    if not adds_up.all() or table.duplicated(list(by)).any():
        raise InputError(f"its counts of people do not add up; {MAKE_AGAIN}")
    for sums, squares, people in MOMENTS:
        least = numbers[sums] ** 2 / numbers[people].clip(lower=1)
        if (table[squares] < least * (1 - 1e-9)).any():
            raise InputError(f"column {squares}: is too small for {sums}; {MAKE_AGAIN}")


def _numbers(table: pd.DataFrame, bins: list[str]) -> pd.DataFrame:
    """Sums and counts as floating point, what may be missing as 0; each must be possible."""
    may_lack = dict.fromkeys(["sum_cost_squared", *bins], 0)
    numbers = table[[*CELL_COLUMNS, *bins]].fillna(may_lack).astype(float)
    for name in (*CELL_COLUMNS, *bins):
        column = numbers[name]
        count = not name.startswith("sum_")
        bad = ~np.isfinite(column) | (count & ((column < 0) | (column % 1 != 0)))
        if bad.any():
            raise InputError(f"column {name}: {column[bad].iloc[0]:g} is no sum over people; "
                             f"{MAKE_AGAIN}")  # fmt: skip
    return numbers
