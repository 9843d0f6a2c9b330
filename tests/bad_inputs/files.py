"""Files and folders that are not what their name says, and names that are not what they seem."""

import gzip
import os
import sqlite3

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from tests.bad_inputs.cases import HEADER, Case, folder_of, frame, parquet, rows, text
from tests.bad_inputs.cases import the_same_people as same

SOUND = HEADER + rows()


def fifo(folder):
    os.mkfifo(folder / "people.csv")
    return "people.csv"


def link(to):
    def make(folder):
        (folder / "people.csv").symlink_to(to)
        return "people.csv"

    return make


def named(name):
    """Give a name with nothing behind it."""
    return lambda folder: name


def cut(name="people.parquet"):
    def make(folder):
        parquet(name)(folder)
        content = (folder / name).read_bytes()
        (folder / name).write_bytes(content[: len(content) // 2])
        return name

    return make


def locked(folder):
    text(SOUND)(folder)
    (folder / "people.csv").chmod(0)
    return "people.csv"


def empty_folder(folder):
    (folder / "people").mkdir()
    return "people"


def folder_as_csv(folder):
    (folder / "people.csv").mkdir()
    return "people.csv"


def back_and_forth(folder):
    (folder / "here").mkdir()
    text(SOUND)(folder)
    return "here/../people.csv"


def database(table):
    def make(folder):
        with duckdb.connect(folder / "people.duckdb") as connection:
            connection.execute("CREATE TABLE people (age VARCHAR, sex VARCHAR, cost DOUBLE)")
            connection.execute("CREATE TABLE other (x INTEGER)")
        return f"people.duckdb{table}"

    return make


def sqlite(folder):
    with sqlite3.connect(folder / "people.sqlite") as connection:
        connection.execute("CREATE TABLE other (x INTEGER)")
    return "sqlite://people.sqlite::people"


def windows(said, folder):
    same(said, folder)
    assert said["read_as"] == ["text in Windows-1252"]


WHAT_IT_IS = [
    Case("an empty file", text(""), "people.csv: is empty"),
    Case("a header and no row", text(HEADER), "people.csv: .* has no rows"),
    Case("spaces and line ends only", text("   \n \n"), "a column without a name"),
    Case(
        "text in UTF-16",
        text(SOUND.encode("utf-16")),
        answer=same,
        told="Its first two bytes say so, and the answer says that it was read as UTF-16.",
    ),
    Case("UTF-16 without its mark", text(SOUND.encode("utf-16-le")), "not a text file; save it as"),
    Case(
        "Windows-1252, in a column that is not used",
        text(
            SOUND.replace("\n", ",café “x”\n")
            .replace("cost,café “x”", "cost,place")
            .encode("cp1252")
        ),
        answer=windows,
        told="What is neither UTF-8 nor UTF-16 is read as Windows-1252, and the answer says so.",
    ),
    Case(
        "UTF-8 and Windows-1252 in one file",
        text((SOUND + "01,é,3\n").encode() + "01,é,3\n".encode("cp1252")),
        "is not text in UTF-8 throughout .line 403., nor in Windows-1252",
    ),
    Case(
        "UTF-8 with a byte-order mark",
        text(SOUND.encode("utf-8-sig")),
        answer=same,
        told="The mark is no part of the first name.",
    ),
    Case("half a surrogate pair", text(SOUND.encode() + b"01,\xed\xa0\x80,3\n"), "not text in UTF"),
    Case("an .xlsx file named .csv", text(b"PK\x03\x04" + bytes(600)), "not a text file; save it"),
    Case(
        "an old .xls file named .csv",
        text(bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600)),
        "not a text file; save it",
    ),
    Case("an .xlsx file that is none", text(b"PK\x03\x04", "people.xlsx"), "xlsx: cannot be read"),
    Case(
        "an Excel file",
        lambda folder: (frame().to_excel(folder / "p.xlsx", index=False), "p.xlsx")[1],
        answer=same,
        told="Values are taken as they are stored: 01 stays 01.",
    ),
    Case(
        "a Stata file",
        lambda folder: (frame().to_stata(folder / "p.dta", write_index=False), "p.dta")[1],
        answer=same,
        told="Codes are taken, not their labels.",
    ),
    Case("no file at all", named("people.csv"), "people.csv: no such file or folder"),
    Case("a link to nothing", link("nowhere.csv"), "is a link to a file that is not there"),
    Case("a link to itself", link("people.csv"), "people.csv: "),
    Case("a pipe", fifo, "is a device or a pipe; give a file"),
    Case("the null device", named(os.devnull), "null: is a device or a pipe"),
    Case(
        "a file that may not be read",
        locked,
        "people.csv: may not be read .permission denied.; ask",
        as_a_stranger=True,
    ),
    Case("an empty folder", empty_folder, "people: holds no .parquet file; name"),
    Case("a folder named like a file", folder_as_csv, "people.csv: holds no .parquet file"),
    Case("gzip that is none", text(SOUND, "people.csv.gz"), "people.csv.gz: is no gzip, whatever"),
    Case(
        "gzip that was cut short",
        text(gzip.compress(SOUND.encode(), mtime=0)[:300], "people.csv.gz"),
        "people.csv.gz: is cut short: its gzip stream does not end; copy it again",
    ),
    Case("Parquet that was cut short", cut(), "people.parquet: is cut short: .* copy it again"),
    Case(
        "a CSV file named .parquet",
        text(SOUND, "people.parquet"),
        "people.parquet: is no Parquet file, whatever its name says",
    ),
    Case(
        "Parquet's marks with nothing between",
        text(b"PAR1" + bytes(40) + b"PAR1", "people.parquet"),
        "people.parquet: cannot be read",
    ),
    Case(
        "a Parquet file named .csv",
        lambda folder: parquet("people.csv")(folder),
        "people.csv: is not (a text file|text in UTF-8)",
    ),
    Case(
        "a folder whose parts differ in type",
        folder_of(a=parquet("a.parquet"), b=parquet("b.parquet", cost=pa.array(["1"] * 400))),
        "column cost is double in a.parquet but string in b.parquet; write all files",
    ),
    Case(
        "a folder whose parts differ in columns",
        folder_of(
            a=parquet("a.parquet"),
            b=lambda folder: pq.write_table(
                pa.table({"age": ["01"], "cost": [1.0]}), folder / "b.parquet"
            ),
        ),
        "column sex is string in a.parquet but absent in b.parquet",
    ),
    Case(
        "a folder with one part cut short",
        folder_of(a=parquet("a.parquet"), b=cut("b.parquet")),
        "people: b.parquet: is cut short",
    ),
    Case(
        "a folder of Parquet and CSV",
        folder_of(a=parquet("a.parquet"), b=text(SOUND, "b.csv")),
        "holds b.csv beside Parquet files, and would be read without it",
    ),
    Case("a database without that table", database("::persons"), "table persons is not there; it"),
    Case("a database, no table named", database(""), "name a table after ::; it has other, people"),
    Case("an SQLite file without that table", sqlite, "table people is not there; it has other"),
    Case(
        "text named .duckdb",
        text(SOUND, "people.duckdb"),
        "people.duckdb: cannot be read",
    ),
]

ITS_NAME = [
    Case("no name", named(""), "DATA: nothing is named; give a file, a folder or an address"),
    Case(
        "SQL in a file name",
        parquet("people'; DROP TABLE people;--.parquet"),
        answer=same,
        told="It is a name, and stays one.",
    ),
    Case("SQL in a table name", database("::x'; DROP TABLE people;--"), "is not there; it has"),
    Case(
        "HTML in a file name",
        parquet("<img src=x onerror=alert(1)>.parquet"),
        answer=same,
        told="It is a name, and stays one.",
    ),
    Case(
        "percent signs and %00 in a name",
        text(SOUND, "people%00%2e%2e.csv"),
        answer=same,
        told="Nothing is decoded.",
    ),
    Case("a character of value zero", named("people\0.csv"), r"people\\x00.csv: no such file"),
    Case("a way up and down again", back_and_forth, answer=same, told="It leads to the file."),
    Case(
        "a file outside", named("../" * 20 + "etc/passwd"), "passwd: (no such|is of no known kind)"
    ),
    Case("a home folder in quotes", named("~/people.csv"), "people.csv: no such file or folder"),
    Case(
        "wildcards in a name",
        lambda folder: text(SOUND, "people[1].csv")(folder),
        r"people\[1\].csv: has one of the characters \* \? \[ in its path; rename it",
    ),
    Case("a wildcard for many files", named("*.parquet"), r"\*.parquet: no such file or folder"),
    Case(
        "an escape sequence in a name",
        lambda folder: text("", "\x1b[2Jpeople.csv")(folder),
        r"error: \\x1b\[2Jpeople.csv: is empty",
    ),
    Case("a name of 5,000 characters", named("x" * 5000 + ".csv"), "xxx….* too long"),
    Case("an address on the web", named("https://example.org/p.csv"), "no file is fetched from a"),
    Case("an address in a cloud", named("s3://bucket/people.parquet"), "no file is fetched from a"),
    Case("a file as an address", named("file://people.csv"), "give its path, without ://"),
    Case("a script as an address", named("javascript:alert(1)"), "no such file or folder"),
    Case("a database that nobody knows", named("nosuch://u:hunter2@host/b::p"), "cannot be read"),
    Case("a new database by its name", named("duckdb://new.duckdb::p"), "no database file new.duc"),
    Case("a new SQLite file by its name", named("sqlite://new.db::p"), "no database file new.db"),
    Case(
        "a cloud file through a database",
        named("duckdb://::s3://bucket/people.parquet"),
        "no file is fetched from a network",
    ),
    Case(
        "a table of a file that has only one",
        lambda folder: text(SOUND)(folder) + "::people",
        "holds one table, so ::people is too much",
    ),
]
