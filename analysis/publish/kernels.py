"""The process that runs a notebook: this Python, whatever kernels the machine has installed."""

import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar

import zmq
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager

from analysis.publish.errors import BuildError

THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")
"""Variables by which numerical libraries are told how many threads to use."""


class ThisPython(KernelSpecManager):
    """Offers one kernel: the interpreter that runs the build.

    A kernel of the same name installed in the user's home would otherwise come first, with
    other packages than the pinned ones.
    """

    argv: ClassVar[list[str]] = [
        sys.executable,
        *("-m", "ipykernel_launcher", "-f", "{connection_file}"),
    ]

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return that kernel, whatever name a notebook asks for."""
        return KernelSpec(
            argv=self.argv,
            display_name="Python 3",
            language="python",
            metadata={"supported_encryption": "curve"},
        )


def kernel_manager() -> AsyncKernelManager:
    """Return a manager that starts this Python."""
    # Other users of this machine could otherwise read the talk between build and kernel.
    encryption = "auto" if zmq.has("curve") else "disabled"
    return AsyncKernelManager(
        kernel_name="python3",
        kernel_spec_manager=ThisPython(),
        transport_encryption=encryption,
    )


@asynccontextmanager
async def running_kernel(
    client: Any,  # noqa: ANN401 - nbclient is not typed
    environment: Mapping[str, str],
    folder: Path,
) -> AsyncIterator[None]:
    """Start the kernel of a notebook client, and end it whatever happens.

    nbclient's own context takes over the signals of the process, so that Ctrl-C would be told as
    a kernel that died.

    Parameters
    ----------
    client : nbclient.NotebookClient
        With a manager from `kernel_manager`.
    environment : mapping
        The kernel's environment.
    folder : Path
        Where it runs.

    Raises
    ------
    BuildError
        When it does not start.
    """
    try:
        try:
            await client.km.start_kernel(env=dict(environment), cwd=str(folder))
            await client.async_start_new_kernel_client()
        except RuntimeError as error:
            raise BuildError(f"a notebook's process did not start: {error}; run again.") from error
        yield
    finally:
        if client.kc is not None:
            client.kc.stop_channels()
        # nbclient takes the manager away when it has ended the kernel itself.
        if client.km is not None:
            await client.km.shutdown_kernel(now=True)


def worker_environment(folders: Mapping[str, Path], variables: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a process that computes for the book.

    Parameters
    ----------
    folders : mapping of str to Path
        Project packages and the folders that hold them, put first on the import path.
    variables : mapping
        Further variables.
    """
    path = os.pathsep.join(dict.fromkeys(str(folder) for folder in folders.values()))
    return {
        **os.environ,
        # Always one: the last bits of a sum follow the number of threads, and with them the key of
        # a fit, so that a chapter that runs alone would sample anew what the book has.
        **dict.fromkeys(THREADS, "1"),
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": path,
        **variables,
    }


def kernel_environment(folders: Mapping[str, Path], variables: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a kernel: that of a worker, and what concerns notebooks alone.

    Parameters
    ----------
    variables : mapping
        With ``IPYTHONDIR``, an empty folder.
    """
    return {
        **worker_environment(folders, variables),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        # The user's own start-up files must not reach the book.
        "JUPYTER_CONFIG_DIR": variables["IPYTHONDIR"],
    }
