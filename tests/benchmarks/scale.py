"""Cells of as many generated people as England has, by DuckDB and by Spark, time and memory.

`python -m tests.benchmarks.scale --people 56000000 --spark-people 56000000` runs this part alone.
Each side is a process of its own, timed from its start to its end, so that its memory is its own.
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import psutil

from analysis.population.cells import risk_cells
from analysis.population.england.generate import write_england
from analysis.tables.people_tables import open_people
from tests.benchmarks.results import Comparison, print_table

PEOPLE = 56_000_000
SPARK_PEOPLE = 8_000_000
"""Fewer, so that the benchmarks together stay a matter of minutes."""

FACTORS = ["age_sex", "deprivation_quintile"]
COST = "annual_cost_gbp"
SEED = 56

SPARK_ARGUMENTS = (
    "--conf spark.driver.memory=2g --conf spark.log.level=ERROR "
    "--conf spark.driver.bindAddress=127.0.0.1 --conf spark.driver.host=127.0.0.1 "
    "--conf spark.ui.enabled=false --conf spark.ui.showConsoleProgress=false pyspark-shell"
)

SECONDS_ALLOWED = 15.0
GIGABYTES_ALLOWED = 2.0
LARGEST_DIFFERENCE = 1e-9


@dataclass(frozen=True)
class Run:
    """One process: how long it took, the most memory it and its children held, what it printed."""

    seconds: float
    processor_seconds: float
    gigabytes: float
    printed: str

    @property
    def cost(self) -> str:
        """Memory, and the time of all processors: it hardly depends on what else is running."""
        return f"{self.gigabytes:.2f} GB, {self.processor_seconds:.0f} s of processor time"


def measured(command: list[str]) -> Run:
    """Run a process and its children to their end; raise RuntimeError if it fails."""
    start, peak, used = time.perf_counter(), 0, {}
    environment = os.environ | {"PYSPARK_SUBMIT_ARGS": SPARK_ARGUMENTS}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        watched = psutil.Process(process.pid)
        while process.poll() is None:
            peak = max(peak, _look(watched, used))
            time.sleep(0.02)
        printed = process.stdout.read()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with exit code {process.returncode}")
    return Run(time.perf_counter() - start, sum(used.values()), peak / 1e9, printed)


def _look(process: psutil.Process, used: dict[int, float]) -> int:
    """Return the memory of a process and its children, and note the processor time of each.

    Spark's rows and work are in a child, which nobody waits for.
    """
    total = 0
    with contextlib.suppress(psutil.NoSuchProcess):  # one ended between two looks
        for member in (process, *process.children(recursive=True)):
            total += member.memory_info().rss
            times = member.cpu_times()
            used[member.pid] = times.user + times.system
    return total


def _generated(folder: Path, people: int) -> Path:
    file = folder / f"people-{people}.parquet"
    start = time.perf_counter()
    write_england(file, people, SEED, columns=[*FACTORS, COST])
    took = time.perf_counter() - start
    print(f"Generated {people:,} people in {took:.0f} s (not counted).", file=sys.stderr)
    return file


def _command(file: Path) -> Comparison:
    """The command `cells`, checks, digest, release rules and file included, against the limits."""
    out = file.with_name("cells.parquet")
    options = ["--by", ",".join(FACTORS), "--cost", COST, "--out", str(out), "--json"]
    run = measured([sys.executable, "-m", "analysis", "cells", str(file), *options])
    said = json.loads(run.printed)
    people = int(file.stem.rpartition("-")[2])
    return Comparison(
        f"`python -m analysis cells` of {people:,} people in a Parquet file, from start to end",
        f"the design's limit: {SECONDS_ALLOWED:.0f} s",
        run.seconds,
        SECONDS_ALLOWED,
        f"{said['people']:,} people in {said['cells']:,} cells; "
        f"at most {run.cost}; {GIGABYTES_ALLOWED:.0f} GB allowed",
        said["people"] == people and run.gigabytes < GIGABYTES_ALLOWED,
    )


def _exact_cells(address: str, out: Path) -> None:
    """Compute exact cells, and keep them for the comparison: what each child process does."""
    cells = risk_cells(open_people(address, COST, FACTORS).table, FACTORS, COST)
    cells.table.to_parquet(out)


def largest_difference(one: pd.DataFrame, other: pd.DataFrame) -> float:
    """Return the largest relative difference of two tables of cells; infinite if a count differs.

    Parameters
    ----------
    one, other : DataFrame
        The same columns; whole numbers must be identical.

    Returns
    -------
    float
    """
    labels = one.columns[:2].tolist()
    if not one[labels].astype(str).equals(other[labels].astype(str)):
        return np.inf
    whole = one.columns[[kind.kind == "i" for kind in one.dtypes]].difference(labels)
    if not (one[whole].to_numpy() == other[whole].to_numpy()).all():
        return np.inf
    sums = one.columns.difference([*whole, *labels])
    ratio = np.where(one[sums] == other[sums], 1.0, one[sums] / other[sums].where(other[sums] > 0))
    return float(np.abs(ratio - 1).max()) if not np.isnan(ratio).any() else np.inf


def _engines(file: Path) -> Comparison | None:
    """The same expression on DuckDB and on a local Spark."""
    if find_spec("pyspark") is None:
        print("Spark is not installed (`make spark` adds it): it is left out.", file=sys.stderr)
        return None
    people = int(file.stem.rpartition("-")[2])
    runs, tables = [], []
    for engine, address in (("duckdb", str(file)), ("spark", f"pyspark://::{file}")):
        out = file.with_name(f"{engine}.parquet")
        child = [sys.executable, "-m", "tests.benchmarks.scale", "--child", address, str(out)]
        runs.append(measured(child))
        tables.append(pd.read_parquet(out))
    difference = largest_difference(*tables)
    duckdb, spark = runs
    return Comparison(
        f"Risk cells of {people:,} people in a Parquet file, by DuckDB, from start to end",
        "the same expression on a local Spark",
        duckdb.seconds,
        spark.seconds,
        f"counts {'differ' if np.isinf(difference) else 'identical'}, sums to {difference:.0e}, "
        f"allowed {LARGEST_DIFFERENCE:.0e}; at most {duckdb.cost} and {spark.cost}",
        difference < LARGEST_DIFFERENCE,
    )


def scale_benchmarks(people: int = PEOPLE, spark_people: int = SPARK_PEOPLE) -> list[Comparison]:
    """Compare the command with its limits, and DuckDB with Spark where it is installed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = _generated(folder, people)
        found = [_command(file)]
        if spark_people != people:
            file.unlink()
            file = _generated(folder, spark_people)
        engines = _engines(file)
        return found if engines is None else [*found, engines]


def main() -> int:
    """Run this part alone, or one child of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--spark-people", type=int, default=SPARK_PEOPLE)
    parser.add_argument("--child", nargs=2, metavar=("ADDRESS", "OUT"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        _exact_cells(given.child[0], Path(given.child[1]))
        return 0
    comparisons = scale_benchmarks(given.people, given.spark_people)
    print_table(comparisons)
    return 0 if all(found.agrees for found in comparisons) else 1


if __name__ == "__main__":
    sys.exit(main())
