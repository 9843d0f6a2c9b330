"""What every test shares: the rule of one size marker, and the folder of raw files."""

import os
from collections.abc import Generator
from pathlib import Path

import pytest

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
