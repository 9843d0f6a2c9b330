"""Each kind of care: its share of cost, and k of it alone and of all else."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from measures import long_rows, with_intervals

SERVICES = {
    "inpatient": ["cost_inpatient"],
    "outpatient": ["cost_outpatient"],
    "office": ["cost_office"],
    "emergency": ["cost_emergency"],
    "drugs": ["cost_drugs"],
    "dental": ["cost_dental"],
    "home": ["cost_home_agency", "cost_home_independent"],
}
"""Kinds of care and the columns that add up to them; `other` is what is left."""

PARTS = [column for columns in SERVICES.values() for column in columns]


def measured(people: pd.DataFrame, ages: Mapping[str, tuple[int, int]]) -> pd.DataFrame:
    """Return the measures of every kind of care for every group of ages."""
    return pd.concat(
        _of_ages(people[people["age"].between(*ends)], group) for group, ends in ages.items()
    )


def _of_ages(people: pd.DataFrame, ages: str) -> pd.DataFrame:
    whole = people["cost_total"]
    parts = {name: people[columns].sum(axis=1) for name, columns in SERVICES.items()}
    parts["other"] = whole - people[PARTS].sum(axis=1)
    sums = {"n": people["weight"]} | _sums_of("whole", whole, people)
    for name, part in parts.items():
        sums[f"{name} users"] = people["weight"] * (part > 0)
        sums |= _sums_of(f"{name} part", part, people)
        sums |= _sums_of(f"{name} rest", whole - part, people)
    found = with_intervals(
        pd.DataFrame(sums),
        people["person"].to_numpy(),
        lambda totals: {
            f"{name} {measure}": values
            for name in parts
            for measure, values in _measures(name, totals).items()
        },
    )
    rows = long_rows(found, ages=ages)
    rows[["service", "measure"]] = rows["measure"].str.split(" ", expand=True)
    return rows[["ages", "service", "measure", "value", "low", "high"]]


def _sums_of(name: str, cost: pd.Series, people: pd.DataFrame) -> dict[str, pd.Series]:
    weight, group = people["weight"], people["age_sex"]
    means = (cost * weight).groupby(group).sum() / weight.groupby(group).sum()
    return {
        name: weight * cost,
        f"{name} square": weight * cost**2,
        # The groups' means are those of all people in every resample: next to nothing is lost.
        f"{name} within": weight * (cost - group.map(means)) ** 2,
    }


def _measures(service: str, sums: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    n, part = sums["n"], f"{service} part"
    found = {
        "share_of_cost": sums[part] / sums["whole"],
        "share_of_people": sums[f"{service} users"] / n,
        "mean_usd": sums[part] / n,
    }
    of = {"k_alone": part, "k_of_all": "whole", "k_of_the_rest": f"{service} rest"}
    for name, cost in of.items():
        mean = sums[cost] / n
        found[name] = np.sqrt(sums[f"{cost} square"] / n - mean**2) / mean
        found[f"{name}_within_age_sex"] = np.sqrt(sums[f"{cost} within"] / n) / mean
    before = found["k_of_all_within_age_sex"]
    return found | {"fall_of_k": 1 - found["k_of_the_rest_within_age_sex"] / before}
