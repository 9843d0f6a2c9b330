"""Do effects that only add up suffice? A posterior predictive check by pairs of factors.

The cost model gives each level of each factor an effect of its own and none to a pair of levels. If
ill health cost children less than adults, say, the model would be wrong for sick children and for
sick adults, though right for the sick and for children. So observed people are compared, pair by
pair, with people simulated from the fitted model.
"""

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.stats import chi2, norm

from analysis.inference import seed_for
from analysis.risk.predictive import by_person, cell_index, fewer_draws, simulated_costs
from analysis.risk.rungs import Rung
from analysis.settings import INTERVAL

STATISTICS: dict[str, Callable[[np.ndarray, float], np.ndarray]] = {
    "any cost": lambda cost, threshold: (cost > 0).astype(float),
    "large cost": lambda cost, threshold: (cost > threshold).astype(float),
    "mean cost": lambda cost, threshold: cost,
}
"""What is compared: share of people with a cost, with one above the threshold, and mean cost."""

FEWEST_ROWS = 100
"""Groups with fewer person-years are left out: their mean cost is far from normal."""


def two_way_check(rung: Rung, draws: int = 200) -> pd.DataFrame:
    """Compare observed with simulated people in every pair of levels of two factors.

    Parameters
    ----------
    rung : Rung
        With at least two factors.
    draws : int
        Posterior draws, one simulated set of people each.

    Returns
    -------
    DataFrame, one row a pair of levels and statistic
        ``factors``, ``group``, ``statistic``, ``rows``, ``observed``, ``expected`` and ``z``: the
        difference over its standard deviation under the model. That counts the uncertainty of
        the parameters and the repeated years of people.
    """
    people, costs = rung.people, rung.costs
    cell = cell_index(people, rung.cells)
    simulated = simulated_costs(fewer_draws(costs, draws), cell, seed_for("two-way-check"))
    observed, person = people["annual_cost_usd"].to_numpy(), people["person"].to_numpy()
    tables = []
    for name, statistic in STATISTICS.items():
        seen, made = (statistic(cost, costs.threshold) for cost in (observed, simulated))
        effect = _repeated_years(seen - made.mean(axis=0), person)
        for pair in combinations(rung.cells.factors, 2):
            tables.append(_pair(people, pair, name, seen, made, effect))
    return pd.concat(tables, ignore_index=True)


def _repeated_years(residual: np.ndarray, person: np.ndarray) -> float:
    """By how much repeated years of people raise the variance of a sum; at least 1."""
    return max(1.0, float((by_person(residual, person) ** 2).sum() / (residual**2).sum()))


def _pair(
    people: pd.DataFrame,
    pair: tuple[str, str],
    statistic: str,
    seen: np.ndarray,
    made: np.ndarray,
    effect: float,
) -> pd.DataFrame:
    labels = people[pair[0]].astype(str) + " · " + people[pair[1]].astype(str)
    names, position = np.unique(labels.to_numpy(), return_inverse=True)
    rows = np.bincount(position)
    member = np.eye(len(names))[position] / rows
    replicates = made @ member
    expected = replicates.mean(axis=0)
    table = pd.DataFrame(
        {
            "factors": " x ".join(pair),
            "group": names,
            "statistic": statistic,
            "rows": rows,
            "observed": seen @ member,
            "expected": expected,
            "z": (seen @ member - expected) / (replicates.std(axis=0) * np.sqrt(effect)),
        }
    )
    return table[table["rows"] >= FEWEST_ROWS]


def summarise_check(check: pd.DataFrame) -> pd.DataFrame:
    """Return how often groups fall outside the project's interval, by pair of factors.

    Parameters
    ----------
    check : DataFrame
        From `two_way_check`.

    Returns
    -------
    DataFrame, one row a pair of factors and statistic
        ``groups``, ``outside`` (groups outside the interval), ``largest_z`` and ``p_value``: of
        the sum of squares against chi-square with as many degrees of freedom as groups. Groups
        overlap in their parameters, so it errs towards the model.
    """
    beyond = norm.isf((1 - INTERVAL) / 2)
    grouped = check.groupby(["factors", "statistic"], sort=False)["z"]
    return grouped.agg(
        groups="size",
        outside=lambda z: int((z.abs() > beyond).sum()),
        largest_z=lambda z: z[z.abs().idxmax()],
        p_value=lambda z: float(chi2.sf((z**2).sum(), len(z))),
    ).reset_index()
