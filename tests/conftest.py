"""What every test shares: the rule of one size marker, and the folder of raw files."""

import os
from collections.abc import Generator
from pathlib import Path

import numpy as np
import pytest

from analysis.report import numbers

ROOT = Path(__file__).resolve().parents[1]
SIZES = ("unit", "integration", "slow")


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Make a test that does not say its size, with exactly one marker, a collection error."""
    report = yield
    wrong = [
        f"{item.nodeid}: has {' and '.join(found) or 'none'}"
        for item in report.result
        if isinstance(item, pytest.Item)
        and len(found := sorted({marker.name for marker in item.iter_markers()} & set(SIZES))) != 1
    ]
    if wrong:
        report.outcome = "failed"
        report.longrepr = "\n  ".join(
            [f"Every test carries exactly one of the markers {', '.join(SIZES)}:", *wrong]
        )
        report.result = []
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a file on one worker, where they share fits, unless it is marked `spread`.

    Of a spread file the tests of one parameter stay together: they share at most what it names.
    Files that share what is dear name the group themselves (`xdist_group`).
    """
    for item in items:
        if item.get_closest_marker("xdist_group"):
            continue
        file, _, test = item.nodeid.partition("::")
        spread = item.get_closest_marker("spread")
        # Without the last bracket, behind which xdist would not look for a group.
        parameter = test.partition("[")[2].rstrip("]")
        name = f"{file} {parameter or test}" if spread else file
        item.add_marker(pytest.mark.xdist_group(name))


@pytest.fixture(scope="session")
def raw_folder() -> Path:
    """Folder of the raw files that the frozen tables were derived from; skips where it is absent.

    It is named by the variable TENSUGGESTIONS_RAW, else `shared/data` beside the checkout.
    """
    named = os.environ.get("TENSUGGESTIONS_RAW")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    if named and not folder.is_dir():
        pytest.fail(f"TENSUGGESTIONS_RAW names {folder}, which is not a folder")
    if not folder.is_dir():
        pytest.skip("no raw files here: set TENSUGGESTIONS_RAW to derive the tables again")
    return folder


@pytest.fixture
def records(tmp_path, monkeypatch):
    """Record into a folder of the test's own, as a notebook of a build does."""
    monkeypatch.setenv(numbers.RECORDS_VARIABLE, str(tmp_path))
    monkeypatch.setenv(numbers.PAGE_VARIABLE, "notebooks/toy")
    return tmp_path


@pytest.fixture
def draws():
    """Draws of a probability near 8%, as a sampler returns them: chain by draw."""
    return np.random.default_rng(1).beta(80, 920, size=(4, 1000))


@pytest.fixture
def fields():
    """Return the fields every record needs."""
    return {
        "label": "Chance of a toy event",
        "unit": "probability",
        "estimand": "Probability of the toy event in one year.",
        "grade": "estimated",
    }
