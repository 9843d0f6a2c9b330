"""One notebook: read, executed in a fresh kernel, cleaned of this machine's paths, stored whole."""

import asyncio
import json
import re
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from analysis import settings
from analysis.files import write_atomically
from analysis.publish.errors import NotebookError
from analysis.publish.freshness import EXECUTED, RECORDS, SIDECAR, Sidecar, current_identity
from analysis.publish.kernels import kernel_environment, kernel_manager, running_kernel
from analysis.publish.project import Project
from analysis.publish.sources import code_cells, read_notebook
from analysis.report.numbers import PAGE_VARIABLE, RECORDS_VARIABLE

CELL_TIMEOUT_SECONDS = 1800
"""A cell that takes longer has hung: all fits together take minutes."""

START_TIMEOUT_SECONDS = 300
"""A kernel starts in two seconds, and in more than a minute where other work goes before."""

EXECUTOR = (
    "analysis.publish.kernels",
    "analysis.publish.notebooks",
    "analysis.publish.sources",
)
"""Modules that shape every outcome although no notebook imports them."""

_ASK = """
import json
from analysis.report import provenance
print(json.dumps([list(provenance.code_digests({packages!r})), provenance.data_digests()]))
"""


async def execute_notebook(
    project: Project,
    file: Path,
    on_cell: Callable[[int, int], None] = lambda done, total: None,
) -> None:
    """Execute one notebook and put its outcome in place, whole.

    Parameters
    ----------
    on_cell : callable
        Told the number of code cells done, and of all, after each.

    Raises
    ------
    NotebookError
        When a cell fails, takes too long or ends the kernel.
    """
    draft = project.executed / f".{file.stem}.part"
    shutil.rmtree(draft, ignore_errors=True)
    (draft / RECORDS).mkdir(parents=True)
    # Taken before the run: a file changed while it runs must count as changed at the next build.
    before = current_identity(project, file, project.modules())
    notebook = read_notebook(file)
    started = time.monotonic()
    modules, data = await _run(project, file, notebook, draft, on_cell)
    code = {name: before.code[name] for name in [*modules, *EXECUTOR] if name in before.code}
    identity = replace(before, code=code, data=data)
    cells = len(code_cells(notebook))
    sidecar = Sidecar(identity, round(time.monotonic() - started, 1), cells)
    write_atomically(draft / EXECUTED, without_paths(nbformat.writes(notebook), project))
    write_atomically(draft / SIDECAR, sidecar.to_json())
    _put_in_place(draft, project.executed / file.stem)


async def _run(
    project: Project,
    file: Path,
    notebook: nbformat.NotebookNode,
    draft: Path,
    on_cell: Callable[[int, int], None],
) -> tuple[list[str], dict[str, str]]:
    """Run the cells in order; return the modules and the data packages that were used."""
    variables = {
        RECORDS_VARIABLE: str(draft / RECORDS),
        PAGE_VARIABLE: f"notebooks/{file.stem}",
        "TENSUGGESTIONS_BUILD": str(project.build),
        settings.SEED_VARIABLE: str(project.seed),
        "IPYTHONDIR": str(draft / "ipython"),
    }
    client: Any = NotebookClient(
        notebook,
        km=kernel_manager(),
        timeout=CELL_TIMEOUT_SECONDS,
        startup_timeout=START_TIMEOUT_SECONDS,
        record_timing=False,
        resources={"metadata": {"path": str(project.root)}},
    )
    numbers = [i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    environment = kernel_environment(project.packages, variables)
    async with running_kernel(client, environment, project.root):
        for done, index in enumerate(numbers):
            await _run_cell(client, file, notebook.cells[index], index, done + 1)
            on_cell(done + 1, len(numbers))
        answer = await _ask(client, notebook, tuple(project.packages))
    shutil.rmtree(draft / "ipython", ignore_errors=True)
    return answer


async def _run_cell(
    client: Any,  # noqa: ANN401 - nbclient is not typed
    file: Path,
    cell: nbformat.NotebookNode,
    index: int,
    number: int,
) -> None:
    where = f"notebooks/{file.name}, code cell {number}"
    try:
        await client.async_execute_cell(cell, index, store_history=True)
    except CellExecutionError as error:
        first = next((line for line in cell.source.splitlines() if line.strip()), "")
        problem = f"{error.ename}: {_plain(error.evalue)}"
        raise NotebookError(f"{where} (beginning `{first.strip()}`) failed: {problem}") from error
    except CellTimeoutError as error:
        raise NotebookError(f"{where} ran longer than {CELL_TIMEOUT_SECONDS} s.") from error
    except DeadKernelError as error:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            # nbclient takes every cancellation for the death of its kernel.
            raise asyncio.CancelledError from error
        raise NotebookError(f"{where} ended the kernel: out of memory?") from error


async def _ask(
    client: Any,  # noqa: ANN401 - nbclient is not typed
    notebook: nbformat.NotebookNode,
    packages: tuple[str, ...],
) -> tuple[list[str], dict[str, str]]:
    """Ask the kernel which modules and data it depended on, in a cell that is not kept."""
    question = nbformat.v4.new_code_cell(_ASK.format(packages=packages))
    notebook.cells.append(question)
    try:
        await client.async_execute_cell(question, len(notebook.cells) - 1, store_history=False)
    finally:
        notebook.cells.pop()
    printed = "".join(o.text for o in question.outputs if o.get("name") == "stdout")
    modules, data = json.loads(printed)
    return modules, data


_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_KERNEL_FILE = re.compile(r"/tmp/ipykernel_\d+/\d+\.py")


def _plain(text: str) -> str:
    return _COLOURS.sub("", text).strip()


def without_paths(text: str, project: Project) -> str:
    """Return the text of a notebook without the folders of the machine that ran it."""
    for folder in (project.root, Path(sys.prefix), Path.home()):
        if folder != Path(folder.anchor):
            text = text.replace(f"{folder}/", "")
    return _KERNEL_FILE.sub("notebook cell", text)


def _put_in_place(draft: Path, outcome: Path) -> None:
    """Replace an outcome by its successor: a build killed here leaves the old, the new or none."""
    discarded = outcome.with_name(f".{outcome.name}.old")
    shutil.rmtree(discarded, ignore_errors=True)
    if outcome.exists():
        outcome.rename(discarded)
    draft.rename(outcome)
    shutil.rmtree(discarded, ignore_errors=True)
