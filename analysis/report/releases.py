"""The numbers of each release, as the data package `releases` keeps them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.errors import InputError
from analysis.report.numbers import Record
from analysis.report.published import PublishedNumber, numbers_of

if TYPE_CHECKING:
    import pandas as pd

PACKAGE = "releases"
"""The data package that keeps the numbers of every release."""

DIGEST_DIGITS = 16
"""Hexadecimal digits that a release keeps of a data package's digest."""


@dataclass(frozen=True)
class Reason:
    """Why numbers moved, were added or were withdrawn, as a person wrote it.

    Attributes
    ----------
    version : str
        The version in which they did.
    number : str
        An id, or a pattern of ids such as `s07.*`.
    reason : str
        A sentence.
    """

    version: str
    number: str
    reason: str


@dataclass(frozen=True)
class ReleasedNumber:
    """One number of one version: what was published, and what stood behind it."""

    number: PublishedNumber
    label: str
    code_digest: str
    data_digest: Mapping[str, str]


@dataclass(frozen=True)
class Release:
    """The numbers of one version, by id; `released` is a date, empty before the release."""

    version: str
    released: str
    numbers: Mapping[str, ReleasedNumber]


def released_text(releases: Iterable[Release], version: str, id: str) -> str:
    """Return a number as a version printed it, with its interval.

    Raises
    ------
    InputError
        When there is no such version, or it has no such number.
    """
    for release in releases:
        if release.version == version:
            if id not in release.numbers:
                raise InputError(f"version {version} has no number {id!r}.")
            return release.numbers[id].number.text
    raise InputError(f"there is no release {version!r}.")


def present_release(records: Mapping[str, Record], version: str, released: str = "") -> Release:
    """Return the numbers of this build in the form in which those of a release are kept.

    Parameters
    ----------
    records : mapping of str to Record
        By id.
    released : str
        Date of the release, ISO 8601; empty before it.
    """
    numbers = {
        name: ReleasedNumber(
            number,
            records[name].label,
            records[name].code_digest,
            {p: d[:DIGEST_DIGITS] for p, d in sorted(records[name].data_digest.items())},
        )
        for name, number in numbers_of(records).items()
    }
    return Release(version, released, numbers)


def withdrawn(
    releases: Sequence[Release], records: Mapping[str, Record]
) -> list[tuple[str, ReleasedNumber]]:
    """Return the numbers of releases that this build has no more: their addresses stay.

    Parameters
    ----------
    releases : sequence of Release
        In the order in which they were made.
    records : mapping of str to Record
        The numbers of this build, by id.

    Returns
    -------
    list of (str, ReleasedNumber)
        In the order of ids: the last version that had the number, and the number.
    """
    last = {id: (release.version, n) for release in releases for id, n in release.numbers.items()}
    return [last[id] for id in sorted(set(last) - set(records))]


def release_table(releases: Iterable[Release]) -> "pd.DataFrame":
    """Return releases as the table that is kept, one row a number, with `COLUMNS`."""
    import pandas as pd

    rows = [
        {
            "version": release.version,
            "released": release.released,
            **vars(entry.number),
            "label": entry.label,
            "code_digest": entry.code_digest,
            "data_digest": " ".join(f"{p}={d}" for p, d in entry.data_digest.items()),
        }
        for release in releases
        for entry in release.numbers.values()
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def releases_of(table: "pd.DataFrame") -> list[Release]:
    """Return the releases that a table keeps, in the order in which they were made."""
    plain = table.astype(object).where(table.notna(), None)
    numbers: dict[tuple[str, str], dict[str, ReleasedNumber]] = {}
    for row in plain.to_dict("records"):
        entry = _entry({str(field): value for field, value in row.items()})
        numbers.setdefault((row["version"], row["released"]), {})[entry.number.id] = entry
    return [Release(*version_and_date, of_it) for version_and_date, of_it in numbers.items()]


def reasons_of(table: "pd.DataFrame") -> list[Reason]:
    """Return the reasons that a table keeps."""
    return [Reason(str(r.version), str(r.number), str(r.reason)) for r in table.itertuples()]


def _entry(row: dict[str, Any]) -> ReleasedNumber:
    fields = {field: row[field] for field in PublishedNumber.__annotations__}
    data = dict(part.split("=", 1) for part in (row["data_digest"] or "").split())
    return ReleasedNumber(PublishedNumber(**fields), row["label"], row["code_digest"], data)


COLUMNS = (
    *("version", "released"),
    *PublishedNumber.__annotations__,
    *("label", "code_digest", "data_digest"),
)
"""Columns of the table of kept numbers."""
