"""Where the middle of a part of the posterior lies, and how wide it is in every direction.

The joint mode of effects and of their learned spread is no middle (a spread of nearly nothing and
effects of nothing have the highest density), so the spreads are put where their own posterior has
its mode, by expectation and maximisation, and the effects at their mode given the spreads.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import LinAlgError, cholesky, solve_triangular
from scipy.optimize import brentq, minimize

from analysis.models.hurdle.independent_parts import PosteriorPart

_STEP = 1e-4
_ROUNDS = 6
_WELL_KNOWN = 4.0
"""Effects are sampled centred if their prior variance is so many times their posterior variance."""


@dataclass(frozen=True)
class Whitening:
    """Middle of the posterior, and the scale around it: vector = middle + root @ position.

    Attributes
    ----------
    middle : ndarray, shape (size,)
    root : ndarray, shape (size, size)
    """

    middle: np.ndarray
    root: np.ndarray


def whitening_of(block: PosteriorPart) -> Whitening:
    """Find the frame of a part, and choose which of its effects are sampled centred.

    Parameters
    ----------
    block : Block
        Its ``centred`` is set.

    Returns
    -------
    Frame
    """
    vector = block.start()
    linear, spreads = block.split(vector)
    moved = np.ones(block.size, bool)
    moved[linear.size : linear.size + spreads.size] = False
    block.centred[:] = True
    for _ in range(_ROUNDS):
        vector[moved] = _mode(block, vector, moved)
        variance = np.diag(np.linalg.pinv(_curvature(block, vector)[np.ix_(moved, moved)]))
        variance = np.maximum(variance[: linear.size].reshape(linear.shape)[:, 1:], 0.0)
        if not spreads.size:
            break
        _update(block, linear[:, 1:] ** 2 + variance, spreads)
    _choose_centred(block, linear, spreads, variance)
    whole = _curvature(block, vector)
    width = np.sqrt(np.maximum(np.diag(whole)[~moved], 1.0))
    root = np.diag(np.ones(block.size))
    root[np.ix_(moved, moved)] = _root(whole[np.ix_(moved, moved)])
    root[np.ix_(~moved, ~moved)] = np.diag(1 / width)
    return Whitening(vector, root)


def _mode(block: PosteriorPart, vector: np.ndarray, moved: np.ndarray) -> np.ndarray:
    """Mode of everything but the spreads."""
    place = vector.copy()

    def downhill(part: np.ndarray) -> tuple[float, np.ndarray]:
        place[moved] = part
        value, slope = block.log_density(place)
        return -value, -slope[moved]

    found = minimize(downhill, vector[moved], jac=True, method="L-BFGS-B")
    return np.asarray(found.x)


def _curvature(block: PosteriorPart, vector: np.ndarray) -> np.ndarray:
    """Minus the second derivatives of the log density, from its slope on both sides."""
    columns = [
        block.log_density(vector - step)[1] - block.log_density(vector + step)[1]
        for step in _STEP * np.eye(block.size)
    ]
    found = np.array(columns) / (2 * _STEP)
    return (found + found.T) / 2


def _update(block: PosteriorPart, squares: np.ndarray, spreads: np.ndarray) -> None:
    """Put each log spread at the mode of its posterior given the expected squares of effects."""
    totals, number = squares @ block.learned.T, block.learned.sum(axis=1)
    for quantity in range(len(spreads)):
        rate = float(block.rate[quantity, 0])
        for factor in range(spreads.shape[1]):
            total, m = float(totals[quantity, factor]), float(number[factor])

            def slope(log: float, total: float = total, m: float = m, rate: float = rate) -> float:
                return total * np.exp(-2 * log) - m + 2 - rate * np.exp(log)

            spreads[quantity, factor] = brentq(slope, -20.0, 10.0)


def _choose_centred(
    block: PosteriorPart, linear: np.ndarray, spreads: np.ndarray, variance: np.ndarray
) -> None:
    """Sample effects that the data know little of in units of their spread."""
    scale = block.scale(spreads)
    if not scale.size:
        return
    known = np.median(scale**2 / np.maximum(variance, 1e-300), axis=1)
    block.centred[:, 0] = known > _WELL_KNOWN
    linear[:, 1:] /= np.where(block.centred, 1.0, scale)


def _root(curvature: np.ndarray) -> np.ndarray:
    """Square root of the inverse; of the diagonal alone where the whole has none."""
    try:
        lower = cholesky(curvature, lower=True)
    except LinAlgError:
        lower = np.diag(np.sqrt(np.maximum(np.diag(curvature), 1.0)))
    return np.asarray(solve_triangular(lower, np.eye(len(lower)), lower=True).T)
