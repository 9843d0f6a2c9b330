"""A Pareto tail that ends: moments by integration, and the distributions it contains as limits."""

from dataclasses import fields, replace
from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import genpareto

from analysis.models.annual_cost.truncated_pareto import TruncatedPareto

pytestmark = pytest.mark.unit


def one(start=1_000.0, scale=700.0, shape=0.4, largest=50_000.0):
    return TruncatedPareto(*(np.array([[value]]) for value in (start, scale, shape, largest)))


def by_scipy(tail, amount):
    """P(cost > amount): scipy's distribution without an end, cut at the largest cost."""
    start, scale, shape, largest = (getattr(tail, part.name).item() for part in fields(tail))
    pareto = genpareto(shape, start, scale)
    beyond = pareto.sf(largest)
    return (pareto.sf(min(max(amount, start), largest)) - beyond) / (1 - beyond)


def integrated(tail, amount, order):
    """E[min(cost, amount)^order]: the integral of order x^(order-1) P(cost > x)."""

    def integrand(x):
        return order * x ** (order - 1) * by_scipy(tail, x)

    start, largest = tail.start.item(), tail.largest.item()
    breaks = [x for x in (0.0, start, 2 * start, 10 * start, largest) if x < amount] + [amount]
    return sum(quad(integrand, a, b, epsrel=1e-11, limit=200)[0] for a, b in pairwise(breaks))


@pytest.mark.parametrize("amount", [300.0, 1_000.0, 1_500.0, 20_000.0, 50_000.0, 80_000.0])
@pytest.mark.parametrize("shape", [0.05, 0.3, 0.5, 0.75, 0.95])
def test_limited_moments_are_integrals_of_the_survival(amount, shape):
    tail = one(shape=shape)
    assert tail.survival(amount).item() == pytest.approx(by_scipy(tail, amount), abs=1e-12)
    for order in (1, 2):
        expected = integrated(tail, amount, order)
        assert tail.limited(amount, order).item() == pytest.approx(expected, rel=1e-7)


@pytest.mark.parametrize("shape", [0.1, 0.3, 0.45])
def test_with_the_largest_cost_far_off_it_is_the_plain_pareto(shape):
    tail, pareto = one(shape=shape, largest=1e15), genpareto(shape, 1_000, 700)
    amount = np.array([[1_200.0, 9_000.0, 1e6]])
    assert tail.survival(amount) == pytest.approx(pareto.sf(amount), rel=1e-5)
    assert tail.limited(1e15, 1).item() == pytest.approx(pareto.mean(), rel=1e-5)
    if shape < 0.4:
        second = pareto.var() + pareto.mean() ** 2
        assert tail.limited(1e15, 2).item() == pytest.approx(second, rel=1e-3)


def test_with_a_small_shape_it_is_the_exponential():
    tail = one(shape=1e-5, largest=1_000 + 60 * 700.0)
    assert tail.survival(1_700.0).item() == pytest.approx(np.exp(-1), rel=1e-4)
    assert tail.limited(1e9, 1).item() == pytest.approx(1_700, rel=1e-4)
    assert tail.limited(1e9, 2).item() == pytest.approx(1_700**2 + 700**2, rel=1e-4)


def test_an_end_close_by_makes_it_uniform():
    """Over a stretch much shorter than its scale every tail is flat."""
    tail = one(scale=1e6, largest=1_100.0)
    assert tail.survival(1_050.0).item() == pytest.approx(0.5, abs=1e-4)
    assert tail.limited(1e9, 1).item() == pytest.approx(1_050, rel=1e-5)


@pytest.mark.parametrize("shape", [0.5, 0.5 + 1e-9, 1 - 1e-9])
def test_moments_are_smooth_where_the_formulas_have_a_removable_singularity(shape):
    """At a shape of one half the second power integral becomes a logarithm; at one the first."""
    at, near = one(shape=shape), one(shape=shape * (1 - 1e-6))
    for order in (1, 2):
        assert at.limited(2e4, order).item() == pytest.approx(near.limited(2e4, order).item(), 1e-5)


def test_beyond_the_largest_cost_there_is_nobody():
    tail = one()
    assert tail.survival(50_000.0).item() == pytest.approx(0, abs=1e-15)
    assert tail.survival(999.0).item() == 1
    assert tail.limited(50_000.0, 2).item() == tail.limited(1e9, 2).item()


def test_some_draws_are_chosen_whole():
    many = TruncatedPareto(*(np.arange(1.0, 5.0)[:, None] * at for at in (1, 2, 0.1, 100)))
    chosen = many.chosen(np.array([2, 0]))
    assert chosen.start[:, 0].tolist() == [3, 1]
    assert chosen.largest[:, 0].tolist() == [300, 100]
    assert replace(chosen).shape[:, 0] == pytest.approx([0.3, 0.1])
