"""Cost distributions with known answers, and people drawn from them."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from analysis.models.annual_cost.truncated_pareto import TruncatedPareto
from analysis.risk.annual_cost import AnnualCost, CostBeforeCover, some_draws
from analysis.risk.cost_distribution import CostBins, CostDistribution
from analysis.risk.tabulated_costs import TabulatedCosts

THRESHOLD = 2_000.0
"""Lowest of the two thresholds of `two_cells`."""

_EDGES = np.linspace(np.log(2.0), np.log(THRESHOLD), 31)
_UPPER_EDGES = np.linspace(np.log(THRESHOLD), np.log(4_000.0), 4)


def two_cells(limit: float = 60_000.0) -> CostDistribution:
    """Return costs near RAND's: two draws with different thresholds, two cells, a heavy tail."""
    middle = (_EDGES[1:] + _EDGES[:-1]) / 2
    shape = np.exp(-((middle - np.array([[4.2], [4.4]])) ** 2) / 3)
    body = np.array([[0.74], [0.77]]) * shape / shape.sum(axis=1, keepdims=True)
    # The second cell, the dearer one, has ever more of the people with higher costs.
    second = 0.22 + 0.25 * (middle - middle[0]) / np.ptp(middle)
    return CostDistribution(
        bins=CostBins(_EDGES[:-1], _EDGES[1:]),
        upper_bins=CostBins(_UPPER_EDGES[:-1], _UPPER_EDGES[1:]),
        body=body,
        reach=np.stack([1 - second, second]),
        lean=0.3 * np.stack([middle - middle.mean()] * 2) / np.ptp(middle),
        tilt=np.array([[0.0, 0.0], [-0.1, 0.2]]),
        exceed=np.array([[0.010, 0.022], [0.011, 0.020]]),
        upper=np.array([[0.3, 0.2, 0.15], [0.0, 0.0, 0.0]]),
        tail=TruncatedPareto(
            start=np.array([[4_000.0], [THRESHOLD]]),
            scale=np.array([[2_500.0], [2_200.0]]),
            shape=np.array([[0.40], [0.35]]),
            largest=np.array([[150_000.0], [100_000.0]]),
        ),
        limit=limit,
        share=np.array([0.7, 0.3]),
    )


def one_cell_of(costs: CostDistribution, cell: int, draw: int = 0) -> CostDistribution:
    """Return one draw of one cell, as a population of its own."""
    leaning = costs.reach[cell] * (1 + costs.tilt[:, [cell]] * costs.lean[cell])
    chosen = replace(
        costs,
        body=costs.body_parts * leaning * costs.room[:, [cell]] / costs.share[cell],
        reach=np.ones((1, costs.reach.shape[1])),
        lean=np.zeros((1, costs.reach.shape[1])),
        tilt=np.zeros((costs.draws, 1)),
        exceed=costs.exceed[:, [cell]],
        share=np.ones(1),
    )
    at = slice(draw, draw + 1)
    return replace(
        chosen,
        **{name: getattr(chosen, name)[at] for name in ("body", "tilt", "exceed", "upper")},
        tail=chosen.tail.chosen(np.array([draw])),
        limit=chosen.limit_by_draw()[at],
    )


def varied(costs: CostDistribution, draws: int, generator: np.random.Generator) -> CostDistribution:
    """Return many draws that differ from the first as a posterior's do, their largest cost too."""

    def factor(sd: float) -> np.ndarray:
        return np.exp(sd * generator.standard_normal((draws, 1)))

    many = some_draws(costs, np.zeros(draws, int))
    tail = replace(
        many.tail,
        scale=many.tail.scale * factor(0.05),
        shape=many.tail.shape * factor(0.1),
        largest=many.tail.largest * factor(0.5),
    )
    return replace(
        many,
        body=many.body * factor(0.02),
        exceed=many.exceed * factor(0.05),
        tail=tail,
        limit=np.minimum(tail.largest, many.limit_by_draw() * factor(0.5)),
    )


def on_a_grid(costs: CostDistribution, points: int = 500) -> TabulatedCosts:
    """Return the same costs on a grid that keeps the mean of every interval."""
    relative = np.append(0.0, np.geomspace(1e-7, 1.0, points - 1))
    amounts, probabilities = costs.discretise(relative)
    labels = tuple(str(cell) for cell in range(len(costs.share)))
    return TabulatedCosts(amounts, probabilities, labels, limit=costs.limit, share=costs.share)


@dataclass(frozen=True)
class ExponentialCosts(CostBeforeCover):
    """Exponential costs: everything about them is known in closed form.

    Attributes
    ----------
    mean_cost : ndarray, shape (draw, cell)
        Without the limit.
    """

    mean_cost: np.ndarray

    BY_DRAW: ClassVar[tuple[str, ...]] = ("mean_cost", "limit")

    @property
    def draws(self) -> int:
        """Number of draws."""
        return len(self.mean_cost)

    def limited_mean(self, amount: np.ndarray | float) -> np.ndarray:
        """Return E[min(cost, amount)], shape (draw, cell)."""
        return -self.mean_cost * np.expm1(-amount / self.mean_cost)

    def limited_square(self, amount: np.ndarray | float) -> np.ndarray:
        """Return E[min(cost, amount)²], shape (draw, cell)."""
        reached = np.minimum(amount / self.mean_cost, 700.0)
        return 2 * self.mean_cost**2 * (1 - np.exp(-reached) * (1 + reached))

    def survival_by_cell(self, amount: np.ndarray | float) -> np.ndarray:
        """Return P(cost > amount), shape (draw, cell)."""
        return np.exp(-amount / self.mean_cost)


def exponential(mean: float = 100.0, cells: int = 1, draws: int = 1) -> ExponentialCosts:
    """Return exponential costs of one mean, limited where next to nobody is."""
    return ExponentialCosts(
        mean_cost=np.full((draws, cells), mean),
        limit=60.0 * mean,
        share=np.full(cells, 1 / cells),
    )


def draw_costs(
    costs: AnnualCost, draw: int, cell: int, size: int, generator: np.random.Generator
) -> np.ndarray:
    """Return simulated costs of people of one cell, limited at the distribution's limit."""
    if isinstance(costs, ExponentialCosts):
        cost = generator.exponential(costs.mean_cost[draw, cell], size)
    else:
        cost = _drawn_by_bin(one_cell_of(costs, cell, draw), size, generator)
    return np.minimum(cost, costs.limit_by_draw()[draw, 0])


def _drawn_by_bin(costs: CostDistribution, size: int, generator: np.random.Generator) -> np.ndarray:
    """Costs of a distribution of one draw and one cell: which bin, then where in it."""
    exceed, tail = costs.exceed[0, 0], costs.tail
    in_tail = exceed * (1 - costs.upper[0].sum())
    body, upper = costs.body[0], exceed * costs.upper[0]
    chances = np.concatenate([body, upper, [in_tail, 1 - body.sum() - exceed]])
    place = generator.choice(len(chances), size=size, p=chances)
    low = np.concatenate([costs.bins.low, costs.upper_bins.low, [0.0, 0.0]])[place]
    high = np.concatenate([costs.bins.high, costs.upper_bins.high, [0.0, 0.0]])[place]
    cost = np.exp(low + (high - low) * generator.random(size))
    cost[place == len(chances) - 1] = 0.0
    rows = place == len(chances) - 2
    start, scale, shape, largest = (
        values[0, 0] for values in (tail.start, tail.scale, tail.shape, tail.largest)
    )
    least = (1 + shape * (largest - start) / scale) ** (-1 / shape)
    survival = least + (1 - least) * generator.random(rows.sum())
    cost[rows] = start + scale / shape * (survival**-shape - 1)
    return cost
