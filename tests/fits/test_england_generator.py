"""Pools of English people: the exact k, its sample, and the size that goes with it."""

import numpy as np
import pytest

from analysis.fits.england_generator import (
    england_sample,
    england_smallest_pool,
    generated_variation,
)
from analysis.population.england.parameters import england_draws
from analysis.risk.adjustment import variation
from analysis.risk.annual_cost import some_draws
from analysis.risk.minimum_size import overspend_probability

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def sample():
    return england_sample(5)


@pytest.fixture(scope="module")
def k():
    return generated_variation()


def test_every_draw_has_a_k(k):
    assert k.shape == (england_draws(),)
    assert (k > 1).all()


def test_the_sample_spans_the_draws_and_has_their_k(k, sample):
    numbers = np.linspace(1, england_draws(), 5).round().astype(int)
    found = variation(sample, adjusted=True)
    # Weighted sampling of the tail: 3 % is the error of its own test.
    assert found == pytest.approx(k[numbers - 1], rel=0.04)


def test_at_the_smallest_pool_the_sample_overspends_as_often_as_it_may(sample):
    size = england_smallest_pool(variation(sample, adjusted=True), sample, 0.02, 0.05)
    for draw, people in enumerate(size):
        one = some_draws(sample, np.array([draw]))
        found = overspend_probability(one, [0.02], [int(people)])[0, 0, 0]
        # One factor serves all draws; it differs between them by a few percent.
        assert found == pytest.approx(0.05, abs=2.5e-3)


def test_half_the_tolerance_takes_about_four_times_the_people(k, sample):
    wide, narrow = (england_smallest_pool(k, sample, tolerance, 0.05) for tolerance in (0.02, 0.01))
    assert np.median(narrow / wide) == pytest.approx(4, rel=0.05)
