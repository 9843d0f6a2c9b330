"""Weighted draws from a density in a few dimensions that costs milliseconds, without gradients.

Adaptive multiple importance sampling (Cornuet, Marin, Mira and Robert 2012, Scandinavian Journal
of Statistics 39:798): draws come in rounds from a Student t distribution that each round is moved
and stretched to what was found before, and every draw is weighted by the mixture of all rounds. A
wide first round stays in the mixture, so that weights stay bounded where the target's tails are no
heavier than its own. The bound can be large, so the largest weights are smoothed at the end by a
generalised Pareto fitted to them, whose shape k says whether they can be trusted (Vehtari, Simpson,
Gelman, Yao and Gabry 2024, Journal of Machine Learning Research 25:72).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import logsumexp
from scipy.stats import multivariate_t

from analysis.inference.diagnostics import ConvergenceError

DEGREES = 5.0
"""Of freedom of the Student t distributions: tails heavier than those of most posteriors."""

ROUND, MOST_ROUNDS = 400, 25
ENOUGH = 1_000.0
"""Effective draws after which no further round is begun."""

MAX_PARETO_K = 0.7
"""Shape of the tail of the weights above which means of draws do not settle (same source)."""

STEP = 0.05
"""Of the differences that give the curvature at the mode."""

WIDEST, NARROWEST = 3.0, 1e-3
"""Limits of the standard deviations along the axes of the first guess from the curvature."""

type Density = Callable[[np.ndarray], np.ndarray]
"""Log densities, up to a constant, of unconstrained vectors, shape (draw, size)."""


def pointwise(log_density: Callable[[np.ndarray], float]) -> Density:
    """Return the density of many vectors, of one that takes them one by one."""
    return lambda points: np.array([log_density(point) for point in points])


@dataclass(frozen=True)
class Weighted:
    """Draws with weights.

    Attributes
    ----------
    points : ndarray, shape (draw, size)
    weights : ndarray, shape (draw,)
        Adding up to one.
    pareto_k : float
        Shape of the tail of the weights before they were smoothed.
    """

    points: np.ndarray
    weights: np.ndarray
    pareto_k: float

    def require(self) -> None:
        """Raise ConvergenceError if the weights cannot be trusted."""
        if not self.pareto_k <= MAX_PARETO_K:
            raise ConvergenceError(
                f"importance weights have too heavy a tail: Pareto k is {self.pareto_k:.2f}, above "
                f"{MAX_PARETO_K}"
            )

    @property
    def effective(self) -> float:
        """Number of equally weighted draws that would be as precise (Kish 1965)."""
        return float(1 / np.sum(self.weights**2))

    def resampled(self, number: int, generator: np.random.Generator) -> np.ndarray:
        """Return positions of draws, see `resampled`."""
        return resampled(self.weights, number, generator)


def resampled(weights: np.ndarray, number: int, generator: np.random.Generator) -> np.ndarray:
    """Return positions of draws, each as often as its weight asks for, shape (number,).

    Systematic resampling, in random order.

    Parameters
    ----------
    weights : ndarray, shape (draw,)
        At least 0; they need not add up to 1.
    """
    steps = (generator.random() + np.arange(number)) / number
    ends = np.cumsum(weights)
    chosen = np.searchsorted(ends / ends[-1], steps)
    return generator.permutation(np.minimum(chosen, len(ends) - 1))


def importance_sample(
    log_density: Density,
    start: np.ndarray,
    spread: np.ndarray,
    generator: np.random.Generator,
    enough: float | None = None,
) -> Weighted:
    """Draw from a density, in more rounds while few draws count or weights cannot be trusted.

    Parameters
    ----------
    start : ndarray, shape (size,)
        Middle of the prior.
    spread : ndarray, shape (size,)
        Standard deviations of the prior, or wider: the first round is drawn with them.
    enough : float, optional
        Effective draws after which no further round is begun; by default `ENOUGH`.

    Raises
    ------
    ConvergenceError
        If the tail of the weights is too heavy after the last round (`MAX_PARETO_K`).
    """
    size, wanted = len(start), ENOUGH if enough is None else enough
    wide = multivariate_t(start, np.diag(spread**2), df=DEGREES)
    mode = _mode(log_density, start)
    proposals = [wide, multivariate_t(mode, _covariance(log_density, mode), df=DEGREES)]
    counts = [ROUND // 4, ROUND]
    points = [each.rvs(n, generator) for each, n in zip(proposals, counts, strict=True)]
    values = [log_density(each) for each in points]
    while True:
        drawn = np.concatenate(points)
        log_weights = _log_weights(drawn, np.concatenate(values), proposals, counts)
        weights = np.exp(log_weights)
        last = len(counts) > MOST_ROUNDS
        if 1 / np.sum(weights**2) >= wanted or last:
            weighted = _smoothed(drawn, log_weights)
            if weighted.pareto_k <= MAX_PARETO_K or last:
                weighted.require()
                return weighted
        middle, shape = _moments(drawn, weights, size)
        proposals.append(multivariate_t(middle, shape, df=DEGREES))
        counts.append(ROUND)
        points.append(proposals[-1].rvs(ROUND, generator))
        values.append(log_density(points[-1]))


def _mode(log_density: Density, start: np.ndarray) -> np.ndarray:
    def misfit(point: np.ndarray) -> float:
        value = float(np.ravel(log_density(point[None]))[0])
        return -value if np.isfinite(value) else 1e10

    return np.asarray(minimize(misfit, start, method="L-BFGS-B", options={"eps": 1e-4}).x)


def _covariance(log_density: Density, mode: np.ndarray) -> np.ndarray:
    """Inverse of the curvature at the mode, by central differences."""
    size, steps = len(mode), STEP * np.eye(len(mode))
    curvature = np.empty((size, size))
    for i in range(size):
        for j in range(i, size):
            signs = np.array([(1, 1), (1, -1), (-1, 1), (-1, -1)])
            corners = log_density(mode + signs @ steps[[i, j]])
            curvature[i, j] = curvature[j, i] = -signs.prod(axis=1) @ corners / (4 * STEP**2)
    lengths, axes = np.linalg.eigh(curvature)
    clipped = np.clip(lengths, WIDEST**-2, NARROWEST**-2)
    return axes / clipped @ axes.T


def _within_limits(covariance: np.ndarray) -> np.ndarray:
    """Covariance with axes of sensible length: a flat direction has no finite one."""
    lengths, axes = np.linalg.eigh((covariance + covariance.T) / 2)
    clipped = np.clip(lengths, NARROWEST**2, WIDEST**2)
    return axes * clipped @ axes.T


def _log_weights(
    points: np.ndarray, values: np.ndarray, proposals: list, counts: list[int]
) -> np.ndarray:
    """Log weights whose exponentials add up to one."""
    logs = np.array([each.logpdf(points) for each in proposals])
    share = np.array(counts)[:, None] / sum(counts)
    top = logs.max(axis=0)
    log_weight = values - top - np.log(np.sum(share * np.exp(logs - top), axis=0))
    return log_weight - logsumexp(log_weight)


def _smoothed(points: np.ndarray, log_weights: np.ndarray) -> Weighted:
    from arviz_stats.base import array_stats  # a second of imports

    # The smoothing takes differences of logs; what counts for nothing need not be minus infinity.
    finite = np.maximum(log_weights, log_weights.max() - 700)
    smoothed, pareto_k = array_stats.psislw(-finite)
    weights = np.exp(smoothed - logsumexp(smoothed))
    return Weighted(points, weights, float(pareto_k))


def _moments(points: np.ndarray, weights: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean and covariance of the target; while few draws count, their weights are evened out."""
    weight = weights
    while 1 / np.sum(weight**2) < 10 * size:
        weight = np.sqrt(weight)
        weight = weight / weight.sum()
    middle = weight @ points
    gap = points - middle
    return middle, _within_limits((weight[:, None] * gap).T @ gap)
