"""Real processes, really killed: nothing of theirs goes on, and what they held is free."""

import asyncio
import signal
import subprocess
import sys
import time
from types import SimpleNamespace

import psutil
import pytest

from analysis import settings
from analysis.publish.book import only_build
from analysis.publish.errors import BuildError
from analysis.publish.kernels import running_kernel
from tests.publish.conftest import copy_of_minibook

PATIENCE_SECONDS = 120

SLEEPER = """# Plain

```{code-cell} ipython3
import os
import time
from pathlib import Path

Path("kernel.pid").write_text(str(os.getpid()))
time.sleep(600)
```
"""


def wait_until(holds, what):
    """Wait for something that takes a second, or a minute where other work goes before."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.1)


def ended(process):
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


@pytest.mark.integration
def test_a_killed_build_leaves_no_kernel_and_no_lock(tmp_path):
    """The kernel is in the middle of a cell; the next build need not wait for it."""
    project = copy_of_minibook(tmp_path / "book")
    (project.notebooks / "plain.md").write_text(SLEEPER)
    command = [sys.executable, "-m", "tests.publish.build_minibook", str(project.root)]
    told = project.root / "kernel.pid"
    with subprocess.Popen(command, cwd=settings.ROOT, stdout=subprocess.DEVNULL) as build:
        wait_until(lambda: told.is_file() and told.read_text(), "the kernel starts")
        kernel = psutil.Process(int(told.read_text()))
        build.send_signal(signal.SIGKILL)
    with only_build(project.build):
        pass
    wait_until(lambda: ended(kernel), "the kernel of a killed build ends")
    assert not (project.executed / "plain").exists()


@pytest.mark.integration
def test_a_killed_build_leaves_no_jupyter_book_at_work():
    """It would write pages into the folder that the next build has begun to use."""
    code = (
        "import os, subprocess, sys, time\n"
        "child = 'import os, time; from analysis.publish.jupyter_book import end_with;'\n"
        "child += 'end_with(int(os.environ[\"PARENT\"])); time.sleep(600)'\n"
        "env = os.environ | {'PARENT': str(os.getpid())}\n"
        "print(subprocess.Popen([sys.executable, '-c', child], env=env).pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as build:
        child = psutil.Process(int(build.stdout.readline()))
        time.sleep(1)
        assert not ended(child), "it ends with its parent and not before"
        build.send_signal(signal.SIGKILL)
        wait_until(lambda: ended(child), "Jupyter Book ends with the build")


@pytest.mark.unit
def test_a_process_whose_parent_is_gone_already_ends():
    code = "import os, time; from analysis.publish.jupyter_book import end_with; "
    code += "end_with(os.getpid()); time.sleep(600)"  # a process is not its own parent
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 1


@pytest.mark.unit
def test_a_kernel_that_does_not_start_is_told():
    """The client ends the kernel itself then, and takes its manager away."""

    async def start_kernel(**_):
        pass

    client = SimpleNamespace(km=SimpleNamespace(start_kernel=start_kernel), kc=None)

    async def fail():
        client.km = None
        raise RuntimeError("Kernel didn't respond in 300 seconds")

    client.async_start_new_kernel_client = fail

    async def run():
        async with running_kernel(client, {}, settings.ROOT):
            pass

    with pytest.raises(BuildError, match="did not start: Kernel didn't respond in 300 seconds"):
        asyncio.run(run())
