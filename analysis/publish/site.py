"""Build the site from the staged sources, and put it in place whole."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from analysis.files import newer_than, write_atomically
from analysis.publish.errors import BuildError
from analysis.publish.products.all_products import add_products
from analysis.publish.products.finished import Finished
from analysis.publish.products.forecast_file import forecast_files
from analysis.publish.project import Project
from analysis.publish.staging import TOC
from analysis.report.numbers import Record

STAMP = "site.digest"
"""File of the build folder that says which sources the finished site was made from."""

SHOWN_FILES = (
    "CITATION.cff",
    "CHANGELOG.md",
    "data/claims/*.csv",
    "data/published/*.csv",
    "data/releases/*.csv",
)
"""Files of the repository that pages show as they stand, without a notebook between."""

SITE_ROOMS = ("report", "site", "print", "publish")
"""Rooms of `analysis/` whose code and templates the pages and products are made by."""

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")

_PROBLEM = re.compile(r"WARNING|ERROR|^[\w.]+Error: .")
_CELL_LINE = re.compile(r"(notebooks/[\w-]+)\.ipynb:(\d+):")

SHOWN_PROBLEMS = 20
"""Warnings shown when the book cannot be built; the rest would hide the first."""


def publish_site(project: Project, records: Mapping[str, Record], fresh: bool = False) -> bool:
    """Bring the site up to date; return whether anything had to be done.

    Parameters
    ----------
    project : Project
        The book, with its sources staged.
    records : mapping of str to Record
        Every number, by id.
    fresh : bool
        Build all of it, whatever has changed.

    Raises
    ------
    BuildError
        When Jupyter Book warns of anything: its warnings are shown.
    """
    digest, stamp = _sources_digest(project), project.build / STAMP
    if not fresh and project.site.is_dir() and stamp.is_file() and stamp.read_text() == digest:
        return False
    # Sphinx warns of a page when it reads it, and not again while the page stays the same. So
    # what a failed or killed run has read is thrown away, or the next run would pass.
    clean = project.clean
    if fresh or not clean.is_file():
        shutil.rmtree(project.workshop, ignore_errors=True)
    before = clean.stat().st_mtime_ns if clean.is_file() else 0
    clean.unlink(missing_ok=True)
    _run_jupyter_book(project)
    write_atomically(clean, digest)
    # Not earlier than the pages that this run left alone, whatever the clock says: see staging.
    newer_than(clean, before)
    pages = project.workshop / "_build" / "html"
    offered = project.workshop / "offered"
    shutil.rmtree(offered, ignore_errors=True)
    shutil.copytree(pages, offered, ignore=shutil.ignore_patterns(".buildinfo*", "objects.inv.tmp"))
    add_products(Finished(project, offered, records))
    stamp.unlink(missing_ok=True)
    _replace(project.site, offered)
    write_atomically(stamp, digest)
    return True


def _sources_digest(project: Project) -> str:
    """Return one digest of everything the site is made from."""
    code = Path(__file__).parents[1]
    files = [project.config, project.lock, *forecast_files(project)]
    for folder in (project.source, *(code / room for room in SITE_ROOMS)):
        files += sorted(folder.rglob("*"))
    for pattern in SHOWN_FILES:
        files += sorted(project.root.glob(pattern))
    hasher = hashlib.sha256()
    for file in files:
        if file.is_file() and "__pycache__" not in file.parts:
            hasher.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return hasher.hexdigest()


def _run_jupyter_book(project: Project) -> None:
    """Run Jupyter Book in a process of its own, with warnings as errors."""
    command = [
        *(sys.executable, "-m", "analysis.publish.jupyter_book", str(os.getpid())),
        *("build", str(project.source)),
        *("--path-output", str(project.workshop), "--config", str(project.config)),
        *("--toc", str(project.source / TOC), "-W", "--keep-going"),
    ]
    run = subprocess.run(command, cwd=project.build, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        raise BuildError(_problems(run.stderr + run.stdout, project))


def _problems(log: str, project: Project) -> str:
    """Return the warnings of a failed build, placed in the sources that people edit."""
    log = _COLOURS.sub("", log)
    # What stopped Sphinx stands in its log twice, as an exception and without either word.
    lines = list(dict.fromkeys(line for line in log.splitlines() if _PROBLEM.search(line)))
    first = lines[:SHOWN_PROBLEMS] or log.splitlines()[-SHOWN_PROBLEMS:]
    more = f"\n  and {len(lines) - len(first)} more" if len(lines) > len(first) else ""
    text = "\n".join(f"  {line}" for line in first).replace(f"{project.source}/", "")
    # MyST-NB counts ten thousand lines for each cell.
    text = _CELL_LINE.sub(lambda m: f"{m[1]}.md, cell {int(m[2]) // 10_000}:", text)
    return f"the book has problems, and is not published until they are mended:\n{text}{more}"


def _replace(site: Path, offered: Path) -> None:
    """Put the finished site in place of the old one.

    A build killed here leaves the old site, the new one or none, never a mixture.
    """
    old = site.with_name(".html.old")
    shutil.rmtree(old, ignore_errors=True)
    if site.exists():
        site.rename(old)
    offered.rename(site)
    shutil.rmtree(old, ignore_errors=True)
