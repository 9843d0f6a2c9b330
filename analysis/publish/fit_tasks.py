"""Work before the notebooks: fits and what follows from them, and who takes which piece next."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class FitTask:
    """One entry of the store of fits that the book needs.

    Attributes
    ----------
    make : callable
        Puts the entry into the store, unless it is there.
    module : str
        Dotted name of the module that says how it is made: while its code stands, and the code it
        builds on, so does the entry.
    seconds : float
        What it takes of one processor, about.
    group : str
        Tasks of one group are done by one process, which compiles their model once.
    needs : tuple of str
        Names of tasks that must be done before.
    """

    name: str
    make: Callable[[], object] = field(compare=False)
    module: str
    seconds: float
    group: str
    needs: tuple[str, ...] = ()


class Schedule:
    """Gives out tasks to several processes: whole groups, the longest first.

    Parameters
    ----------
    tasks : iterable of FitTask
        A need that is not among them counts as done.
    """

    def __init__(self, tasks: Iterable[FitTask]) -> None:
        self._waiting = list(tasks)
        self._unfinished = {task.name for task in self._waiting}
        self._held: set[str] = set()
        self._changed = asyncio.Condition()

    async def next(self, group: str | None) -> FitTask | None:
        """Return the next task for a process, or None when none is left to begin.

        Parameters
        ----------
        group : str, optional
            The group it worked on: kept as long as one of its tasks can begin.
        """
        async with self._changed:
            while self._waiting:
                task = self._choose(group)
                if task is not None:
                    self._waiting.remove(task)
                    self._held.discard(group or "")
                    self._held.add(task.group)
                    return task
                if group is not None:
                    # What is left of this group may begin later, in whichever process is free.
                    self._held.discard(group)
                    self._changed.notify_all()
                    group = None
                await self._changed.wait()
            return None

    async def done(self, task: FitTask) -> None:
        """Take note that a task is finished, so that others may begin."""
        async with self._changed:
            self._unfinished.discard(task.name)
            self._changed.notify_all()

    def _choose(self, group: str | None) -> FitTask | None:
        ready = [task for task in self._waiting if not self._unfinished & set(task.needs)]
        own = [task for task in ready if task.group == group]
        if own:
            return own[0]
        free = [task for task in ready if task.group not in self._held]
        return max(free, key=lambda task: self._seconds_left(task.group), default=None)

    def _seconds_left(self, group: str) -> float:
        return sum(task.seconds for task in self._waiting if task.group == group)
