"""What one English person costs in a year, by age and sex, as pools need it.

The generator's cost is a sum of four kinds of care that share a need, which has no closed form. Its
distribution is computed here by weighted sampling, with rare events made frequent and weighted
down, and put on a grid that keeps the mean.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Self

import numpy as np
from scipy.special import ndtri

from analysis.population.england.parameters import EnglandParameters
from analysis.population.england.person_costs import (
    PersonCostModel,
    SpellCare,
    lognormal_mean_one,
    person_cost_model,
)
from analysis.risk.annual_cost import CostBeforeCover

POINTS = 500
"""Points of the grid of costs, 3.3 % apart."""

_SMALLEST = 0.1
"""First point of the grid above zero, GBP: everybody costs more (dental and eye care)."""


@dataclass(frozen=True)
class TabulatedCosts(CostBeforeCover):
    """Annual cost of one person by draw and cell, on a grid.

    Attributes
    ----------
    points : ndarray, shape (point,)
        Costs from 0 up, GBP.
    probabilities : ndarray, shape (draw, cell, point)
        Adding up to 1 over points.
    labels : tuple of str
        Of the cells.
    """

    points: np.ndarray
    probabilities: np.ndarray
    labels: tuple[str, ...]

    BY_DRAW: ClassVar[tuple[str, ...]] = ("probabilities", "limit")

    @property
    def draws(self) -> int:
        """Number of draws."""
        return self.probabilities.shape[0]

    def limited_mean(self, amount: np.ndarray | float) -> np.ndarray:
        """Return E[min(cost, amount)], see `AnnualCost.limited_mean`."""
        return self._limited(amount, 1)

    def limited_square(self, amount: np.ndarray | float) -> np.ndarray:
        """Return E[min(cost, amount)²], see `AnnualCost.limited_square`."""
        return self._limited(amount, 2)

    def survival_by_cell(self, amount: np.ndarray | float) -> np.ndarray:
        """Return P(cost > amount) by cell, see `CostBeforeCover.survival_by_cell`.

        A point stands for the costs around it: its share is right halfway between it and the next
        point, and a straight line leads from one halfway to the next.
        """
        rows = np.broadcast_to(np.ravel(amount), (self.draws,))
        middles = (self.points[1:] + self.points[:-1]) / 2
        place = np.clip(np.searchsorted(middles, rows), 1, len(middles) - 1)
        width = middles[place] - middles[place - 1]
        part = np.clip((rows - middles[place - 1]) / width, 0.0, 1.0)[:, None]
        by_draw = np.arange(self.draws)
        first, second = (self._sums[0][place + step, by_draw] for step in (0, 1))
        return np.where(rows[:, None] < self.points[-1], first + part * (second - first), 0.0)

    def largest_up_to(self, amount: np.ndarray) -> np.ndarray:
        """Return the point that stands for an amount, shape (draw, 1): part of it stays."""
        middles = (self.points[1:] + self.points[:-1]) / 2
        return np.asarray(self.points[np.searchsorted(middles, amount)])

    def limited_at(self, amount: np.ndarray | float) -> Self:
        """Return the distribution of the smaller of the cost and an amount, of shape (draw, 1)."""
        limited = super().limited_at(amount)
        # A limit changes no probability: what was summed up serves on.
        limited.__dict__["_sums"] = self._sums
        return limited

    def _limited(self, amount: np.ndarray | float, order: int) -> np.ndarray:
        """E[min(cost, amount)^order]: what lies below the amount, and the amount for the rest."""
        rows = np.ravel(amount)[:, None]
        place = np.searchsorted(self.points, rows, side="right")
        # One amount for all draws is one place, which is much quicker to look up.
        at = place.item() if place.size == 1 else (place[:, 0], np.arange(self.draws))
        above, *below = self._sums
        return np.asarray(below[order - 1][at] + rows**order * above[at])

    @cached_property
    def _sums(self) -> tuple[np.ndarray, ...]:
        """Probability of the points from each place on; cost and squared cost of those before.

        Each of shape (place, draw, cell).
        """
        by_point = np.ascontiguousarray(np.moveaxis(self.probabilities, -1, 0))
        cost = self.points[:, None, None]
        above = np.cumsum(by_point[::-1], axis=0)[::-1]
        below = (np.cumsum(by_point * cost**n, axis=0) for n in (1, 2))
        none = (0, 0)
        parts = (np.pad(part, ((1, 0), none, none)) for part in below)
        return np.pad(above, ((0, 1), none, none)), *parts


def england_costs(
    parameters: list[EnglandParameters],
    seed: int,
    maximum_multiple: float,
    people_per_cell: int = 3_000,
) -> TabulatedCosts:
    """Return the distribution of English annual cost within 38 cells of age and sex.

    Parameters
    ----------
    parameters : list of EnglandParameters
        One a draw.
    seed : int
        Of the weighted sample; the same random numbers serve every draw.
    maximum_multiple : float
        Largest possible annual cost of one person, in multiples of the mean cost.
    people_per_cell : int
        Weighted sample of each of the 190 cells of age, sex and deprivation.
    """
    first = person_cost_model(parameters[0])
    cells = first.cells
    limit = maximum_multiple * cells.average(cells.total)
    points = np.concatenate([[0.0], np.geomspace(_SMALLEST, limit, POINTS - 1)])
    noise = _Noise.drawn(seed, len(cells.people), people_per_cell)
    tables = [_tabulated(person_cost_model(row), noise, points) for row in parameters]
    share = np.bincount(cells.age_sex, weights=cells.share)
    return TabulatedCosts(points, np.stack(tables), cells.age_sex_labels, limit=limit, share=share)


@dataclass(frozen=True)
class _Noise:
    """Standard random numbers, each of shape (kind, cell, person); the kinds are spells of care."""

    need: np.ndarray
    primary: np.ndarray
    uniform: np.ndarray
    normal: np.ndarray
    exponential: np.ndarray

    @classmethod
    def drawn(cls, seed: int, cells: int, people: int) -> "_Noise":
        random = np.random.default_rng(seed)
        shape, kinds = (cells, people), (3, cells, people)
        return cls(
            # Need decides most: one person in each of equally likely slices of it.
            need=_stratified_normal(random, shape),
            primary=random.standard_normal(shape),
            uniform=random.random(kinds),
            normal=random.standard_normal(kinds),
            exponential=random.standard_exponential(kinds),
        )


def _stratified_normal(random: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    people = shape[1]
    return ndtri((np.arange(people) + random.random(shape)) / people)


def _tabulated(model: PersonCostModel, noise: _Noise, points: np.ndarray) -> np.ndarray:
    """Probabilities by age and sex at the points, shape (age_sex, point)."""
    parameters, cells = model.parameters, model.cells
    cell = np.arange(len(cells.people))[:, None]
    need_sd = float(np.sqrt(parameters.need_log_variance))
    need = lognormal_mean_one(need_sd * noise.need, need_sd**2)
    elasticity, log_sd = parameters.primary_need_elasticity, parameters.primary_cost_log_sd
    deviation = elasticity * need_sd * noise.need + log_sd * noise.primary
    primary = lognormal_mean_one(deviation, (elasticity * need_sd) ** 2 + log_sd**2)
    cost = model.primary_mean[:, None] * primary + cells.flat[:, None]
    weight = np.broadcast_to(cells.share[:, None] / cost.shape[1], cost.shape)
    for kind, care in enumerate(model.spells_of("total")):
        added, factor = _weighted_cost(care, cell, need, noise, kind)
        cost, weight = cost + added, weight * factor
    # Weights of a cell add up to its share only on average: they are made to.
    weight = weight * (cells.share / weight.sum(axis=1))[:, None]
    code = np.broadcast_to(cells.age_sex[:, None], cost.shape)
    return on_grid(cost, weight, code, points)


def _weighted_cost(
    care: SpellCare, cell: np.ndarray, need: np.ndarray, noise: _Noise, kind: int
) -> tuple[np.ndarray, np.ndarray]:
    """Cost of one kind of care with its rare events made frequent, and the weights for that."""
    use = care.use(cell, need)
    chosen = np.maximum(use, 0.5)
    uses = noise.uniform[kind] < chosen
    # An exponential that is longer by 1 / (1 - shape) reaches the tail in proportion to its cost.
    tilt = 1 - care.tail_shape
    exponential = noise.exponential[kind] / tilt
    tail_weight = np.exp(-(1 - tilt) * exponential) / tilt
    # A uniform of 0 lets everybody use the care; who does is decided here.
    cost = care.cost(cell, need, np.zeros(1), noise.normal[kind], exponential)
    weight = np.where(uses, use / chosen * tail_weight, (1 - use) / np.maximum(1 - chosen, 1e-12))
    return np.where(uses, cost, 0.0), weight


def on_grid(
    cost: np.ndarray, weight: np.ndarray, code: np.ndarray, points: np.ndarray
) -> np.ndarray:
    """Return the probabilities of points, shape (cell, point), with the mean of the costs.

    Every weight is split between the two points around its cost.

    Parameters
    ----------
    cost, weight, code : ndarray of one shape
        Costs, their weights, and the number of the cell that each belongs to.
    points : ndarray, shape (point,)
        0, then a geometric series.
    """
    limited = np.clip(cost, 0.0, points[-1])
    step = np.log(points[2] / points[1])
    below = np.floor(np.log(np.maximum(limited, points[1]) / points[1]) / step).astype(int) + 1
    below = np.where(limited < points[1], 0, np.minimum(below, len(points) - 2))
    part = np.clip((limited - points[below]) / (points[below + 1] - points[below]), 0.0, 1.0)
    size = (code.max() + 1) * len(points)
    flat = (code * len(points) + below).ravel()
    table = np.bincount(flat, (weight * (1 - part)).ravel(), size)
    table += np.bincount(flat + 1, (weight * part).ravel(), size)
    table = table.reshape(-1, len(points))
    return table / table.sum(axis=1, keepdims=True)
