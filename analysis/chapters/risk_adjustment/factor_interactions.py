"""Do effects that only add up suffice? A posterior predictive check by pairs of factors.

The cost model gives each level of each factor an effect of its own on large and on mean cost, and
none to a pair of levels, but for the first two factors. If limitation cost people with much disease
more than others, say, the model would be wrong for them, though right for the limited and for the
diseased. So observed people are compared, pair by pair, with people simulated from the model.
"""

from collections.abc import Callable
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import betainc

from analysis.risk.annual_cost import fewer_draws
from analysis.risk.predictive import by_person, cell_index, simulated_costs
from analysis.seeds import seed_for
from analysis.settings import INTERVAL

if TYPE_CHECKING:
    from analysis.fits.rand_costs import FittedFormula

STATISTICS: dict[str, Callable[[np.ndarray, float], np.ndarray]] = {
    "large cost": lambda cost, threshold: (cost > threshold).astype(float),
    "mean cost": lambda cost, threshold: cost,
}
"""What is compared: share of people with a cost above the threshold, and mean cost.

Every cell has its own number of people with any cost, so that would be no test."""

SETS = 200
"""Simulated sets of people."""

FEWEST_ROWS = 100
"""Groups with fewer person-years are left out: their mean cost is far from normal."""


COLUMNS = (
    "factors",
    "group",
    "statistic",
    "rows",
    "observed",
    "expected",
    "z",
    "p_value",
    "pair_p_value",
)


def interaction_check(budget_formula: "FittedFormula", draws: int = SETS) -> pd.DataFrame:
    """Compare observed with simulated people in every pair of levels of two factors.

    Parameters
    ----------
    budget_formula : FittedFormula
        With at least two factors.
    draws : int
        Posterior draws, one simulated set of people each.

    Returns
    -------
    DataFrame, one row a pair of levels and statistic
        ``factors``, ``group``, ``statistic``, ``rows``, ``observed``, ``expected``, and ``z``: the
        difference over its standard deviation under the model, which counts the uncertainty of
        the parameters and the repeated years of people. ``p_value`` is the share of simulated
        sets that are as far off in this group, and ``pair_p_value`` in the sum of squares over
        all groups of the pair: mean costs are too skewed for a normal table.
    """
    people, costs = budget_formula.people, budget_formula.costs
    cell = cell_index(people, budget_formula.cells)
    simulated_cost = simulated_costs(fewer_draws(costs, draws), cell, seed_for("two-way-check"))
    observed_cost, person = people["annual_cost_usd"].to_numpy(), people["person"].to_numpy()
    tables = []
    for name, statistic in STATISTICS.items():
        observed = statistic(observed_cost, budget_formula.cells.threshold)
        simulated = statistic(simulated_cost, budget_formula.cells.threshold)
        effect = _repeated_years(observed - simulated.mean(axis=0), person)
        for pair in combinations(budget_formula.cells.factors, 2):
            table = _interaction(people, pair, observed, simulated, effect)
            tables.append(table.assign(statistic=name)[list(COLUMNS)])
    return pd.concat(tables, ignore_index=True)


def _repeated_years(residual: np.ndarray, person: np.ndarray) -> float:
    """By how much repeated years of people raise the variance of a sum; at least 1."""
    return max(1.0, float((by_person(residual, person) ** 2).sum() / (residual**2).sum()))


def _interaction(
    people: pd.DataFrame,
    pair: tuple[str, str],
    observed: np.ndarray,
    simulated: np.ndarray,
    effect: float,
) -> pd.DataFrame:
    """Compare one statistic, of shapes (row,) and (draw, row), in every group of a pair."""
    labels = people[pair[0]].astype(str) + " · " + people[pair[1]].astype(str)
    names, position = np.unique(labels.to_numpy(), return_inverse=True)
    rows = np.bincount(position)
    large = rows >= FEWEST_ROWS
    member = (np.eye(len(names))[position] / rows)[:, large]
    simulated_means, observed_means = simulated @ member, observed @ member
    expected, spread = simulated_means.mean(axis=0), simulated_means.std(axis=0)
    z = (observed_means - expected) / (spread * np.sqrt(effect))
    simulated_z = (simulated_means - expected) / spread
    return pd.DataFrame(
        {
            "factors": " x ".join(pair),
            "group": names[large],
            "rows": rows[large],
            "observed": observed_means,
            "expected": expected,
            "z": z,
            "p_value": _share_beyond(np.abs(simulated_z), np.abs(z)),
            "pair_p_value": _share_beyond((simulated_z**2).sum(axis=1), (z**2).sum()),
        }
    )


def _share_beyond(simulated: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """Share of simulated sets at least as far off, the observed one counted among them."""
    return (1 + (simulated >= observed).sum(axis=0)) / (1 + len(simulated))


def summarise_check(check: pd.DataFrame) -> pd.DataFrame:
    """Return how often groups fall outside the project's interval, by pair of factors.

    Parameters
    ----------
    check : DataFrame
        From `interaction_check`.

    Returns
    -------
    DataFrame, one row a pair of factors and statistic
        ``groups``, ``outside`` (groups outside the project's interval), ``largest_z`` and
        ``p_value`` of all groups together. Parameters were fitted to the same people, so groups
        lie nearer to the model than new people would.
    """
    grouped = check.groupby(["factors", "statistic"], sort=False)
    return grouped.agg(
        groups=("z", "size"),
        outside=("p_value", lambda p: int((p < 1 - INTERVAL).sum())),
        largest_z=("z", lambda z: z.loc[z.abs().idxmax()]),
        p_value=("pair_p_value", "first"),
    ).reset_index()


def error_of_outside(check: pd.DataFrame, sets: int = SETS) -> float:
    """Return by how much chance in the simulated sets moves the number of groups outside.

    Parameters
    ----------
    check : DataFrame
        From `interaction_check`.
    sets : int
        Simulated sets of people.

    Returns
    -------
    float
        Standard error. The share of sets that decides about a group is binomial; its Jeffreys
        posterior says how probably the group belongs on the other side. Groups are taken to be
        independent, though they share people: rather too small.
    """
    # A p-value counts the observed set among the simulated ones.
    far_off = check["p_value"].to_numpy() * (sets + 1) - 1
    outside = betainc(far_off + 0.5, sets - far_off + 0.5, 1 - INTERVAL)
    return float(np.sqrt((outside * (1 - outside)).sum()))
