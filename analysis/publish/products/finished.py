"""A site whose pages are built, before it is put in place: what every product gets."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.publish.project import Project
from analysis.report.numbers import Record


@dataclass(frozen=True)
class Finished:
    """A site whose pages are built, before it is put in place.

    Attributes
    ----------
    site : Path
        The folder with the pages, which products may change.
    records : mapping of str to Record
        Every number, by id.
    """

    project: Project
    site: Path
    records: Mapping[str, Record]
