"""A book of two notebooks, built once, and copies of it to change."""

import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.console import Console

from analysis import settings
from analysis.publish.book import build_book
from analysis.publish.project import Project

MINIBOOK = Path(__file__).parent / "minibook"


def project_at(root):
    """Return the project of a copy of the small book."""
    packages = {"toy": root, "analysis": settings.ROOT}
    return Project(root=root, build=root / "_build", packages=packages, fits=None)


def copy_of_minibook(root):
    """Copy the small book, with this checkout's configuration and theme."""
    shutil.copytree(MINIBOOK, root)
    for name in ("_config.yml", "requirements.lock"):
        shutil.copy(settings.ROOT / name, root / name)
    shutil.copytree(settings.ROOT / "book" / "_static", root / "book" / "_static")
    return project_at(root)


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """Return the small book, built; not to be changed."""
    project = copy_of_minibook(tmp_path_factory.mktemp("built") / "book")
    build_book(project, console=Console(quiet=True))
    return project


@dataclass(frozen=True)
class Resumed:
    """A build that was killed after its first notebook, and built again in the same place.

    Attributes
    ----------
    had_site : bool
        Whether the killed build had published anything.
    finished : list of str
        Notebooks that the killed build had finished.
    told : str
        What the second build printed.
    numbers : bytes
        The numbers that it published.
    unfinished : list of Path
        Outcomes that were begun and not finished.
    """

    project: Project
    had_site: bool
    finished: list[str]
    told: str
    numbers: bytes
    unfinished: list[Path]


@pytest.fixture(scope="session")
def resumed(tmp_path_factory):
    """Kill a build, build again; tests may then change its sources and build it there."""
    project = copy_of_minibook(tmp_path_factory.mktemp("resumed") / "book")
    command = [sys.executable, "-m", "tests.publish.build_minibook", str(project.root)]
    options = {"cwd": settings.ROOT, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **options) as build:
        for line in build.stdout:
            if line.startswith("executed"):
                build.send_signal(signal.SIGKILL)
                break
    had_site = project.site.exists()
    finished = [f.parent.name for f in project.executed.glob("[!.]*/identity.json")]
    told = subprocess.run(command, **options, check=True).stdout
    numbers = (project.site / "numbers.json").read_bytes()
    return Resumed(project, had_site, finished, told, numbers, [*project.executed.glob(".*")])


@pytest.fixture
def changeable(built, tmp_path):
    """Return a copy of the built book, to change."""
    shutil.copytree(built.root, tmp_path / "book")
    return project_at(tmp_path / "book")
