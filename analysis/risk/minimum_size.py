"""How large a pool must be so that chance alone rarely breaks its budget."""

from collections.abc import Callable, Sequence

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.special import ndtri

from analysis.risk.pooled_loss import PoolCalculator
from analysis.risk.severity import CostDistribution

SIZES = np.unique(np.round(np.geomspace(1_000, 10_000_000, 21)).astype(int))
"""Pool sizes at which the probability of overspending is computed; between them it is
interpolated."""


def overspend_probability(
    costs: CostDistribution,
    tolerances: Sequence[float],
    sizes: Sequence[int] = tuple(SIZES),
    *,
    fixed_mix: bool = True,
    budget_ratio: np.ndarray | float = 1.0,
    progress: Callable[[Sequence[int]], Sequence[int]] = lambda sizes: sizes,
) -> np.ndarray:
    """Return P(cost > (1 + tolerance) x expected cost) by draw, pool size and tolerance.

    Parameters
    ----------
    costs : CostDistribution
    tolerances : sequence of float
        Overspends as shares of the budget, for example 0.02.
    sizes : sequence of int
        Numbers of people, each at least 50.
    fixed_mix : bool
        See `analysis.risk.pooled_loss.PoolCalculator`.
    budget_ratio : ndarray, shape (draw, 1), or float
        Budget over the expected cost of `costs`, when the budget pays for more than these costs
        (for example a stop-loss premium): the tolerance is a share of the whole budget.
    progress : callable
        Wraps the sizes, for example in a progress bar.

    Returns
    -------
    ndarray, shape (draw, size, tolerance)
    """
    calculator = PoolCalculator(costs, fixed_mix=fixed_mix)
    ratios = 1 + np.asarray(tolerances, float) * budget_ratio
    return np.stack([calculator.loss(int(n)).exceedance(ratios) for n in progress(sizes)], axis=1)


def minimum_size(
    probability: np.ndarray, sizes: Sequence[int], limit: float | Sequence[float]
) -> np.ndarray:
    """Return the smallest pool from which on the probability of overspending stays at its limit.

    The probability is not monotone in small pools, where a rare large cost makes overspends rare
    and enormous; the answer is therefore the size after which it never exceeds the limit again.
    Between sizes the normal quantile of the probability is interpolated over the square root of
    the size, which is a straight line for a normal distribution.

    Parameters
    ----------
    probability : ndarray, shape (draw, size)
        From `overspend_probability`, for one tolerance.
    sizes : sequence of int
        Increasing.
    limit : float or sequence of float
        Largest acceptable probability, between 0 and 0.5.

    Returns
    -------
    ndarray, shape (draw,) or (draw, limit)
        People. The smallest of `sizes` if even that is enough; infinite if even the largest is
        too small.
    """
    limits = np.atleast_1d(limit)
    roots = np.sqrt(np.asarray(sizes, float))
    scores = -ndtri(np.clip(probability, 1e-15, 1 - 1e-15))
    fine = np.linspace(roots[0], roots[-1], 2_001)
    curves = PchipInterpolator(roots, scores, axis=1)(fine)
    # The worst probability at this size or any larger one.
    worst = np.minimum.accumulate(curves[:, ::-1], axis=1)[:, ::-1]
    answer = np.stack([np.interp(-ndtri(limits), curve, fine, right=np.inf) for curve in worst])
    return answer[:, 0] ** 2 if np.isscalar(limit) else answer**2


def size_with_lasting_differences(
    k: np.ndarray | float, lasting_sd: float, tolerance: float, limit: float
) -> np.ndarray:
    """Return the minimum size when pools also differ for good, by the normal approximation.

    Chance has the variance k²/N; lasting differences have the variance tau² at every size. The
    smallest N solves z² (k²/N + tau²) = tolerance².

    Parameters
    ----------
    k : ndarray or float
        Coefficient of variation of one person's annual cost.
    lasting_sd : float
        tau: standard deviation of lasting differences between pools, as a share of the budget.
    tolerance : float
        Share of the budget.
    limit : float
        Probability, between 0 and 0.5.

    Returns
    -------
    ndarray
        People; infinite if lasting differences alone break the limit.
    """
    room = (tolerance / -ndtri(limit)) ** 2 - lasting_sd**2
    return np.asarray(k, float) ** 2 / room if room > 0 else np.full(np.shape(k), np.inf)


def tolerance_at(
    costs: CostDistribution, people: int, limit: float, *, fixed_mix: bool = True
) -> np.ndarray:
    """Return the overspend that a pool of a given size exceeds with a given probability.

    Parameters
    ----------
    costs : CostDistribution
    people : int
    limit : float
        Probability, between 0 and 0.5.
    fixed_mix : bool

    Returns
    -------
    ndarray, shape (draw,)
        Share of the expected cost: the tolerance a budget of this size needs.
    """
    return PoolCalculator(costs, fixed_mix=fixed_mix).loss(people).quantile(1 - limit) - 1
