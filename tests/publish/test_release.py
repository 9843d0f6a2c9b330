"""A release is kept once, whole, with a date, and only of numbers that stand."""

import json
import runpy
import shutil

import pandas as pd
import pytest

from analysis import settings
from analysis.errors import InputError
from analysis.evidence.errors import EvidenceError
from analysis.evidence.packaging import csv_bytes
from analysis.publish.project import Project
from analysis.publish.release import keep_release
from analysis.report import provenance
from analysis.report.numbers import read_records
from analysis.report.releases import present_release, releases_of

VERSION = provenance.package_version()


@pytest.fixture
def package(tmp_path):
    """Return a copy of the package of releases, emptied."""
    folder = tmp_path / "releases"
    shutil.copytree(settings.DATA / "releases", folder)
    for name in ("numbers", "reasons"):
        file = folder / f"{name}.csv"
        file.write_text(file.read_text().splitlines()[0] + "\n")
    return folder


@pytest.fixture
def dated(changeable):
    """Return the small book on the day of a release."""
    citation = changeable.root / "CITATION.cff"
    citation.write_text(f"version: {VERSION}\ndate-released: 2027-01-05\n")
    return changeable


def content(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.mark.integration
def test_a_release_keeps_every_number_and_happens_once(dated, package):
    added = keep_release(dated, package)
    table = pd.read_csv(package / "numbers.csv", keep_default_na=False, na_values=[""])
    (release,) = releases_of(table)
    now = present_release(read_records(*dated.records_folders()), VERSION, "2027-01-05")
    assert set(release.numbers) == set(now.numbers) == {"toy.chance", "toy.exact"}
    assert release.numbers["toy.chance"].number.text == now.numbers["toy.chance"].number.text
    assert release.released == added.released == "2027-01-05"
    (numbers, _) = json.loads((package / "datapackage.json").read_text())["resources"]
    assert numbers["rows"] == 2
    before = content(package)
    with pytest.raises(InputError, match=f"version {VERSION} is released already"):
        keep_release(dated, package)
    assert content(package) == before


@pytest.mark.integration
@pytest.mark.parametrize(
    ("citation", "message"),
    [
        (f"version: {VERSION}\n", "has no date-released"),
        ("version: 99.0.0\ndate-released: 2027-01-05\n", f"does not name version {VERSION}"),
    ],
)
def test_a_version_without_its_date_is_refused(dated, package, citation, message):
    (dated.root / "CITATION.cff").write_text(citation)
    before = content(package)
    with pytest.raises(InputError, match=message):
        keep_release(dated, package)
    assert content(package) == before


@pytest.mark.integration
def test_numbers_that_no_longer_stand_are_refused(dated, package):
    module = dated.root / "toy" / "model.py"
    module.write_text(module.read_text() + "\nCHANGED = True\n")
    with pytest.raises(InputError, match=r"chance\.md must run again.*module toy\.model changed"):
        keep_release(dated, package)


@pytest.mark.unit
def test_a_book_without_numbers_is_refused(tmp_path, package):
    (tmp_path / "CITATION.cff").write_text(f"version: {VERSION}\ndate-released: 2027-01-05\n")
    with pytest.raises(InputError, match="no number is recorded"):
        keep_release(Project(root=tmp_path, build=tmp_path), package)


HEADER = "version,id\n"
REASON = "version,number,reason\n{},{},Because.\n"


@pytest.mark.unit
@pytest.mark.parametrize(
    ("numbers", "reasons", "message"),
    [
        ("1.0.0,toy.a\n1.0.0,toy.a\n", REASON.format("1.0.0", "toy.a"), "toy.a twice in version"),
        ("1.0.0,toy.a\n", REASON.format("1.0.0", "toy.b*"), r"'toy.b\*' of version 1.0.0 fits no"),
    ],
)
def test_what_is_kept_is_checked_when_reasons_are_taken_up(tmp_path, numbers, reasons, message):
    derive = runpy.run_path(str(settings.DATA / "releases" / "derive.py"))["derive"]
    (tmp_path / "numbers.csv").write_text(HEADER + numbers)
    (tmp_path / "reasons.csv").write_text(reasons)
    with pytest.raises(EvidenceError, match=message):
        derive(tmp_path)
    # The coming version's reasons may name numbers that no release has.
    (tmp_path / "numbers.csv").write_text(HEADER + "1.0.0,toy.a\n")
    (tmp_path / "reasons.csv").write_text(REASON.format("2.0.0", "toy.new"))
    assert len(derive(tmp_path)["reasons"]) == 1


@pytest.mark.unit
def test_the_kept_package_is_as_derived():
    derive = runpy.run_path(str(settings.DATA / "releases" / "derive.py"))["derive"]
    folder = settings.DATA / "releases"
    for name, frame in derive(None).items():
        assert csv_bytes(frame) == (folder / f"{name}.csv").read_bytes()


@pytest.mark.unit
def test_this_project_has_not_been_released_by_accident():
    """The page of what moved must not speak of a release that never was."""
    released = pd.read_csv(settings.DATA / "releases" / "numbers.csv", dtype=str)
    changelog = (settings.ROOT / "CHANGELOG.md").read_text()
    for version in released["version"].unique():
        assert f"## [{version}] - 2" in changelog, f"{version} has no date in the changelog"
