"""What an engine or a file system says, turned into one line that names the source and the fix."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

from analysis.errors import InputError

MEMORY_LIMIT = "1GB"
"""What DuckDB may hold, by default. Cells need little; beyond it, it stops with a message."""

MEMORY_VARIABLE = "TENSUGGESTIONS_MEMORY"
"""Environment variable that allows DuckDB more memory, or less."""

LONGEST_NAME = 100
"""Characters of a name that a message shows."""

NOT_A_NUMBER = re.compile(
    r'CSV Error on Line: (\d+).*?converting column "(.*?)"\. Could not convert string "(.*?)" to',
    re.DOTALL,
)
FOLDERS = re.compile(r"(?<![\w.:/])(?:[A-Za-z]:)?[/\\](?:[^/\\'\"\n]*?[/\\])*(?=[^/\\'\"\s])")
"""Folders before the name of a file: they say where somebody works, and belong to no message."""

PLAIN_NUMBERS = (
    "write amounts as plain numbers with a decimal point, without currency or thousands separators"
)


def memory_limit() -> str:
    """Return what DuckDB may hold.

    Returns
    -------
    str
        An amount with its unit, as in `MEMORY_LIMIT`.

    Raises
    ------
    InputError
        If the environment names something else.
    """
    named = os.environ.get(MEMORY_VARIABLE, MEMORY_LIMIT).strip()
    if not re.fullmatch(r"[1-9]\d{0,8} ?(KB|MB|GB|TB|KiB|MiB|GiB|TiB)", named, re.IGNORECASE):
        raise InputError(f"{MEMORY_VARIABLE} is {named!r}: give an amount of memory such as 4GB")
    return named


@contextmanager
def plain_read_errors(name: str, secret: str | None = None) -> Iterator[None]:
    """Turn whatever an engine raises into one line that names the source.

    Engines have error classes of their own, so all are caught. A fault of the input is told as it
    is, with the name before it.

    Parameters
    ----------
    name : str
        Of the source, as messages show it.
    secret : str, optional
        A password that the message may not show.

    Raises
    ------
    InputError
        For everything that goes wrong inside.
    """
    name = name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"
    try:
        yield
    except InputError as error:
        raise InputError(f"{name}: {error}") from error
    except Exception as error:
        text = str(error).replace(secret, "***") if secret else str(error)
        if text == "Query interrupted":  # how DuckDB passes on a Ctrl-C
            raise KeyboardInterrupt from error
        if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryException":
            raise InputError(
                f"{name}: the work does not fit into {memory_limit()} of memory; use fewer factors "
                f"or wider groups, or allow more with {MEMORY_VARIABLE}=4GB"
            ) from error
        if isinstance(error, PermissionError):
            raise InputError(
                f"{name}: may not be read (permission denied); ask its owner for permission to read"
            ) from error
        if isinstance(error, OSError) and error.strerror:
            raise InputError(f"{name}: cannot be read: {error.strerror}") from error
        raise InputError(f"{name}: {_reason(text)}") from error


def _reason(text: str) -> str:
    """First lines of an engine's message; the line of data it may quote is left out."""
    if number := NOT_A_NUMBER.search(text):
        line, column, value = number.groups()
        return f"line {line}, column {column}: {value!r} is not a number; {PLAIN_NUMBERS}"
    lines = [line.strip() for line in text.splitlines() if line.strip(" ^")]
    without_data = [line for line in lines[:3] if not line.startswith(("Original Line", "LINE "))]
    reason = "; ".join(without_data).removeprefix("Invalid Input Error: ") or "no reason was given"
    fix = "; correct that line" if "CSV Error on Line" in reason else ""
    return f"cannot be read: {FOLDERS.sub('', reason)}{fix}"
