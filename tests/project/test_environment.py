"""The lock, environment.yml and pyproject.toml must say the same, each read by its own parser."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.unit

Pins = dict[str, tuple[str, str]]


def pins(requirements: list[str]) -> Pins:
    """Map each name to its version and marker; every requirement must be one exact pin."""
    found: Pins = {}
    for text in requirements:
        requirement = Requirement(text)
        (specifier,) = requirement.specifier
        name = canonicalize_name(requirement.name)
        assert specifier.operator == "==", f"{text} is not an exact pin"
        assert requirement.url is None, f"{text} names an address"
        assert name not in found, f"{name} is pinned twice"
        found[name] = (specifier.version, str(requirement.marker or ""))
    return found


LOCKS = ("requirements.lock", "requirements-spark.lock")


def lock_entries(lock: str) -> list[str]:
    """Logical lines of a lock: a requirement followed by its hashes, comments dropped."""
    text = (ROOT / lock).read_text()
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    return [entry for entry in "\n".join(lines).replace("\\\n", " ").splitlines() if entry.strip()]


def locked_pins(lock: str) -> Pins:
    return pins([entry.split("--hash=")[0].strip() for entry in lock_entries(lock)])


@pytest.fixture(scope="module")
def locked() -> Pins:
    return locked_pins("requirements.lock")


@pytest.fixture(scope="module")
def conda() -> dict:
    return yaml.safe_load((ROOT / "environment.yml").read_text())


@pytest.fixture(scope="module")
def binder() -> dict:
    return yaml.safe_load((ROOT / ".binder" / "environment.yml").read_text())


@pytest.fixture(scope="module")
def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def test_environment_yml_has_exactly_the_pins_of_the_lock(locked, conda):
    (pip,) = [entry["pip"] for entry in conda["dependencies"] if isinstance(entry, dict)]
    assert pip[-1] == "-e .", "the project itself comes last"
    assert pins(pip[:-1]) == locked


LEFT_TO_BINDER = {"cffconvert", "frictionless", "jsonschema", "pyrsistent"}
"""Its server needs a newer jsonschema than two tools of the tests do, in the same environment."""


def test_binder_has_the_pins_of_the_lock_that_leave_its_server_alone(locked, binder):
    (pip,) = [entry["pip"] for entry in binder["dependencies"] if isinstance(entry, dict)]
    assert pip[-1] == "-e ..", "the project itself comes last, as seen from the file"
    assert pins(pip[:-1]) == {k: v for k, v in locked.items() if k not in LEFT_TO_BINDER}


def test_nothing_that_the_book_needs_is_left_to_binder(project):
    """Of what Binder's server brings in its own version, none is a dependency of the book."""
    asked = project["dependencies"] + project["optional-dependencies"]["book"]
    assert not {canonicalize_name(Requirement(text).name) for text in asked} & LEFT_TO_BINDER


def test_binder_finds_no_second_description(binder):
    """Once the folder is there, Binder reads nothing else: no other file there adds to it."""
    assert [file.name for file in (ROOT / ".binder").iterdir()] == ["environment.yml"]
    assert binder["channels"] == ["conda-forge", "nodefaults"]


def test_python_version_is_the_same_everywhere(conda, binder, project):
    version = (ROOT / ".python-version").read_text().strip()
    assert f"python={version}" in conda["dependencies"]
    assert f"python={version}" in binder["dependencies"]
    assert SpecifierSet(project["requires-python"]).contains(f"{version}.0")
    assert not SpecifierSet(project["requires-python"]).contains("3.12.9")


@pytest.mark.parametrize(("lock", "fewest"), [(LOCKS[0], 100), (LOCKS[1], 2)])
def test_every_pin_has_a_hash(lock, fewest):
    entries = lock_entries(lock)
    assert not [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry]
    assert len(locked_pins(lock)) == len(entries) >= fewest


def test_the_lock_names_no_address():
    for file in (*LOCKS, "environment.yml", ".binder/environment.yml"):
        text = (ROOT / file).read_text()
        assert not re.findall(r"https?://|file:|--(?:extra-)?index-url|--find-links", text), file


def check_satisfied(declared: list[str], locked: Pins) -> None:
    for text in declared:
        requirement = Requirement(text)
        name = canonicalize_name(requirement.name)
        assert name in locked, f"{name} is declared but not locked: run `make lock`"
        version = Version(locked[name][0])
        assert version in requirement.specifier, f"{text}, but locked at {version}: run `make lock`"


def test_every_declared_dependency_is_satisfied_by_the_lock(locked, project):
    extras = project["optional-dependencies"]
    check_satisfied(project["dependencies"] + extras["book"] + extras["dev"], locked)


def test_the_lock_of_spark_adds_to_the_other_and_changes_no_pin_of_it(locked, project):
    added = locked_pins("requirements-spark.lock")
    assert not added.keys() & locked.keys()
    assert "pyspark" in added
    check_satisfied(project["optional-dependencies"]["spark"], locked | added)


def test_jupyter_book_stays_on_version_one(locked):
    assert Version("1") <= Version(locked["jupyter-book"][0]) < Version("2")
