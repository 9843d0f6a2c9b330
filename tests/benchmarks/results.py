"""What a benchmark returns, how it is timed and how it is printed."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from rich.console import Console
from rich.table import Table

NARROWEST = 132
"""Columns of the table in a log, where there is no terminal to ask."""


@dataclass(frozen=True)
class Comparison:
    """One comparison with a peer, or of one size with another.

    Attributes
    ----------
    task, peer : str
        What was done, and by whom else.
    seconds, peer_seconds : float
        Wall-clock time of each side in this run.
    agreement : str
        By how much the two answers differ, and the error allowed.
    agrees : bool
        Whether the difference is within the error allowed: a wrong fast answer does not win.
    """

    task: str
    peer: str
    seconds: float
    peer_seconds: float
    agreement: str
    agrees: bool

    @property
    def ratio(self) -> float:
        """Time of the peer over ours."""
        return self.peer_seconds / self.seconds


def best_time[T](
    task: Callable[[], T], *, at_least: float = 0.5, repeats: int = 3
) -> tuple[float, T]:
    """Return the shortest time of a task and its answer.

    Parameters
    ----------
    task : callable
    at_least : float
        Seconds to go on for; short tasks are repeated more often.
    repeats : int
        Fewest repeats, unless one takes longer than ten seconds.

    Returns
    -------
    seconds : float
    answer : object
    """
    times: list[float] = []
    while len(times) < repeats or sum(times) < at_least:
        start = time.perf_counter()
        answer = task()
        times.append(time.perf_counter() - start)
        if times[-1] > 10 or len(times) >= 10_000:
            break
    return float(np.min(times)), answer


def seconds_text(seconds: float) -> str:
    """Return a time with a fitting unit: ``"3.1 ms"``."""
    for scale, unit in ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs")):
        if seconds >= scale:
            return f"{seconds / scale:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"


def print_table(comparisons: list[Comparison]) -> None:
    """Print all comparisons: colours on a terminal, plain text in a log."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=NARROWEST, color_system=None, legacy_windows=False)
    table = Table(title="Ratios against a peer, both measured in this run", show_lines=True)
    table.add_column("Task", ratio=5)
    table.add_column("Peer", ratio=4)
    table.add_column("Times as fast", justify="right", style="bold", no_wrap=True)
    table.add_column("Ours", justify="right", no_wrap=True)
    table.add_column("Peer's", justify="right", no_wrap=True)
    table.add_column("Same answer", ratio=4)
    for found in comparisons:
        verdict = "yes" if found.agrees else "NO"
        table.add_row(
            found.task,
            found.peer,
            f"{found.ratio:.3g}",
            seconds_text(found.seconds),
            seconds_text(found.peer_seconds),
            f"{verdict}: {found.agreement}",
        )
    console.print(table)
