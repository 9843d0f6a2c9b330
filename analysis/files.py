"""Writing files so that a reader never meets half of one."""

import os
from pathlib import Path


def write_atomically(file: Path, content: str | bytes) -> None:
    """Write a file under a temporary name beside it, then rename it into place.

    Parameters
    ----------
    file : Path
        Where the content is to stand; missing folders are made.
    content : str or bytes
        Text is written as UTF-8 with line feeds, so bytes are the same on every system.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        temporary.write_bytes(content.encode() if isinstance(content, str) else content)
        temporary.replace(file)
    except BaseException:
        # A full disk would otherwise stay full of halves.
        temporary.unlink(missing_ok=True)
        raise


def newer_than(file: Path, moment: int) -> None:
    """Give a file a modification time after a moment, if the clock has not.

    Parameters
    ----------
    file : Path
        Just written.
    moment : int
        In nanoseconds, as `os.stat_result.st_mtime_ns`.
    """
    if file.stat().st_mtime_ns <= moment:
        later = moment + 1_000_000_000
        os.utime(file, ns=(later, later))


def write_if_changed(file: Path, content: str | bytes) -> bool:
    """Write a file only when its bytes would change; return whether they did.

    An untouched modification time is what lets Sphinx keep the pages that depend on the file.
    """
    wanted = content.encode() if isinstance(content, str) else content
    if file.is_file() and file.read_bytes() == wanted:
        return False
    write_atomically(file, wanted)
    return True
