"""A command of this project and what it prints, for pages that show how it is used."""

import os
import subprocess
import sys
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from analysis.errors import InputError
from analysis.settings import ROOT

_COLOURS = ("FORCE_COLOR", "CLICOLOR_FORCE", "CLICOLOR")

WIDTH = 110
"""Columns of the terminal that a page stands for."""


@dataclass(frozen=True)
class RunCommand:
    """A command line with its output."""

    command: str
    output: str = field(repr=False)

    def __str__(self) -> str:
        """Return both as a terminal shows them."""
        return f"$ python -m analysis {self.command}\n{self.output}"

    def _repr_html_(self) -> str:
        return f'<pre class="command-line" tabindex="0">{escape(str(self))}</pre>'


class CommandLine:
    """Runs commands in one folder, each in a process of its own, as a reader would.

    Parameters
    ----------
    folder : str or Path
        Where commands read and write; it is never shown.
    """

    def __init__(self, folder: str | Path) -> None:
        self._folder = Path(folder)

    def __call__(self, command: str) -> RunCommand:
        """Run a command and return it with what it printed.

        Parameters
        ----------
        command : str
            What stands after ``python -m analysis``; words are divided at spaces.

        Raises
        ------
        InputError
            If the command fails: a page must not show an answer that is none.
        """
        # A notebook asks its children for colours; a page has none of a terminal's.
        environment = {key: value for key, value in os.environ.items() if key not in _COLOURS}
        finished = subprocess.run(
            [sys.executable, "-m", "analysis", *command.split()],
            cwd=self._folder,
            env={**environment, "PYTHONPATH": str(ROOT), "COLUMNS": str(WIDTH), "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        if finished.returncode:
            raise InputError(f"python -m analysis {command}: {finished.stderr.strip()}")
        lines = [line.rstrip() for line in finished.stdout.rstrip().splitlines()]
        return RunCommand(command, "\n".join(lines))
