"""What a record keeps of its draws gives back probabilities to within one percent."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.report.numbers import Record, record
from analysis.report.quantiles import STEPS, probability_between, quantiles_of

pytestmark = pytest.mark.unit

SOME = st.lists(st.integers(-5, 5).map(float), min_size=100, max_size=300)
BOUND = st.one_of(st.floats(-6, 6), st.sampled_from([-math.inf, math.inf]))


@given(SOME, BOUND, BOUND)
def test_probabilities_are_those_of_the_draws(draws, one, other):
    low, high = sorted((one, other))
    share = np.mean([low <= draw <= high for draw in draws])
    # Each end is off by one step at most: draws pile up on whole numbers here.
    assert probability_between(quantiles_of(draws), low, high) == pytest.approx(
        share, abs=2 / STEPS + 1e-9
    )


def test_smooth_draws_give_probabilities_to_a_fraction_of_a_percent():
    draws = np.random.default_rng(5).normal(size=20_000)
    for low, high in ((-math.inf, 0.3), (1.2, math.inf), (-0.5, 0.5)):
        share = np.mean((low <= draws) & (draws <= high))
        assert probability_between(quantiles_of(draws), low, high) == pytest.approx(share, abs=1e-3)


def test_infinite_draws_and_a_pile_at_the_bound_are_counted():
    draws = np.r_[np.zeros(300), np.full(100, np.inf), np.full(100, -np.inf)]
    quantiles = quantiles_of(draws)
    assert probability_between(quantiles, 0, 0) == pytest.approx(0.6, abs=0.02)
    assert probability_between(quantiles, 0, math.inf) == pytest.approx(0.8, abs=0.02)
    assert probability_between(quantiles, 1e9, math.inf) == pytest.approx(0.2, abs=0.02)


def test_a_record_keeps_quantiles_and_does_not_publish_them(records, draws, fields):
    number = record("toy.chance", draws, **fields)
    assert len(number.quantiles) == STEPS + 1
    assert probability_between(number.quantiles, 0.08, math.inf) == pytest.approx(
        np.mean(draws >= 0.08), abs=0.01
    )
    assert "quantiles" not in number.published()
    assert Record.from_json(json.dumps(number.published())).quantiles == ()
    assert record("toy.exact", 5, **fields).quantiles == ()
    assert record("toy.share", draws > 0.08, **fields).quantiles == ()
