"""Credibility of a group's own cost, by hand and against the worked examples of the textbooks."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.stats import poisson

from analysis.risk.credibility import (
    credibility,
    full_credibility,
    limited_fluctuation,
    misallocation,
)

pytestmark = pytest.mark.unit


def test_credibility_in_the_limits_and_by_hand():
    assert credibility(10_000, 4.0, 0.04) == pytest.approx(0.5)
    assert credibility(10_000, 4.0, 0.04, years=3) == pytest.approx(0.75)
    assert credibility(np.inf, 4.0, 0.04) == 1
    assert credibility(np.inf, 4.0, 0.03, other_sd=0.03) == pytest.approx(0.5)
    assert credibility(8_000, 4.0, 0.0) == 0


def test_shrinkage_by_the_credibility_misallocates_least():
    weight = float(credibility(8_000, 4.2, 0.06))
    best = minimize_scalar(lambda b: misallocation(0.06, weight, b), bounds=(0, 1)).x
    assert best == pytest.approx(weight, abs=1e-4)
    generator = np.random.default_rng(6)
    truth = 0.06 * generator.standard_normal(200_000)
    observed = truth + 4.2 / np.sqrt(8_000) * generator.standard_normal(truth.size)
    for believed in (1.0, weight):
        simulated = np.sqrt(np.mean((believed * observed - truth) ** 2))
        assert misallocation(0.06, weight, believed) == pytest.approx(simulated, rel=0.01)


def test_dice_of_several_kinds_are_credible_as_in_the_textbook():
    """Mahler and Dean, section 3: 60 dice of four sides, 30 of six and 10 of eight; K is 4.778."""
    share, sides = np.array([0.6, 0.3, 0.1]), np.array([4, 6, 8])
    means, variances = (sides + 1) / 2, (sides**2 - 1) / 12
    mean, within = share @ means, share @ variances
    between = share @ (means - mean) ** 2
    assert (mean, within, between) == pytest.approx((3.0, 2.15, 0.45))
    for rolls, weight in ((1, 0.173), (3, 0.386)):
        found = credibility(1, np.sqrt(within) / mean, np.sqrt(between) / mean, years=rolls)
        assert found == pytest.approx(weight, abs=5e-4)
        assert found == pytest.approx(rolls / (rolls + within / between))


@pytest.mark.parametrize(
    ("probability", "error", "claims"),
    [(0.90, 0.05, 1082), (0.95, 0.05, 1537), (0.99, 0.05, 2654), (0.90, 0.10, 271)],
)
def test_full_credibility_of_poisson_claims_is_the_published_one(probability, error, claims):
    """Table of Longley-Cook (1962), as in Mahler and Dean, section 2.2."""
    assert full_credibility(1.0, error, probability) == pytest.approx(claims, abs=1)


def test_so_many_claims_are_within_the_error_as_often_as_said():
    claims = float(full_credibility(1.0))
    within = poisson.cdf(1.05 * claims, claims) - poisson.cdf(0.95 * claims, claims)
    assert within == pytest.approx(0.90, abs=0.003)


def test_costs_of_claims_take_more_claims_than_their_number():
    """Variance of a compound Poisson total over its squared mean: 1 + CV² over the claims."""
    coefficient, frequency = 3.0, 0.2
    in_claims = full_credibility(1 + coefficient**2)
    assert in_claims == pytest.approx(10 * full_credibility(1.0))
    k_squared = (1 + coefficient**2) / frequency  # of a person with 0.2 claims a year
    assert frequency * full_credibility(k_squared) == pytest.approx(in_claims)


def test_the_square_root_rule_makes_the_weighted_mean_vary_as_fully_credible_ones():
    full = full_credibility(4.0**2)
    for people in (500.0, 5_000.0):
        weight = limited_fluctuation(people, full)
        assert weight * 4.0 / np.sqrt(people) == pytest.approx(4.0 / np.sqrt(full))
    assert limited_fluctuation(full * 2, full) == 1
    assert limited_fluctuation(full / 4, full) == pytest.approx(0.5)
