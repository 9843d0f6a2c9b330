"""The ladder of budget formulas on people whose year before is known, scored on people held out."""

from collections.abc import Mapping

import groups
import ibis
import numpy as np
import pandas as pd
from measures import long_rows, with_intervals

from analysis.population.disclosure.release import release_cells
from analysis.population.risk_cells import SUMS
from analysis.risk.adjustment import sicker_mix
from analysis.risk.scores import equal_groups
from analysis.seeds import seed_for

FORMULAS = {
    "age_sex": ("age_sex",),
    "health": ("age_sex", "health"),
    "conditions": ("age_sex", "health", "conditions"),
    "prior_cost": ("age_sex", "health", "conditions", "prior_cost"),
}
"""The factors of each budget formula."""

YEARS = 3
"""Of second years, 2013 to 2015."""

FOLDS = 10
EXCESS = 0.2
FIFTHS = 5


def pairs_of_years(people: pd.DataFrame) -> pd.DataFrame:
    """Return the second year of every person with two, with what was known before it."""
    before = people.assign(year=people["year"] + 1)
    wanted = ["year", "person", "age", "cost_total", "weight", *groups.CONDITIONS]
    pairs = people.merge(before[wanted], on=["year", "person"], suffixes=("", "_before"))
    mean = np.average(pairs["cost_total_before"], weights=pairs["weight_before"])
    # Who died or left in the second year has no age there.
    age = pairs["age"].where(pairs["age"] >= 0, pairs["age_before"] + 1)
    # Conditions as known a year ago: the later answer counts what the year itself brought.
    flags = pairs[[f"{name}_before" for name in groups.CONDITIONS]]
    return pairs.assign(
        age_sex=groups.age_sex(age, pairs["sex"]),
        health=groups.health(pairs["health_start"]),
        conditions=groups.conditions(flags),
        prior_cost=groups.prior_cost(pairs["cost_total_before"] / mean),
    )


def scores(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return how well each formula predicts people it has not seen, with intervals."""
    fold = np.random.default_rng(seed_for("meps folds")).integers(FOLDS, size=len(pairs))
    flat = held_out(pairs, (), fold)
    budgets = {"unadjusted": flat}
    budgets |= {name: held_out(pairs, factors, fold) for name, factors in FORMULAS.items()}
    return pd.concat(_scores(pairs, name, budget, flat) for name, budget in budgets.items())


def held_out(pairs: pd.DataFrame, factors: tuple[str, ...], fold: np.ndarray) -> np.ndarray:
    """Return costs predicted by a weighted regression on the groups, for people left out of it."""
    design = np.ones((len(pairs), 1))
    if factors:
        levels = pd.get_dummies(pairs[list(factors)], drop_first=True, dtype=float)
        design = np.column_stack([design, levels])
    root = np.sqrt(pairs["weight"].to_numpy())
    cost, predicted = pairs["cost_total"].to_numpy(), np.empty(len(pairs))
    for number in range(FOLDS):
        seen, out = fold != number, fold == number
        weighted = design[seen] * root[seen, None], cost[seen] * root[seen]
        predicted[out] = design[out] @ np.linalg.lstsq(*weighted, rcond=None)[0]
    return predicted


def _scores(pairs: pd.DataFrame, name: str, budget: np.ndarray, flat: np.ndarray) -> pd.DataFrame:
    cost, weight = pairs["cost_total"].to_numpy(), pairs["weight"].to_numpy()
    sums = {
        "n": weight,
        "cost": weight * cost,
        "budget": weight * budget,
        "squares": weight * (cost - budget) ** 2,
        "absolute": weight * np.abs(cost - budget),
        "flat_squares": weight * (cost - flat) ** 2,
        "flat_absolute": weight * np.abs(cost - flat),
    }
    sick = pairs["health"].isin(groups.SICK).to_numpy()
    mix = sicker_mix(weight, sick, pairs["age_sex"].to_numpy(), EXCESS)
    sums |= {"pool_cost": mix * cost, "pool_budget": mix * budget}
    fifth = equal_groups(pairs["cost_total_before"].to_numpy(), FIFTHS)
    for number in range(1, FIFTHS + 1):
        member = weight * (fifth == number)
        sums |= {f"cost_{number}": member * cost, f"budget_{number}": member * budget}
    found = with_intervals(pd.DataFrame(sums), pairs["person"].to_numpy(), _measures)
    return long_rows(found, formula=name)


def _measures(sums: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    mean, level = sums["cost"] / sums["n"], sums["budget"] / sums["cost"]
    found = {
        "r_squared": 1 - sums["squares"] / sums["flat_squares"],
        "cumming": 1 - sums["absolute"] / sums["flat_absolute"],
        "absolute_error_over_mean": sums["absolute"] / sums["n"] / mean,
        "k": np.sqrt(sums["squares"] / sums["n"]) / mean,
        # A formula shares out a given sum: budgets are scaled to add up to the costs of all.
        "loss_of_sicker_pool": sums["pool_cost"] / sums["pool_budget"] * level - 1,
    }
    ratios = {
        f"budget_over_cost_fifth_{number}": sums[f"budget_{number}"] / sums[f"cost_{number}"]
        for number in range(1, FIFTHS + 1)
    }
    return found | ratios


def cells_by_formula(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the cells of each formula; a factor that a formula does not know is missing."""
    people = ibis.memtable(pairs.assign(n=pairs["weight"] / YEARS))
    tables = []
    for name, factors in FORMULAS.items():
        # Of small cells the last factor is given up first: age and sex tell least.
        release = release_cells(people, factors[::-1], "cost_total", weight="n")
        tables.append(release.cells.table.assign(formula=name))
    keys = ["formula", *FORMULAS["prior_cost"]]
    table = pd.concat(tables)[[*keys, *SUMS]]
    return table.sort_values(keys, ignore_index=True)
