"""The first line of a CSV file: whether it is a table, how it is divided, what its columns are.

Nothing is guessed that a file can be wrong about. The delimiter is the one that divides the first
line into most columns; no type is guessed, since that would take the leading zero from a code.
"""

import csv
import gzip
from collections.abc import Sequence
from pathlib import Path

from analysis.errors import InputError
from analysis.tables.encodings import SAVE_AS_TEXT, UTF_8

ENDINGS = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz")
DELIMITERS = ",;\t|"
LONGEST_LINE = 1_000_000
LONGEST_NAME = 1_000


def csv_header(path: Path, encoding: str = UTF_8) -> tuple[list[str], str]:
    """Return the names of the columns and the character that divides them.

    Parameters
    ----------
    path : Path
        May end in .gz.
    encoding : str
        As `analysis.tables.encodings.text_encoding` finds it.

    Returns
    -------
    names : list of str
        As they stand, spaces included.
    delimiter : str
        One of `DELIMITERS`.

    Raises
    ------
    InputError
        If the file is no text in this encoding, or its first line does not name at least two
        columns.
    """
    head = _first_line(path, encoding)
    if head.lower().startswith("sep="):
        raise InputError(f"begins with {head!r}, a line for Excel; remove that line")
    divided = {mark: _divided(head, mark) for mark in DELIMITERS}
    delimiter = max(divided, key=lambda mark: len(divided[mark]))
    names = divided[delimiter]
    if not all(name.strip() for name in names) or not names:
        raise InputError("has a column without a name in its first line; give every column one")
    check_names(names)
    if len(names) == 1:
        raise InputError(
            f"has only one column, {names[0]!r}, in its first line; remove lines above the names "
            "of the columns, and divide columns by commas, semicolons, tabs or bars"
        )
    return names, delimiter


def check_names(names: Sequence[str]) -> None:
    """Raise InputError if two columns have one name, or a name is no name.

    Parameters
    ----------
    names : sequence of str
        Of the columns of one table. Engines do not tell capitals apart.
    """
    names_seen: dict[str, str] = {}
    for name in names:
        if len(name) > LONGEST_NAME:
            raise InputError(
                f"a column's name has {len(name):,} characters; is the first line a row of names?"
            )
        same = names_seen.setdefault(name.casefold(), name)
        if same is not name:
            capitals = "" if same == name else f" (as {same} and {name})"
            raise InputError(f"column {name} is there twice{capitals}; rename one")


def _first_line(path: Path, encoding: str) -> str:
    # Its mark is no part of the first name.
    encoding = "utf-8-sig" if encoding == UTF_8 else encoding
    opener = gzip.open if path.suffix.lower() == ".gz" else open
    try:
        with opener(path, "rt", encoding=encoding, newline="") as stream:
            head = stream.readline(LONGEST_LINE)
    except (UnicodeDecodeError, gzip.BadGzipFile) as error:
        raise InputError(f"is not text in UTF-8; {SAVE_AS_TEXT}") from error
    except EOFError as error:
        raise InputError("is cut short: its gzip stream does not end; copy it again") from error
    if "\0" in head:
        raise InputError(f"is not a text file; {SAVE_AS_TEXT}")
    if len(head) == LONGEST_LINE:
        raise InputError(
            f"has a first line of more than {LONGEST_LINE:,} characters; is it a table with one "
            "row a line?"
        )
    return head.rstrip("\r\n")


def _divided(head: str, mark: str) -> list[str]:
    try:
        return next(csv.reader([head], delimiter=mark), [])
    except csv.Error:  # a field that is longer than any name
        return [name.strip('"') for name in head.split(mark)]
