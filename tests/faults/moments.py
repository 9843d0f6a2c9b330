"""Disturb an operation at each moment at which it is about to change a file.

Python tells an audit hook of every file it opens for writing, renames, makes or removes, before it
does so. A process is forked for each of these moments, and there it is killed (`kill`), or from
there on told that the disk is full (`full`) or read-only (`read_only`). What it leaves behind is
then checked, and what the next, undisturbed run makes of it.
"""

import errno
import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

MOST_MOMENTS = 400
CREATING = ("open", "os.mkdir", "os.link", "os.symlink")
CHANGING = (*CREATING, "os.rename", "os.remove", "os.rmdir")
DISTURBED = 3
"""Exit code of a run that was told of an error and ended in it."""


@dataclass(frozen=True)
class Scenario:
    """What is disturbed, and what must hold then.

    Attributes
    ----------
    prepare : callable
        Makes the state before the run, in an empty folder.
    run : callable
        The operation, in that folder.
    check : callable
        Returns what is wrong after a disturbed run, in words; empty when nothing is.
    finished : callable
        The same after an undisturbed run that followed.
    """

    prepare: Callable[[Path], None]
    run: Callable[[Path], None]
    check: Callable[[Path], str]
    finished: Callable[[Path], str]


def _changes(event: str, arguments: tuple, folder: str) -> bool:
    if event not in CHANGING:
        return False
    if event == "open":
        path, _, flags = arguments
        if not flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC):
            return False
        return isinstance(path, str | bytes | os.PathLike) and os.fsdecode(path).startswith(folder)
    # Removing a tree names its files relative to an open folder.
    relative = arguments[-1] not in (-1, None) and isinstance(arguments[-1], int)
    return relative or os.fsdecode(arguments[0]).startswith(folder)


def _disturb(how: str, moment: int, folder: Path) -> Callable[[], int]:
    """Install the disturbance in this process; return a function that counts the moments."""
    seen = 0

    def hook(event: str, arguments: tuple) -> None:
        nonlocal seen
        if not _changes(event, arguments, str(folder)):
            return
        seen += 1
        if seen < moment:
            return
        if how == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if how == "read_only":
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(arguments[0]))
        if event in CREATING:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(arguments[0]))

    sys.addaudithook(hook)
    return lambda: seen


def _forked(scenario: Scenario, folder: Path, how: str, moment: int) -> int:
    """Run the operation in a child, disturbed at a moment; return its wait status.

    Exit code 0: it ended before the moment came.
    """
    child = os.fork()
    if child == 0:
        count, code = _disturb(how, moment, folder), 1
        try:
            scenario.run(folder)
            code = 0 if count() < moment else DISTURBED
        except OSError:
            code = DISTURBED
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    return os.waitpid(child, 0)[1]


def _aftermath(scenario: Scenario, folder: Path) -> str:
    """Say what is wrong with what was left, else with what the next run makes of it."""
    if problem := scenario.check(folder):
        return problem
    scenario.run(folder)
    problem = scenario.finished(folder)
    return problem and f"next run: {problem}"


def _told_by_child(ask: Callable[[], str]) -> str:
    """Return what a function answers in a child: this process must stay without threads."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            answer = ask()
        except BaseException as error:
            answer = f"{type(error).__name__}: {error}"
        with os.fdopen(writing, "w") as out:
            out.write(answer)
        sys.stderr.flush()
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as come:
        answer = come.read()
    status = os.waitpid(child, 0)[1]
    return answer if status == 0 else f"ended with status {status}"


def problems(scenario: Scenario, place: Path, how: str) -> tuple[int, list[str]]:
    """Disturb a scenario at each of its moments; return how many there were, and what is wrong."""
    found: list[str] = []
    for moment in range(1, MOST_MOMENTS):
        folder = place / "state"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        scenario.prepare(folder)
        status = _forked(scenario, folder, how, moment)
        if status == 0:
            return moment - 1, found
        where = f"{how} at moment {moment}: "
        expected = signal.SIGKILL if how == "kill" else DISTURBED << 8
        if status != expected:
            found.append(f"{where}ended with status {status}")
        if problem := _told_by_child(partial(_aftermath, scenario, folder)):
            found.append(f"{where}{problem}")
    return MOST_MOMENTS, [*found, "never ended"]
