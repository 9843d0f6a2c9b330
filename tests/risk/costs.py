"""Cost distributions with known answers, and people drawn from them by inversion."""

import numpy as np
from scipy.special import ndtr, ndtri

from analysis.risk.cost_distribution import CostDistribution

THRESHOLD = 10**2.7


def two_cells(limit: float = 60_000.0) -> CostDistribution:
    """Return costs near RAND's: two draws, two cells, a heavy tail."""
    return CostDistribution(
        use=np.array([[0.70, 0.90], [0.75, 0.85]]),
        exceed=np.array([[0.06, 0.14], [0.07, 0.12]]),
        location=np.log(THRESHOLD) + np.array([[-2.3, -1.8], [-2.2, -1.9]]),
        scale=np.array([[1.2, 1.1], [1.15, 1.05]]),
        tail_scale=THRESHOLD * np.array([[1.0, 1.6], [1.1, 1.4]]),
        tail_shape=np.array([[0.45], [0.35]]),
        threshold=THRESHOLD,
        limit=limit,
        share=np.array([0.7, 0.3]),
    )


def exponential(mean: float = 100.0, cells: int = 1, draws: int = 1) -> CostDistribution:
    """Return exponential costs: the limit of the Pareto tail at shape 0, with no body."""
    full = np.ones((draws, cells))
    return CostDistribution(
        use=full,
        exceed=full,
        location=full * -40.0,
        scale=full,
        tail_scale=full * mean,
        tail_shape=np.full((draws, 1), 1e-7),
        threshold=1e-9,
        limit=60.0 * mean,
        share=np.full(cells, 1 / cells),
    )


def draw_costs(
    costs: CostDistribution, draw: int, cell: int, size: int, generator: np.random.Generator
) -> np.ndarray:
    """Return simulated costs of people of one cell, limited at the distribution's limit."""
    at = (draw, cell)
    mass = ndtr((np.log(costs.threshold) - costs.location[at]) / costs.scale[at])
    body = np.exp(costs.location[at] + costs.scale[at] * ndtri(mass * generator.random(size)))
    shape = costs.tail_shape[draw, 0]
    excess = costs.tail_scale[at] / shape * np.expm1(-shape * np.log(generator.random(size)))
    kind = generator.random(size)
    cost = np.where(kind < costs.exceed[at], costs.threshold + excess, body)
    limit = np.broadcast_to(costs.limit, (costs.draws, 1))[draw, 0]
    return np.minimum(np.where(generator.random(size) < costs.use[at], cost, 0.0), limit)
