"""Leave-one-out scores against the exact ones of a model whose posterior is known."""

import numpy as np
import pytest
from scipy.special import logsumexp
from scipy.stats import norm

from analysis.chapters.risk_adjustment.leave_one_out import (
    LeaveOneOut,
    compare_log_scores,
    smoothed_weights,
)

pytestmark = pytest.mark.unit

PEOPLE, DRAWS = 60, 4000


@pytest.fixture(scope="module")
def normal():
    """Observations of a normal with unknown mean, unit variance and a flat prior."""
    generator = np.random.default_rng(3)
    observed = generator.normal(size=PEOPLE)
    draws = generator.normal(observed.mean(), 1 / np.sqrt(PEOPLE), DRAWS)
    return observed, norm.logpdf(observed[None, :], draws[:, None])


def left_out(density, fitted):
    """Log scores and Pareto k from log densities by draw and person."""
    weights, pareto_k = smoothed_weights(fitted)
    return logsumexp(weights + density, axis=0), pareto_k


def exact(observed):
    """Log predictive density of each observation given the others."""
    total = observed.sum()
    mean = (total - observed) / (PEOPLE - 1)
    return norm.logpdf(observed, mean, np.sqrt(1 + 1 / (PEOPLE - 1)))


def test_scores_are_those_of_refits(normal):
    observed, density = normal
    score, pareto_k = left_out(density, density)
    assert score == pytest.approx(exact(observed), abs=0.01)
    assert pareto_k.max() < 0.5


def test_weights_add_up_to_one(normal):
    assert np.exp(smoothed_weights(normal[1])[0]).sum(axis=0) == pytest.approx(1)


def test_a_weighted_likelihood_removes_the_weighted_term():
    """With half the weight the posterior is that of half the people, and removal takes a half."""
    generator = np.random.default_rng(4)
    observed = generator.normal(size=PEOPLE)
    draws = generator.normal(observed.mean(), np.sqrt(2 / PEOPLE), DRAWS)
    density = norm.logpdf(observed[None, :], draws[:, None])
    score, _ = left_out(density, density / 2)
    mean = (observed.sum() - observed) / (PEOPLE - 1)
    known = norm.logpdf(observed, mean, np.sqrt(1 + 2 / (PEOPLE - 1)))
    assert score == pytest.approx(known, abs=0.02)


def test_an_outlier_that_moves_the_posterior_is_flagged():
    generator = np.random.default_rng(5)
    observed = np.append(generator.normal(size=9), 14.0)
    draws = generator.normal(observed.mean(), 1 / np.sqrt(10), DRAWS)
    density = norm.logpdf(observed[None, :], draws[:, None])
    _, pareto_k = left_out(density, density)
    assert pareto_k.argmax() == 9
    assert pareto_k[9] > 0.7


def test_the_better_model_gains_and_the_reference_gains_nothing():
    generator = np.random.default_rng(6)
    worse = generator.normal(size=400)
    scores = {
        name: LeaveOneOut(values, np.zeros(400), values + 0.01, np.empty(0), np.empty(0))
        for name, values in {"worse": worse, "better": worse + 0.5}.items()
    }
    table = compare_log_scores(scores, "worse")
    assert table.loc["better", "gain"] == pytest.approx(200)
    assert table.loc["worse", "gain"] == table.loc["worse", "standard_error"] == 0
    assert table.loc["better", "standard_error"] == pytest.approx(0, abs=1e-9)
    assert table.loc["better", "effective_parameters"] == pytest.approx(4)
