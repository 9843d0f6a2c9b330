"""A clock that was set back or forward decides neither what runs nor what is published."""

import json
import os
import time

import pytest
from rich.console import Console

from analysis.files import write_if_changed
from analysis.publish import staging
from analysis.publish.book import build_book
from analysis.publish.freshness import reasons_to_execute

pytestmark = [pytest.mark.integration, pytest.mark.xdist_group("built")]


@pytest.fixture
def bench(resumed):
    """The small book, built where it stands."""
    return resumed.project


DAY = 86_400_000_000_000
PAST, FUTURE = 978_307_200_000_000_000, time.time_ns() + 3650 * DAY


def build(project):
    build_book(project, console=Console(quiet=True))


def set_times(folder, moment):
    for file in folder.rglob("*"):
        if file.is_file() and "_build" not in file.parts:
            os.utime(file, ns=(moment, moment))


def reasons(project):
    return {notebook.stem: reasons_to_execute(project, notebook) for notebook in project.chapters()}


@pytest.mark.parametrize("moment", [PAST, FUTURE], ids=["past", "future"])
def test_what_runs_again_depends_on_content_alone(bench, moment):
    set_times(bench.root, moment)
    assert reasons(bench) == {"chance": [], "plain": []}
    module = bench.root / "toy" / "model.py"
    before = module.read_text()
    module.write_text(before + "\nCHANGED = True\n")
    set_times(bench.root, moment)
    assert reasons(bench) == {"chance": ["module toy.model changed"], "plain": []}
    module.write_text(before)


def test_a_clock_set_back_does_not_publish_an_old_page(bench, monkeypatch):
    """Sphinx compares times: what is written at an earlier hour looks as old as the last build.

    Two builds follow each other, a page changes in the first and a number of another page in the
    second: the times that Sphinx has noted for what the first left alone are still the later ones.
    """

    def written_long_ago(file, content):
        changed = write_if_changed(file, content)
        if changed:
            os.utime(file, ns=(PAST, PAST))
        return changed

    monkeypatch.setattr(staging, "write_if_changed", written_long_ago)
    index = bench.book / "index.md"
    index.write_text(index.read_text() + "\nWritten before the clock was set back.\n")
    build(bench)
    assert "before the clock was set back" in (bench.site / "index.html").read_text()

    record = bench.executed / "chance" / "records" / "toy.chance.json"
    fields = json.loads(record.read_text())
    record.write_text(json.dumps(fields | {"value_text": "77.7%"}))
    build(bench)
    assert ">77.7%</a>" in (bench.site / "index.html").read_text()
