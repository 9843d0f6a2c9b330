"""Budget formulas that a reader's cells allow: what each leaves to chance, and whom it underpays.

The formulas are a ladder as in the book's chapter on risk adjustment: one budget for everybody,
then one more factor at each rung. All are judged by the fit that knows every factor.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.intervals import median_and_interval
from analysis.own.people.fitting import OwnFit
from analysis.own.people.observed import observed_costs
from analysis.own.people.settings import Settings
from analysis.risk.adjustment import formula_budgets, pool_shortfall
from analysis.risk.cost_distribution import CostDistribution
from analysis.risk.selection import predictable_profit, rank_groups
from analysis.tables.column_roles import is_named

FLAT = "Same for all"

EXCESS = 0.2
"""How many more of the costlier people a costlier pool has, as a share: the book's fifth."""

COSTLIEST = 0.1
"""Least share of all people that counts as the costliest."""

MOST_LEVELS = 8
"""Levels of a factor that are shown; of more, the cheapest and the costliest half."""

DRAWS = 400


@dataclass(frozen=True)
class CostlierPool:
    """A pool with more of those people that cost more than others.

    Attributes
    ----------
    words : str
        Who they are: ``people of health poor``.
    member : ndarray of bool, shape (cell,)
    alike : ndarray, shape (cell,)
        Label of the group whose mix the pool keeps.
    by_health : bool
        Whether it is health or last year's cost that tells them.
    """

    words: str
    member: np.ndarray
    alike: np.ndarray
    by_health: bool


def formula_groups(fitted: OwnFit) -> dict[str, np.ndarray]:
    """Return the budget group of each cell under each formula, from the coarsest to the fullest.

    Returns
    -------
    dict of str to ndarray of str, shape (cell,)
        By the formula's name. A factor of one level makes no formula.
    """
    table = fitted.cells.table
    groups, labels = {FLAT: np.full(len(table), "")}, np.full(len(table), "", dtype=object)
    for factor in telling_factors(fitted):
        labels = labels + " · " + table[factor].astype(str).to_numpy()
        groups[f"By {factor}" if len(groups) == 1 else f"+ {factor}"] = labels.astype(str)
    return groups


def telling_factors(fitted: OwnFit) -> list[str]:
    """Return the factors of the cells that have more than one level."""
    table = fitted.cells.table
    return [name for name in fitted.cells.factors if len(table[name].unique()) > 1]


def costlier_pool(fitted: OwnFit, costs: CostDistribution) -> CostlierPool:
    """Say which people make a pool costlier than its budget, as far as the cells can tell.

    Returns
    -------
    CostlierPool
        By the costliest level of a factor that is named like last year's cost or health, at the
        usual mix of the other factors; else by the costliest cells, at no fixed mix.
    """
    table, mean = fitted.cells.table, costs.mean().mean(axis=0)
    named = [
        factor
        for role in ("health", "prior_cost")
        for factor in telling_factors(fitted)
        if is_named(role, factor)
    ]
    for factor in named:
        levels = table[factor].astype(str)
        worst = _ranked(levels, mean * costs.share, costs.share)[-1]
        others = [name for name in fitted.cells.factors if name != factor]
        alike = np.array([" · ".join(row) for row in table[others].astype(str).to_numpy()])
        member = (levels == worst).to_numpy()
        if _is_possible(member, alike, costs.share):
            return CostlierPool(f"people of {factor} {worst}", member, alike, True)
    order = np.argsort(-mean, kind="stable")
    number = int(np.searchsorted(np.cumsum(costs.share[order]), COSTLIEST)) + 1
    member = np.zeros(len(mean), bool)
    member[order[: min(number, len(mean) - 1)]] = True
    words = "people of the costliest groups"
    return CostlierPool(words, member, np.zeros(len(mean)), False)


def _is_possible(member: np.ndarray, alike: np.ndarray, share: np.ndarray) -> bool:
    """Whether every group that must keep its size has enough others to give way."""
    inside = pd.Series(share * member).groupby(alike).sum()
    others = pd.Series(share * ~member).groupby(alike).sum()
    return bool(((others == 0) | (EXCESS * inside <= others)).all() and (others > 0).any())


def ladder(fitted: OwnFit, settings: Settings) -> tuple[pd.DataFrame, CostlierPool]:
    """Return what each formula leaves to chance, and what a costlier pool loses under it.

    Returns
    -------
    table : DataFrame, one row a formula
        ``formula``, then ``k`` (ratio) and ``loss`` (percent of the budget), each with ``_low`` and
        ``_high``.
    pool : CostlierPool
        Whose loss it is; it has `EXCESS` more of these people.
    """
    costs = fitted.costs(settings.maximum, DRAWS)
    pool = costlier_pool(fitted, costs)
    rows = []
    for name, labels in formula_groups(fitted).items():
        loss = 100 * pool_shortfall(costs, pool.member, pool.alike, EXCESS, labels)
        rows.append(
            (
                name,
                *median_and_interval(variation_under(costs, labels), axis=0),
                *median_and_interval(loss, axis=0),
            )
        )
    columns = [f"{name}{end}" for name in ("k", "loss") for end in ("", "_low", "_high")]
    return pd.DataFrame(rows, columns=["formula", *columns]), pool


def variation_under(costs: CostDistribution, labels: np.ndarray) -> np.ndarray:
    """Return k, the relative spread of one person's cost, within the groups of a formula.

    Parameters
    ----------
    labels : ndarray, shape (cell,)
        Budget group of each cell.

    Returns
    -------
    ndarray, shape (draw,)
        Between `analysis.risk.adjustment.variation` with and without adjustment.
    """
    missed = costs.mean() - formula_budgets(costs, labels)
    within = (costs.variance() + missed**2) @ costs.share
    return np.asarray(np.sqrt(within) / costs.population_mean()[:, 0])


def ratios(fitted: OwnFit, settings: Settings) -> pd.DataFrame:
    """Return budget over expected cost by level of each factor, under all but the fullest formula.

    Returns
    -------
    DataFrame, one row a level and formula
        ``group``, ``formula``, ``predictive_ratio``, ``low``, ``high``. A formula that knows the
        factor pays each of its levels what it costs, and is left out there.
    """
    costs, table = fitted.costs(settings.maximum, DRAWS), fitted.cells.table
    formulas, rows = formula_groups(fitted), []
    expected = costs.mean() * costs.share
    coarser = list(formulas.items())[:-1]
    for position, factor in enumerate(telling_factors(fitted)):
        levels = table[factor].astype(str)
        for level in _shown_levels(levels, expected.mean(axis=0), costs.share):
            chosen = (levels == level).to_numpy()
            for name, labels in coarser[: position + 1]:
                budget = formula_budgets(costs, labels) * costs.share
                ratio = budget[:, chosen].sum(axis=1) / expected[:, chosen].sum(axis=1)
                rows.append((f"{factor}: {level}", name, *median_and_interval(ratio, axis=0)))
    return pd.DataFrame(rows, columns=["group", "formula", "predictive_ratio", "low", "high"])


def _shown_levels(levels: pd.Series, cost: np.ndarray, share: np.ndarray) -> list[str]:
    names = sorted(levels.unique())
    if len(names) <= MOST_LEVELS:
        return names
    ranked = _ranked(levels, cost, share)
    chosen = {*ranked[: MOST_LEVELS // 2], *ranked[-MOST_LEVELS // 2 :]}
    return [name for name in names if name in chosen]


def _ranked(levels: pd.Series, cost: np.ndarray, share: np.ndarray) -> list[str]:
    """Levels from the cheapest to the costliest."""
    sums = pd.DataFrame({"cost": cost, "share": share}).groupby(levels.to_numpy()).sum()
    return [str(name) for name in (sums["cost"] / sums["share"]).sort_values(kind="stable").index]


def profit(fitted: OwnFit, settings: Settings) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what a pool could foresee to earn by tenth of expected cost, and what was seen.

    Returns
    -------
    foreseen, observed : DataFrame, one row a formula and tenth
        ``formula``, ``tenth``, ``profit_percent`` (of the mean cost), ``low``, ``high``; for all
        but the fullest formula. Seen: from the costs of the same people, without an interval.
    """
    costs, cost = fitted.costs(settings.maximum, DRAWS), observed_costs(fitted.cells)
    groups = rank_groups(costs.mean().mean(axis=0), costs.share)
    foreseen, observed_rows = [], []
    for name, labels in list(formula_groups(fitted).items())[:-1]:
        spread = 100 * median_and_interval(predictable_profit(costs, labels), axis=0)
        budget = pd.Series(cost * costs.share).groupby(labels).transform("sum") / pd.Series(
            costs.share
        ).groupby(labels).transform("sum")
        observed = 100 * groups @ (budget.to_numpy() - cost) / (cost @ costs.share)
        foreseen += [(name, tenth + 1, *spread[:, tenth]) for tenth in range(len(groups))]
        observed_rows += [(name, tenth + 1, *[observed[tenth]] * 3) for tenth in range(len(groups))]
    columns = ["formula", "tenth", "profit_percent", "low", "high"]
    return pd.DataFrame(foreseen, columns=columns), pd.DataFrame(observed_rows, columns=columns)


def tenths(fitted: OwnFit, settings: Settings) -> pd.DataFrame:
    """Return predicted over observed cost by tenth of expected cost, under the fullest formula.

    Returns
    -------
    DataFrame, one row a tenth
        ``formula``, ``tenth``, ``predictive_ratio``, ``low``, ``high``, over the people of the fit.
    """
    costs, cost = fitted.costs(settings.maximum, DRAWS), observed_costs(fitted.cells)
    groups = rank_groups(costs.mean().mean(axis=0), costs.share)
    spread = median_and_interval(
        (costs.mean() @ groups.T) / np.maximum(groups @ cost, 1e-300), axis=0
    )
    name = list(formula_groups(fitted))[-1].replace("+ ", "With ")
    rows = [(name, tenth + 1, *spread[:, tenth]) for tenth in range(len(groups))]
    return pd.DataFrame(rows, columns=["formula", "tenth", "predictive_ratio", "low", "high"])
