"""Nobody listens: a full disk behind the output, a reader that has gone, no output at all."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.settings import ROOT

pytestmark = pytest.mark.integration

FULL = Path("/dev/full")


def helped(**streams):
    """Run a command that prints, without a terminal and with no variable of the user's."""
    return subprocess.run(
        [sys.executable, "-m", "analysis", "--help"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        **streams,
    )


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
def test_a_full_disk_behind_the_output_is_one_line_and_exit_code_1():
    with FULL.open("w") as full:
        run = helped(stdout=full)
    assert run.returncode == 1
    assert run.stderr.splitlines() == [
        "error: the output cannot be written: No space left on device"
    ]


def test_a_reader_that_has_gone_is_no_error_to_tell():
    reading, writing = os.pipe()
    os.close(reading)
    run = helped(stdout=writing)
    os.close(writing)
    assert (run.returncode, run.stderr) == (1, "")


def test_without_any_output_nothing_fails():
    run = helped(preexec_fn=lambda: os.close(1))
    assert (run.returncode, run.stderr) == (0, "")
