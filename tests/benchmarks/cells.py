"""Risk cells by the DuckDB expression against pandas: two million people, the same sums."""

import tempfile
from pathlib import Path

import ibis
import numpy as np
import pandas as pd

from analysis.population.cells import risk_cells
from analysis.population.risk_cells import tail_edges
from tests.benchmarks.results import Comparison, best_time
from tests.models.simulator import THRESHOLD

PEOPLE = 2_000_000
FACTORS = ["sex", "age"]


def _people() -> pd.DataFrame:
    generator = np.random.default_rng(40)
    cost = np.exp(generator.normal(4.2, 1.6, PEOPLE)) * (generator.random(PEOPLE) < 0.8)
    sex = np.array(["female", "male"])[generator.integers(2, size=PEOPLE)]
    age = np.array([f"{band * 10:02d}" for band in range(9)])[generator.integers(9, size=PEOPLE)]
    return pd.DataFrame({"sex": sex, "age": age, "cost": cost})


def pandas_cells(people: pd.DataFrame) -> pd.DataFrame:
    """Return the same sums and tail counts with pandas, one groupby for each."""
    cost, edges = people["cost"].to_numpy(), tail_edges(THRESHOLD)
    positive, tail = cost > 0, cost > THRESHOLD
    body = positive & ~tail
    log_cost = np.log(np.where(positive, cost, 1.0))
    columns = {
        "n": np.ones(len(cost), int),
        "n_positive": positive,
        "sum_cost": cost,
        "sum_cost_squared": cost**2,
        "sum_log": log_cost,
        "sum_log_squared": log_cost**2,
        "n_body": body,
        "sum_log_body": log_cost * body,
        "sum_log_squared_body": log_cost**2 * body,
        "n_tail": tail,
    }
    sums = pd.DataFrame(columns).groupby([people[factor] for factor in FACTORS]).sum()
    bins = np.searchsorted(edges, cost[tail], side="left") - 1
    large = people.loc[tail, FACTORS].assign(bin=bins)
    counts = large.groupby([*FACTORS, "bin"]).size().unstack(fill_value=0)  # noqa: PD010
    return sums.join(counts.reindex(columns=range(len(edges)), fill_value=0)).reset_index()


def _compare(task: str, ours: object, peer: object) -> Comparison:
    seconds, cells = best_time(ours, repeats=3)
    peer_seconds, table = best_time(peer, repeats=3)
    mine = np.hstack([cells.table.drop(columns=FACTORS).to_numpy(float), cells.tail_counts])
    theirs = table.drop(columns=FACTORS).to_numpy(float)
    difference = (np.abs(mine - theirs) / np.maximum(np.abs(theirs), 1)).max()
    return Comparison(
        task,
        "pandas groupby",
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
                lambda: risk_cells(people, FACTORS, "cost", THRESHOLD),
                lambda: pandas_cells(people),
            ),
            _compare(
                f"Risk cells of {PEOPLE:,} people in a Parquet file, checks included",
                lambda: risk_cells(stored, FACTORS, "cost", THRESHOLD),
                lambda: pandas_cells(pd.read_parquet(path)),
            ),
        ]
