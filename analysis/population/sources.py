"""Opening a table of people where it lies: CSV, Parquet, a DuckDB file, or any Ibis address.

Opening reads names and types only. Rows stay with the engine, which is DuckDB in this process for
files, and whatever the address names otherwise.
"""

import csv
import gzip
import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import ibis
import ibis.expr.types as ir
import pyarrow.parquet as pq
from ibis.backends import BaseBackend

from analysis.errors import InputError

MEMORY_LIMIT = "1GB"
"""What DuckDB may hold. Cells need little; beyond it, it stops with a message."""

CSV_ENDINGS = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz")
NOT_A_NUMBER = re.compile(
    r'CSV Error on Line: (\d+).*?converting column "(.*?)"\. Could not convert string "(.*?)" to',
    re.DOTALL,
)
DUCKDB_ENDINGS = (".duckdb", ".ddb", ".db")


@dataclass(frozen=True)
class PeopleSource:
    """A table of people, opened.

    Attributes
    ----------
    name : str
        As messages and the manifest show it: no folder, no user, no password.
    table : ibis Table
    engine : str
        Name of the Ibis backend.
    files : tuple of Path
        The files it consists of; none for a database.
    """

    name: str
    table: ir.Table
    engine: str
    files: tuple[Path, ...] = ()

    def digest(self) -> str | None:
        """Return the SHA-256 of the files' contents, in the order of their names; None if none."""
        if not self.files:
            return None
        digests = []
        for file in self.files:
            with file.open("rb") as stream:
                digests.append(hashlib.file_digest(stream, "sha256").hexdigest())
        joined = "\n".join(digests)
        return digests[0] if len(digests) == 1 else hashlib.sha256(joined.encode()).hexdigest()

    def progress(self) -> float | None:
        """Return how far the running query is, in percent; None where the engine does not say."""
        ask = getattr(getattr(self.table.get_backend(), "con", None), "query_progress", None)
        percent = ask() if ask else -1.0
        return percent if percent >= 0 else None


@contextmanager
def read_faults(name: str, secret: str | None = None) -> Iterator[None]:
    """Turn whatever an engine raises into one line that names the source.

    Engines have error classes of their own, so all are caught. A fault of the input is told as it
    is, with the name before it.
    """
    try:
        yield
    except InputError as error:
        raise InputError(f"{name}: {error}") from error
    except Exception as error:
        text = str(error).replace(secret, "***") if secret else str(error)
        if text == "Query interrupted":  # how DuckDB passes on a Ctrl-C
            raise KeyboardInterrupt from error
        if type(error).__name__ == "OutOfMemoryException":
            raise InputError(
                f"{name}: the cells do not fit into {MEMORY_LIMIT} of memory; use fewer factors or "
                "wider groups"
            ) from error
        raise InputError(f"{name}: {_reason(text)}") from error


def _reason(text: str) -> str:
    """First lines of an engine's message; the line of data it may quote is left out."""
    if number := NOT_A_NUMBER.search(text):
        line, column, value = number.groups()
        return (
            f"line {line}, column {column}: {value!r} is not a number; write amounts as plain "
            "numbers with a decimal point, without currency or thousands separators"
        )
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    kept = [line for line in lines[:3] if not line.startswith(("Original Line", "LINE "))]
    reason = "; ".join(kept).removeprefix("Invalid Input Error: ") or "no reason was given"
    fix = "; correct that line" if "CSV Error on Line" in reason else ""
    return f"cannot be read: {reason}{fix}"


def open_people(address: str, cost: str, factors: Sequence[str] = ()) -> PeopleSource:
    """Open a table of people, reading no rows.

    Parameters
    ----------
    address : str
        A CSV file (also gzipped), a Parquet file, a folder of Parquet files, ``FILE.duckdb::TABLE``
        or ``SCHEME://…::TABLE`` for an Ibis backend, where TABLE may be the path of a Parquet file
        or folder if it holds a slash: ``pyspark://::/data/people``.
    cost : str
        Column with the annual cost; in a CSV file it is converted to numbers.
    factors : sequence of str
        Columns that define a cell; they must have one type in all files of a folder.

    Returns
    -------
    PeopleSource

    Raises
    ------
    InputError
        If there is no such table, or it cannot be read; the message says which file and why.
    """
    if "://" in address:
        return _open_backend(address)
    place, _, table = address.partition("::")
    path = Path(place)
    with read_faults(path.name):
        if not path.exists():
            raise InputError("no such file or folder")
        if path.is_dir():
            return _open_folder(path, [*factors, cost])
        if path.stat().st_size == 0:
            raise InputError("is empty")
        name = path.name.lower()
        if name.endswith(DUCKDB_ENDINGS):
            return _open_duckdb(path, table)
        if name.endswith(".parquet"):
            return _open_parquet(path.name, (path,))
        if name.endswith(CSV_ENDINGS):
            return _open_csv(path, cost)
        raise InputError(
            "is of no known kind; give .csv, .parquet, a folder of .parquet files, "
            "FILE.duckdb::TABLE or an Ibis address with ://"
        )


def _duckdb(*place: Path, **options: bool) -> BaseBackend:
    """DuckDB that stays in memory and on this machine: nothing spilled, no extension fetched."""
    connection = ibis.duckdb.connect(
        *place,
        memory_limit=MEMORY_LIMIT,
        temp_directory="",
        autoinstall_known_extensions=False,
        **options,
    )
    for setting in ("enable_progress_bar = true", "enable_progress_bar_print = false"):
        connection.raw_sql(f"SET {setting}")
    return connection


def _plain(path: Path) -> str:
    """Path as DuckDB takes it literally."""
    if any(character in str(path) for character in "*?["):
        raise InputError("has one of the characters * ? [ in its path; rename it")
    return str(path)


def _open_csv(path: Path, cost: str) -> PeopleSource:
    names, delimiter = _csv_header(path)
    # No type is guessed: that would take the leading zero from a code.
    types = {name: "DOUBLE" if name == cost else "VARCHAR" for name in names}
    table = _duckdb().read_csv(
        _plain(path),
        auto_detect=False,
        header=True,
        delim=delimiter,
        quote='"',
        escape='"',
        columns=types,
    )
    return PeopleSource(path.name, table, "duckdb", (path,))


def _csv_header(path: Path) -> tuple[list[str], str]:
    """Return the column names and the delimiter that divides the first line into most columns."""
    opener = gzip.open if path.suffix.lower() == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8-sig", newline="") as stream:
            head = stream.readline(1_000_000)
    except (UnicodeDecodeError, gzip.BadGzipFile, EOFError) as error:
        raise InputError(
            "is not text in UTF-8; save it as a CSV file in UTF-8, or as Parquet"
        ) from error
    if "\0" in head:
        raise InputError("is not a text file; save it as a CSV file in UTF-8, or as Parquet")
    found = {mark: next(csv.reader([head.rstrip("\r\n")], delimiter=mark), []) for mark in ",;\t|"}
    delimiter = max(found, key=lambda mark: len(found[mark]))
    names = found[delimiter]
    if not all(name.strip() for name in names) or not names:
        raise InputError("has a column without a name in its first line; give every column one")
    if twice := {name for name in names if names.count(name) > 1}:
        raise InputError(f"column {min(twice)} is there twice; rename one")
    return names, delimiter


def _open_parquet(name: str, files: tuple[Path, ...]) -> PeopleSource:
    table = _duckdb().read_parquet([_plain(file) for file in files], union_by_name=len(files) > 1)
    return PeopleSource(name, table, "duckdb", files)


def _open_folder(path: Path, columns: Sequence[str]) -> PeopleSource:
    files = tuple(sorted(file for file in path.rglob("*.parquet") if file.is_file()))
    if not files:
        raise InputError("holds no .parquet file; name a folder of Parquet files, or one file")
    first: dict[str, tuple[str, str]] = {}
    for file in files:
        with read_faults(file.name):
            schema = pq.read_schema(file)
        for column in columns:
            there = column in schema.names
            kind = str(schema.field(column).type) if there else "absent"
            # A dictionary is a way of storing text, and readers see no difference.
            kind = "string" if kind.startswith(("dictionary", "large_string")) else kind
            before = first.setdefault(column, (file.name, kind))
            if before[1] != kind:
                raise InputError(
                    f"column {column} is {before[1]} in {before[0]} but {kind} in {file.name}; "
                    "write all files with the same columns and types"
                )
    return _open_parquet(path.name, files)


def _open_duckdb(path: Path, table: str) -> PeopleSource:
    found = _table(_duckdb(path, read_only=True), table)
    return PeopleSource(f"{path.name}::{found.get_name()}", found, "duckdb", (path,))


def _open_backend(address: str) -> PeopleSource:
    place, _, table = address.rpartition("::") if "::" in address else (address, "", "")
    parts = urlsplit(place)
    if parts.scheme == "pyspark" and find_spec("pyspark") is None:
        raise InputError("Spark is not installed here: run `make spark`")
    name = f"{parts.scheme}://…::{table.rsplit('/', 1)[-1]}"
    with read_faults(name, parts.password):
        connection = ibis.connect(place)
        found = connection.read_parquet(table) if "/" in table else _table(connection, table)
    return PeopleSource(name, found, connection.name)


def _table(connection: BaseBackend, table: str) -> ir.Table:
    names = _table_names(connection)
    if not table and len(names) == 1:
        return connection.table(names[0])
    if table not in names:
        wanted = f"table {table} is not there" if table else "name a table after ::"
        raise InputError(f"{wanted}; it has {', '.join(sorted(names)[:20]) or 'none'}")
    return connection.table(table)


def _table_names(connection: BaseBackend) -> list[str]:
    if connection.name != "duckdb":
        # Files that were opened are listed too, under names of Ibis's own.
        return [name for name in connection.list_tables() if not name.startswith("ibis_")]
    # Ibis 12 lists tables through a method that DuckDB 2 no longer has.
    listed = connection.raw_sql("SELECT table_name FROM information_schema.tables").fetchall()
    return [name for (name,) in listed]
