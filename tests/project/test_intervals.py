"""Median and interval of draws, along one axis or over all."""

import numpy as np
import pytest
from scipy.special import ndtri

from analysis.intervals import HIGH, LOW, interval_columns, median_and_interval, normal_half_width

pytestmark = pytest.mark.unit


def test_over_all_axes_or_along_one():
    draws = np.random.default_rng(3).normal(size=(4, 500, 2))
    assert median_and_interval(draws).shape == (3,)
    np.testing.assert_array_equal(
        median_and_interval(draws, axis=1), np.quantile(draws, [0.5, LOW, HIGH], axis=1)
    )
    assert list(interval_columns("k", draws[0])) == ["k", "k_low", "k_high"]


def test_an_infinite_draw_spoils_neither_its_own_nor_another_quantity():
    draws = np.column_stack([np.arange(100.0), np.where(np.arange(100) < 90, 1.0, np.inf)])
    median, low, high = median_and_interval(draws, axis=0)
    assert (median[0], low[0], high[0]) == tuple(np.quantile(draws[:, 0], [0.5, LOW, HIGH]))
    assert (median[1], low[1], high[1]) == (1.0, 1.0, np.inf)


def test_half_the_width_of_a_normal_interval():
    assert normal_half_width() == ndtri(HIGH)
