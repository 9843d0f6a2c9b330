"""How the text of a file is encoded, found in its bytes; and text that is not UTF-8, decoded.

UTF-16 says so in its first two bytes. What is neither UTF-16 nor UTF-8 throughout is taken for
Windows-1252, as spreadsheets of western Europe write it, unless parts of it are letters in UTF-8:
then two encodings were mixed, and no reading of the whole is right.
"""

import codecs
import gzip
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa

UTF_8, UTF_16, WINDOWS = "UTF-8", "UTF-16", "Windows-1252"

SAVE_AS_TEXT = "save it as a CSV file in UTF-8, or as Parquet"

BLOCK = 1 << 22
"""Bytes looked at together, and the rest of their last line."""

LETTER_IN_UTF_8 = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
UNKNOWN_TO_WINDOWS = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


def text_encoding(path: Path) -> str:
    """Return the encoding of a text file, gzipped or not, having read all of it.

    Returns
    -------
    str
        `UTF_8`, `UTF_16` or `WINDOWS`, as Python knows them.

    Raises
    ------
    InputError
        If it is no text, or its encoding cannot be told; names the line.
    """
    encoding, line, first_other, in_utf_8 = UTF_8, 1, 0, False
    for block in _blocks(path):
        if line == 1 and block.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return UTF_16
        if line == 1 and b"\0" in block.partition(b"\n")[0]:
            raise InputError(f"is not a text file; {SAVE_AS_TEXT}")
        if not block.isascii():
            try:
                block.decode(UTF_8)
            except UnicodeDecodeError as error:
                encoding = WINDOWS
                first_other = first_other or line + block.count(b"\n", 0, error.start)
            in_utf_8 = in_utf_8 or LETTER_IN_UTF_8.search(block) is not None
            if encoding == WINDOWS and (in_utf_8 or UNKNOWN_TO_WINDOWS.search(block)):
                raise InputError(
                    f"is not text in UTF-8 throughout (line {first_other:,}), nor in Windows-1252; "
                    f"correct that line, or {SAVE_AS_TEXT}"
                )
        line += block.count(b"\n")
    return encoding


def _blocks(path: Path) -> Iterator[bytes]:
    """Blocks of whole lines."""
    opener = gzip.open if path.suffix.lower() == ".gz" else open
    try:
        with opener(path, "rb") as stream:
            while block := stream.read(BLOCK):
                yield block + stream.readline()
    except gzip.BadGzipFile as error:
        raise InputError(f"is no gzip, whatever its name says; {SAVE_AS_TEXT}") from error
    except EOFError as error:
        raise InputError("is cut short: its gzip stream does not end; copy it again") from error


def decoded_table(path: Path, encoding: str, names: Sequence[str], delimiter: str) -> "pa.Table":
    """Return a CSV file that is not UTF-8 as a table of text, held in memory.

    Parameters
    ----------
    names : sequence of str
        Of the columns, from its first line.

    Raises
    ------
    InputError
        If a line has more or fewer fields than the first; names it.
    """
    import pyarrow as pa
    from pyarrow import csv

    wrong: list[csv.InvalidRow] = []

    def note(row: csv.InvalidRow) -> str:
        wrong.append(row)
        return "error"

    try:
        # Lines are numbered only where one thread reads them.
        return csv.read_csv(
            path,
            csv.ReadOptions(
                encoding=encoding, skip_rows=1, column_names=list(names), use_threads=False
            ),
            csv.ParseOptions(delimiter=delimiter, invalid_row_handler=note),
            csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                null_values=[""],
                strings_can_be_null=True,
            ),
        )
    except pa.ArrowInvalid as error:
        if not wrong:
            raise
        row = wrong[0]
        raise InputError(
            f"line {row.number:,}: it has {row.actual_columns} fields and the first line "
            f"{row.expected_columns}; correct that line"
        ) from error
