"""What a fitted model says of single person-years: density, survival, and simulated costs.

Everything is by draw, so that a caller can average over the posterior before or after taking
logarithms, whichever its measure asks for. For densities the bins of the cost distribution are
stretched until they meet; inside each the log of cost is uniform.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.population.risk_cells import RiskCells
from analysis.risk.annual_cost import some_draws
from analysis.risk.cost_distribution import CostDistribution

LEAST = 1e-12
"""Probability that stands for none, so that its logarithm exists."""


def cell_index(people: pd.DataFrame, cells: RiskCells) -> np.ndarray:
    """Return the position of each person-year's cell in the table of cells.

    Parameters
    ----------
    people : DataFrame
        With the factor columns of the cells.

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
    cell = people[keys].merge(positions, how="left", on=keys)["index"]
    if cell.isna().any():
        row = int(cell.isna().to_numpy().argmax())
        labels = ", ".join(f"{key}={people[key].iloc[row]}" for key in keys)
        raise ValueError(f"no cell for {labels}: build the cells from all people, then align")
    return cell.to_numpy(np.int64)


def log_density(costs: CostDistribution, amount: np.ndarray, cell: np.ndarray) -> np.ndarray:
    """Return the log density of each person-year's cost: log probability where there is none.

    Parameters
    ----------
    amount : ndarray, shape (row,)
        Annual cost, at least 0, in the currency of `costs`. Below the lowest bin the density of
        log cost is that of the lowest bin.
    cell : ndarray of int, shape (row,)
        From `cell_index`.

    Returns
    -------
    ndarray, shape (draw, row)
        Per unit of currency for costs above 0.
    """
    result = np.empty((costs.draws, len(amount)))
    positive = amount > 0
    without = 1 - costs.survival_by_cell(0.0)
    result[:, ~positive] = np.log(np.maximum(without, LEAST))[:, cell[~positive]]
    some, at = amount[positive], cell[positive]
    for draws, part, edges in _by_threshold(costs):
        place = np.searchsorted(edges[1:-1], np.log(some))
        here = np.eye(len(edges) - 1)[place] / np.diff(edges)[place, None] / some[:, None]
        inside = here * (np.log(some) <= edges[-1])[:, None]
        density = _mixture(part, at, inside, part.tail.density(some))
        result[np.ix_(draws, positive)] = np.log(np.maximum(density, 1e-300))
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
    log_amount = np.log(np.maximum(amount, 1e-300))[:, None]
    for draws, part, edges in _by_threshold(costs):
        above = np.clip((edges[1:] - log_amount) / np.diff(edges), 0.0, 1.0)
        result[draws] = _mixture(part, cell, above, part.tail.survival(amount))
    return np.minimum(result, 1.0)


def simulated_costs(costs: CostDistribution, cell: np.ndarray, seed: int) -> np.ndarray:
    """Return one simulated cost of every person-year and draw: a posterior predictive sample.

    Parameters
    ----------
    cell : ndarray of int, shape (row,)

    Returns
    -------
    ndarray, shape (draw, row)
        In the currency of `costs`, cut off at its limit.
    """
    generator = np.random.default_rng(seed)
    low = np.concatenate([costs.bins.low, costs.upper_bins.low])[::-1]
    high = np.concatenate([costs.bins.high, costs.upper_bins.high])[::-1]
    result = np.zeros((costs.draws, len(cell)))
    for draw in range(costs.draws):
        part = some_draws(costs, np.array([draw]))
        chances = _chances_from_the_top(part)
        which, where = generator.random((2, len(cell)))
        place = (chances[cell] <= which[:, None]).sum(axis=1)
        binned = (place > 0) & (place <= len(low))
        at = place[binned] - 1
        result[draw, binned] = np.exp(low[at] + (high[at] - low[at]) * where[binned])
        result[draw, place == 0] = part.tail.quantile(where[place == 0])[0]
    return np.minimum(result, costs.limit)


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


def _by_threshold(
    costs: CostDistribution,
) -> Iterator[tuple[np.ndarray, CostDistribution, np.ndarray]]:
    """Positions of the draws with one threshold, their costs, and edges of all bins up to it."""
    starts = costs.tail.start[:, 0]
    bins, upper = costs.bins, costs.upper_bins
    for start in np.unique(starts):
        used = (upper.low + upper.high) / 2 < np.log(start)
        low = np.concatenate([bins.low, upper.low[used]])
        high = np.concatenate([bins.high, upper.high[used]])
        inner = (high[:-1] + low[1:]) / 2
        draws = np.flatnonzero(starts == start)
        yield draws, some_draws(costs, draws), np.concatenate([low[:1], inner, [np.log(start)]])


def _mixture(
    costs: CostDistribution, cell: np.ndarray, in_bins: np.ndarray, in_tail: np.ndarray
) -> np.ndarray:
    """Weigh values of shape (row, bin up to the threshold) and (draw, row) by their chances."""
    body = len(costs.bins.low)
    used = in_bins.shape[1] - body
    level = costs.reach[cell] * in_bins[:, :body] / costs.share[cell, None]
    parts = costs.body_parts
    ordinary = parts @ level.T + costs.tilt[:, cell] * (parts @ (level * costs.lean[cell]).T)
    large = costs.upper[:, :used] @ in_bins[:, body:].T + costs.in_tail * in_tail
    return np.asarray(costs.room[:, cell] * ordinary + costs.exceed[:, cell] * large)


def _chances_from_the_top(costs: CostDistribution) -> np.ndarray:
    """Cumulative chances of one draw: the tail, then the bins downwards; (cell, 1 + bin)."""
    upper = costs.upper[0] * costs.exceed[0][:, None]
    leaning = 1 + costs.tilt[0][:, None] * costs.lean
    body = costs.body_parts[0] * costs.reach * leaning
    body *= (costs.room[0] / costs.share)[:, None]
    tail = costs.exceed[0] * costs.in_tail[0]
    return np.cumsum(np.column_stack([tail, upper[:, ::-1], body[:, ::-1]]), axis=1)
