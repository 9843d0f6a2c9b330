"""Files of released cells: one Parquet file with all that leaves, and how it was made.

The file is one plain table, so any Parquet reader shows everything that leaves. Its first column,
``table``, says of each row whether it is a risk cell (``cells``) or a bin of the pooled table of
costs (``costs``); the columns that the other kind has are empty. Its metadata carry the manifest
as JSON, under the key `MANIFEST_KEY`.
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
from analysis.population.cell_checks import MAKE_AGAIN, check_cells, check_costs, check_together
from analysis.population.disclosure.release import COST_COLUMNS, Release
from analysis.population.risk_cells import SUMS, RiskCells
from analysis.tables.parquet_files import parquet_schema
from analysis.tables.people_tables import PeopleSource
from analysis.tables.read_errors import plain_read_errors

MANIFEST_KEY = b"tensuggestions.cells"
FORMAT = 2
TABLE = "table"
CELLS, COSTS = "cells", "costs"
"""What the column `TABLE` says of a row."""

OLD_FORMAT = (
    "is of format 1, in which every cell had bins of its own and few people left them; since "
    "format 2 one table tells the costs of all people, and the models need it"
)
SUMS_ROUNDED = "to a hundredth to a tenth of one person's usual part"


def manifest(
    source: PeopleSource,
    cost: str,
    release: Release,
    weight: str | None = None,
    exposure: str | None = None,
) -> dict[str, Any]:
    """Return where released cells came from and what was done to them, as values JSON can hold.

    ``people`` is the sum of the people seen over the released cells.
    """
    cells = release.cells
    return {
        "format": FORMAT,
        "version": version("tensuggestions"),
        "source": source.name,
        "source_sha256": source.digest(),
        "read_as": list(source.read_as),
        "engine": source.engine,
        "cost": cost,
        "weight": weight,
        "exposure": exposure,
        "by": list(cells.factors),
        "threshold": cells.threshold,
        "people": cells.people,
        "cells": len(cells.table),
        "cells_found": release.cells_found,
        "cells_merged": release.cells_merged,
        "tails_withheld": release.tails_withheld,
        "bins": len(cells.costs),
        "fewest_people": release.rules.fewest_people,
        "count_step": release.rules.count_step,
        "sums_rounded": SUMS_ROUNDED,
    }


def cells_parquet(cells: RiskCells, how_made: dict[str, Any]) -> bytes:
    """Return the bytes of a file of released cells, the same for the same cells and manifest."""
    table = cells.table[[*cells.factors, *SUMS]].assign(**{TABLE: CELLS})
    costs = cells.costs[list(COST_COLUMNS)].assign(**{TABLE: COSTS})
    both = pd.concat([table, costs], ignore_index=True)
    columns = [TABLE, *cells.factors, *SUMS]
    columns += [name for name in COST_COLUMNS if name not in SUMS]
    arrow = pa.Table.from_pandas(both[columns], preserve_index=False)
    # Without pandas' own note, which names its version: the bytes depend on the cells alone.
    manifest_json = json.dumps(how_made, sort_keys=True, ensure_ascii=False).encode()
    stream = BytesIO()
    pq.write_table(arrow.replace_schema_metadata({MANIFEST_KEY: manifest_json}), stream)
    return stream.getvalue()


def read_cells(file: Path) -> tuple[RiskCells, dict[str, Any]]:
    """Read a file of released cells, and its manifest.

    Raises
    ------
    InputError
        If the file is absent, damaged, of another format, or was not written by the command
        `cells`.
    """
    with plain_read_errors(file.name):
        if not file.is_file():
            raise InputError("no such file")
        parquet_schema(file)
        arrow = pq.read_table(file)
        how_made = _manifest_of(arrow)
        table, costs = _two_tables(arrow.to_pandas())
        by, threshold, step = how_made["by"], float(how_made["threshold"]), how_made["count_step"]
        check_cells(table, by, threshold, step)
        check_costs(costs, COST_COLUMNS, threshold)
        check_together(table, costs, threshold, step)
        kinds = dict.fromkeys(SUMS, float) | {"rows": int}
        return (
            RiskCells(
                table[[*by, *SUMS]].astype(kinds),
                costs[list(COST_COLUMNS)].astype(float).astype({"rows": int}),
                threshold,
                tuple(by),
            ),
            how_made,
        )


def _two_tables(both: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows that are cells, and rows that are bins of cost."""
    if TABLE not in both.columns:
        raise InputError(f"column {TABLE} is not there; {MAKE_AGAIN}")
    if odd := sorted(map(str, set(both[TABLE]) - {CELLS, COSTS})):
        raise InputError(f"column {TABLE}: {odd[0]!a} is neither cells nor costs; {MAKE_AGAIN}")
    cells, costs = (both[both[TABLE] == name] for name in (CELLS, COSTS))
    return cells.reset_index(drop=True), costs.reset_index(drop=True)


def _manifest_of(arrow: pa.Table) -> dict[str, Any]:
    try:
        how_made = json.loads((arrow.schema.metadata or {}).get(MANIFEST_KEY, b"{}"))
    except ValueError as error:  # what is there is not JSON, or not text
        raise InputError(f"its manifest is damaged; {MAKE_AGAIN}") from error
    if not isinstance(how_made, dict) or "format" not in how_made:
        raise InputError("holds no cells; make it with `python -m analysis cells`")
    if how_made["format"] == 1:
        raise InputError(f"{OLD_FORMAT}: {MAKE_AGAIN}")
    if how_made["format"] != FORMAT:
        raise InputError(
            f"is of format {how_made['format']!r}, and this version reads {FORMAT}; {MAKE_AGAIN}"
        )
    if not _is_sound(how_made):
        raise InputError(f"its manifest is damaged; {MAKE_AGAIN}")
    return how_made


def _is_sound(how_made: dict[str, Any]) -> bool:
    """Whether the manifest says what reading the tables needs."""
    by, threshold, step = (how_made.get(name) for name in ("by", "threshold", "count_step"))
    effect = how_made.get("weight_effect", 1.0)
    return (
        isinstance(by, list)
        and bool(by)
        and all(isinstance(name, str) for name in by)
        and isinstance(threshold, float | int)
        and 0 < threshold < np.inf
        and isinstance(step, int)
        and step >= 1
        and isinstance(effect, float | int)
        and 1 <= effect < np.inf
    )
