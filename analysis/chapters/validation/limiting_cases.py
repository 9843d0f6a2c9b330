"""Limiting cases: where the answer is known without any model.

Each compares a measure of the book with a closed form, on costs that leave only one part of the
cost distribution standing.
"""

from collections.abc import Callable

import numpy as np
from scipy.stats import binom, gamma, norm

from analysis.chapters.validation.checks import Check, Ledger
from analysis.models.annual_cost.truncated_pareto import TruncatedPareto
from analysis.risk.adjustment import variation
from analysis.risk.annual_cost import AnnualCost
from analysis.risk.cost_distribution import CostBins, CostDistribution
from analysis.risk.minimum_size import size_with_persistent_differences
from analysis.risk.pooled_loss import PoolCalculator
from analysis.risk.stop_loss import stop_loss

ROUNDING = "rounding of the computer only"
HUGE = 1e12

LOCATION, SCALE, USE = 5.0, 1.2, 0.8
"""Log cost of the lognormal cases, and the share of people with a cost."""

MEAN = 100.0
"""Scale of the cases that are all tail: of exponential costs the mean."""

PARETO_SHAPE = 0.2
"""Shape of the case of a tail alone."""

RARE = 0.05
"""Share of people with a cost in the case of one fixed cost."""


def one_cell(
    log_edges: np.ndarray,
    shares: np.ndarray,
    limit: float,
    exceed: float = 0.0,
    tail: TruncatedPareto | None = None,
) -> CostDistribution:
    """Return a cost distribution of one draw and one cell.

    Parameters
    ----------
    log_edges : ndarray, shape (bin + 1,)
        Of the bins, natural logarithm of cost.
    shares : ndarray, shape (bin,)
        Of all people.
    limit : float
        Largest cost.
    exceed : float
        Share of people in the tail; who is in no bin either has no cost.
    """
    number = len(shares)
    return CostDistribution(
        bins=CostBins(log_edges[:-1], log_edges[1:]),
        upper_bins=CostBins(np.zeros(0), np.zeros(0)),
        body=shares[None, :],
        reach=np.ones((1, number)),
        lean=np.zeros((1, number)),
        tilt=np.zeros((1, 1)),
        exceed=np.full((1, 1), exceed),
        upper=np.zeros((1, 0)),
        tail=tail or pareto(HUGE, 1.0, 0.5, 2 * HUGE),
        limit=limit,
        share=np.ones(1),
    )


def pareto(start: float, scale: float, shape: float, largest: float) -> TruncatedPareto:
    """Return the tail of one draw."""
    return TruncatedPareto(*(np.full((1, 1), value) for value in (start, scale, shape, largest)))


def fixed_cost(use: float = 1.0) -> CostDistribution:
    """Return the same cost for everybody who has one."""
    return one_cell(np.array([-1e-7, 1e-7]), np.array([use]), limit=2.0)


def only_tail(shape: float, largest: float) -> CostDistribution:
    """Return costs of which everybody's is in the tail, which begins next to nothing."""
    tail = pareto(1e-9, MEAN, shape, largest)
    return one_cell(np.array([-31.0, -30.0]), np.zeros(1), largest, 1.0, tail)


def exponential() -> CostDistribution:
    """Return exponential costs: the limit of the tail at shape 0, with no body."""
    return only_tail(1e-7, 60 * MEAN)


def lognormal(location: float = LOCATION, below: float = np.inf) -> CostDistribution:
    """Return a lognormal cost up to an amount, in bins so narrow that they do not matter."""
    scores = np.linspace(-9.0, min(11.0, (np.log(below) - location) / SCALE), 20_001)
    upper = scores[:-1] > 0
    # From the nearer side: far out, the difference of two numbers near 1 is all rounding.
    from_above = norm.sf(scores[:-1]) - norm.sf(scores[1:])
    shares = USE * np.where(upper, from_above, np.diff(norm.cdf(scores)))
    return one_cell(location + SCALE * scores, shares, HUGE)


def heavy_tail() -> CostDistribution:
    """Return costs with every part: some without cost, a lognormal body, a heavy tail."""
    body, exceed = lognormal(4.0, below=500.0), 0.08
    shares = body.body[0] * (USE - exceed) / body.body.sum()
    edges = np.append(body.bins.low, body.bins.high[-1])
    return one_cell(edges, shares, 1e5, exceed, pareto(500.0, 600.0, 0.4, 1e5))


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
    (
        _limit("Everybody costs the same: k is 0", 0.0, 1e-6, "the one bin is hardly wider"),
        lambda: _k(fixed_cost()),
    ),
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
        _limit("No tail: k of a lognormal", LOGNORMAL_K, 1e-6, "its bins are 0.1% wide"),
        lambda: _k(lognormal()),
    ),
    (
        _limit(
            "A tail that ends very far away: k of a generalised Pareto",
            (1 - 2 * PARETO_SHAPE) ** -0.5,
            1e-5,
            "it ends at a million times its scale, and not never",
        ),
        lambda: _k(only_tail(PARETO_SHAPE, 1e6 * MEAN)),
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
