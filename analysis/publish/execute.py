"""Execute the notebooks whose outcome no longer stands, a few at a time, with visible progress."""

import asyncio
import os
import shutil
from collections.abc import Collection, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from analysis.publish.freshness import read_sidecar, reasons_to_execute
from analysis.publish.notebooks import execute_notebook
from analysis.publish.project import Project

EXPECTED_SECONDS = {
    "your-own-data": 200.0,
    "risk-adjustment": 120.0,
    "minimum-size": 60.0,
    "stop-loss": 55.0,
    "england-population": 50.0,
    "cost-variance": 40.0,
    "carve-outs": 40.0,
    "balanced-incentives": 40.0,
}
"""About how long the longer chapters take with all fits in the store; only the order counts."""

ORDINARY_SECONDS = 25.0


class Reporter:
    """Says what happens: a live bar for each notebook on a terminal, plain lines in a log."""

    def __init__(self, console: Console) -> None:
        self.console = console
        columns = (
            "[progress.description]{task.description}",
            BarColumn(),
            TextColumn("{task.completed}/{task.total} cells"),
            TimeElapsedColumn(),
        )
        self.progress = Progress(*columns, console=console, disable=not console.is_terminal)
        self._tasks: dict[str, TaskID] = {}

    def say(self, text: str) -> None:
        """Print one line; nothing in it is read as markup."""
        self.console.print(text, markup=False, highlight=False, soft_wrap=True)

    def start(self, notebook: Path, reasons: Sequence[str]) -> None:
        """Say that a notebook begins, and why it must run."""
        first_reasons = ", ".join(reasons[:3])
        more = f" and {len(reasons) - 3} more" if len(reasons) > 3 else ""
        self.say(f"executing notebooks/{notebook.name} ({first_reasons}{more})")
        self._tasks[notebook.stem] = self.progress.add_task(notebook.stem, total=None)

    def cell(self, notebook: Path, done: int, total: int) -> None:
        """Move the notebook's bar."""
        self.progress.update(self._tasks[notebook.stem], completed=done, total=total)

    def finish(self, notebook: Path, seconds: float) -> None:
        """Say that a notebook is done."""
        self.say(f"executed  notebooks/{notebook.name} in {seconds:.0f} s")
        self.progress.remove_task(self._tasks.pop(notebook.stem))


def execute_all(
    project: Project,
    reporter: Reporter,
    fresh: bool = False,
    chapters: Collection[str] | None = None,
) -> int:
    """Execute every notebook that must be; return how many were.

    Parameters
    ----------
    fresh : bool
        Execute all of them, whatever has changed.
    chapters : collection of str, optional
        Names of the only notebooks to consider; by default all.

    Raises
    ------
    NotebookError
        For the first notebook that fails. Those already finished are kept; those still running
        are stopped.
    """
    _discard_others(project)
    reasons = {
        notebook: ["a fresh build"] if fresh else reasons_to_execute(project, notebook)
        for notebook in _in_order_of_beginning(project)
        if chapters is None or notebook.stem in chapters
    }
    due = {notebook: why for notebook, why in reasons.items() if why}
    if due:
        with reporter.progress:
            asyncio.run(_execute(project, due, reporter))
    return len(due)


def _in_order_of_beginning(project: Project) -> list[Path]:
    """Chapters by how long they take, the longest first: begun last, it would run alone."""
    return sorted(project.chapters(), key=lambda file: -_seconds(project, file))


def _seconds(project: Project, notebook: Path) -> float:
    """How long a notebook took when it was last executed, or what is known of it elsewhere."""
    sidecar = read_sidecar(project.executed / notebook.stem)
    if sidecar is not None:
        return sidecar.seconds
    return EXPECTED_SECONDS.get(notebook.stem, ORDINARY_SECONDS)


async def _execute(project: Project, due: dict[Path, list[str]], reporter: Reporter) -> None:
    turn = asyncio.Semaphore(os.cpu_count() or 1)

    async def execute_one(notebook: Path) -> None:
        async with turn:
            reporter.start(notebook, due[notebook])
            started = asyncio.get_running_loop().time()
            await execute_notebook(project, notebook, lambda d, n: reporter.cell(notebook, d, n))
            reporter.finish(notebook, asyncio.get_running_loop().time() - started)

    try:
        async with asyncio.TaskGroup() as group:
            for notebook in due:
                group.create_task(execute_one(notebook))
    except* Exception as failures:
        # The first failure is the one to mend; a group of one would only hide its message.
        raise failures.exceptions[0] from None


def _discard_others(project: Project) -> None:
    """Remove outcomes of notebooks that are gone, and what a killed build left behind."""
    present = {notebook.stem for notebook in project.chapters()}
    if project.executed.is_dir():
        for folder in project.executed.iterdir():
            if folder.name not in present:
                shutil.rmtree(folder, ignore_errors=True)
