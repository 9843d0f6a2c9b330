"""Adaptive importance sampling finds the moments of known densities, also far from its start."""

import numpy as np
import pytest
from scipy.stats import gamma, multivariate_normal

from analysis.inference import importance
from analysis.inference.diagnostics import ConvergenceError
from analysis.inference.importance import Weighted, importance_sample, pointwise

pytestmark = pytest.mark.unit
START, SPREAD = np.zeros(3), np.ones(3)


def drawn(density, seed=1):
    return importance_sample(density, START, SPREAD, np.random.default_rng(seed))


def normal(points):
    return -0.5 * np.sum(points**2, axis=1)


def test_one_by_one_is_the_same_as_together():
    one_by_one = drawn(pointwise(lambda u: -0.5 * float(np.sum(u**2))))
    np.testing.assert_allclose(one_by_one.points, drawn(normal).points)


def test_more_draws_are_taken_while_fewer_count_than_are_wanted():
    generator = np.random.default_rng(5)
    assert importance_sample(normal, START, SPREAD, generator, enough=3_000).effective >= 3_000


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
    found = drawn(lambda u: np.sum(shape * u - np.exp(u), axis=1))
    points = found.points[found.resampled(20_000, np.random.default_rng(2))]
    for level in (0.05, 0.5, 0.95):
        below = np.mean(points < np.log(gamma(shape).ppf(level)), axis=0)
        np.testing.assert_allclose(below, level, atol=0.05)


def test_the_same_seed_gives_the_same_draws():
    one, two, other = (drawn(normal, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.points, two.points)
    assert not np.array_equal(one.points, other.points)


def test_draws_are_taken_as_often_as_they_weigh():
    weighted = Weighted(np.zeros((3, 1)), np.array([0.5, 0.5, 0.0]), pareto_k=0.1)
    chosen = weighted.resampled(10, np.random.default_rng(3))
    np.testing.assert_array_equal(np.bincount(chosen, minlength=3), [5, 5, 0])
    assert weighted.effective == pytest.approx(2)


def test_the_tail_of_the_weights_is_light_where_the_proposal_fits():
    found = drawn(normal)
    assert found.pareto_k < importance.MAX_PARETO_K
    assert found.weights.sum() == pytest.approx(1)


def test_smoothing_lowers_the_largest_weight_and_keeps_the_order():
    generator = np.random.default_rng(4)
    logs = generator.pareto(1.2, 2_000)
    logs = np.log(logs / logs.sum())
    smoothed = importance._smoothed(np.zeros((2_000, 1)), logs)
    assert smoothed.weights.max() < np.exp(logs).max()
    assert (np.argsort(smoothed.weights) == np.argsort(logs)).all()
    assert smoothed.pareto_k == pytest.approx(1 / 1.2, abs=0.25)


@pytest.mark.parametrize("pareto_k", [0.71, 3.0, float("nan")])
def test_weights_with_a_heavy_tail_are_refused(pareto_k):
    with pytest.raises(ConvergenceError, match="Pareto k is"):
        Weighted(np.zeros((2, 1)), np.full(2, 0.5), pareto_k).require()
    Weighted(np.zeros((2, 1)), np.full(2, 0.5), 0.7).require()


def test_a_run_whose_last_round_has_a_heavy_tail_is_refused(monkeypatch):
    rounds = []

    def heavy(points, log_weights):
        rounds.append(len(points))
        return Weighted(points, np.exp(log_weights), pareto_k=0.9)

    monkeypatch.setattr(importance, "_smoothed", heavy)
    monkeypatch.setattr(importance, "MOST_ROUNDS", 4)
    with pytest.raises(ConvergenceError, match="heavy a tail"):
        drawn(normal)
    assert len(rounds) > 1, "more rounds are tried first"
