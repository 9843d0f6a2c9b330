"""Adaptive importance sampling finds the moments of known densities, also far from its start."""

import numpy as np
import pytest
from scipy.stats import gamma, multivariate_normal

from analysis.inference.importance import Weighted, importance_sample

pytestmark = pytest.mark.unit
START, SPREAD = np.zeros(3), np.ones(3)


def drawn(density, seed=1):
    return importance_sample(density, START, SPREAD, np.random.default_rng(seed))


def test_a_normal_far_from_the_start_is_found():
    middle = np.array([4.0, -3.0, 0.0])
    covariance = np.array([[1.0, 0.8, 0.0], [0.8, 1.0, 0.0], [0.0, 0.0, 1e-4]])
    found = drawn(multivariate_normal(middle, covariance).logpdf)
    mean = found.weights @ found.points
    gap = found.points - mean
    np.testing.assert_allclose(mean, middle, atol=4 / np.sqrt(found.effective))
    np.testing.assert_allclose((found.weights[:, None] * gap).T @ gap, covariance, atol=0.15)
    assert found.effective >= 1_000


def test_a_skewed_density_is_found():
    """Logs of gamma variables: a long tail to the left, as of a spread that may be nothing."""
    shape = 0.7
    found = drawn(lambda u: float(np.sum(shape * u - np.exp(u))))
    points = found.points[found.resampled(20_000, np.random.default_rng(2))]
    for level in (0.05, 0.5, 0.95):
        below = np.mean(points < np.log(gamma(shape).ppf(level)), axis=0)
        np.testing.assert_allclose(below, level, atol=0.05)


def test_the_same_seed_gives_the_same_draws():
    one, two, other = (drawn(lambda u: -0.5 * float(u @ u), seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.points, two.points)
    assert not np.array_equal(one.points, other.points)


def test_draws_are_taken_as_often_as_they_weigh():
    weighted = Weighted(np.zeros((3, 1)), np.array([0.5, 0.5, 0.0]))
    chosen = weighted.resampled(10, np.random.default_rng(3))
    np.testing.assert_array_equal(np.bincount(chosen, minlength=3), [5, 5, 0])
    assert weighted.effective == pytest.approx(2)
