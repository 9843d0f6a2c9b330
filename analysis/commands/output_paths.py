"""Where a command may write: checked before the work begins, written whole or not at all."""

import os
from collections.abc import Sequence
from pathlib import Path

from analysis.errors import InputError, printable


def check_output_path(
    out: Path, endings: Sequence[str] = (), inputs: Sequence[Path] = (), because: str = ""
) -> None:
    """Stop before long work ends in a place that cannot be written, or replaces its input.

    Parameters
    ----------
    endings : sequence of str
        Of which the name must have one, such as ``.html``; any by default.
    inputs : sequence of Path
        Files that must not be replaced.
    because : str
        Why the name must have such an ending, said before the fix.

    Raises
    ------
    InputError
        If the place cannot be used; says why.
    """
    name, folder = f"--out {printable(str(out))}", out.resolve().parent
    if endings and out.suffix.lower() not in endings:
        raise InputError(f"{name}: {because}give a name ending in {' or '.join(endings)}")
    if out.is_dir():
        raise InputError(f"{name}: is a folder; give the name of a file in it")
    if not folder.is_dir():
        raise InputError(f"{name}: there is no folder {out.parent}; make it first")
    if not os.access(folder, os.W_OK):
        raise InputError(f"{name}: the folder {out.parent} cannot be written to; give another")
    if out.resolve() in {file.resolve() for file in inputs}:
        raise InputError(f"{name}: is the data itself; give another name")


def write_output(out: Path, content: bytes) -> None:
    """Write a file whole or not at all.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    from analysis.files import write_atomically

    try:
        write_atomically(out, content)
    except OSError as error:
        raise InputError(f"--out {out}: cannot be written: {error.strerror or error}") from error
