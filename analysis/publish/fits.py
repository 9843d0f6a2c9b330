"""Make every published fit that is not in the store, before any notebook starts.

Two processes share the work by compiled model. A stamp says for which code, data, packages and seed
all was made; while it holds nothing is looked at again.
"""

import asyncio
import importlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from analysis import settings
from analysis.files import write_atomically
from analysis.inference.digests import digest, package_versions
from analysis.publish.errors import BuildError
from analysis.publish.execute import Reporter
from analysis.publish.fit_tasks import FitTask, Schedule
from analysis.publish.freshness import package_digest
from analysis.publish.kernels import worker_environment
from analysis.publish.project import Project
from analysis.report.provenance import code_digest_upstream

WORKERS = 2
"""Processes that make fits. A fit has four chains of its own to run at the same time."""


@dataclass
class Stamp:
    """For what all fits were made.

    Attributes
    ----------
    packages : str
        Digest of the versions that can change a draw.
    data : dict of str to str
        Digest of every data package that was read.
    tasks : dict of str to str
        Name to digest of the code it depends on.
    registry : str
        Digest of the code that the list of tasks depends on, all of theirs among it.
    """

    packages: str = ""
    seed: int = -1
    registry: str = ""
    data: dict[str, str] = field(default_factory=dict)
    tasks: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, file: Path) -> "Stamp":
        """Return the stamp of a file; an empty one, which holds for nothing, if it has none."""
        try:
            return cls(**json.loads(file.read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return cls()

    def holds(self, project: Project) -> bool:
        """Whether seed, packages and data are those of the stamp; code is judged by task."""
        return (
            (self.seed, self.packages) == (project.seed, digest(package_versions()))
            and all(package_digest(name) == now for name, now in self.data.items())
            and any(_store(project).glob("*.json"))
        )


def make_fits(project: Project, reporter: Reporter) -> int:
    """Make every fit of the project's list that is not in the store; return how many were.

    Raises
    ------
    BuildError
        For the first fit that fails. What was finished is kept, nothing half-written.
    """
    if project.fits is None:
        return 0
    file = project.build / "cache" / "fits-made.json"
    before = Stamp.read(file)
    registry = code_digest_upstream(project.fits)
    if not before.holds(project):
        before = Stamp()
    elif before.registry == registry:
        return 0
    tasks = tuple(importlib.import_module(project.fits).tasks())
    code = {task.name: code_digest_upstream(task.module) for task in tasks}
    due = [task for task in tasks if before.tasks.get(task.name) != code[task.name]]
    work = _Work(project, reporter, len(due))
    if due:
        asyncio.run(work.run(due))
    data = before.data | work.data
    now = Stamp(digest(package_versions()), project.seed, registry, data, code)
    write_atomically(file, json.dumps(asdict(now), indent=1, sort_keys=True) + "\n")
    return work.made


def _store(project: Project) -> Path:
    return project.build / "cache" / "fits"


class _Work:
    """One run: its processes, what they read and how much they made."""

    def __init__(self, project: Project, reporter: Reporter, total: int) -> None:
        self._project, self._reporter = project, reporter
        self.data: dict[str, str] = {}
        self.made = 0
        console = reporter.console
        columns = ("fits", BarColumn(), TextColumn("{task.completed}/{task.total}"))
        self._progress = Progress(
            *columns,
            TimeElapsedColumn(),
            TextColumn("{task.description}"),
            console=console,
            disable=not console.is_terminal,
        )
        self._bar = self._progress.add_task("", total=total)
        self._running: list[str] = []

    async def run(self, tasks: list[FitTask]) -> None:
        schedule, started = Schedule(tasks), time.monotonic()
        workers = min(WORKERS, len({task.group for task in tasks}))
        self._reporter.say(f"fits: {len(tasks)} to be made or found, {workers} processes")
        try:
            with self._progress:
                async with asyncio.TaskGroup() as group:
                    for _ in range(workers):
                        group.create_task(self._serve(schedule))
        except* Exception as failures:
            # The first failure is the one to mend; a group of one would only hide its message.
            raise failures.exceptions[0] from None
        seconds = time.monotonic() - started
        self._reporter.say(f"fits: {self.made} made in {seconds:.0f} s, the others were there")

    async def _serve(self, schedule: Schedule) -> None:
        """Keep one process at work until no task is left."""
        with tempfile.TemporaryFile() as errors:
            process = await self._started(errors)
            try:
                group = None
                while (task := await schedule.next(group)) is not None:
                    group = task.group
                    self._show(began=task.name)
                    self._note(task, await _asked(process, task, errors))
                    self._show(ended=task.name)
                    await schedule.done(task)
            finally:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()

    async def _started(self, errors: IO[bytes]) -> asyncio.subprocess.Process:
        variables = {
            "TENSUGGESTIONS_BUILD": str(self._project.build),
            settings.SEED_VARIABLE: str(self._project.seed),
        }
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "analysis.publish.fit_worker", str(self._project.fits)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
            cwd=self._project.root,
            env=worker_environment(self._project.packages, variables),
        )

    def _note(self, task: FitTask, answer: Mapping) -> None:
        if "error" in answer:
            raise BuildError(f"fit {task.name} was not made: {answer['error']}")
        self.data |= answer["data"]
        if answer["made"]:
            self.made += 1
            self._reporter.say(f"made      {task.name} in {answer['seconds']:.0f} s")

    def _show(self, *, began: str | None = None, ended: str | None = None) -> None:
        if began is not None:
            self._running.append(began)
        if ended is not None:
            self._running.remove(ended)
            self._progress.advance(self._bar)
        self._progress.update(self._bar, description=", ".join(self._running))


async def _asked(process: asyncio.subprocess.Process, task: FitTask, errors: IO[bytes]) -> Mapping:
    """Ask a process for one task, and return its answer."""
    assert process.stdin is not None
    assert process.stdout is not None
    with suppress(ConnectionError):  # a process that ended is told of below
        process.stdin.write(f"{task.name}\n".encode())
        await process.stdin.drain()
    line = await process.stdout.readline()
    if not line.endswith(b"\n"):
        errors.seek(0, os.SEEK_END)
        errors.seek(max(0, errors.tell() - 300))
        last = errors.read().decode("utf-8", "replace").strip().rpartition("\n")[2]
        reason = last or "out of memory?"
        raise BuildError(f"fit {task.name} was not made: its process ended ({reason})")
    answer: Mapping = json.loads(line)
    return answer
