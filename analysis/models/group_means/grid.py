"""Draws from a posterior of few parameters: a grid, laid once more where the density is."""

from collections.abc import Callable, Sequence

import numpy as np

LogDensity = Callable[..., np.ndarray]
"""From one array an axis to the log density at all their combinations."""

NEGLIGIBLE = 12.0
"""Log density below the highest from which on a point is left out of the finer grid."""


def grid_draws(
    log_density: LogDensity,
    axes: Sequence[np.ndarray],
    draws: int,
    generator: np.random.Generator,
) -> tuple[np.ndarray, ...]:
    """Return draws of each parameter, shape (draw,).

    Parameters
    ----------
    log_density : callable
        Log posterior density with respect to the scales on which the axes are even.
    axes : sequence of ndarray
        Evenly spaced values of each parameter, from its least to its most.
    """
    fine = [_zoomed(axis, near) for axis, near in zip(axes, _near(log_density(*axes)), strict=True)]
    log_weight = log_density(*fine)
    weight = (np.exp(log_weight - log_weight.max()) * _half_at_ends(log_weight.shape)).ravel()
    edges = np.cumsum(weight) / weight.sum()
    # Evenly spread, so that the draws repeat the grid with as little noise as they can.
    chosen = np.searchsorted(edges, generator.permutation((np.arange(draws) + 0.5) / draws))
    indices = np.unravel_index(np.minimum(chosen, weight.size - 1), log_weight.shape)
    return tuple(
        _jittered(axis, index, generator) for axis, index in zip(fine, indices, strict=True)
    )


def _half_at_ends(shape: tuple[int, ...]) -> np.ndarray:
    """Share of each point's cell that lies inside the ends of the axes."""
    share = np.ones(shape)
    for axis, length in enumerate(shape):
        if length > 1:
            turned = np.moveaxis(share, axis, 0)  # a view
            turned[[0, -1]] *= 0.5
    return share


def _near(log_density: np.ndarray) -> list[np.ndarray]:
    """Which values of each axis have some density that counts."""
    counts = log_density > log_density.max() - NEGLIGIBLE
    every = range(log_density.ndim)
    return [counts.any(axis=tuple(other for other in every if other != axis)) for axis in every]


def _zoomed(axis: np.ndarray, near: np.ndarray) -> np.ndarray:
    """As many values again, from one step before those that count to one step after."""
    if len(axis) == 1:
        return axis
    places = np.flatnonzero(near)
    low, high = max(places[0] - 1, 0), min(places[-1] + 1, len(axis) - 1)
    return np.linspace(axis[low], axis[high], len(axis))


def _jittered(axis: np.ndarray, index: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Values spread over the cell of each grid point, inside the ends of the axis."""
    if len(axis) == 1:
        return axis[index]
    step = axis[1] - axis[0]
    spread = axis[index] + step * (generator.random(len(index)) - 0.5)
    # Beyond an end there is nothing: what falls there is turned back.
    spread = np.where(spread < axis[0], 2 * axis[0] - spread, spread)
    return np.where(spread > axis[-1], 2 * axis[-1] - spread, spread)
