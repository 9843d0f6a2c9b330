"""The file of people: written whole or not at all, a batch of rows at a time."""

import json
import os
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.errors import InputError
from analysis.own.claims.engine import batches_of

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

PEOPLE_KEY = b"tensuggestions.people"
"""Key of the metadata of a Parquet file that tells how its people came about."""


def write_people(people: "ir.Table", out: Path, how_made: dict[str, Any]) -> None:
    """Write people, as Parquet with the account in its metadata, or as CSV.

    Parameters
    ----------
    people : ibis Table
        From `analysis.own.claims.person_years.person_years`.
    out : Path
        Ends in ``.parquet`` or ``.csv``; replaced if it exists.
    how_made : dict
        Values that JSON can hold.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    batches = batches_of(people)
    temporary = out.with_name(f".{out.name}.{os.getpid()}.part")
    told = {PEOPLE_KEY: json.dumps({"version": version("tensuggestions")} | how_made).encode()}
    try:
        write = _write_csv if out.suffix.lower() == ".csv" else _write_parquet
        write(batches.schema.with_metadata(told), batches, temporary)
        temporary.replace(out)
    except OSError as error:
        raise InputError(f"--out {out}: cannot be written: {error.strerror or error}") from error
    finally:
        temporary.unlink(missing_ok=True)


def _write_parquet(schema: "pa.Schema", batches: "Iterable[pa.RecordBatch]", file: Path) -> None:
    import pyarrow.parquet as pq

    with pq.ParquetWriter(file, schema) as writer:
        for batch in batches:
            writer.write_batch(batch.cast(schema))


def _write_csv(schema: "pa.Schema", batches: "Iterable[pa.RecordBatch]", file: Path) -> None:
    from pyarrow import csv

    with csv.CSVWriter(file, schema) as writer:
        for batch in batches:
            writer.write_batch(batch)
