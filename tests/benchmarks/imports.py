"""What importing a module costs, against what every table and figure needs anyway.

Only the rooms that fit models may load PyMC, and only `analysis.site.sphinx` Sphinx.
"""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import grimp

from analysis.settings import ROOT
from tests.benchmarks.results import Comparison

HEAVY = ("analysis.models", "analysis.inference", "analysis.fits", "analysis.site.sphinx")
"""Rooms that need a sampler or Sphinx itself."""

LONGEST = 1.5
"""Seconds of processor time that any other module may take."""

PEER = "pandas, scipy.stats, matplotlib.pyplot"

_MEASURE = "import time; start = time.process_time(); import {}; print(time.process_time() - start)"


def import_benchmarks() -> list[Comparison]:
    """Import each light module in a process of its own and report the slowest."""
    with ThreadPoolExecutor(2) as pool:
        modules = light_modules()
        seconds = dict(zip(modules, pool.map(_processor_seconds, modules), strict=True))
    # Once more where other work on the machine may have been in the way.
    slow = [module for module, took in seconds.items() if took > LONGEST / 2]
    seconds |= {module: min(seconds[module], _processor_seconds(module)) for module in slow}
    slowest = max(seconds, key=lambda module: seconds[module])
    return [
        Comparison(
            f"slowest import of {len(seconds)} modules: {slowest}",
            f"import {PEER}",
            seconds[slowest],
            _processor_seconds(PEER),
            f"{seconds[slowest]:.2f} s of processor time; limit {LONGEST} s",
            seconds[slowest] <= LONGEST,
        )
    ]


def light_modules() -> list[str]:
    """Return every module outside the rooms that need a sampler or Sphinx."""
    graph = grimp.build_graph("analysis", cache_dir=None)
    return sorted(name for name in graph.modules if not name.startswith(HEAVY))


def _processor_seconds(modules: str) -> float:
    command = [sys.executable, "-c", _MEASURE.format(modules)]
    run = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return float(run.stdout.splitlines()[-1])
