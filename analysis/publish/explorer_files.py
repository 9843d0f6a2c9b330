"""The tables of the explorers, put into the site: for the page, and as CSV for readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.report import explorers
from analysis.report.explorer_csv import explorer_csv
from analysis.report.files import write_atomically

if TYPE_CHECKING:
    from analysis.publish.products import Finished

FOLDER = "explorers"
"""Of the site."""


def explorer_files(finished: Finished) -> None:
    """Put in the tables of every explorer that a chapter has made.

    Parameters
    ----------
    finished : Finished
        The site and where its numbers are.
    """
    for records in finished.project.records_folders():
        for file in sorted(records.glob(f"{explorers.PREFIX}*.json")):
            name = file.stem.removeprefix(explorers.PREFIX)
            text = file.read_text(encoding="utf-8")
            folder = finished.site / FOLDER
            write_atomically(folder / f"{name}.json", text)
            write_atomically(folder / f"{name}.csv", explorer_csv(text))
