"""Opening a table of people where it lies: CSV, Parquet, Excel, Stata, DuckDB, or an Ibis address.

Opening reads names and types, of a text also how it is encoded and how its amounts are written, and
is where Ibis is imported. Rows stay with the engine, which is DuckDB in this process for files, and
whatever the address names otherwise.
"""

import hashlib
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from analysis.errors import InputError
from analysis.tables.checks import unreadable_amount
from analysis.tables.csv_files import ENDINGS, csv_header
from analysis.tables.encodings import UTF_8, decoded_table, text_encoding
from analysis.tables.parquet_files import parquet_parts, parquet_schema
from analysis.tables.read_errors import PLAIN_NUMBERS, memory_limit, plain_read_errors
from analysis.tables.workbooks import EXCEL_ENDINGS, STATA_ENDINGS, excel_table, stata_table
from analysis.tables.written_amounts import Writing, written_amounts

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa
    from ibis.backends import BaseBackend

DUCKDB_ENDINGS = (".duckdb", ".ddb", ".db")
FILE_DATABASES = ("duckdb", "sqlite")
NO_DATABASES = ("http", "https", "ftp", "file", "s3", "gs", "az", "abfs", "hdfs", "")
"""Schemes that name a file and not a database."""


@dataclass(frozen=True)
class PeopleSource:
    """A table of people, opened.

    Attributes
    ----------
    name : str
        As messages and the manifest show it: no folder, no user, no password.
    engine : str
        Name of the Ibis backend.
    files : tuple of Path
        The files it consists of; none for a database.
    read_as : tuple of str
        What was not read as it stands, in words: another encoding, decimal commas.
    """

    name: str
    table: "ir.Table"
    engine: str
    files: tuple[Path, ...] = ()
    read_as: tuple[str, ...] = ()

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


def open_people(
    address: str,
    cost: str,
    factors: Sequence[str] = (),
    numbers: Sequence[str] = (),
    beside: PeopleSource | None = None,
) -> PeopleSource:
    """Open a table of people; only a text or a workbook is read.

    Parameters
    ----------
    address : str
        A CSV file (also gzipped), a Parquet file, a folder of Parquet files, a Stata file, an Excel
        file (``FILE.xlsx::SHEET`` where it has several sheets), ``FILE.duckdb::TABLE`` or
        ``SCHEME://…::TABLE`` for an Ibis backend, where TABLE may be the path of a Parquet file or
        folder if it holds a slash: ``pyspark://::/data/people``.
    cost : str
        Column with the annual cost; text is converted to numbers, as `written_amounts` allows.
    factors : sequence of str
        Columns that define a cell; they must have one type in all files of a folder.
    numbers : sequence of str
        More columns of numbers, such as weights.
    beside : PeopleSource, optional
        Opened before; the table is opened by the same engine, so that the two can be joined.

    Raises
    ------
    InputError
        If there is no such table, or it cannot be read; the message says which file and why.
    """
    if "://" in address:
        return _open_backend(address, beside)
    place, _, table = address.partition("::")
    path = Path(place)
    with plain_read_errors(path.name or place or "DATA"):
        _check_there(path, place)
        connection = _connection_beside(beside, path)
        if path.is_dir():
            parts = parquet_parts(path, [*factors, cost, *numbers])
            return _open_parquet(path.name or place, parts, connection)
        return _open_file(path, table, [cost, *numbers], connection)


def _connection_beside(beside: PeopleSource | None, path: Path) -> "BaseBackend | None":
    """The engine of a table opened before, where it can open a file too; None for a new one."""
    if beside is None:
        return None
    if beside.engine != "duckdb":
        raise InputError(
            f"lies in a file, and {beside.name} in {beside.engine}; give both in the same way"
        )
    if path.name.lower().endswith(DUCKDB_ENDINGS) and beside.files != (path,):
        raise InputError(f"is a database, and {beside.name} lies elsewhere; give both as files")
    return beside.table.get_backend()


def _check_there(path: Path, place: str) -> None:
    """Raise InputError if there is nothing that can be read from its beginning."""
    if not place:
        raise InputError("nothing is named; give a file, a folder or an address")
    if path.is_symlink() and not path.exists():
        raise InputError("is a link to a file that is not there; mend the link")
    if not path.exists():
        raise InputError("no such file or folder")
    if not (path.is_file() or path.is_dir()):
        raise InputError("is a device or a pipe; give a file, which can be read twice")
    if path.is_file() and path.stat().st_size == 0:
        raise InputError("is empty")


def _open_file(
    path: Path, table: str, numbers: Sequence[str], connection: "BaseBackend | None"
) -> PeopleSource:
    name = path.name.lower()
    if name.endswith(DUCKDB_ENDINGS):
        return _open_duckdb(path, table, connection)
    if name.endswith(EXCEL_ENDINGS):
        return _in_memory(path, excel_table(path, table), numbers, connection)
    if table:
        raise InputError(f"holds one table, so ::{table} is too much; leave it out")
    if name.endswith(".parquet"):
        parquet_schema(path)
        return _open_parquet(path.name, (path,), connection)
    if name.endswith(STATA_ENDINGS):
        return _in_memory(path, stata_table(path), numbers, connection)
    if name.endswith(ENDINGS):
        return _open_csv(path, numbers, connection)
    raise InputError(
        "is of no known kind; give .csv, .parquet, a folder of .parquet files, .xlsx, .dta, "
        "FILE.duckdb::TABLE or an Ibis address with ://"
    )


def _duckdb(*place: Path, **options: bool) -> "BaseBackend":
    """DuckDB that stays in memory and on this machine: nothing spilled, no extension fetched."""
    import ibis

    connection = ibis.duckdb.connect(
        *place,
        memory_limit=memory_limit(),
        temp_directory="",
        autoinstall_known_extensions=False,
        **options,
    )
    # In a notebook DuckDB would draw the bar with a package that is not needed otherwise.
    if "ipykernel" not in sys.modules:
        for setting in ("enable_progress_bar = true", "enable_progress_bar_print = false"):
            connection.raw_sql(f"SET {setting}")
    return connection


def _plain(path: Path) -> str:
    """Path as DuckDB takes it literally."""
    if any(character in str(path) for character in "*?["):
        raise InputError("has one of the characters * ? [ in its path; rename it")
    return str(path)


def _open_csv(path: Path, numbers: Sequence[str], connection: "BaseBackend | None") -> PeopleSource:
    encoding = text_encoding(path)
    names, delimiter = csv_header(path, encoding)
    if encoding != UTF_8:
        table = decoded_table(path, encoding, names, delimiter)
        source = _in_memory(path, table, numbers, connection)
        return replace(source, read_as=(f"text in {encoding}", *source.read_as))
    engine = connection or _duckdb()

    def read(columns: Sequence[str]) -> "ir.Table":
        return engine.read_csv(
            _plain(path),
            auto_detect=False,
            header=True,
            delim=delimiter,
            quote='"',
            escape='"',
            columns={name: "DOUBLE" if name in columns else "VARCHAR" for name in names},
        )

    writings = written_amounts(read(()), numbers)
    # Plain numbers are left to the reader of CSV: it names the line of one that is none.
    source = PeopleSource(
        path.name, read([name for name in numbers if name not in writings]), "duckdb", (path,)
    )
    return with_amounts(source, writings)


def _in_memory(
    path: Path, table: "pa.Table", numbers: Sequence[str], connection: "BaseBackend | None"
) -> PeopleSource:
    """A table that DuckDB does not read by itself; text among its numbers becomes numbers."""
    from ibis.util import gen_name

    engine = connection or _duckdb()
    name = gen_name("people")  # several tables may stand beside each other on one engine
    engine.con.register(name, table)
    people = engine.table(name)
    source = PeopleSource(path.name, people, "duckdb", (path,))
    source = with_amounts(source, written_amounts(people, numbers))
    texts = [name for name in numbers if name in table.column_names]
    texts = [name for name in texts if source.table[name].type().is_string()]
    for name in texts:
        if (odd := unreadable_amount(source.table, name)) is not None:
            raise InputError(f"column {name}: {odd!r} is not a number; {PLAIN_NUMBERS}")
    plain = {name: source.table[name].nullif("").cast("float64") for name in texts}
    return replace(source, table=source.table.mutate(**plain)) if plain else source


def with_amounts(source: PeopleSource, writings: Mapping[str, Writing]) -> PeopleSource:
    """Return a source in which amounts that people wrote are numbers, and which says so.

    Parameters
    ----------
    writings : mapping of str to Writing
        By column, from `analysis.tables.written_amounts.written_amounts`.
    """
    if not writings:
        return source
    read = {name: writing.read(source.table[name]) for name, writing in writings.items()}
    said = tuple(f"column {name} with {how.words()}" for name, how in writings.items())
    return replace(source, table=source.table.mutate(**read), read_as=(*source.read_as, *said))


def _open_parquet(
    name: str, files: tuple[Path, ...], connection: "BaseBackend | None"
) -> PeopleSource:
    paths = [_plain(file) for file in files]
    table = (connection or _duckdb()).read_parquet(paths, union_by_name=len(files) > 1)
    return PeopleSource(name, table, "duckdb", files)


def _open_duckdb(path: Path, table: str, connection: "BaseBackend | None") -> PeopleSource:
    people = _table(connection or _duckdb(path, read_only=True), table)
    return PeopleSource(f"{path.name}::{people.get_name()}", people, "duckdb", (path,))


def _open_backend(address: str, beside: PeopleSource | None) -> PeopleSource:
    place, _, table = address.rpartition("::") if "::" in address else (address, "", "")
    parts = urlsplit(place)
    name = f"{parts.scheme}://…" + (f"::{table.rsplit('/', 1)[-1]}" if table else "")
    with plain_read_errors(name, parts.password):
        _check_scheme(parts.scheme, table)
        connection = _connected(place, parts.scheme)
        if beside is not None:
            if connection.name != beside.engine:
                raise InputError(f"is not where {beside.name} is; give both in the same way")
            connection = beside.table.get_backend()
        people = connection.read_parquet(table) if "/" in table else _table(connection, table)
    return PeopleSource(name, people, connection.name)


def _check_scheme(scheme: str, table: str) -> None:
    # Ibis would fetch an extension of DuckDB for an address; a cluster of Spark has its own.
    if scheme in NO_DATABASES or (scheme == "duckdb" and "://" in table):
        raise InputError(
            "is no database; no file is fetched from a network: bring it to this machine and give "
            "its path, without ://"
        )
    if scheme == "pyspark" and find_spec("pyspark") is None:
        raise InputError("Spark is not installed here: run `make spark`")


def _connected(place: str, scheme: str) -> "BaseBackend":
    """Connect; a database that is a file is opened to read, and never made by naming it."""
    import ibis

    file = Path(place.removeprefix(f"{scheme}://").partition("?")[0])
    if scheme in FILE_DATABASES and file.name not in {"", ":memory:"} and not file.is_file():
        raise InputError(f"there is no database file {file.name}; check its path")
    if scheme == "duckdb":
        return _duckdb(file, read_only=True) if file.is_file() else _duckdb()
    return ibis.connect(place)


def _table(connection: "BaseBackend", table: str) -> "ir.Table":
    names = _table_names(connection)
    if not table and len(names) == 1:
        return connection.table(names[0])
    if table not in names:
        wanted = f"table {table} is not there" if table else "name a table after ::"
        raise InputError(f"{wanted}; it has {', '.join(sorted(names)[:20]) or 'none'}")
    return connection.table(table)


def _table_names(connection: "BaseBackend") -> list[str]:
    if connection.name != "duckdb":
        # Files that were opened are listed too, under names of Ibis's own.
        return [name for name in connection.list_tables() if not name.startswith("ibis_")]
    # Ibis 12 lists tables through a method that DuckDB 2 no longer has.
    listed = connection.raw_sql("SELECT table_name FROM information_schema.tables").fetchall()
    return [name for (name,) in listed]
