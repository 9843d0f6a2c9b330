"""Each entry of the catalogue gives what it says, and the book shows what came out."""

import os
import subprocess
import sys

import pytest

from tests.bad_inputs.cases import HEADER, OPTIONS, rows
from tests.bad_inputs.catalogue import CATALOGUE, code_span, tables
from tests.bad_inputs.run import outcome
from tests.project.source import ROOT

pytestmark = pytest.mark.integration

TABLES = ROOT / "book" / "bad_inputs"
PAGE = ROOT / "book" / "bad-inputs.md"
ENTRIES = [(group, case) for group, cases in CATALOGUE.items() for case in cases]
FEWEST = 60


@pytest.fixture(scope="module")
def found():
    """What came out of the entries that were run, by group and name."""
    return {}


@pytest.mark.parametrize(("group", "case"), ENTRIES, ids=[f"{g}: {c.name}" for g, c in ENTRIES])
def test_an_input_gives_one_clear_error_or_a_right_answer(group, case, found):
    found[group, case.name] = outcome(case)


def test_the_book_shows_what_came_out(found):
    """Written again by `python -m tests.bad_inputs`."""
    if len(found) < len(ENTRIES):
        pytest.skip("not every entry was run, or one failed")
    by_group = {
        group: [found[group, case.name] for case in cases] for group, cases in CATALOGUE.items()
    }
    written = {path.name: path.read_text("utf-8") for path in TABLES.glob("*.csv")}
    assert written == tables(by_group), "run `python -m tests.bad_inputs` and look at what changed"


def test_the_catalogue_is_as_large_as_promised_and_names_each_entry_once():
    assert len(ENTRIES) >= FEWEST
    for group, cases in CATALOGUE.items():
        assert len({case.name for case in cases}) == len(cases), group
    assert all(bool(case.says) != bool(case.answer) for _, case in ENTRIES)
    assert all(case.told for _, case in ENTRIES if case.answer)


def test_the_page_includes_every_table():
    text = PAGE.read_text("utf-8")
    assert [
        path.name for path in TABLES.glob("*.csv") if f"bad_inputs/{path.name}" not in text
    ] == []


@pytest.mark.parametrize("text", ["plain", "a `b` c", "``", "`", "<b>&amp;"])
def test_a_code_span_shows_any_text(text):
    from markdown_it import MarkdownIt

    (token,) = MarkdownIt().parseInline(code_span(text))[0].children
    assert (token.type, token.content) == ("code_inline", text)


def process(folder, name, content):
    (folder / name).write_bytes(content)
    command = [sys.executable, "-m", "analysis", "cells", name, *OPTIONS]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)


def test_a_process_says_the_same_and_ends_with_the_code(tmp_path):
    """In a terminal of plain ASCII, where a message with other letters must not fail."""
    sound = process(tmp_path, "people.csv", (HEADER + rows()).encode())
    assert (sound.returncode, sound.stderr) == (0, b"")
    bad = process(tmp_path, "people.csv", f"{HEADER}01,f,\u00a312\n".encode())
    assert (bad.returncode, bad.stdout) == (1, b"")
    assert bad.stderr.count(b"\n") == 1
    assert b"Traceback" not in bad.stderr
