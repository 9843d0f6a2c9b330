"""Parquet files before an engine reads them: whole, of one shape, and each column named once."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from analysis.errors import InputError
from analysis.tables.csv_files import check_names
from analysis.tables.read_errors import plain_read_errors

MAGIC = b"PAR1"
ALSO_DATA = (".csv", ".csv.gz", ".tsv", ".tsv.gz")
"""Files in a folder of Parquet files that would be left out without a word."""


def parquet_schema(file: Path) -> pa.Schema:
    """Return names and types of the columns of a Parquet file.

    Raises
    ------
    InputError
        If the file is something else, is cut short, or has two columns of one name.
    """
    with file.open("rb") as stream:
        begins = stream.read(len(MAGIC))
        stream.seek(0, 2)
        size = stream.tell()
        stream.seek(max(size - len(MAGIC), 0))
        ends = stream.read()
    if begins != MAGIC:
        raise InputError(
            "is no Parquet file, whatever its name says; give it the ending of what it is, or "
            "write it again as Parquet"
        )
    if ends != MAGIC or size <= 3 * len(MAGIC):
        raise InputError("is cut short: a Parquet file does not end like this; copy it again")
    schema = pq.read_schema(file)
    check_names(schema.names)
    return schema


def parquet_parts(folder: Path, columns: Sequence[str]) -> tuple[Path, ...]:
    """Return the Parquet files of a folder, which must be parts of one table.

    Parameters
    ----------
    columns : sequence of str
        Columns that must have one type in all of them.

    Raises
    ------
    InputError
        If there are none, there are CSV files beside them, or a column differs; names the file.
    """
    inside = sorted(file for file in folder.rglob("*") if file.is_file())
    files = tuple(file for file in inside if file.suffix.lower() == ".parquet")
    if not files:
        raise InputError("holds no .parquet file; name a folder of Parquet files, or one file")
    if other := [file.name for file in inside if file.name.lower().endswith(ALSO_DATA)]:
        raise InputError(
            f"holds {other[0]} beside Parquet files, and would be read without it; take it out, or "
            "write all parts as Parquet"
        )
    first: dict[str, tuple[str, str]] = {}
    for file in files:
        with plain_read_errors(file.name):
            schema = parquet_schema(file)
        for column in columns:
            _check_kind(column, _kind(schema, column), file.name, first)
    return files


def _kind(schema: pa.Schema, column: str) -> str:
    kind = str(schema.field(column).type) if column in schema.names else "absent"
    # A dictionary is a way of storing text, and readers see no difference.
    return "string" if kind.startswith(("dictionary", "large_string")) else kind


def _check_kind(column: str, kind: str, name: str, first: dict[str, tuple[str, str]]) -> None:
    before = first.setdefault(column, (name, kind))
    if before[1] != kind:
        raise InputError(
            f"column {column} is {before[1]} in {before[0]} but {kind} in {name}; "
            "write all files with the same columns and types"
        )
