"""The small book, built once where it stays, for tests that build it again."""

import pytest
from rich.console import Console

from analysis.publish.book import build_book
from tests.publish.conftest import copy_of_minibook


@pytest.fixture(scope="session")
def bench(tmp_path_factory):
    """Return the small book, built; tests may change its sources and build it again."""
    project = copy_of_minibook(tmp_path_factory.mktemp("bench") / "book")
    build_book(project, console=Console(quiet=True))
    return project
