"""What the site offers beside its pages: files made from the numbers and from the finished pages.

Each product is one function, which puts its files into the copy of the site that is about to be
published. They run in the order of `PRODUCTS`: one that reads the pages of the site must come
after those that change them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.publish.claims_files import claims_files
from analysis.publish.documents import documents
from analysis.publish.errors import BuildError
from analysis.publish.explorer_files import explorer_files
from analysis.publish.numbers_file import number_files
from analysis.publish.open_graph import preview_cards
from analysis.publish.project import Project
from analysis.publish.redirects import redirects
from analysis.publish.security_policy import security_policies
from analysis.report import forecasts
from analysis.report.files import write_atomically
from analysis.report.numbers import Record


@dataclass(frozen=True)
class Finished:
    """A site whose pages are built, before it is put in place.

    Parameters
    ----------
    project : Project
        The book.
    site : Path
        The folder with the pages, which products may change.
    records : mapping of str to Record
        Every number, by id.
    """

    project: Project
    site: Path
    records: Mapping[str, Record]


def add_products(finished: Finished) -> None:
    """Put every product into a finished site."""
    for product in PRODUCTS:
        product(finished)


def forecast_file(finished: Finished) -> None:
    """Put in the forecasts, for whoever will score them."""
    for file in forecast_files(finished.project):
        write_atomically(finished.site / "forecasts.json", file.read_bytes())


def forecast_files(project: Project) -> list[Path]:
    """Return the forecasts that a page has made: one file, or none.

    Parameters
    ----------
    project : Project

    Returns
    -------
    list of Path

    Raises
    ------
    BuildError
        When two pages have made forecasts.
    """
    found = [folder / forecasts.FILE for folder in project.records_folders()]
    found = [file for file in found if file.is_file()]
    if len(found) > 1:
        pages = " and ".join(file.parents[1].name for file in found)
        raise BuildError(f"forecasts are made on more than one page, {pages}: keep one.")
    return found


PRODUCTS: tuple[Callable[[Finished], None], ...] = (
    number_files,
    claims_files,
    forecast_file,
    redirects,
    preview_cards,
    explorer_files,
    documents,
    security_policies,  # the last: it hashes what the pages hold
)
"""In the order in which they run."""
