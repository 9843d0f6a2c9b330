"""The sources of chapters: what in them decides a result, and what is only text around it."""

from pathlib import Path

import jupytext
import nbformat

from analysis.publish.errors import NotebookError
from analysis.report import provenance


def read_notebook(file: Path) -> nbformat.NotebookNode:
    """Return a MyST Markdown notebook with the same cell ids at every reading.

    Raises
    ------
    NotebookError
        When the file is not a notebook that jupytext can read.
    """
    try:
        notebook = jupytext.read(file, fmt="md:myst")
    except Exception as error:  # jupytext raises what its parsers raise
        raise NotebookError(f"notebooks/{file.name} cannot be read: {error}") from error
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number:03d}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook.metadata["kernelspec"] = kernel
    notebook.metadata["language_info"] = {"name": "python", "pygments_lexer": "ipython3"}
    return notebook


def code_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """Return the cells that are executed, in order."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def code_digest(file: Path) -> str:
    """Return the digest of a chapter's code: its text may change without a new execution."""
    return provenance.digest("\0".join(c.source for c in code_cells(read_notebook(file))).encode())


def with_outputs(source: Path, executed: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return a chapter as its source stands now, with the outputs of its execution.

    Parameters
    ----------
    executed : NotebookNode
        The same code, executed; its text may be older.
    """
    notebook = read_notebook(source)
    for cell, ran in zip(code_cells(notebook), code_cells(executed), strict=True):
        cell.outputs, cell.execution_count = ran.outputs, ran.execution_count
    return notebook
