"""Pooled loss against the `aggregate` package and against resampling, at equal error.

The error of a method is its largest error in P(total > ratio x mean) over a range of ratios,
against a reference: the peer's own finest grid. The peer is given the coarsest grid whose error is
no larger than ours. Resampling is given a far larger error, a standard error of 0.1 percentage
points, since ours would take it hours; its time to that error is extrapolated from the pools
measured, to whose number it is proportional.
"""

import time
from dataclasses import replace

import numpy as np
from aggregate import Aggregate

from analysis.risk.cost_distribution import CostDistribution
from analysis.risk.pooled_loss import PoolCalculator, pooled_loss
from tests.benchmarks.results import Comparison, best_time
from tests.risk.costs import draw_costs, two_cells

SIZES = (500, 5_000, 100_000)
RESAMPLING_ERROR = 1e-3
"""Standard error that resampling must reach for a probability near one half."""
FINEST = 21
"""Binary logarithm of the number of points of the reference."""


def one_cell() -> CostDistribution:
    """Return one draw and one cell, since the peer handles one severity at a time."""
    costs = two_cells()
    names = ("use", "exceed", "location", "scale", "tail_scale")
    cell = {name: getattr(costs, name)[:1, 1:] for name in names}
    return replace(costs, **cell, tail_shape=costs.tail_shape[:1], share=np.ones(1))


def _ratios(costs: CostDistribution, people: int) -> np.ndarray:
    spread = np.sqrt(costs.variance() / people)[0, 0] / costs.mean()[0, 0]
    return 1 + spread * np.array([-1.5, -0.5, 0.0, 0.5, 1.0, 1.645, 2.5, 3.5])


def _severity(costs: CostDistribution, step: float) -> tuple[np.ndarray, np.ndarray]:
    """Severity on equal steps, keeping the mean: what the peer is given, made outside its time."""
    grid = np.arange(0.0, costs.limit + step, step)
    limited = np.minimum(costs.limited_mean(grid[None, :]), costs.mean())[0]
    slopes = np.diff(limited) / step
    probability = np.clip(-np.diff([1.0, *slopes, 0.0]), 0, None)
    return grid, probability / probability.sum()


def _step(costs: CostDistribution, people: int, log2: int) -> float:
    """Smallest step at which the peer's grid holds the whole distribution."""
    mean = people * costs.mean()[0, 0]
    reach = mean + 9 * np.sqrt(people * costs.variance()[0, 0]) + costs.limit
    return float(reach / 2**log2)


def _peer(costs: CostDistribution, people: int, log2: int) -> tuple[float, np.ndarray]:
    """Time the peer on a grid of 2^log2 points and return its exceedance probabilities."""
    step = _step(costs, people, log2)
    grid, probability = _severity(costs, step)
    at = _ratios(costs, people) * people * (grid @ probability)

    def run() -> np.ndarray:
        pool = Aggregate(
            "pool",
            exp_en=people,
            sev_name="dhistogram",
            sev_xs=grid,
            sev_ps=probability,
            freq_name="fixed",
        )
        pool.update(log2=log2, bs=step, padding=0)
        table = pool.density_df
        return np.interp(at - step / 2, table["loss"].to_numpy(), table["S"].to_numpy())

    return best_time(run, repeats=1 if log2 == FINEST else 2, at_least=0.0)


def _against_aggregate(
    costs: CostDistribution, people: int, ours: tuple[float, np.ndarray], reference: np.ndarray
) -> Comparison:
    seconds, answer = ours
    error = np.abs(answer - reference).max()
    for log2 in range(10, FINEST):
        peer_seconds, peer_answer = _peer(costs, people, log2)
        peer_error = np.abs(peer_answer - reference).max()
        if peer_error <= error:
            break
    return Comparison(
        f"Distribution of a pool of {people:,}, from severity to probabilities",
        f"aggregate, 2^{log2} points: its coarsest grid with no larger error",
        seconds,
        peer_seconds,
        f"errors {error:.0e} and {peer_error:.0e}, allowed 1e-04",
        bool(error < 1e-4 and peer_error <= error),
    )


def _against_resampling(
    costs: CostDistribution, people: int, ours: tuple[float, np.ndarray], reference: np.ndarray
) -> Comparison:
    seconds, answer = ours
    pools = max(100, 5_000_000 // people)
    generator = np.random.default_rng(people)
    start = time.perf_counter()
    totals = np.array([draw_costs(costs, 0, 0, people, generator).sum() for _ in range(pools)])
    per_pool = (time.perf_counter() - start) / pools
    found = (totals[:, None] > _ratios(costs, people) * people * costs.mean()[0, 0]).mean(axis=0)
    score = np.abs(found - answer) / np.sqrt(np.maximum(answer * (1 - answer), 1 / pools) / pools)
    error = np.abs(answer - reference).max()
    needed = 0.25 / RESAMPLING_ERROR**2
    return Comparison(
        f"Distribution of a pool of {people:,}, from severity to probabilities",
        f"resampling to a standard error of {RESAMPLING_ERROR:.0e}: {needed:,.0f} pools",
        seconds,
        per_pool * needed,
        f"our error {error:.0e}; {pools:,} pools differ by at most {score.max():.1f} standard "
        "errors, allowed 4",
        bool(score.max() < 4),
    )


def _growth(costs: CostDistribution) -> list[Comparison]:
    """Compare the time of ever larger pools with that of the smallest; it must not grow."""
    calculator = PoolCalculator(costs)
    ratios = np.array([1.01, 1.02, 1.05])
    sizes = (5_000, 100_000, 10_000_000, 1_000_000_000)
    found = []
    for people in sizes:
        seconds, answer = best_time(lambda n=people: calculator.loss(n).exceedance(ratios))
        found.append((people, seconds, answer))
    base = found[0][1]
    return [
        Comparison(
            f"A pool of {people:,} people ({costs.draws} draws, {len(costs.share)} cells)",
            f"ourselves: a pool of {sizes[0]:,}",
            seconds,
            base,
            "no slower than twice the small pool; probabilities fall with size",
            bool(seconds < 2 * base and (answer <= found[0][2] + 1e-9).all()),
        )
        for people, seconds, answer in found[1:]
    ]


def _per_draw(costs: CostDistribution, draws: int = 200) -> Comparison:
    """Compare many draws together with one draw at a time."""
    names = ("use", "exceed", "location", "scale", "tail_scale", "tail_shape")
    many = replace(costs, **{name: np.repeat(getattr(costs, name), draws, 0) for name in names})
    together, answer = best_time(lambda: pooled_loss(many, 100_000).exceedance(1.02), repeats=2)
    alone, single = best_time(lambda: pooled_loss(costs, 100_000).exceedance(1.02))
    difference = np.abs(answer - single).max()
    return Comparison(
        f"One draw of a pool of 100,000, {draws} draws together",
        "ourselves: a draw alone",
        together / draws,
        alone,
        f"differ by {difference:.0e}, allowed 1e-09",
        bool(difference < 1e-9),
    )


def pooling_benchmarks() -> list[Comparison]:
    """Compare at 500, 5,000 and 100,000 people, then show the growth with size and with draws."""
    costs = one_cell()
    found = []
    for people in SIZES:
        ratios = _ratios(costs, people)
        ours = best_time(lambda n=people, r=ratios: pooled_loss(costs, n).exceedance(r)[0])
        _, reference = _peer(costs, people, FINEST)
        found.append(_against_aggregate(costs, people, ours, reference))
        found.append(_against_resampling(costs, people, ours, reference))
    return [*found, *_growth(two_cells()), _per_draw(costs)]
