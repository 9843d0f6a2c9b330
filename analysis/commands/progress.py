"""How far a long command is, on a terminal only: nothing is shown in a log or a pipe."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text


class _Percent(ProgressColumn):
    """What the engine says of the query it is running."""

    def render(self, task: Task) -> Text:
        percent = task.fields["percent"]()
        return Text("" if percent is None else f"{percent:.0f} % of this pass")


@contextmanager
def shown_progress(doing: str, percent: Callable[[], float | None]) -> Iterator[None]:
    """Show what is being done, for how long already, and how far it is, on standard error.

    Parameters
    ----------
    doing : str
        In the present participle: "Summing the cells".
    percent : callable
        Returns how far the running pass is, 0 to 100, or None where nobody knows.
    """
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), _Percent())
    console, hidden = Console(stderr=True), not sys.stderr.isatty()
    with Progress(*columns, console=console, transient=True, disable=hidden) as progress:
        progress.add_task(doing, total=None, percent=percent)
        yield


@contextmanager
def shown_steps(doing: str, total: int) -> Iterator[Callable[[str], None]]:
    """Show which of several steps is being done, on standard error.

    Parameters
    ----------
    doing : str
        In the present participle: "Fitting the model".
    total : int
        Number of steps.

    Yields
    ------
    callable
        To be told the name of each step as it begins.
    """
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    console, hidden = Console(stderr=True), not sys.stderr.isatty()
    done = 0
    with Progress(*columns, console=console, transient=True, disable=hidden) as progress:
        task = progress.add_task(doing, total=None)

        def step(name: str) -> None:
            nonlocal done
            done += 1
            progress.update(task, description=f"{doing}: {name} ({done} of {total})")

        yield step
