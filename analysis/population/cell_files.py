"""Files of released cells: one Parquet file that holds the cells and says how they were made.

The file is a plain table, so any Parquet reader shows what leaves: the factors, the sums, and
``tail_00`` to ``tail_39``, where an empty bin was joined to the one before it. Its metadata carry
the manifest as JSON, under the key `MANIFEST_KEY`.
"""

import json
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.errors import InputError
from analysis.population.cells import RiskCells, tail_edges
from analysis.population.release import CELL_COLUMNS, Release
from analysis.population.sources import PeopleSource, read_faults

MANIFEST_KEY = b"tensuggestions.cells"
FORMAT = 1
_TAIL = "tail_{:02d}"

SUMS_ROUNDED = "to a hundredth to a tenth of one person's usual part"


def manifest(source: PeopleSource, cost: str, release: Release) -> dict[str, Any]:
    """Say where released cells came from and what was done to them.

    Parameters
    ----------
    source : PeopleSource
    cost : str
        Column with the annual cost.
    release : Release

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
        Released: see `analysis.population.release.release_cells`.
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

    Returns
    -------
    cells : RiskCells
    manifest : dict

    Raises
    ------
    InputError
        If the file is absent, damaged, or was not written by the command `cells`.
    """
    with read_faults(file.name):
        if not file.is_file():
            raise InputError("no such file")
        arrow = pq.read_table(file)
        said = json.loads((arrow.schema.metadata or {}).get(MANIFEST_KEY, b"{}"))
        if said.get("format") != FORMAT:
            raise InputError("holds no cells; make it with `python -m analysis cells`")
        table = arrow.to_pandas()
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
