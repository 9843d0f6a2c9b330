"""Risk cells by the DuckDB expression against pandas: two million people, the same sums."""

import tempfile
from pathlib import Path

import ibis
import numpy as np
import pandas as pd

from analysis.population.cells import risk_cells
from tests.benchmarks.results import Comparison, best_time

PEOPLE = 2_000_000
FACTORS = ["sex", "age"]


def _people() -> pd.DataFrame:
    generator = np.random.default_rng(40)
    cost = np.exp(generator.normal(4.2, 1.6, PEOPLE)) * (generator.random(PEOPLE) < 0.8)
    sex = np.array(["female", "male"])[generator.integers(2, size=PEOPLE)]
    age = np.array([f"{band * 10:02d}" for band in range(9)])[generator.integers(9, size=PEOPLE)]
    return pd.DataFrame({"sex": sex, "age": age, "cost": cost})


def pandas_cells(people: pd.DataFrame, threshold: float) -> pd.DataFrame:
    """Return the same sums with one groupby of pandas; the threshold is known already."""
    cost = people["cost"].to_numpy()
    limited = np.minimum(cost, threshold)
    columns = {
        "rows": np.ones(len(cost), int),
        "n": np.ones(len(cost)),
        "member_years": np.ones(len(cost)),
        "n_positive": (cost > 0).astype(float),
        "sum_limited": limited,
        "sum_limited_squared": limited**2,
        "n_tail": (cost > threshold).astype(float),
        "sum_cost": cost,
        "sum_cost_squared": cost**2,
    }
    sums = pd.DataFrame(columns).groupby([people[factor] for factor in FACTORS]).sum()
    return sums.reset_index()


def _compare(task: str, ours: object, peer: object) -> Comparison:
    seconds, cells = best_time(ours, repeats=3)
    peer_seconds, table = best_time(lambda: peer(cells.threshold), repeats=3)
    mine = cells.table.drop(columns=FACTORS).to_numpy(float)
    theirs = table.drop(columns=FACTORS).to_numpy(float)
    difference = (np.abs(mine - theirs) / np.maximum(np.abs(theirs), 1)).max()
    return Comparison(
        task,
        "pandas groupby, without bins of cost",
        seconds,
        peer_seconds,
        f"largest relative difference {difference:.0e}, allowed 1e-09",
        bool(difference < 1e-9),
    )


def cell_benchmarks() -> list[Comparison]:
    """Compare from a frame in memory and from a Parquet file."""
    people = _people()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.parquet"
        people.to_parquet(path)
        stored = ibis.duckdb.connect().read_parquet(path)
        return [
            _compare(
                f"Risk cells of {PEOPLE:,} people in memory, checks included",
                lambda: risk_cells(people, FACTORS, "cost"),
                lambda threshold: pandas_cells(people, threshold),
            ),
            _compare(
                f"Risk cells of {PEOPLE:,} people in a Parquet file, checks included",
                lambda: risk_cells(stored, FACTORS, "cost"),
                lambda threshold: pandas_cells(pd.read_parquet(path), threshold),
            ),
        ]
