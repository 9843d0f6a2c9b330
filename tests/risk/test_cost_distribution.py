"""One person's cost: moments against integration and simulation; the discretisation's promises."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import xarray as xr
from scipy.integrate import quad
from scipy.stats import genpareto, lognorm

from analysis.risk.cost_distribution import cost_distribution
from analysis.risk.pooled_loss import relative_points
from tests.risk.costs import THRESHOLD, draw_costs, two_cells

pytestmark = pytest.mark.unit

AMOUNTS = [5.0, 80.0, THRESHOLD, 900.0, 20_000.0, 1e6]


def survival(costs, at, amount):
    """P(cost > amount) from scipy's distributions."""
    lognormal = lognorm(costs.scale[at], scale=np.exp(costs.location[at]))
    if amount < costs.threshold:
        body = 1 - lognormal.cdf(amount) / lognormal.cdf(costs.threshold)
        beyond = (1 - costs.exceed[at]) * body + costs.exceed[at]
    else:
        pareto = genpareto(costs.tail_shape[at[0], 0], costs.threshold, costs.tail_scale[at])
        beyond = costs.exceed[at] * pareto.sf(amount)
    return costs.use[at] * beyond


def integrated(costs, at, amount, order):
    """E[min(cost, amount)^order]: the integral of order x^(order-1) P(cost > x), over log x."""

    def integrand(log_x):
        x = np.exp(log_x)
        return order * x**order * survival(costs, at, x)

    breaks = np.log([1e-6, 1.0, 20.0, 100.0, THRESHOLD, 5_000.0, 50_000.0, 1e6])
    inside = [*breaks[breaks < np.log(amount)], np.log(amount)]
    return sum(quad(integrand, a, b, epsabs=0, epsrel=1e-10)[0] for a, b in pairwise(inside))


@pytest.mark.parametrize("amount", AMOUNTS)
@pytest.mark.parametrize("at", [(0, 0), (1, 1)])
def test_limited_moments_equal_numerical_integration(amount, at):
    costs = two_cells()
    assert costs.limited_mean(amount)[at] == pytest.approx(integrated(costs, at, amount, 1), 1e-6)
    square = costs.limited_square(amount)[at]
    assert square == pytest.approx(integrated(costs, at, amount, 2), 1e-6)


@pytest.mark.parametrize("at", [(0, 0), (1, 1)])
def test_moments_equal_simulation_within_its_error(at):
    costs = two_cells()
    sample = draw_costs(costs, *at, 400_000, np.random.default_rng(7))
    for power, exact in ((1, costs.mean()), (2, costs.limited_square(costs.limit))):
        values = sample**power
        error = values.std() / np.sqrt(len(values))
        assert abs(values.mean() - exact[at]) < 4 * error


def test_without_a_limit_the_mean_is_the_closed_form():
    costs = two_cells(limit=np.inf)
    lognormal = lognorm(costs.scale, scale=np.exp(costs.location))
    shifted = lognorm(costs.scale, scale=np.exp(costs.location + costs.scale**2))
    body = lognormal.mean() * shifted.cdf(THRESHOLD) / lognormal.cdf(THRESHOLD)
    tail = THRESHOLD + costs.tail_scale / (1 - costs.tail_shape)
    expected = costs.use * ((1 - costs.exceed) * body + costs.exceed * tail)
    assert costs.mean() == pytest.approx(expected, rel=1e-10)
    # Limited ever higher, the mean tends to it.
    assert costs.limited_mean(1e14) == pytest.approx(expected, rel=1e-5)
    assert (costs.limited_mean(1e8) < expected).all()


def test_without_a_limit_the_variance_is_finite_only_below_a_shape_of_one_half():
    costs = replace(two_cells(limit=np.inf), tail_shape=np.array([[0.3], [0.6]]))
    pareto = genpareto(0.3, costs.threshold, costs.tail_scale[0])
    second = pareto.var() + pareto.mean() ** 2
    only_tail = replace(costs, use=np.ones((2, 2)), exceed=np.ones((2, 2)))
    assert only_tail.limited_square(np.inf)[0] == pytest.approx(second, rel=1e-8)
    assert np.isinf(only_tail.limited_square(np.inf)[1]).all()


def test_without_a_tail_costs_are_a_lognormal_cut_off_at_the_threshold():
    costs = replace(two_cells(), exceed=np.zeros((2, 2)))
    sample = draw_costs(costs, 0, 1, 200_000, np.random.default_rng(8))
    assert sample.max() <= THRESHOLD
    assert costs.mean()[0, 1] == pytest.approx(sample.mean(), rel=0.01)
    assert costs.limited_mean(THRESHOLD) == pytest.approx(costs.limited_mean(1e6), rel=1e-12)


@pytest.mark.parametrize("shape", [0.5, 1 - 1e-12, 0.5 + 1e-12, 1e-6])
def test_moments_are_smooth_where_the_formulas_have_a_removable_singularity(shape):
    costs = replace(two_cells(), tail_shape=np.full((2, 1), shape))
    near = replace(costs, tail_shape=np.full((2, 1), shape * (1 - 1e-7)))
    assert costs.mean() == pytest.approx(near.mean(), rel=1e-6)
    assert costs.variance() == pytest.approx(near.variance(), rel=1e-5)


def test_a_lower_limit_lowers_mean_and_variance_and_a_higher_one_changes_nothing():
    costs = two_cells()
    lower = costs.limited_at(5_000.0)
    assert (lower.mean() < costs.mean()).all()
    assert (lower.variance() < costs.variance()).all()
    assert (costs.limited_at(1e9).mean() == costs.mean()).all()


class TestDiscretisation:
    @pytest.fixture(scope="class", params=[60_000.0, 3_000.0])
    def case(self, request):
        costs = two_cells(request.param)
        return costs, *costs.discretise(relative_points())

    def test_probabilities_are_probabilities(self, case):
        _, _, probabilities = case
        assert (probabilities >= 0).all()
        assert probabilities.sum(axis=-1) == pytest.approx(np.ones((2, 2)), abs=1e-12)

    def test_the_mean_is_exact(self, case):
        costs, points, probabilities = case
        mean = (points[:, None] * probabilities).sum(axis=-1)
        assert mean == pytest.approx(costs.mean(), rel=1e-10)

    def test_the_limited_mean_is_exact_at_every_point(self, case):
        costs, points, probabilities = case
        for index in (50, 200, 400, 480):
            amount = points[:, index][:, None]
            limited = (np.minimum(points, amount)[:, None] * probabilities).sum(axis=-1)
            assert limited == pytest.approx(costs.limited_mean(amount), rel=1e-9)

    def test_the_variance_is_a_little_high_by_at_most_the_stated_error(self, case):
        """One part in 10,000 of the standard deviation, so two of the variance."""
        costs, points, probabilities = case
        square = (points[:, None] ** 2 * probabilities).sum(axis=-1)
        ratio = (square - costs.mean() ** 2) / costs.variance()
        assert (ratio >= 1 - 1e-9).all()
        assert (ratio < 1 + 4e-4).all()

    def test_the_atoms_at_nothing_and_at_the_limit_are_kept(self, case):
        costs, _, probabilities = case
        assert probabilities[..., 0] == pytest.approx(1 - costs.use, abs=1e-3)
        beyond = [[survival(costs, (d, c), costs.limit) for c in (0, 1)] for d in (0, 1)]
        # The last interval's mass up to half the step joins the atom.
        assert probabilities[..., -1] == pytest.approx(np.array(beyond), rel=0.1)


def test_a_posterior_at_known_values_becomes_the_distribution_with_those_values():
    """Chains are stacked in order; locations and scales are relative to the threshold."""
    known = two_cells()
    relative = {
        "use": np.log(known.use / (1 - known.use)),
        "exceed": np.log(known.exceed / (1 - known.exceed)),
        "location": known.location - np.log(THRESHOLD),
        "log_scale": np.log(known.scale),
        "log_tail_scale": np.log(known.tail_scale / THRESHOLD),
    }
    # Draw 0 belongs to chain 0 and draw 1 to chain 1.
    posterior = xr.Dataset(
        {name: (("chain", "draw", "cell"), value[:, None]) for name, value in relative.items()}
        | {"tail_shape": (("chain", "draw"), known.tail_shape)}
    )
    costs = cost_distribution(posterior, THRESHOLD, known.share, maximum_multiple=300)
    for name in ("use", "exceed", "location", "scale", "tail_scale", "tail_shape"):
        assert getattr(costs, name) == pytest.approx(getattr(known, name)), name
    unlimited = replace(known, limit=np.inf).population_mean()
    assert costs.limit == pytest.approx(300 * unlimited)
