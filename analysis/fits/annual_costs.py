"""The cost of one person fitted to risk cells: the book's people and anybody's.

Every draw begins its tail above another of the costliest people; below, costs are those of the
people themselves, resampled (the Bayesian bootstrap: Rubin 1981). The draws are independent and
exact up to the normal approximation of the cells' rates, so nothing has to converge.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from analysis.models.annual_cost.cell_rates import CellRates, cell_rates
from analysis.models.annual_cost.cells_by_bin import cells_by_bin
from analysis.models.annual_cost.largest_costs import LargestCosts, tail_table
from analysis.models.annual_cost.tail_shapes import NewShape
from analysis.models.annual_cost.truncated_pareto import TruncatedPareto
from analysis.models.contrasts import Contrasts, contrasts
from analysis.population.clustering import DesignEffects
from analysis.population.cost_table import tail_ranks, tail_starts
from analysis.population.risk_cells import RiskCells
from analysis.risk.cost_distribution import CostBins, CostDistribution
from analysis.seeds import seed_for

DRAWS = 2_000

MOST_CROSSED = 60
"""The first two factors act together if they have at most so many combinations."""


@dataclass(frozen=True)
class PooledCosts:
    """Draws of the distribution of cost over all people.

    Attributes
    ----------
    body : ndarray, shape (draw, bin)
        Share of all people in each bin up to the lowest threshold.
    exceed : ndarray, shape (draw, 1)
        Share of all people above it.
    upper : ndarray, shape (draw, upper bin)
        Of those, the share in each bin up to the draw's own threshold.
    tail : TruncatedPareto
    """

    body: np.ndarray
    exceed: np.ndarray
    upper: np.ndarray
    tail: TruncatedPareto


def fit_annual_costs(
    cells: RiskCells,
    new_shape: NewShape,
    maximum_multiple: float,
    effects: DesignEffects = DesignEffects(),
    draws: int = DRAWS,
    seed_name: str = "annual-costs",
    ranks: Sequence[int] = (),
) -> CostDistribution:
    """Return the distribution of one person's annual cost, by draw and cell.

    Parameters
    ----------
    new_shape : NewShape
        What other populations say of the tail's shape.
    maximum_multiple : float
        Most that a year's care of one person may cost, in multiples of the mean.
    effects : DesignEffects
        How much repeated years of the same people, clusters and weights weaken the evidence.
    ranks : sequence of int
        Costliest people in the tail, as the cells were made; by default those of `tail_ranks`.

    Returns
    -------
    CostDistribution
        In the currency of the cells. Fits to the same people by other factors share the draws of
        all that factors do not touch.
    """
    pooled_seed, cell_seed = (seed_for(f"{seed_name} {part}") for part in ("pooled", "cells"))
    pooled = _pooled_costs(
        cells,
        tail_positions(cells, ranks),
        new_shape,
        maximum_multiple * cells.mean_cost(),
        effects,
        draws,
        np.random.default_rng(pooled_seed),
    )
    money, exceed = _rates(cells, effects, draws, np.random.default_rng(cell_seed))
    body, upper = _bins(cells)
    reach, lean, slope = _reach(cells, body, money.mode, exceed.mode)
    n = _people(cells)
    relative, share = exceed.mode * exceed.relative, n / n.sum()
    return CostDistribution(
        bins=body,
        upper_bins=upper,
        body=pooled.body,
        reach=reach,
        lean=lean,
        tilt=np.clip((money.relative - 1) / slope, -1.0, 1.0),
        exceed=np.minimum(pooled.exceed * relative / (relative @ share)[:, None], 1.0),
        upper=pooled.upper,
        tail=pooled.tail,
        limit=pooled.tail.largest,
        share=share,
    )


def tail_of(cells: RiskCells, start: int, effective: float) -> LargestCosts:
    """Return the people from a bin on, each bin as two points with its mean and variance.

    Parameters
    ----------
    start : int
        Position of the lowest bin of the tail.
    effective : float
        Effective number of people for each that the table counts.
    """
    part = cells.costs.iloc[start:]
    mean, variance = (part[name].to_numpy() for name in ("mean_log", "variance_log"))
    # The largest of a normal sample (Blom 1958): a table of bins does not show it.
    rows = float(part["rows"].iloc[-1])
    above_mean = np.sqrt(variance[-1]) * ndtri((rows - 0.375) / (rows + 0.25))
    return LargestCosts.of_bins(
        float(part["cost_above"].iloc[0]),
        mean,
        variance,
        part["n"].to_numpy(float) * effective,
        costliest=float(np.exp(mean[-1] + above_mean)),
    )


def tail_positions(cells: RiskCells, ranks: Sequence[int] = ()) -> list[int]:
    """Return the lowest bin of the tail for each of its thresholds."""
    lowest = _lowest(cells)
    starts = tail_starts(cells.costs, ranks or tail_ranks(cells.people))
    return [max(start, lowest) for start in starts]


def people_each(cells: RiskCells) -> float:
    """Return the people seen for each that the cells stand for: 1 without weights."""
    return cells.people / float(cells.table["n"].sum())


def _pooled_costs(
    cells: RiskCells,
    positions: Sequence[int],
    new_shape: NewShape,
    limit: float,
    effects: DesignEffects,
    draws: int,
    generator: np.random.Generator,
) -> PooledCosts:
    counts = cells.costs["n"].to_numpy(float) * people_each(cells)
    lowest = _lowest(cells)
    above, everyone = counts[lowest:].sum(), float(cells.people)
    exceed = generator.beta(above / effects.exceed, (everyone - above) / effects.exceed, draws)
    without = max(everyone - counts.sum(), 1e-9)
    below = generator.dirichlet(np.append(counts[:lowest], without) / effects.body, draws)[:, :-1]
    upper, tails = [], []
    for position, number in zip(positions, _parts(draws, len(positions)), strict=True):
        data = tail_of(cells, position, people_each(cells) / effects.tail)
        tails.append(tail_table(data, new_shape.log_prior, limit).draws(number, generator))
        inner = np.append(counts[lowest:position], counts[position:].sum()) / effects.tail
        shares = generator.dirichlet(inner, number)[:, :-1]
        upper.append(np.pad(shares, [(0, 0), (0, len(counts) - position)]))
    # Every chain of draws, and every thinning of them, has all thresholds.
    order = generator.permutation(draws)
    tail = TruncatedPareto(
        *(
            np.concatenate([getattr(tail, name) for tail in tails])[order]
            for name in ("start", "scale", "shape", "largest")
        )
    )
    body = below * (1 - exceed)[:, None]
    return PooledCosts(body, exceed[:, None], np.concatenate(upper)[order], tail)


def _parts(draws: int, parts: int) -> list[int]:
    return [len(part) for part in np.array_split(np.arange(draws), parts)]


def _lowest(cells: RiskCells) -> int:
    """Number of bins up to the lowest threshold."""
    below = cells.costs["cost_above"].to_numpy() < cells.threshold * (1 - 1e-9)
    return int(below.sum())


def _bins(cells: RiskCells) -> tuple[CostBins, CostBins]:
    """The bins up to the lowest threshold, and those above it."""
    table, lowest = cells.costs, _lowest(cells)
    bins = CostBins.of_moments(table["mean_log"].to_numpy(), table["variance_log"].to_numpy())
    return (
        CostBins(bins.low[:lowest], bins.high[:lowest]),
        CostBins(bins.low[lowest:], bins.high[lowest:]),
    )


def _people(cells: RiskCells) -> np.ndarray:
    """People by cell; next to nobody in an empty one, whose costs are then those of its factors."""
    n = cells.table["n"].to_numpy(float)
    return np.maximum(n, 1e-9 * n.sum())


def _rates(
    cells: RiskCells, effects: DesignEffects, draws: int, generator: np.random.Generator
) -> tuple[CellRates, CellRates]:
    """Rates of cost up to the lowest threshold, and of people above it, by cell."""
    n, design = _people(cells), cell_contrasts(cells)
    above = _above(cells)
    limited = cells.table["sum_limited"].to_numpy(float)
    body = np.maximum(limited - cells.threshold * above, 0.0)
    squares = cells.table["sum_limited_squared"].sum() - cells.threshold**2 * above.sum()
    # Of a sum of costs the variance is this many times the mean.
    dispersion = squares / body.sum() * effects.body / people_each(cells)
    weight = people_each(cells) / effects.exceed
    money = cell_rates(body / dispersion, n, design, draws, generator)
    exceed = cell_rates(above * weight, n, design, draws, generator)
    return (
        CellRates(money.mode * dispersion, money.relative),
        CellRates(exceed.mode / weight, exceed.relative),
    )


def _above(cells: RiskCells) -> np.ndarray:
    """People above the lowest threshold by cell, shared out by cost where they were withheld."""
    above = cells.table["n_tail"].to_numpy(float)
    everyone = cells.costs["n"].iloc[_lowest(cells) :].sum()
    withheld, limited = np.isnan(above), cells.table["sum_limited"].to_numpy(float)
    rest = max(everyone - np.nansum(above), 0.0)
    shared = limited * withheld
    return np.where(withheld, rest * shared / max(shared.sum(), 1e-300), above)


def _reach(
    cells: RiskCells, body: CostBins, money: np.ndarray, exceed: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Share of each cell in every bin, how far up a bin lies for it, and what leaning up adds.

    The last is the relative rise of a cell's mean cost for a tilt of 1.
    """
    n, positive = _people(cells), cells.table["n_positive"].to_numpy(float)
    people = cells.costs["n"].to_numpy(float)[: len(body.low)]
    cost = np.asarray(body.limited(np.inf, 1))
    # A person more, with the usual chance of a cost, for cells where nobody or everybody has one.
    use = (positive + positive.sum() / n.sum()) / (n + 1)
    reach = cells_by_bin(people, cost, n * np.maximum(use - exceed, 1e-6), n * money)
    within = reach * people / (reach @ people)[:, None]
    mean = (within @ cost)[:, None]
    height = cost / (cost + mean)
    lean = height - (within * height).sum(axis=1, keepdims=True)
    return reach, lean, (within * lean * cost).sum(axis=1) / mean[:, 0]


def cell_contrasts(cells: RiskCells) -> Contrasts:
    """Return the contrasts of the factors that have levels to contrast.

    Beside the effect of each factor, the first two act together, as age and sex do, if they have
    few enough combinations.
    """
    labels = {name: cells.table[name].astype(str) for name in cells.factors}
    if len(cells.factors) > 1:
        first, second = cells.factors[:2]
        together = labels[first] + " · " + labels[second]
        if together.nunique() <= MOST_CROSSED:
            labels |= {"together": together}
    names = {name: sorted(column.unique()) for name, column in labels.items()}
    names = {name: levels for name, levels in names.items() if len(levels) > 1}
    if not names:
        return Contrasts(np.zeros((len(cells.table), 0)), np.zeros((0, 0)), np.zeros(0, bool))
    positions = {name: labels[name].map(names[name].index).to_numpy(np.int64) for name in names}
    return contrasts(positions, names, _people(cells))
