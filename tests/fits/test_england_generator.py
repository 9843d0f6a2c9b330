"""Generated English people: the exact k of every draw, and the sample of some."""

import numpy as np
import pytest

from analysis.fits.england_generator import (
    england_sample,
    generated_variation,
)
from analysis.population.england.parameters import england_draws
from analysis.risk.adjustment import variation

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
