"""Limiting cases: where the answer is known without any model.

Each compares a measure of the book with a closed form, on costs that leave only one part of the
hurdle model standing.
"""

from collections.abc import Callable

import numpy as np
from scipy.stats import binom, gamma, norm

from analysis.chapters.validation.checks import Check, Ledger
from analysis.risk.adjustment import variation
from analysis.risk.annual_cost import AnnualCost
from analysis.risk.cost_distribution import CostDistribution
from analysis.risk.minimum_size import size_with_persistent_differences
from analysis.risk.pooled_loss import PoolCalculator
from analysis.risk.stop_loss import stop_loss

ROUNDING = "rounding of the computer only"
HUGE = 1e12

LOCATION, SCALE, USE = 5.0, 1.2, 0.8
"""Log cost of the lognormal cases, and the share of people with a cost."""

MEAN = 100.0
"""Mean cost of the exponential case."""

RARE = 0.05
"""Share of people with a cost in the case of one fixed cost."""


def one_cell(**parts: float) -> CostDistribution:
    """Return a cost distribution of one draw and one cell.

    Parameters
    ----------
    **parts : float
        Fields of `CostDistribution` that differ from a certain lognormal cost without a tail.
    """
    values = {
        "use": 1.0,
        "exceed": 0.0,
        "location": LOCATION,
        "scale": SCALE,
        "tail_scale": 1.0,
        "tail_shape": 0.5,
        "threshold": HUGE,
        "limit": HUGE,
    } | parts
    arrays = {
        name: np.full((1, 1), value)
        for name, value in values.items()
        if name not in ("threshold", "limit")
    }
    return CostDistribution(
        **arrays, threshold=values["threshold"], limit=values["limit"], share=np.ones(1)
    )


def fixed_cost(use: float = 1.0) -> CostDistribution:
    """Return the same cost for everybody who has one."""
    return one_cell(use=use, scale=1e-9, location=0.0, limit=2.0)


def exponential() -> CostDistribution:
    """Return exponential costs: the limit of the tail at shape 0, with no body."""
    return one_cell(
        exceed=1.0, threshold=1e-9, tail_scale=MEAN, tail_shape=1e-7, limit=60 * MEAN, location=-40
    )


def heavy_tail() -> CostDistribution:
    """Return costs with every part: some without cost, a lognormal body, a heavy tail."""
    return one_cell(
        use=USE,
        exceed=0.1,
        location=4.0,
        threshold=500.0,
        tail_scale=600.0,
        tail_shape=0.4,
        limit=1e5,
    )


def _k(costs: AnnualCost) -> float:
    return float(variation(costs, adjusted=True)[0])


def _over(costs: CostDistribution, people: int, tolerance: float) -> float:
    return 100 * float(PoolCalculator(costs).loss(people).exceedance(1 + tolerance)[0, 0])


def _upper_end(costs: CostDistribution, people: int) -> float:
    """The ratio exceeded in one year in twenty, in standard deviations above 1."""
    quantile = PoolCalculator(costs).loss(people).quantile(norm.cdf(Z_ONE_IN_TWENTY))[0]
    return float((quantile - 1) * np.sqrt(people) / _k(costs))


Z_ONE_IN_TWENTY = float(norm.isf(1 / 20))
BINOMIAL_PEOPLE, GAMMA_PEOPLE, MANY = 200_000, 5_000, 1_000_000_000
LOGNORMAL_K = float(np.sqrt(np.exp(SCALE**2) / USE - 1))


def _limit(what: str, expected: float, tolerance: float, because: str, unit: str = "") -> Check:
    return Check(
        name=what,
        kind="limit",
        what=what,
        expected=expected,
        tolerance=tolerance,
        because=because,
        unit=unit,
    )


CASES: tuple[tuple[Check, Callable[[], float]], ...] = (
    (_limit("Everybody costs the same: k is 0", 0.0, 1e-6, ROUNDING), lambda: _k(fixed_cost())),
    (
        _limit(
            "One fixed cost, rare: k of a Bernoulli variable",
            np.sqrt((1 - RARE) / RARE),
            1e-6,
            ROUNDING,
        ),
        lambda: _k(fixed_cost(RARE)),
    ),
    (
        _limit(
            "One fixed cost, rare: overspends over 2%, against the binomial",
            100 * binom.sf(1.02 * BINOMIAL_PEOPLE * RARE, BINOMIAL_PEOPLE, RARE),
            0.1,
            "half of what one person more or less changes",
            "% of years",
        ),
        lambda: _over(fixed_cost(RARE), BINOMIAL_PEOPLE, 0.02),
    ),
    (
        _limit("Exponential costs: k is 1", 1.0, 1e-5, "the shape is 1e-7 and not 0"),
        lambda: _k(exponential()),
    ),
    (
        _limit(
            "Exponential costs: overspends over 2%, against the gamma",
            100 * gamma.sf(1.02 * GAMMA_PEOPLE, GAMMA_PEOPLE),
            0.01,
            "one cost is put on a grid 4% apart, which moves k by one part in 10,000",
            "% of years",
        ),
        lambda: _over(exponential(), GAMMA_PEOPLE, 0.02),
    ),
    (
        _limit("Tail begins at infinity: k of a lognormal", LOGNORMAL_K, 1e-6, ROUNDING),
        lambda: _k(one_cell(use=USE)),
    ),
    (
        _limit(
            "A thousand million people: no overspend over 1%", 0.0, 1e-9, ROUNDING, "% of years"
        ),
        lambda: _over(heavy_tail(), MANY, 0.01),
    ),
    (
        _limit(
            "A thousand million people: normal, one year in twenty",
            Z_ONE_IN_TWENTY,
            0.01,
            "interpolation between points of the density",
            "standard deviations",
        ),
        lambda: _upper_end(heavy_tail(), MANY),
    ),
    (
        _limit("Stop-loss at infinity: no premium", 0.0, 1e-9, ROUNDING, "% of cost"),
        lambda: 100 * float(stop_loss(heavy_tail(), 1e9).premium_share[0]),
    ),
    (
        _limit("Stop-loss at infinity: the same k", 1.0, 1e-9, ROUNDING, "ratio of k"),
        lambda: _k(stop_loss(heavy_tail(), 1e9).retained) / _k(heavy_tail()),
    ),
    (
        _limit(
            "Stop-loss from the first pound: all is premium",
            100.0,
            0.01,
            "the attachment point is a millionth of the mean and not 0",
            "% of cost",
        ),
        lambda: 100 * float(stop_loss(heavy_tail(), 1e-6).premium_share[0]),
    ),
    (
        _limit(
            "No lasting differences: minimum size at k = 4, 2%, one year in twenty",
            (4 * Z_ONE_IN_TWENTY / 0.02) ** 2,
            1e-3,
            ROUNDING,
            "people",
        ),
        lambda: float(size_with_persistent_differences(4.0, 0.0, 0.02, 1 / 20)),
    ),
)
"""Each limiting case with the function that computes it."""


def declare(ledger: Ledger) -> None:
    """Enter all limiting cases."""
    ledger.declare(*(check for check, _ in CASES))


def evaluate(ledger: Ledger) -> None:
    """Compute all limiting cases.

    Parameters
    ----------
    ledger : Ledger
        In which they were declared.
    """
    for check, compute in CASES:
        ledger.evaluate(check.name, compute)
