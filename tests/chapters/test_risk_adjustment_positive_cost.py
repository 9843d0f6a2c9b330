"""Forms of positive cost: the lognormal as a limit, moments by integration, densities by scipy."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from scipy.integrate import quad
from scipy.stats import gengamma

from analysis.chapters.risk_adjustment.positive_cost import (
    as_generalised_gamma,
    positive_log_density,
)
from analysis.population.clustering import DesignEffects
from analysis.risk.predictive import log_density
from tests.risk.costs import THRESHOLD, two_cells

pytestmark = pytest.mark.unit

AMOUNTS = np.array([2.0, 90.0, 500.0, 900.0, 30_000.0])
CELLS = np.array([0, 1, 1, 0, 1])


def shaped(q, *, tail):
    """Return two cells with a generalised gamma body; the same shape in both draws."""
    costs = as_generalised_gamma(two_cells(), tail=tail)
    return replace(costs, body_shape=np.full((2, 1), q))


def body(costs, draw, cell):
    q, at = costs.body_shape[draw, 0], (draw, cell)
    power = q / costs.scale[at]
    return gengamma(q**-2, power, scale=np.exp(costs.location[at]) * (q**-2) ** (-1 / power))


def test_shape_zero_is_the_lognormal_in_mean_variance_and_density():
    plain, general = two_cells(), as_generalised_gamma(two_cells())
    assert general.mean() == pytest.approx(plain.mean(), rel=1e-8)
    assert general.variance() == pytest.approx(plain.variance(), rel=1e-8)
    assert general.survival(300.0) == pytest.approx(plain.survival(300.0), rel=1e-8)
    density = log_density(plain, AMOUNTS, CELLS) - np.log(plain.use[:, CELLS])
    assert positive_log_density(plain, AMOUNTS, CELLS) == pytest.approx(density, abs=1e-8)


@pytest.mark.parametrize("q", [-0.3, 0.2, 0.8])
def test_the_density_is_that_of_scipy(q):
    for tail in (False, True):
        costs = shaped(q, tail=tail)
        found = positive_log_density(costs, AMOUNTS[:3], CELLS[:3])
        for column, (amount, cell) in enumerate(zip(AMOUNTS[:3], CELLS[:3], strict=True)):
            known = body(costs, 0, cell)
            kept = (1 - costs.exceed[0, cell]) / (known.cdf(THRESHOLD) if tail else 1)
            assert found[0, column] == pytest.approx(known.logpdf(amount) + np.log(kept), abs=1e-6)


@pytest.mark.parametrize("q", [-0.3, 0.2])
@pytest.mark.parametrize("order", [1, 2])
def test_limited_moments_are_integrals_of_the_density(q, order):
    costs = shaped(q, tail=False)
    known = body(costs, 1, 0)
    amount = 20_000.0

    def integrand(log_cost):
        cost = np.exp(log_cost)
        return cost ** (order + 1) * known.pdf(cost)

    below = quad(integrand, -5, np.log(amount), limit=200)[0]
    expected = costs.use[1, 0] * (below + amount**order * known.sf(amount))
    found = costs.limited_mean(amount) if order == 1 else costs.limited_square(amount)
    assert found[1, 0] == pytest.approx(expected, rel=1e-5)


def test_a_negative_shape_has_the_heavier_tail():
    light, heavy = (shaped(q, tail=False).survival(20_000.0) for q in (0.3, -0.3))
    assert (heavy > 3 * light).all()


def test_draws_of_the_body_replace_the_lognormal():
    costs = two_cells()
    draws = xr.Dataset(
        {
            "location": (("chain", "draw", "cell"), [[[-2.0, -1.5], [-2.1, -1.6]]]),
            "log_scale": (("chain", "draw", "cell"), np.log([[[1.2, 1.1], [1.3, 1.0]]])),
            "shape": (("chain", "draw"), [[-0.2, -0.3]]),
        }
    )
    made = as_generalised_gamma(costs, draws)
    assert made.location[1] == pytest.approx(np.log(THRESHOLD) + np.array([-2.1, -1.6]))
    assert made.scale[0] == pytest.approx([1.2, 1.1])
    assert made.body_shape[:, 0].tolist() == [-0.2, -0.3]
    assert made.exceed.tolist() == costs.exceed.tolist()


def test_design_effects_divide_each_part():
    costs = shaped(-0.2, tail=True)
    plain = positive_log_density(costs, AMOUNTS, CELLS)
    effects = DesignEffects(use=9.0, body=2.0, exceed=2.0, tail=2.0)
    assert positive_log_density(costs, AMOUNTS, CELLS, effects) == pytest.approx(plain / 2)
    tail = positive_log_density(costs, AMOUNTS, CELLS, DesignEffects(tail=3.0))
    assert tail[:, :3] == pytest.approx(plain[:, :3])
    assert (tail[:, 3:] != plain[:, 3:]).all()
