"""The whole build: make fits, execute what changed, stage, build the site; one at a time."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from filelock import FileLock, Timeout
from rich.console import Console

from analysis.files import write_atomically
from analysis.publish.build_times import BUILD_TIMES, BuildTimes
from analysis.publish.errors import BuildError
from analysis.publish.execute import Reporter, execute_all
from analysis.publish.fits import make_fits
from analysis.publish.project import Project
from analysis.publish.site import publish_site
from analysis.publish.staging import stage


@contextmanager
def only_build(folder: Path) -> Iterator[None]:
    """Hold the lock of a build folder; the system releases it when the process ends.

    Raises
    ------
    BuildError
        When another build holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    owner = folder / ".lock-owner"
    lock = FileLock(folder / ".lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        who = owner.read_text() if owner.is_file() else "unknown"
        raise BuildError(
            f"another build is running in {folder.name}/ (process {who}): wait for it, or stop it."
        ) from None
    try:
        write_atomically(owner, str(os.getpid()))
        yield
    finally:
        owner.unlink(missing_ok=True)
        lock.release()


def build_book(
    project: Project | None = None, fresh: bool = False, console: Console | None = None
) -> Path:
    """Build the site and return the folder it is in.

    Parameters
    ----------
    project : Project, optional
        The book; by default this checkout's.
    fresh : bool
        Execute every notebook and build every page anew. The cache of fits is kept: it is keyed
        on everything that could change a draw.
    console : rich.console.Console, optional
        Where progress is told.

    Raises
    ------
    BuildError
        When a fit or a notebook fails, the book has problems, or another build is running.
    """
    project = project or Project()
    reporter = Reporter(console or Console())
    started = [time.monotonic()]
    with only_build(project.build):
        made = make_fits(project, reporter)
        started.append(time.monotonic())
        executed = execute_all(project, reporter, fresh)
        started.append(time.monotonic())
        records = stage(project)
        built = publish_site(project, records, fresh)
        started.append(time.monotonic())
        stamp = BuildTimes(made, executed, *(b - a for a, b in pairwise(started)))
        write_atomically(project.build / BUILD_TIMES, stamp.to_json())
    total = len(project.chapters())
    reporter.say(
        f"{executed} of {total} notebooks executed, {len(records)} numbers, {stamp.seconds:.1f} s"
    )
    reporter.say(f"{'built' if built else 'unchanged'}: {project.site / 'index.html'}")
    return project.site
