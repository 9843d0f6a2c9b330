"""The same bytes from another folder, hash seed and clock, without network and terminal."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from analysis import settings
from tests.publish.conftest import project_at

pytestmark = [pytest.mark.integration, pytest.mark.xdist_group("built")]

GUARD = '''"""Imported by every Python process of the build: refuses calls to other hosts."""

import errno
import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
OWN = {None, "", "localhost", "127.0.0.1", "::1", "0.0.0.0", b"127.0.0.1", b"localhost"}


def guard(event, arguments):
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        host = arguments[0]
    else:
        return
    if host not in OWN:
        with (HERE / "network.txt").open("a") as told:
            told.write(f"{event} {host} {sys.argv}\\n")
        raise OSError(errno.ENETUNREACH, os.strerror(errno.ENETUNREACH))


sys.addaudithook(guard)
(HERE / f"guarded-{os.getpid()}.txt").write_text(" ".join(sys.orig_argv))
'''


@pytest.fixture(scope="module")
def elsewhere(built, tmp_path_factory):
    """Build the same sources in a process that shares little with this one; return both."""
    root = tmp_path_factory.mktemp("a longer path") / "another book"
    shutil.copytree(built.root, root, ignore=shutil.ignore_patterns("_build", "__pycache__"))
    project = project_at(root)
    (project.root / "sitecustomize.py").write_text(GUARD)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(project.root / "home"),
        "PYTHONPATH": os.pathsep.join([str(project.root), str(settings.ROOT)]),
        "PYTHONHASHSEED": "4711",
        "PYTHON_CPU_COUNT": "6",
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "C",
    }
    run = subprocess.run(
        [sys.executable, "-m", "tests.publish.build_minibook", str(project.root)],
        cwd=settings.ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return project, run


def files_of(site):
    """Return the bytes of each file, without the seconds that notebooks took."""
    contents = {}
    for file in sorted(site.rglob("*")):
        if file.is_file():
            content = file.read_bytes()
            if file.suffix == ".html":
                content = re.sub(rb"\b\d+ s\b", b"N s", content)
            if file.name == "searchindex.js":
                content = re.sub(rb"(finished)\d+", rb"\1", content)
            contents[str(file.relative_to(site))] = content
    return contents


def test_every_file_of_the_site_is_the_same(built, elsewhere):
    here, there = files_of(built.site), files_of(elsewhere[0].site)
    assert here.keys() == there.keys()
    assert not [name for name in here if here[name] != there[name]]
    assert {"numbers.json", "numbers.csv", "index.html", "notebooks/chance.html"} <= here.keys()


def test_no_process_of_the_build_asked_for_another_host(elsewhere):
    root = elsewhere[0].root
    started = [file.read_text() for file in root.glob("guarded-*.txt")]
    for part in ("build_minibook", "ipykernel_launcher", "jupyter_book"):
        assert any(part in command for command in started), part
    network = root / "network.txt"
    assert not network.exists(), network.read_text()


def test_without_a_terminal_progress_is_plain_lines(elsewhere):
    lines = elsewhere[1].stdout.splitlines()
    assert lines[0].startswith("executing notebooks/")
    assert lines[-1].startswith("built: ")
    assert "\x1b" not in elsewhere[1].stdout + elsewhere[1].stderr
    assert "\r" not in elsewhere[1].stdout
