"""The operations that are disturbed; as a program, disturbs one and tells what was wrong.

`python -m tests.faults.scenarios NAME FOLDER` prints for each way of disturbing it the number of
moments, and then the problems. It is a process of its own because it forks, which a process with
threads should not.
"""

import asyncio
import hashlib
import importlib
import json
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import typer
import xarray as xr

from analysis.files import write_atomically
from analysis.publish import notebooks, site
from analysis.publish.freshness import Sidecar, current_identity, read_sidecar
from analysis.publish.products import all_products
from analysis.publish.project import Project
from analysis.publish.sources import read_notebook
from analysis.publish.staging import stage
from tests.faults.moments import Scenario, problems

CHAPTER = "# Plain\n\n```{code-cell} ipython3\n1 + 1\n```\n"
RECORD = '{"made": "%s"}'


def tree(folder: Path) -> str:
    """Return one digest of all files of a folder; empty when it is not there."""
    if not folder.is_dir():
        return ""
    hasher = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            hasher.update(f"{file.relative_to(folder)}\0".encode() + file.read_bytes() + b"\0")
    return hasher.hexdigest()


def leftovers(folder: Path, *allowed: str) -> str:
    """Name what no finished run leaves."""
    odd = [f for f in folder.rglob("*") if f.name.endswith((".part", ".old", "offered"))]
    odd += [f for f in folder.rglob("*partial*")]
    return ", ".join(sorted(f.name for f in odd if not f.name.startswith(allowed)))


# --- a site is published -------------------------------------------------------------------


def _project(folder: Path) -> Project:
    return Project(root=folder, build=folder / "_build", packages={})


def _rendered(project: Project) -> None:
    """Stand in for Jupyter Book, which is another process: pages from sources, one by one."""
    for file in sorted(project.source.rglob("*.md")):
        page = project.workshop / "_build" / "html" / f"{file.stem}.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(f"<p>{file.read_text()}</p>")


def _chapter_outcome(project: Project) -> None:
    """Put an executed chapter in place without executing it."""
    file = project.notebooks / "plain.md"
    outcome = project.executed / "plain"
    (outcome / "records").mkdir(parents=True)
    notebooks.write_atomically(
        outcome / "notebook.ipynb", notebooks.nbformat.writes(read_notebook(file))
    )
    identity = current_identity(project, file)
    write_atomically(outcome / "identity.json", Sidecar(identity, 1.0, 1).to_json())


def _write_book(project: Project, text: str) -> None:
    (project.book).mkdir(exist_ok=True)
    (project.notebooks).mkdir(exist_ok=True)
    contents = "format: jb-book\nroot: book/index\nchapters:\n  - file: notebooks/plain\n"
    (project.book / "_toc.yml").write_text(contents)
    (project.notebooks / "plain.md").write_text(CHAPTER)
    for name in ("index", "second"):
        (project.book / f"{name}.md").write_text(f"# {name} {text}\n")


def _publish(folder: Path) -> None:
    project = _project(folder)
    site.publish_site(project, stage(project))


_SITES: dict[str, str] = {}


def _prepare_site(folder: Path) -> None:
    project = _project(folder)
    _write_book(project, "old")
    _chapter_outcome(project)
    _publish(folder)
    _SITES["old"] = tree(project.site)
    _write_book(project, "new")
    if "new" not in _SITES:
        _publish(folder)
        _SITES["new"] = tree(project.site)
        _write_book(project, "old")
        _publish(folder)
        _write_book(project, "new")


def _site_is(folder: Path, *which: str) -> str:
    found = tree(_project(folder).site)
    return "" if found in {_SITES.get(name, "") for name in which} else "the site is a mixture"


PUBLISH = Scenario(
    _prepare_site,
    _publish,
    lambda folder: _site_is(folder, "old", "new", "none"),
    lambda folder: _site_is(folder, "new") or leftovers(folder / "_build", ".site.digest"),
)


# --- a notebook's outcome is put in place --------------------------------------------------


def _execute(folder: Path, made: str = "new") -> None:
    async def ran(project, file, notebook, draft, *_):
        (draft / "records" / "a.json").write_text(RECORD % made)
        return [], {}

    notebooks._run = ran
    project = _project(folder)
    asyncio.run(notebooks.execute_notebook(project, project.notebooks / "plain.md"))


def _prepare_notebook(folder: Path) -> None:
    _write_book(_project(folder), "old")
    _execute(folder, "old")


def _outcome(folder: Path) -> str:
    """Return which outcome a build would find: none, or a whole one."""
    outcome = _project(folder).executed / "plain"
    if read_sidecar(outcome) is None or not (outcome / "notebook.ipynb").is_file():
        return "none"
    return (outcome / "records" / "a.json").read_text()


EXECUTE = Scenario(
    _prepare_notebook,
    _execute,
    lambda folder: "" if _outcome(folder) in {"none", RECORD % "old", RECORD % "new"} else "half",
    lambda folder: "" if _outcome(folder) == RECORD % "new" else _outcome(folder),
)


# --- a fit is kept --------------------------------------------------------------------------

KEY = "0123456789abcdef" * 4
DRAWS = xr.Dataset({"x": (("chain", "draw"), np.arange(2000.0).reshape(4, 500))})


def _store(folder: Path) -> None:
    from analysis.inference.cache import FitCache

    cache = FitCache(folder)
    with cache.lock("toy", KEY):
        cache.store("toy", KEY, DRAWS, {"parts": {}, "diagnostics": {}})


def _fit_is_whole(folder: Path, must_be_there: bool) -> str:
    from analysis.inference.cache import FitCache

    found = FitCache(folder).load("toy", KEY)
    if found is None:
        return "no fit" if must_be_there else ""
    return "" if found[0].equals(DRAWS) else "other draws"


STORE = Scenario(
    lambda folder: None,
    _store,
    lambda folder: _fit_is_whole(folder, must_be_there=False),
    lambda folder: _fit_is_whole(folder, must_be_there=True) or leftovers(folder),
)


# --- the user's cells are written -------------------------------------------------------------


def _prepare_cells(folder: Path) -> None:
    rows = "".join(f"{'fm'[i % 2]},{i % 5 * 10}\n" for i in range(200))
    (folder / "people.csv").write_text(f"sex,cost\n{rows}")
    (folder / "cells.parquet").write_bytes(b"old")


def _cells(folder: Path) -> None:
    from analysis.cli import app

    arguments = [
        "cells",
        str(folder / "people.csv"),
        "--by",
        "sex",
        "--cost",
        "cost",
    ]
    try:
        app([*arguments, "--out", str(folder / "cells.parquet"), "--json"])
    except SystemExit as ended:
        if ended.code:
            raise OSError("the command failed and said why") from None


def _cells_are(folder: Path, old_allowed: bool) -> str:
    from analysis.population.cell_files import read_cells

    file = folder / "cells.parquet"
    if file.read_bytes() == b"old":
        return "" if old_allowed else "still the old cells"
    return "" if read_cells(file)[0].table["n"].sum() == 200 else "other cells"


CELLS = Scenario(
    _prepare_cells,
    _cells,
    lambda folder: _cells_are(folder, old_allowed=True),
    # What a kill leaves beside the user's file is hidden, and named after the process.
    lambda folder: _cells_are(folder, old_allowed=False) or leftovers(folder, ".cells.parquet."),
)

# --- the user's report is written -------------------------------------------------------------


def _prepare_report(folder: Path) -> None:
    (folder / "cells.parquet").write_bytes(b"cells")
    for name in ("report.html", "report.pdf"):
        (folder / name).write_bytes(b"old")


def _report(folder: Path) -> None:
    """Run the command with its models left out: what it writes, and how, is its own."""
    made = SimpleNamespace(first_page=[], numbers={})
    stand_ins = {
        "document": {
            "report_html": lambda _: "new",
            "report_pdf": lambda _: b"new",
            "sentences": lambda _: [],
        },
        "findings": {"compute_findings": lambda *_: None},
        "pages": {"own_report": lambda _: made},
    }
    for name, functions in stand_ins.items():
        place = f"analysis.own.people.report.{name}"
        if find_spec(place) is None:
            raise LookupError(f"{place}: is no module, so the real report would be made")
        sys.modules[place] = SimpleNamespace(**functions)
    command = importlib.import_module("analysis.commands.report")
    command.chosen_settings = command.fitted_from = lambda *_: None
    try:
        command.report(folder / "cells.parquet", folder / "report.html")
    except typer.Exit as ended:
        if ended.exit_code:
            raise OSError("the command failed and said why") from None


def _reports_are(folder: Path, *allowed: bytes) -> str:
    found = {(folder / name).read_bytes() for name in ("report.html", "report.pdf")}
    return "" if found <= set(allowed) else f"{found}"


REPORT = Scenario(
    _prepare_report,
    _report,
    lambda folder: _reports_are(folder, b"old", b"new"),
    lambda folder: _reports_are(folder, b"new") or leftovers(folder, ".report."),
)

IMPORTED_FIRST = {
    "store": ("analysis.inference.cache", "h5netcdf"),
    "cells": (
        "analysis.cli",
        "analysis.population.disclosure.release",
        "analysis.population.cell_files",
        "analysis.population.disclosure.differencing",
        "ibis.backends.duckdb",
        "pandas",
        "pydantic.json_schema",
        "pydantic._internal._generate_schema",
        "typer._adapters",
        "rich.progress",
        "rich.table",
    ),
}
"""Imported once, before the many forks; none of it starts a thread."""

SCENARIOS = {
    "publish": PUBLISH,
    "execute": EXECUTE,
    "store": STORE,
    "cells": CELLS,
    "report": REPORT,
}


def main() -> None:
    """Disturb one scenario."""
    name, folder = sys.argv[1:]
    site._run_jupyter_book = _rendered
    all_products.PRODUCTS = ()
    for module in IMPORTED_FIRST.get(name, ()):
        importlib.import_module(module)
    told = {}
    for how in ("kill", "full", "read_only"):
        told[how] = problems(SCENARIOS[name], Path(folder), how)
    shutil.rmtree(folder, ignore_errors=True)
    # After whatever the operations printed.
    print(f"\n{json.dumps(told)}")


if __name__ == "__main__":
    main()
