"""How large a pool must be so that chance alone rarely breaks its budget."""

from collections.abc import Callable, Sequence

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.special import ndtr, ndtri

from analysis.risk.adjustment import variation
from analysis.risk.annual_cost import AnnualCost
from analysis.risk.pooled_loss import PoolCalculator, PooledLoss
from analysis.risk.stop_loss import StopLoss

SIZES = np.unique(np.round(np.geomspace(1_000, 10_000_000, 21)).astype(int))
"""Pool sizes at which the probability of overspending is computed; between them it is
interpolated."""

_MARGIN = 1.4
"""How far beyond the normal approximation a smallest pool is looked for, as a factor: for costs
like RAND's the two differ by less than a tenth."""
_STEP = 2.0
"""Largest ratio between sizes that are interpolated."""
_FEWEST = 200
"""Smallest size looked at: below it a pool's total has no smooth distribution."""


def overspend_probability(
    costs: AnnualCost,
    tolerances: Sequence[float],
    sizes: Sequence[int] = tuple(SIZES),
    *,
    fixed_mix: bool = True,
    budget_ratio: np.ndarray | float = 1.0,
    persistent_sd: np.ndarray | float = 0.0,
    progress: Callable[[Sequence[int]], Sequence[int]] = lambda sizes: sizes,
) -> np.ndarray:
    """Return P(cost > (1 + tolerance) x expected cost) by draw, pool size and tolerance.

    Parameters
    ----------
    tolerances : sequence of float
        Overspends as shares of the budget, for example 0.02.
    sizes : sequence of int
        Numbers of people, each at least 50.
    fixed_mix : bool
        See `analysis.risk.pooled_loss.PoolCalculator`.
    budget_ratio : ndarray, shape (draw, 1), or float
        Budget over the expected cost of `costs`, when the budget pays for more than these costs
        (for example a stop-loss premium): the tolerance is a share of the whole budget.
    persistent_sd : ndarray, shape (draw,), or float
        tau: standard deviation of normal lasting differences between pools, as a share of the
        expected cost of `costs`; 0 for chance alone.
    progress : callable
        Wraps the sizes, for example in a progress bar.

    Returns
    -------
    ndarray, shape (draw, size, tolerance)
    """
    calculator = PoolCalculator(costs, fixed_mix=fixed_mix)
    ratios = 1 + np.asarray(tolerances, float) * budget_ratio
    persistent = np.broadcast_to(np.asarray(persistent_sd, float), (costs.draws,))
    return np.stack(
        [_exceedance(calculator.loss(int(n)), ratios, persistent) for n in progress(sizes)], axis=1
    )


def _exceedance(loss: PooledLoss, ratios: np.ndarray, persistent: np.ndarray) -> np.ndarray:
    """P(ratio + lasting difference > threshold): the density of chance, met by a normal tail."""
    if not persistent.any():
        return loss.exceedance(ratios)
    points = 2 ** int(np.ceil(np.log2(max(2048, 2 * loss.coefficients.shape[1]))))
    grid, density = loss.density(points)
    weight = density * loss.width / points
    scale = np.maximum(persistent[:, None], 1e-12)
    thresholds = np.broadcast_to(ratios, (len(grid), np.shape(ratios)[-1])).T
    above = [ndtr((grid - threshold[:, None]) / scale) for threshold in thresholds]
    return np.stack([(weight * probability).sum(axis=1) for probability in above], axis=1)


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
    root = np.stack([np.interp(-ndtri(limits), curve, fine, right=np.inf) for curve in worst])
    return root[:, 0] ** 2 if np.isscalar(limit) else root**2


def smallest_pool(
    costs: AnnualCost,
    tolerance: float,
    limit: float,
    *,
    budget_ratio: np.ndarray | float = 1.0,
    persistent_sd: float = 0.0,
) -> np.ndarray:
    """Return the smallest pool that is safe under one cost distribution.

    The probability is computed at a few sizes around the normal approximation of every draw, with
    a margin on both sides, and interpolated as in `minimum_size`.

    Parameters
    ----------
    tolerance : float
        Share of the budget, for example 0.02.
    limit : float
        Largest acceptable probability of a larger overspend, between 0 and 0.5.
    budget_ratio, persistent_sd
        See `overspend_probability`.

    Returns
    -------
    ndarray, shape (draw,)
        People, at least 200; infinite if no size is enough.
    """
    ratio = np.broadcast_to(budget_ratio, (costs.draws, 1))
    normal_size = size_with_persistent_differences(
        variation(costs, adjusted=True), persistent_sd, tolerance * ratio[:, 0], limit
    )
    if not np.isfinite(normal_size).any():
        return normal_size
    finite = normal_size[np.isfinite(normal_size)]
    first, last = max(finite.min() / _MARGIN, _FEWEST), max(finite.max(), _FEWEST) * _MARGIN
    steps = int(np.ceil(np.log(last / first) / np.log(_STEP)))
    sizes = [int(size) for size in np.unique(np.round(np.geomspace(first, last, steps + 1)))]
    probability = overspend_probability(
        costs, [tolerance], sizes, budget_ratio=ratio, persistent_sd=persistent_sd
    )
    return minimum_size(probability[:, :, 0], sizes, limit)


def smallest_covered_pool(cover: StopLoss, tolerance: float, limit: float) -> np.ndarray:
    """Return the smallest pool that is safe under cover, people, shape (draw,).

    Parameters
    ----------
    tolerance, limit : float
        See `smallest_pool`; the tolerance is a share of the whole budget, premium included.
    """
    return smallest_pool(cover.retained, tolerance, limit, budget_ratio=cover.budget_ratio)


def size_over_squared_k(costs: AnnualCost, size: np.ndarray) -> float:
    """Return the smallest pool over squared k: at one tolerance and limit the two go together.

    So it gives the size for another k, by how pools of these people are spread.

    Parameters
    ----------
    costs : AnnualCost
        Within cells, as under a budget that follows them.
    size : ndarray, shape (draw,)
        From `smallest_pool`.
    """
    return float(np.median(size / variation(costs, adjusted=True) ** 2))


LARGEST_LOOKED_AT = 5_000_000
"""Largest pool that is tried where differences between pools shrink with size, people."""

_TRIED = 240
"""Sizes that are tried, evenly spaced by logarithm; between them the variance is interpolated."""


def largest_k(people: float, tolerance: float, limit: float) -> float:
    """Return the k up to which a pool is large enough, where its cost is normal.

    Parameters
    ----------
    people : float
        In the pool; above 0.
    tolerance : float
        Overspend, share of the budget.
    limit : float
        Share of years, between 0 and 1, in which chance may exceed it.
    """
    return float(tolerance * np.sqrt(people) / -ndtri(limit))


def size_with_group_differences(
    k: np.ndarray,
    spread: Callable[[float], np.ndarray],
    tolerance: float,
    limit: float,
    *,
    largest: float = LARGEST_LOOKED_AT,
) -> np.ndarray:
    """Return the minimum size when differences between pools shrink with size (normal).

    The smallest N from which on z² (k²/N + tau(N)²) stays within tolerance².

    Parameters
    ----------
    k : ndarray, shape (draw,)
        Coefficient of variation of one person's annual cost.
    spread : callable
        From a number of people to draws of tau, the standard deviation of differences between pools
        of that size as a share of the budget; shape (any number of draws,). Draws of `k` and tau
        are paired at random, each repeated as far as needed.
    tolerance : float
        Share of the budget, above 0.
    limit : float
        Largest acceptable probability of a larger overspend, between 0 and 0.5.
    largest : float
        Largest size tried, people.

    Returns
    -------
    ndarray, shape (draw,)
        People, at least 200, as many draws as the longer of both; infinite if no size up to
        `largest` is enough.
    """
    sizes = np.geomspace(_FEWEST, largest, _TRIED)
    between = np.stack([np.square(spread(float(people))) for people in sizes], axis=1)
    draws = max(len(k), len(between))
    k, between = np.resize(k, draws), np.resize(between, (draws, _TRIED))
    room = (tolerance / -ndtri(limit)) ** 2
    over = np.log(k[:, None] ** 2 / sizes + between) - np.log(room)
    # The last size that is too small, and the next, which is the first of those that are enough.
    last = _TRIED - 1 - np.argmax((over > 0)[:, ::-1], axis=1)
    never, always = (over[:, -1] > 0), (over <= 0).all(axis=1)
    at = np.clip(last, 0, _TRIED - 2)
    rows = np.arange(draws)
    too_much, enough = over[rows, at], over[rows, at + 1]
    part = too_much / np.where(never | always, 1.0, too_much - enough)
    people = sizes[at] * (sizes[at + 1] / sizes[at]) ** part
    return np.where(never, np.inf, np.where(always, sizes[0], people))


def size_with_persistent_differences(
    k: np.ndarray | float,
    persistent_sd: np.ndarray | float,
    tolerance: np.ndarray | float,
    limit: float,
) -> np.ndarray:
    """Return the minimum size when pools also differ for good, by the normal approximation.

    Chance has the variance k²/N; lasting differences have the variance tau² at every size. The
    smallest N solves z² (k²/N + tau²) = tolerance².

    Parameters
    ----------
    k : ndarray, shape (draw,), or float
        Coefficient of variation of one person's annual cost.
    persistent_sd : ndarray, shape (draw,), or float
        tau: standard deviation of lasting differences between pools, as a share of the budget.
    tolerance : ndarray, shape (draw,), or float
        Share of the budget.
    limit : float
        Probability, between 0 and 0.5.

    Returns
    -------
    ndarray, shape (draw,)
        People; infinite if lasting differences alone break the limit.
    """
    room = (np.asarray(tolerance) / -ndtri(limit)) ** 2 - np.square(persistent_sd)
    variance = np.square(np.asarray(k, float))
    return np.where(room > 0, variance / np.where(room > 0, room, 1.0), np.inf)


def tolerance_at(
    costs: AnnualCost, people: int, limit: float, *, fixed_mix: bool = True
) -> np.ndarray:
    """Return the overspend that a pool of a given size exceeds with a given probability.

    Parameters
    ----------
    limit : float
        Probability, between 0 and 0.5.
    fixed_mix : bool
        See `analysis.risk.pooled_loss.PoolCalculator`.

    Returns
    -------
    ndarray, shape (draw,)
        Share of the expected cost: the tolerance a budget of this size needs.
    """
    return PoolCalculator(costs, fixed_mix=fixed_mix).loss(people).quantile(1 - limit) - 1
