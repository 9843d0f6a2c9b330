"""Frames for the tests of release, made by pandas from people one can list."""

import numpy as np
import pandas as pd

from analysis.population.cost_table import WIDTH, joined_bins
from analysis.population.disclosure.release import Release, ReleaseRules, apply_rules

THRESHOLD = float(10 ** (40 / 20))
"""Where the tail begins in these tests; the edge of a bin."""


TEN = ReleaseRules()


def cell_frame(people: pd.DataFrame, by: list[str], threshold: float = THRESHOLD) -> pd.DataFrame:
    """Return what the engine would: one row a cell, with what the rules look at."""
    cost = people["cost"]
    limited, excess = cost.clip(upper=threshold), (cost - threshold).clip(lower=0)
    sums = {
        "rows": 1,
        "n": 1.0,
        "member_years": people.get("exposure", 1.0),
        "n_positive": (cost > 0).astype(float),
        "n_tail": (cost > threshold).astype(float),
        "sum_cost": cost,
        "sum_cost_squared": cost**2,
        "rows_positive": (cost > 0).astype(int),
        "rows_tail": (cost > threshold).astype(int),
    }
    parts = {
        "limited": limited,
        "limited_squared": limited**2,
        "excess": excess,
        "excess_squared": excess**2,
    }
    sums |= {f"sum_{name}": part for name, part in parts.items()}
    keys = [people[name] for name in by]
    frame = pd.DataFrame(sums, index=people.index).groupby(keys).sum()
    largest = {f"largest_{name}": part.groupby(keys).max() for name, part in parts.items()}
    return frame.assign(**largest).reset_index()


def narrow_frame(people: pd.DataFrame) -> pd.DataFrame:
    """Return the bins of cost before any is joined, as the engine would."""
    log = np.log(people.loc[people["cost"] > 0, "cost"])
    number = np.ceil(log / WIDTH - 1e-9)
    deviation = log - (number - 0.5) * WIDTH
    columns = {"rows": 1, "n": 1.0, "first": deviation, "second": deviation**2}
    frame = pd.DataFrame(columns, index=log.index).groupby(number.rename("bin")).sum()
    top = deviation.groupby(number).max()
    return frame.assign(top=top, heaviest=1.0).reset_index()


def released(
    people: pd.DataFrame,
    by: list[str],
    rules: ReleaseRules = TEN,
    threshold: float = THRESHOLD,
) -> Release:
    """Return the release of people, by the rules, with a threshold of the test's own."""
    costs = joined_bins(narrow_frame(people), rules.fewest_people)
    return apply_rules(cell_frame(people, by, threshold), costs, by, threshold, rules)


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
