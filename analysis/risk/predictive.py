"""What a fitted model says of single person-years: density, survival, and simulated costs.

Everything is by draw, so that a caller can average over the posterior before or after taking
logarithms, whichever its measure asks for. The largest possible cost of a person is ignored here:
nobody in the data comes near it, and beyond it lies next to no probability.
"""

from dataclasses import fields, replace

import numpy as np
import pandas as pd
from scipy.special import log_ndtr, ndtr, ndtri

from analysis.population.clustering import DesignEffects
from analysis.population.risk_cells import RiskCells
from analysis.risk.cost_distribution import CostDistribution


def cell_index(people: pd.DataFrame, cells: RiskCells) -> np.ndarray:
    """Return the position of each person-year's cell in the table of cells.

    Parameters
    ----------
    people : DataFrame
        With the factor columns of the cells.
    cells : RiskCells

    Returns
    -------
    ndarray of int, shape (row,)

    Raises
    ------
    ValueError
        If a person belongs to no cell.
    """
    keys = list(cells.factors)
    positions = cells.table[keys].reset_index()
    found = people[keys].merge(positions, how="left", on=keys)["index"]
    if found.isna().any():
        row = int(found.isna().to_numpy().argmax())
        labels = ", ".join(f"{key}={people[key].iloc[row]}" for key in keys)
        raise ValueError(f"no cell for {labels}: build the cells from all people, then align")
    return found.to_numpy(np.int64)


def log_density(
    costs: CostDistribution,
    amount: np.ndarray,
    cell: np.ndarray,
    effects: DesignEffects = DesignEffects(),  # noqa: B008 - frozen
) -> np.ndarray:
    """Return the log density of each person-year's cost: log probability where there is none.

    Parameters
    ----------
    costs : CostDistribution
    amount : ndarray, shape (row,)
        Annual cost, at least 0, in the currency of `costs`.
    cell : ndarray of int, shape (row,)
        From `cell_index`.
    effects : DesignEffects
        Each part is divided by its effect, as in the model's likelihood; by default by 1, which
        gives the density itself.

    Returns
    -------
    ndarray, shape (draw, row)
        Per unit of currency for costs above 0.
    """
    log_use, log_no_use = np.log(costs.use) / effects.use, np.log1p(-costs.use) / effects.use
    # What does not depend on the amount is computed by cell, of which there are fewer.
    body_mass = log_ndtr((np.log(costs.threshold) - costs.location) / costs.scale)
    body_constant = -body_mass - np.log(costs.scale * np.sqrt(2 * np.pi))
    body = log_use + np.log1p(-costs.exceed) / effects.exceed + body_constant / effects.body
    tail = log_use + np.log(costs.exceed) / effects.exceed - np.log(costs.tail_scale) / effects.tail
    result = np.empty((costs.draws, len(amount)))
    none, small, large = _parts(amount, costs.threshold)
    result[:, none] = log_no_use[:, cell[none]]
    at, log_amount = cell[small], np.log(amount[small])
    deviation = (log_amount - costs.location[:, at]) / costs.scale[:, at]
    result[:, small] = body[:, at] - (0.5 * deviation**2 + log_amount) / effects.body
    at, growth = cell[large], _tail_growth(costs, amount[large], cell[large])
    result[:, large] = tail[:, at] - (1 + 1 / costs.tail_shape) * growth / effects.tail
    return result


def survival_of(costs: CostDistribution, amount: np.ndarray, cell: np.ndarray) -> np.ndarray:
    """Return, for each person-year, the probability of a cost above its own amount.

    Parameters
    ----------
    costs, amount, cell
        As for `log_density`.

    Returns
    -------
    ndarray, shape (draw, row)
        Between 0 and 1. Where the model is right and there is a cost, it is uniform up to the
        probability of any cost.
    """
    result = np.empty((costs.draws, len(amount)))
    none, small, large = _parts(amount, costs.threshold)
    result[:, none] = costs.use[:, cell[none]]
    at = cell[small]
    mass = ndtr((np.log(costs.threshold) - costs.location) / costs.scale)
    below = ndtr((np.log(amount[small]) - costs.location[:, at]) / costs.scale[:, at]) / mass[:, at]
    result[:, small] = costs.use[:, at] * (1 - (1 - costs.exceed[:, at]) * below)
    at, growth = cell[large], _tail_growth(costs, amount[large], cell[large])
    above = np.exp(-growth / costs.tail_shape)
    result[:, large] = costs.use[:, at] * costs.exceed[:, at] * above
    return result


def simulated_costs(costs: CostDistribution, cell: np.ndarray, seed: int) -> np.ndarray:
    """Return one simulated cost of every person-year and draw: a posterior predictive sample.

    Parameters
    ----------
    costs : CostDistribution
    cell : ndarray of int, shape (row,)
    seed : int

    Returns
    -------
    ndarray, shape (draw, row)
        In the currency of `costs`, cut off at its limit.
    """
    generator = np.random.default_rng(seed)
    shape = (costs.draws, len(cell))
    mass = ndtr((np.log(costs.threshold) - costs.location) / costs.scale)
    quantile = ndtri(mass[:, cell] * generator.random(shape))
    body = np.exp(costs.location[:, cell] + costs.scale[:, cell] * quantile)
    growth = np.expm1(-costs.tail_shape * np.log1p(-generator.random(shape)))
    tail = costs.threshold + costs.tail_scale[:, cell] / costs.tail_shape * growth
    cost = np.where(generator.random(shape) < costs.exceed[:, cell], tail, body)
    used = generator.random(shape) < costs.use[:, cell]
    return np.minimum(np.where(used, cost, 0.0), costs.limit)


def fewer_draws[Costs: CostDistribution](costs: Costs, draws: int) -> Costs:
    """Return evenly spaced draws of a cost distribution, at most so many.

    Parameters
    ----------
    costs : CostDistribution
        Or a kind of it.
    draws : int
        At least 1.

    Returns
    -------
    CostDistribution
        Of the same kind.
    """
    step = -(-costs.draws // draws)
    by_draw = {
        field.name: value[::step]
        for field in fields(costs)
        if np.ndim(value := getattr(costs, field.name)) == 2
    }
    return replace(costs, **by_draw)


def by_person(values: np.ndarray, person: np.ndarray) -> np.ndarray:
    """Return sums over all years of each person.

    Parameters
    ----------
    values : ndarray, shape (..., row)
    person : ndarray, shape (row,)
        Identifiers, in any order.

    Returns
    -------
    ndarray, shape (..., person)
        In the order of the sorted identifiers.
    """
    order = np.argsort(person, kind="stable")
    starts = np.flatnonzero(np.diff(person[order], prepend=person[order][0] - 1))
    return np.add.reduceat(values[..., order], starts, axis=-1)


def _parts(amount: np.ndarray, threshold: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows without cost, with one up to the threshold, and above it."""
    positive, large = amount > 0, amount > threshold
    return ~positive, positive & ~large, large


def _tail_growth(costs: CostDistribution, amount: np.ndarray, cell: np.ndarray) -> np.ndarray:
    """Log of (1 + shape * excess / scale) of a generalised Pareto, by draw and row."""
    return np.log1p(costs.tail_shape * (amount - costs.threshold) / costs.tail_scale[:, cell])
