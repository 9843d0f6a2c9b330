"""A book of two notebooks, built once, and copies of it to change."""

import shutil
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


@pytest.fixture
def changeable(built, tmp_path):
    """Return a copy of the built book, to change."""
    shutil.copytree(built.root, tmp_path / "book")
    return project_at(tmp_path / "book")
