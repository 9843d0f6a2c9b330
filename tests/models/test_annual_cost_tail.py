"""The posterior of a tail: known shapes found again, ends that matter, other populations."""

import numpy as np
import pytest
from scipy.stats import genpareto, norm

from analysis.models.annual_cost.largest_costs import (
    AT_THE_LIMIT,
    SHAPES,
    LargestCosts,
    log_likelihood,
    tail_table,
)
from analysis.models.annual_cost.tail_shapes import shape_of_new_population

pytestmark = pytest.mark.unit

FLAT = np.zeros(len(SHAPES))
LIMIT = 1e6


def people(number, shape, seed=1, largest=np.inf):
    """Return people above a threshold of 1,000, their excesses drawn with a scale of 800."""
    generator = np.random.default_rng(seed)
    cost = 1_000 + genpareto.rvs(shape, scale=800, size=3 * number, random_state=generator)
    cost = cost[cost < largest][:number]
    return LargestCosts(1_000.0, cost, np.ones(len(cost)))


def moments(table):
    """Mean and standard deviation of the shape."""
    density = np.exp(table.log_of_shape() - table.log_of_shape().max())
    mean = np.average(SHAPES, weights=density)
    return mean, np.sqrt(np.average((SHAPES - mean) ** 2, weights=density))


def test_the_likelihood_is_that_of_scipy():
    data = LargestCosts(1_000.0, np.array([1_300.0, 4_000.0]), np.array([1.0, 2.5]))
    found = log_likelihood(data, np.log([600.0, 900.0]))
    for row, scale in enumerate((600.0, 900.0)):
        known = [genpareto(shape, 1_000, scale).logpdf(data.cost) @ data.people for shape in SHAPES]
        assert found[row] == pytest.approx(known)


@pytest.mark.parametrize("shape", [0.1, 0.3, 0.6])
def test_a_known_shape_is_found_again(shape):
    mean, sd = moments(tail_table(people(4_000, shape), FLAT, 1e9))
    assert abs(mean - shape) < 3 * sd
    # Smith (1987): (1 + shape) / sqrt(n); an unknown end adds a little.
    assert (1 + shape) / np.sqrt(4_000) == pytest.approx(sd, rel=0.35)


def test_less_evidence_widens_the_posterior():
    many, few = people(4_000, 0.3), people(400, 0.3)
    wide = moments(tail_table(few, FLAT, LIMIT))[1]
    assert wide > 2 * moments(tail_table(many, FLAT, LIMIT))[1]
    halved = LargestCosts(few.start, few.cost, few.people / 2)
    assert moments(tail_table(halved, FLAT, LIMIT))[1] > 1.15 * wide


def test_a_tail_that_ends_early_is_known_to_end():
    """Costs end at ten thousand: the table rejects the limit, and finds the shape behind it."""
    capped = tail_table(people(4_000, 0.6, largest=10_000.0), FLAT, LIMIT)
    at_limit = np.exp(capped.log_density - capped.log_density.max()).sum(axis=(1, 2))
    assert at_limit[-1] / at_limit.sum() < 0.01
    ends = capped.draws(2_000, np.random.default_rng(2)).largest[:, 0]
    assert np.median(ends) < 30_000
    mean, sd = moments(capped)
    assert abs(mean - 0.6) < 3 * sd


def test_where_people_say_nothing_of_the_end_it_keeps_its_prior():
    data = LargestCosts(1_000.0, np.array([1_100.0]), np.array([1e-6]))
    drawn = tail_table(data, FLAT, LIMIT).draws(4_000, np.random.default_rng(3)).largest[:, 0]
    assert (drawn == LIMIT).mean() == pytest.approx(AT_THE_LIMIT, abs=0.02)
    # Each amount alike: half of the other half lies above the middle.
    below = drawn[drawn < LIMIT]
    assert (below > LIMIT / 2).mean() == pytest.approx(0.5, abs=0.08)


def test_draws_follow_the_table():
    table = tail_table(people(300, 0.4), FLAT, LIMIT)
    drawn = table.draws(8_000, np.random.default_rng(4))
    mean, sd = moments(table)
    assert drawn.shape.mean() == pytest.approx(mean, abs=0.005)
    assert drawn.shape.std() == pytest.approx(sd, rel=0.05)
    assert (drawn.largest > table.data.cost.max()).all()
    assert (drawn.start == 1_000).all()


def test_a_prior_of_the_shape_pulls_the_posterior():
    data = people(60, 0.2)
    pulled = tail_table(data, norm.logpdf(SHAPES, 0.7, 0.05), LIMIT)
    assert moments(pulled)[0] > moments(tail_table(data, FLAT, LIMIT))[0] + 0.1


class TestNewPopulation:
    def likelihoods(self, shapes, sd):
        return [norm.logpdf(SHAPES, shape, sd) for shape in shapes]

    def test_alike_populations_tell_a_new_ones_shape(self):
        alike = shape_of_new_population(self.likelihoods([0.4] * 12, 0.02))
        assert alike.quantile(0.5) == pytest.approx(0.4, abs=0.02)
        assert alike.quantile(0.95) - alike.quantile(0.05) < 0.15

    def test_populations_that_differ_leave_the_new_one_as_wide_as_they_are_apart(self):
        apart = shape_of_new_population(self.likelihoods([0.15, 0.3, 0.45, 0.6] * 3, 0.02))
        assert apart.quantile(0.05) < 0.2
        assert apart.quantile(0.95) > 0.55

    def test_none_at_all_gives_the_prior_and_each_one_narrows_it(self):
        widths = [
            shape.quantile(0.95) - shape.quantile(0.05)
            for number in range(4)
            for shape in [shape_of_new_population(self.likelihoods([0.4] * number, 0.1))]
        ]
        assert (np.diff(widths) < 0).all()
        assert widths[0] > 0.6

    def test_with_the_spread_known_it_is_the_normal_formula(self):
        """Many vague populations, alike: the mean is known, what is left is the spread."""
        many = shape_of_new_population(self.likelihoods(np.linspace(0.3, 0.5, 41), 0.01))
        sd = np.std(np.linspace(0.3, 0.5, 41))
        expected = norm.ppf([0.05, 0.95], 0.4, sd)
        assert [many.quantile(p) for p in (0.05, 0.95)] == pytest.approx(expected, abs=0.02)

    @pytest.mark.parametrize("unlike", [0.0, 0.75, 1.0])
    def test_probabilities_add_up_to_one(self, unlike):
        new = shape_of_new_population(self.likelihoods([0.3], 0.1), unlike)
        assert np.exp(new.log_prior).sum() == pytest.approx(1)

    def test_a_population_unlike_the_others_borrows_nothing_from_them(self):
        alike, mixed, apart = (
            shape_of_new_population(self.likelihoods([0.4] * 12, 0.02), unlike)
            for unlike in (0.0, 0.75, 1.0)
        )
        np.testing.assert_allclose(apart.log_prior, shape_of_new_population([]).log_prior)
        far = np.searchsorted(SHAPES, 0.8)
        assert np.exp(mixed.log_prior - apart.log_prior)[far] == pytest.approx(0.75, abs=0.01)
        assert alike.log_prior[far] < mixed.log_prior[far] < apart.log_prior[far]
