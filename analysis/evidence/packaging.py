"""Writing frozen packages: what every `data/*/derive.py` shares.

The descriptor is written by hand and is the only place that names columns and units. A deriving
script makes the tables; this module checks them against the descriptor, writes them under a
temporary name, renames them, and records their size and hash.
"""

import argparse
import hashlib
import io
import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.evidence.catalogue import DESCRIPTOR
from analysis.evidence.errors import EvidenceError


@dataclass(frozen=True)
class TableFile:
    """A table whose file says more than its rows, such as cells with their manifest.

    Attributes
    ----------
    content : bytes
        The file, which is kept as it is.
    """

    frame: pd.DataFrame
    content: bytes


Derive = Callable[[Path | None], Mapping[str, pd.DataFrame | TableFile]]
"""From a folder of raw files (None: an installed package) to tables by resource name."""


def write_atomically(file: Path, content: bytes) -> None:
    """Write a file so that a killed run leaves the old one or the new one, never half of it.

    Parameters
    ----------
    file : pathlib.Path
        Destination; its folder is made if absent.
    content : bytes
        Everything the file will hold.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    draft.write_bytes(content)
    draft.replace(file)


def csv_bytes(frame: pd.DataFrame) -> bytes:
    r"""Serialise a table as CSV that is the same on every machine.

    Twelve significant digits, because the last digits of a sum of floats depend on the processor.

    Parameters
    ----------
    frame : pandas.DataFrame
        The table; its index is not written.

    Returns
    -------
    bytes
        UTF-8, comma-separated, `\n` line ends, `true` and `false` for booleans.
    """
    written = frame.copy()
    for column in written.columns[[kind.kind == "b" for kind in written.dtypes]]:
        written[column] = written[column].map({True: "true", False: "false"})
    text = written.to_csv(index=False, float_format="%.12g", lineterminator="\n")
    return text.encode("utf-8")


def to_significant_digits(frame: pd.DataFrame, digits: int) -> pd.DataFrame:
    """Return a table with its floats rounded, for what is noise beyond some digits.

    Parameters
    ----------
    digits : int
        Significant digits, at least 1.
    """
    floats = frame.select_dtypes("float").columns
    return frame.assign(**{c: [float(f"{v:.{digits}g}") for v in frame[c]] for c in floats})


def parquet_bytes(frame: pd.DataFrame) -> bytes:
    """Serialise a table as Parquet without the writer's own metadata.

    Parameters
    ----------
    frame : pandas.DataFrame
        The table; its index is not written.

    Returns
    -------
    bytes
        One zstd-compressed row group; the same for the same Arrow version.
    """
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def write_package(source: Path, tables: Mapping[str, pd.DataFrame | TableFile], out: Path) -> None:
    """Write the tables of one package, then its descriptor with their sizes and hashes.

    Parameters
    ----------
    source : pathlib.Path
        Folder that holds the hand-written descriptor.
    tables : mapping of str to pandas.DataFrame or TableFile
        One table for every resource the descriptor names.
    out : pathlib.Path
        Folder to write to; may equal `source`.

    Raises
    ------
    EvidenceError
        If a table or a column does not match the descriptor; nothing is written then.
    """
    descriptor = json.loads((source / DESCRIPTOR).read_text(encoding="utf-8"))
    named = [resource["name"] for resource in descriptor["resources"]]
    if sorted(named) != sorted(tables):
        raise EvidenceError(
            f"{source.name}/{DESCRIPTOR} names the tables {sorted(named)}, but derive.py made "
            f"{sorted(tables)}. Make the two agree."
        )
    contents = {}
    for resource in descriptor["resources"]:
        table = tables[resource["name"]]
        frame = table.frame if isinstance(table, TableFile) else table
        _check_columns(source.name, resource, frame)
        content = contents[resource["path"]] = _content(table, resource["format"])
        resource["bytes"] = len(content)
        resource["hash"] = f"sha256:{hashlib.sha256(content).hexdigest()}"
        resource["rows"] = len(frame)
    for path, content in contents.items():
        write_atomically(out / path, content)
    text = json.dumps(descriptor, indent=2, ensure_ascii=False) + "\n"
    write_atomically(out / DESCRIPTOR, text.encode("utf-8"))


def _content(table: pd.DataFrame | TableFile, kind: str) -> bytes:
    if isinstance(table, TableFile):
        return table.content
    return parquet_bytes(table) if kind == "parquet" else csv_bytes(table)


def main(script: str, derive: Derive, raw_required: bool = True) -> None:
    """Run one deriving script from the command line: `derive.py RAW_FOLDER [--out DIR]`.

    Parameters
    ----------
    script : str
        The script's `__file__`; its folder holds the descriptor.
    derive : callable
        From the raw folder to tables by resource name.
    raw_required : bool, default True
        False when the script can read its source from an installed package.

    Raises
    ------
    SystemExit
        With a one-line message, if a file, column or value is not what it must be.
    """
    source = Path(script).resolve().parent
    parser = argparse.ArgumentParser(description=f"Derive the frozen tables of {source.name}.")
    parser.add_argument("raw", type=Path, nargs=None if raw_required else "?", help="raw files")
    parser.add_argument("--out", type=Path, default=source, help="folder to write to")
    arguments = parser.parse_args()
    try:
        write_package(source, derive(arguments.raw), arguments.out)
    except EvidenceError as problem:
        sys.exit(f"derive {source.name}: {problem}")


def require_file(folder: Path, name: str) -> Path:
    """Find a raw file, or say which one is missing.

    Parameters
    ----------
    folder : pathlib.Path
        Folder of raw files.
    name : str
        File name.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    EvidenceError
        If it is not there.
    """
    file = folder / name
    if not file.is_file():
        raise EvidenceError(
            f"{name} is not in the raw folder {folder}. See README.md for its source."
        )
    return file


def require_columns(frame: pd.DataFrame, columns: list[str], name: str) -> pd.DataFrame:
    """Select columns of a raw table, or say which are missing.

    Parameters
    ----------
    frame : pandas.DataFrame
        A raw table.
    columns : list of str
        Columns needed.
    name : str
        What the message calls the table.

    Returns
    -------
    pandas.DataFrame
        The columns asked for, in that order.

    Raises
    ------
    EvidenceError
        If a column is missing.
    """
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise EvidenceError(
            f"{name} has no column {', '.join(missing)}; it has "
            f"{', '.join(map(str, frame.columns))}. "
            "Use the release named in README.md."
        )
    return frame[columns]


def _check_columns(package: str, resource: dict, frame: pd.DataFrame) -> None:
    declared = [field["name"] for field in resource["schema"]["fields"]]
    if declared != list(frame.columns):
        raise EvidenceError(
            f"{package}/{resource['path']}: the descriptor declares the columns {declared}, but "
            f"derive.py made {list(frame.columns)}. Make the two agree."
        )
