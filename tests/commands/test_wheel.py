"""The wheel: commands on a reader's own data, outside a checkout, with the packages it asks for."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import matplotlib
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from analysis.cli import app

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow

OF_THE_BOOK = ("book", "briefings", "fits", "numbers", "release", "serve", "verify")
"""Commands that need a checkout; each says so in one line."""


def closure(requirements):
    """Return the distributions that an installer would put in for some requirements."""
    found, waiting = {}, [(Requirement(text), "") for text in requirements]
    while waiting:
        requirement, extra = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        asked = {"", *requirement.extras}
        seen = found.setdefault(canonicalize_name(requirement.name), set())
        for new in asked - seen:
            needs = metadata.requires(requirement.name) or []
            waiting += [(Requirement(text), new) for text in needs]
        seen |= asked
    return sorted(found)


def lay_out(names, folder):
    """Fill a folder with the files of some distributions, and of no others."""
    folder.mkdir()
    for name in names:
        distribution = metadata.distribution(name)
        for top in {file.parts[0] for file in distribution.files} - {"..", "__pycache__"}:
            if not (folder / top).exists():
                (folder / top).symlink_to(distribution.locate_file(top))


def build(folder):
    """Build the wheel from a copy: building leaves files behind, and would find older ones."""
    source = folder / "source"
    source.mkdir()
    for name in ("pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    for name in ("analysis", "data"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    options = ("--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", str(folder))
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", *options, str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The wheel in an environment of its own, which sees only the packages that it asks for."""
    folder = tmp_path_factory.mktemp("wheel")
    wheel = build(folder)
    venv.create(folder / "environment", with_pip=False)
    python = folder / "environment" / "bin" / "python"
    if not python.exists():
        pytest.skip("this system lays out an environment in another way")
    options = ("--quiet", "--no-deps", "--no-index", "--disable-pip-version-check")
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", str(python), "install", *options, str(wheel)],
        check=True,
    )
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    lay_out(closure(declared), folder / "packages")
    (site,) = (folder / "environment" / "lib").glob("python*/site-packages")
    (site / "packages.pth").write_text(f"{folder / 'packages'}\n")
    (folder / "empty").mkdir()

    def run(*arguments):
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "TENS"))}
        # Of all that is kept at home only the list of fonts: looking for them takes ten seconds.
        environment["MPLCONFIGDIR"] = matplotlib.get_cachedir()
        return subprocess.run(
            [str(python.with_name("tensuggestions")), *arguments],
            cwd=folder / "empty",
            env={**environment, "HOME": str(folder / "home"), "XDG_CACHE_HOME": str(folder / "c")},
            capture_output=True,
            text=True,
            check=False,
        )

    return SimpleNamespace(
        wheel=wheel, run=run, empty=folder / "empty", packages=folder / "packages"
    )


def test_an_answer_is_found_in_an_empty_folder(installed):
    for command in (
        "example people.csv --people 5000",
        "cells people.csv --by age,sex --cost cost --out cells.parquet",
        # The report puts the book's own evidence beside the answer: it reads the tables.
        "report cells.parquet --out report.html",
    ):
        done = installed.run(*command.split())
        assert done.returncode == 0, done.stderr
    report = (installed.empty / "report.html").read_text(encoding="utf-8")
    assert "RAND" in report
    assert (installed.empty / "report.pdf").read_bytes().startswith(b"%PDF")


def test_the_packages_of_the_book_were_not_there(installed):
    assert (installed.packages / "pandas").is_dir()
    for name in ("pymc", "sphinx", "jupyter_book", "playwright", "pytest"):
        assert not (installed.packages / name).exists(), name


@pytest.mark.parametrize("command", OF_THE_BOOK)
def test_a_command_of_the_book_says_that_it_needs_a_checkout(command, installed):
    done = installed.run(command)
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(rf"error: `{command}` works on the book, which .*\n", done.stderr)


def test_every_command_is_of_the_one_kind_or_the_other():
    names = {c.name or c.callback.__name__ for c in app.registered_commands}
    own = {
        "example", "describe", "people", "cells", "fit", "size", "stop-loss", "expected", "report",
        "runoff", "forecast", "groups", "mature",
    }  # fmt: skip
    assert names == own | set(OF_THE_BOOK)


def test_the_wheel_holds_every_table_with_its_source_and_no_script_that_derives_it(installed):
    held = set(zipfile.ZipFile(installed.wheel).namelist())
    packages = [file.parent for file in (ROOT / "data").glob("*/datapackage.json")]
    for package in packages:
        for file in package.iterdir():
            if file.suffix in {".csv", ".parquet", ".json", ".md"}:
                assert f"analysis/frozen/{package.name}/{file.name}" in held
    assert not [name for name in held if name.startswith("analysis/frozen") and ".py" in name]
    assert not [name for name in held if name.startswith(("tests/", "data/"))]
