"""A list of fits of toy models, for tests of the step that makes them; slow only where told."""

import os
from functools import partial
from pathlib import Path

import numpy as np
import xarray as xr

from analysis.errors import InputError
from analysis.inference.derived_results import derived_result
from analysis.publish.fit_tasks import FitTask

LOG = "TOY_FITS_LOG"
"""Names the file in which every task notes which process made it."""


def _make(name: str) -> None:
    def make() -> xr.Dataset:
        with Path(os.environ[LOG]).open("a") as log:
            log.write(f"{name} {os.getpid()}\n")
        if os.environ.get("TOY_FITS_FAIL") == name:
            raise InputError("no luck")
        if os.environ.get("TOY_FITS_DIE") == name:
            os._exit(9)
        return xr.Dataset({"x": ("draw", np.arange(3.0))})

    derived_result(name, _make, {"name": name}, make)


def _task(name: str, seconds: float, group: str, *needs: str) -> FitTask:
    return FitTask(name, partial(_make, name), "tests.publish.toy_fits", seconds, group, needs)


def tasks() -> tuple[FitTask, ...]:
    """Return five tasks in three groups; one needs a task of another group."""
    return (
        _task("short", 1, "short"),
        _task("long-1", 5, "long"),
        _task("long-2", 5, "long"),
        _task("long-3", 5, "long"),
        _task("after", 9, "after", "long-1"),
    )
