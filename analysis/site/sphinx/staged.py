"""What the build has staged for the pages, as the directives ask for it."""

import json
from pathlib import Path
from typing import Any

from sphinx.environment import BuildEnvironment

from analysis.report.numbers import Record, read_records
from analysis.site.staged_files import NUMBERS_FOLDER, NUMBERS_INDEX, STATUS_FILE

NUMBERS_PAGE = "numbers"
"""The page of all numbers."""


def numbers_folder(env: BuildEnvironment) -> Path:
    """Return the folder of the staged sources that holds the numbers."""
    return Path(env.srcdir) / NUMBERS_FOLDER


def all_records(env: BuildEnvironment) -> dict[str, Record]:
    """Return every staged number, and have the page that asks read again when one moves."""
    env.note_dependency(str(numbers_folder(env) / NUMBERS_INDEX))
    return read_records(numbers_folder(env))


def status_file(env: BuildEnvironment) -> Path:
    """Return the file that says how each notebook ran."""
    return Path(env.srcdir) / STATUS_FILE


def status_of_pages(env: BuildEnvironment) -> dict[str, dict[str, Any]]:
    """Return how each chapter ran, by page; empty when the build has staged no status."""
    file = status_file(env)
    rows = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else []
    return {f"notebooks/{row['notebook']}": row for row in rows}
