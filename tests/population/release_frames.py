"""Frames of cells for the tests of release, made by pandas from people one can list."""

import numpy as np
import pandas as pd

from analysis.population.risk_cells import tail_edges

THRESHOLD = 100.0
EDGES = tail_edges(THRESHOLD)[::5]
"""Two bins a decade: the rules do not depend on how many there are."""


def cell_frame(people: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return what the engine would: one row a cell, with counts above each edge and the largest."""
    cost = people["cost"]
    log = np.log(cost.where(cost > 0, 1.0))
    body = (cost > 0) & (cost <= THRESHOLD)
    columns = {
        "n": 1,
        "n_positive": (cost > 0).astype(int),
        "sum_cost": cost,
        "sum_cost_squared": cost**2,
        "sum_log": log,
        "sum_log_squared": log**2,
        "n_body": body.astype(int),
        "sum_log_body": log.where(body, 0.0),
        "sum_log_squared_body": (log**2).where(body, 0.0),
        "n_tail": (cost > THRESHOLD).astype(int),
    }
    columns |= {f"above_{i:02d}": (cost > edge).astype(int) for i, edge in enumerate(EDGES)}
    keys = [people[name] for name in by]
    frame = pd.DataFrame(columns, index=people.index).groupby(keys).sum()
    return frame.assign(largest_cost=cost.groupby(keys).max()).reset_index()


def people_of(
    cells: dict[tuple[str, ...], tuple[int, int, int]], seed: int, tail_index: float = 4.0
) -> pd.DataFrame:
    """Return people: for each label, so many without cost, with a small cost, with a large one."""
    generator = np.random.default_rng(seed)
    names = [f"f{i}" for i in range(len(next(iter(cells))))]
    parts = []
    for label, (zero, body, tail) in cells.items():
        costs = np.concatenate(
            [
                np.zeros(zero),
                generator.uniform(1, THRESHOLD, body),
                THRESHOLD * (1.001 + generator.pareto(tail_index, tail)),
            ]
        )
        parts.append(pd.DataFrame({"cost": costs} | dict(zip(names, label, strict=True))))
    return pd.concat(parts, ignore_index=True)
