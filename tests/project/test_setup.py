"""`.ci/setup`, the Makefile and the marker rule, each run as a user would meet it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.integration


def run(*command: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The few files that `.ci/setup` reads, in a folder of their own."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "setup", tmp_path / ".ci" / "setup")
    locks = ("requirements.lock", "requirements-spark.lock")
    for name in (".python-version", *locks, "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def test_setup_says_what_to_do_when_no_such_python_exists(checkout: Path):
    (checkout / ".python-version").write_text("9.99\n")
    result = run(".ci/setup", cwd=checkout, UV_PYTHON_DOWNLOADS="never")
    assert result.returncode == 1
    assert "No Python 9.99 was found" in result.stderr
    assert "pyenv install 9.99" in result.stderr
    assert "uv" in result.stderr
    assert not (checkout / ".venv" / ".packages-digest").exists(), (
        "a failed run must leave no stamp"
    )


def test_setup_does_nothing_when_nothing_changed():
    if not (ROOT / ".venv" / ".packages-digest").exists():
        pytest.skip("this Python is not the one that `make` set up")
    before = (ROOT / ".venv" / ".packages-digest").stat().st_mtime_ns
    result = run(".ci/setup")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    assert (ROOT / ".venv" / ".packages-digest").stat().st_mtime_ns == before


def test_make_help_lists_targets_that_make_knows():
    listed = run("make", "--no-print-directory", "help").stdout
    targets = {line.split()[0] for line in listed.splitlines()}
    assert {"book", "test", "lint", "serve", "bench", "clean", "lock", "spark"} <= targets
    for target in targets:
        assert run("make", "--dry-run", target).returncode == 0, target


def test_make_without_a_target_shows_the_list():
    assert run("make", "--no-print-directory").stdout.startswith("help")


SCRIPTS = sorted(path.name for path in (ROOT / ".ci").iterdir() if path.is_file())


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_parse_and_are_executable(script: str):
    path = ROOT / ".ci" / script
    assert os.access(path, os.X_OK)
    if "bash" in path.read_text().splitlines()[0]:
        assert run("bash", "-n", str(path)).returncode == 0
    else:
        compile(path.read_text(), script, "exec")


def test_ci_runs_every_step_where_nothing_may_be_skipped(tmp_path: Path):
    """Run as it is, on a machine that lacks nothing and whose commands note that they ran."""
    notes = tmp_path / "notes.txt"
    for name, does in {
        "make": f'echo "CI=$CI make $*" >>"{notes}"',
        "dpkg-query": "echo install ok installed",
        "uv": "",
        "java": "",
    }.items():
        command = tmp_path / name
        command.write_text(f"#!/bin/sh\n{does}\n")
        command.chmod(0o755)
    result = run(".ci/run", PATH=f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert result.returncode == 0, result.stderr
    steps = ["book", "spark", "test"]
    assert notes.read_text().splitlines() == [f"CI=true make {step}" for step in steps]


def test_every_test_must_say_its_size(tmp_path: Path):
    marks_by_test = {"none": [], "two": ["unit", "slow"], "one": ["unit", "browser"]}
    files = {
        name: "import pytest\n\n"
        + "".join(f"@pytest.mark.{mark}\n" for mark in marks)
        + f"def test_{name}(): pass\n"
        for name, marks in marks_by_test.items()
    }
    result = run_tests(tmp_path, files, "-n", "1", "--continue-on-collection-errors")
    assert result.returncode == 1
    said = result.stdout + result.stderr
    assert "test_none: has none" in said
    assert "test_two: has slow and unit" in said
    assert "test_one: has" not in said


TESTS_THAT_SHARE = """
import os, pathlib, time

import pytest

pytestmark = [pytest.mark.unit, *MARKS]

@pytest.fixture(scope="module", params="abcdefgh")
def fit(request):
    with pathlib.Path(f"{__name__}.txt").open("a") as notes:
        notes.write(f"{request.param} {os.environ['PYTEST_XDIST_WORKER']}\\n")
    time.sleep(SECONDS)

def test_one(fit): pass

def test_another(fit): pass
"""


def test_tests_that_share_a_fit_run_where_it_is_made(tmp_path: Path):
    files = {
        "shared": TESTS_THAT_SHARE.replace("*MARKS", "").replace("SECONDS", "0"),
        "spread": TESTS_THAT_SHARE.replace("*MARKS", "pytest.mark.spread").replace("SECONDS", "1"),
    }
    result = run_tests(tmp_path, files, "-n", "2", "--dist", "loadgroup")
    assert "32 passed" in result.stdout
    for name, workers in {"shared": 1, "spread": 2}.items():
        (notes,) = tmp_path.glob(f"*{name}.txt")
        fits = [line.split() for line in notes.read_text().splitlines()]
        assert sorted(parameter for parameter, _ in fits) == list("abcdefgh")
        assert len({worker for _, worker in fits}) == workers


def run_tests(
    folder: Path, texts_by_name: dict[str, str], *options: str
) -> subprocess.CompletedProcess[str]:
    """Run files of tests in a folder of their own, under this project's settings."""
    shutil.copy(ROOT / "tests" / "conftest.py", folder / "conftest.py")
    shutil.copy(ROOT / "pyproject.toml", folder / "pyproject.toml")
    (folder / "tests").mkdir()
    for name, text in texts_by_name.items():
        (folder / "tests" / f"test_{name}.py").write_text(text)
    command = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options)
    return run(*command, cwd=folder)
