"""The forecasts, as a file for whoever will score them."""

from pathlib import Path

from analysis.files import write_atomically
from analysis.publish.errors import BuildError
from analysis.publish.products.finished import Finished
from analysis.publish.project import Project
from analysis.report import forecasts


def forecast_file(finished: Finished) -> None:
    """Put in the forecasts, for whoever will score them."""
    for file in forecast_files(finished.project):
        write_atomically(finished.site / "forecasts.json", file.read_bytes())


def forecast_files(project: Project) -> list[Path]:
    """Return the forecasts that a page has made: one file, or none.

    Raises
    ------
    BuildError
        When two pages have made forecasts.
    """
    places = [folder / forecasts.FILE for folder in project.records_folders()]
    files = [file for file in places if file.is_file()]
    if len(files) > 1:
        pages = " and ".join(file.parents[1].name for file in files)
        raise BuildError(f"forecasts are made on more than one page, {pages}: keep one.")
    return files
