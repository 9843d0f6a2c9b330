"""Run an entry of the catalogue in a folder of its own, and see what came out."""

import json
import os
import re
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from typer.testing import CliRunner

from analysis.cli import app
from tests.bad_inputs.cases import Case

NOBODY = 65534
"""A user without rights."""

MOST_LINES = 2
MOST_CHARACTERS = 2_200


@dataclass(frozen=True)
class Outcome:
    """What a command did: its exit code, and what it said or what the reader learns."""

    code: int
    text: str


def outcome(case: Case) -> Outcome:
    """Run one entry, and check everything that the catalogue promises of all of them."""
    with TemporaryDirectory() as name, chdir(name), told_width():
        folder = Path(name)
        folder.chmod(0o777)
        argument = case.make(folder)
        before = listed(folder)
        with rights_of_a_stranger(case.as_a_stranger):
            result = CliRunner().invoke(
                app, [case.command, argument, *case.options], env=case.environment
            )
        assert isinstance(result.exception, SystemExit | None), repr(result.exception)
        if case.answer is not None:
            assert (result.exit_code, result.stderr) == (0, ""), result.stderr
            case.answer(json.loads(result.stdout), folder)
            return Outcome(0, case.told)
        check_refusal(case, result.exit_code, result.stdout, result.stderr)
        assert listed(folder) == before, "something was written"
        assert name not in result.stderr, "the folder of this machine is named"
        return Outcome(result.exit_code, told(result.stderr))


def check_refusal(case, code, out, err):
    assert code == case.code, err
    assert out == "", "an error belongs on standard error"
    assert re.search(case.says, told(err)), err
    assert "Traceback" not in err
    assert len(err) <= MOST_CHARACTERS
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", err), (
        "it acts on a terminal"
    )
    if code == 1:
        assert err.startswith("error: ")
        assert err.count("\n") <= MOST_LINES


def told(error: str) -> str:
    """The message on one line, without the frame that usage errors have."""
    lines = [line.strip("│╭╮╰╯─ ") for line in error.splitlines()]
    lines = [line for line in lines if line and not line.startswith(("Usage:", "Try ", "Error"))]
    return " ".join(" ".join(lines).split())


def listed(folder: Path) -> dict[str, tuple[int, int]]:
    """Everything in a folder, with size and time of change; nothing is opened."""
    return {
        str(path.relative_to(folder)): (path.lstat().st_size, path.lstat().st_mtime_ns)
        for path in folder.rglob("*")
    }


@contextmanager
def told_width() -> Iterator[None]:
    """Frames of usage errors are as wide as the terminal, which differs between machines."""
    before = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = "400"
    try:
        yield
    finally:
        os.environ.pop("COLUMNS") if before is None else os.environ.update(COLUMNS=before)


@contextmanager
def rights_of_a_stranger(wanted: bool) -> Iterator[None]:
    """Root may read everything: give its rights up for a moment."""
    lower = wanted and os.geteuid() == 0
    if lower:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if lower:
            os.seteuid(0)
