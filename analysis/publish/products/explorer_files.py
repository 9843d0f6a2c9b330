"""The tables of the explorers, put into the site: for the page, and as CSV for readers."""

from analysis.files import write_atomically
from analysis.publish.products.finished import Finished
from analysis.report import explorers
from analysis.report.explorer_csv import explorer_csv

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
