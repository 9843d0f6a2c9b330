"""What share of the people with a cost of a given size belongs to each cell.

A cell's costs are taken to be those of all people, tilted: the share of people with cost *y* is
multiplied by a power of *y* of the cell's own, so that the cell has its own mean cost and its own
number of people with a cost. The tilts are raked, so that the cells of every bin add up to its
people (iterative proportional fitting: Deming & Stephan 1940).
"""

import numpy as np

_ROUNDS = 100
_TOLERANCE = 1e-5
_STEEPEST = 6.0
"""Largest power; beyond it a cell is a single bin."""


def cells_by_bin(
    people: np.ndarray,
    cost: np.ndarray,
    with_cost: np.ndarray,
    total_cost: np.ndarray,
) -> np.ndarray:
    """Return the share of each cell among the people of each bin.

    Parameters
    ----------
    people, cost : ndarray, shape (bin,)
        People in each bin, above 0, and their mean cost, increasing.
    with_cost, total_cost : ndarray, shape (cell,)
        People of each cell in all the bins together, and their cost, above 0; made to add up to
        those of the bins.

    Returns
    -------
    ndarray, shape (cell, bin)
        Adds up to 1 over cells.
    """
    with_cost = with_cost * people.sum() / with_cost.sum()
    total_cost = total_cost * (people @ cost) / total_cost.sum()
    centred = np.log(cost) - np.average(np.log(cost), weights=people)
    wanted = np.clip(total_cost / with_cost, cost[0] * 1.001, cost[-1] * 0.999)
    base, power = people.astype(float), np.zeros(len(with_cost))
    for _ in range(_ROUNDS):
        power = _powers(base, cost, centred, wanted, power)
        tilted = base * np.exp(power[:, None] * centred)
        tilted *= (with_cost / tilted.sum(axis=1))[:, None]
        together = tilted.sum(axis=0)
        if np.abs(together / people - 1).max() < _TOLERANCE:
            break
        base = base * people / together
    return np.asarray(tilted / together)


def _powers(
    base: np.ndarray, cost: np.ndarray, centred: np.ndarray, wanted: np.ndarray, start: np.ndarray
) -> np.ndarray:
    """Powers with which each cell's mean cost is the wanted one, by Newton's method on its log."""
    power = start
    for _ in range(_ROUNDS):
        weight = base * np.exp(power[:, None] * centred)
        total, first = weight.sum(axis=1), weight @ cost
        slope = (weight @ (cost * centred)) / first - (weight @ centred) / total
        step = np.clip(np.log(wanted * total / first) / slope, -1.0, 1.0)
        before, power = power, np.clip(power + step, -_STEEPEST, _STEEPEST)
        # Not by the step: a cell at the steepest power would step against it for ever.
        if np.abs(power - before).max() < _TOLERANCE:
            break
    return power
