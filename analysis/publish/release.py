"""Keep the numbers of this version as those of a release."""

from pathlib import Path

import yaml

from analysis import settings
from analysis.errors import InputError
from analysis.evidence.packaging import write_package
from analysis.publish.freshness import reasons_to_execute
from analysis.publish.project import Project
from analysis.report import provenance
from analysis.report.citations import CITATION_FILE
from analysis.report.numbers import Record, read_records
from analysis.report.releases import PACKAGE, Release, present_release, release_table


def keep_release(project: Project, folder: Path = settings.DATA / PACKAGE) -> Release:
    """Add the numbers of the executed notebooks to the kept releases; return what was added.

    Parameters
    ----------
    project : Project
        The book, executed.
    folder : Path
        The data package of releases; its descriptor is brought up to date.

    Raises
    ------
    InputError
        When this version is kept already, has no date of release, or its numbers do not stand;
        nothing is written then.
    """
    import pandas as pd

    version = provenance.package_version()
    numbers, reasons = (
        pd.read_csv(folder / f"{name}.csv", dtype={"version": str})
        for name in ("numbers", "reasons")
    )
    if version in set(numbers["version"]):
        raise InputError(
            f"version {version} is released already, and what was released does not change: "
            "raise the version in pyproject.toml."
        )
    release = present_release(_standing(project), version, _date(project, version))
    table = pd.concat([numbers, release_table([release])], ignore_index=True)
    write_package(folder, {"numbers": table, "reasons": reasons}, folder)
    return release


def _date(project: Project, version: str) -> str:
    file = project.root / CITATION_FILE
    fields = yaml.safe_load(file.read_text(encoding="utf-8")) if file.is_file() else {}
    if str(fields.get("version", "")) != version:
        raise InputError(f"{CITATION_FILE} does not name version {version}: bring it up to date.")
    if not fields.get("date-released"):
        raise InputError(
            f"{CITATION_FILE} has no date-released: write the day of the release there first."
        )
    return str(fields["date-released"])


def _standing(project: Project) -> dict[str, Record]:
    """Return the numbers, provided that every notebook's outcome still stands."""
    for notebook in project.chapters():
        reasons = reasons_to_execute(project, notebook)
        if reasons:
            raise InputError(
                f"notebooks/{notebook.name} must run again before a release ({reasons[0]}): "
                "run `make book`."
            )
    records = read_records(*project.records_folders())
    if not records:
        raise InputError("no number is recorded: there is nothing to release.")
    return records
