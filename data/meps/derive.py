"""Derive cells, sums and scores of the Medical Expenditure Panel Survey; no row is kept.

Run `python data/meps/derive.py RAW_FOLDER`, where the folder holds the person-years. `ladder.py`
compares budget formulas and `services.py` the kinds of care.
"""

from collections.abc import Mapping
from pathlib import Path

import groups
import ibis
import ladder
import numpy as np
import pandas as pd
import services
from measures import long_rows, with_intervals

from analysis.evidence.errors import EvidenceError
from analysis.evidence.packaging import (
    main,
    require_columns,
    require_file,
    to_significant_digits,
)
from analysis.population.clustering import design_effects
from analysis.population.disclosure.release import release_cells

FILE = "meps_2012_2015_person_years.parquet"
ROWS = 146_216
YEARS = (2012, 2013, 2014, 2015)

AGES = {"all": (-1, 200), "under_65": (0, 64), "over_64": (65, 200)}
"""Youngest and oldest; who died or left in the year has no age, and counts in `all` only."""

DIGITS = 7
"""Significant digits of what is kept."""


def derive(raw: Path | None) -> Mapping[str, pd.DataFrame]:
    """Make the tables of this package.

    Parameters
    ----------
    raw : pathlib.Path
        Folder with the person-years.

    Returns
    -------
    mapping of str to pandas.DataFrame
    """
    if raw is None:
        raise EvidenceError("Name the folder of raw files; README.md says where they come from.")
    people = read_people(raw)
    samples = {
        f"{ages}_{years[0]}_{years[-1]}" if len(years) > 1 else f"{ages}_{years[0]}": (ages, years)
        for years in (YEARS, *((year,) for year in YEARS))
        for ages in AGES
    }
    made = {name: sample(people, *chosen) for name, chosen in samples.items()}
    pairs = ladder.pairs_of_years(people)
    made["pairs"] = tables_of(pairs, "all", (2013, 2014, 2015))
    tables = {
        part: pd.concat([tables[part].assign(sample=name) for name, tables in made.items()])
        for part in ("populations", "variation", "costs", "cells")
    }
    tables |= {
        "ladder_cells": ladder.cells_by_formula(pairs),
        "scores": ladder.scores(pairs),
        "services": services.measured(people, AGES),
    }
    return {name: tidy(table) for name, table in tables.items()}


def read_people(raw: Path) -> pd.DataFrame:
    """Read the person-years in scope, with their group of age and sex."""
    columns = ["year", "person", "weight", "age", "sex", "health_start", "cost_total"]
    whole = pd.read_parquet(require_file(raw, FILE))
    if len(whole) != ROWS:
        raise EvidenceError(f"{FILE} has {len(whole)} rows, not {ROWS}: another extract.")
    people = require_columns(whole, [*columns, *groups.CONDITIONS, *services.PARTS], FILE)
    # A weight of nought marks people who were in scope at no time of the year.
    people = people[people["weight"] > 0].reset_index(drop=True)
    return people.assign(age_sex=groups.age_sex(people["age"], people["sex"]))


def sample(people: pd.DataFrame, ages: str, years: tuple[int, ...]) -> dict[str, pd.DataFrame]:
    """Return the tables of some years of some ages."""
    chosen = people["year"].isin(years) & people["age"].between(*AGES[ages])
    return tables_of(people[chosen].reset_index(drop=True), ages, years)


def tables_of(people: pd.DataFrame, ages: str, years: tuple[int, ...]) -> dict[str, pd.DataFrame]:
    """Return what is kept of one sample: what it is, its k, its costs and its cells."""
    # People of a usual year: a person seen in several years counts in each.
    people = people.assign(n=people["weight"] / len(years))
    released = release_cells(ibis.memtable(people), ["age_sex"], "cost_total", weight="n")
    cells = released.cells
    effects = design_effects(people, ["age_sex"], cells.threshold, "cost_total", weight="n")
    about = {
        "ages": ages,
        "first_year": years[0],
        "last_year": years[-1],
        "rows": len(people),
        "people": people["person"].nunique(),
        "threshold_usd": cells.threshold,
        **{f"effect_{part}": value for part, value in vars(effects).items()},
    }
    return {
        "populations": pd.DataFrame([about]),
        "variation": variation(people),
        "costs": cells.costs,
        "cells": cells.table,
    }


def variation(people: pd.DataFrame) -> pd.DataFrame:
    """Return mean cost and k, as they are and cut at the 99th percentile, weighted and not."""
    cost, weight = people["cost_total"].to_numpy(), people["weight"].to_numpy()
    group = people["age_sex"]
    top = {"": weighted_quantile(cost, weight, 0.99), "_unweighted": np.quantile(cost, 0.99)}
    columns, person = {}, people["person"].to_numpy()
    for name, each in (("", weight), ("_unweighted", np.ones(len(cost)))):
        cut = np.minimum(cost, top[name])
        columns |= {f"n{name}": each, f"zero{name}": each * (cost == 0)}
        for label, values in (("", cost), ("_p99", cut)):
            columns |= {f"first{label}{name}": each * values}
            columns |= {f"second{label}{name}": each * values**2}
    total = (people["weight"] * cost).groupby(group).sum() / people["weight"].groupby(group).sum()
    columns["within"] = weight * (cost - group.map(total).to_numpy()) ** 2
    return long_rows(with_intervals(pd.DataFrame(columns), person, _variation_of))


def _variation_of(sums: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    measures = {"mean_usd": sums["first"] / sums["n"]}
    for name in ("", "_unweighted"):
        n = sums[f"n{name}"]
        measures[f"share_without_cost{name}"] = sums[f"zero{name}"] / n
        for label in ("", "_p99"):
            mean = sums[f"first{label}{name}"] / n
            square = sums[f"second{label}{name}"] / n
            measures[f"k{label}{name}"] = np.sqrt(square - mean**2) / mean
    measures["k_within_age_sex"] = np.sqrt(sums["within"] / sums["n"]) / measures["mean_usd"]
    return measures


def weighted_quantile(values: np.ndarray, weight: np.ndarray, probability: float) -> float:
    """Return the smallest value up to which that share of the weight lies."""
    order = np.argsort(values)
    reached = np.cumsum(weight[order]) / weight.sum()
    return float(values[order][np.searchsorted(reached, probability)])


def tidy(table: pd.DataFrame) -> pd.DataFrame:
    """Put the sample first, where there is one, and keep no digit that is noise."""
    first = [name for name in ("sample",) if name in table.columns]
    ordered = table[[*first, *table.columns.difference(first, sort=False)]]
    return to_significant_digits(ordered.reset_index(drop=True), DIGITS)


if __name__ == "__main__":
    main(__file__, derive)
