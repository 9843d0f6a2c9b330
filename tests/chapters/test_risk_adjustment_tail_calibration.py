"""Shares above predictive quantiles: right when the model is, and telling when it is not."""

import numpy as np
import pytest

from analysis.chapters.risk_adjustment.tail_calibration import empirical_survival, exceedance_shares

pytestmark = pytest.mark.unit


def test_a_calibrated_model_is_exceeded_as_often_as_it_says():
    survival = np.random.default_rng(1).random(200_000)
    table = exceedance_shares(survival, np.arange(200_000), seed=1, resamples=200)
    inside = (table["low"] <= table["expected"]) & (table["expected"] <= table["high"])
    assert inside.sum() >= 3
    assert table["observed"].to_numpy() == pytest.approx([0.1, 0.05, 0.01, 0.001], rel=0.1)


def test_a_tail_that_is_too_light_is_exceeded_too_often():
    """True survival S; a model with half the tail index says S squared."""
    survival = np.random.default_rng(1).random(50_000) ** 2
    table = exceedance_shares(survival, np.arange(50_000), seed=1, resamples=200)
    assert (table["low"] > table["expected"]).all()


def test_counting_by_hand():
    survival = np.array([0.5, 0.09, 0.04, 0.2])
    table = exceedance_shares(survival, np.arange(4), 1, quantiles=[0.9, 0.95], resamples=50)
    assert table["rows_above"].tolist() == [2, 1]
    assert table["observed"].tolist() == [0.5, 0.25]


def test_years_of_a_person_together_widen_the_interval():
    survival = np.repeat(np.random.default_rng(2).random(5_000), 4)
    together = exceedance_shares(survival, np.arange(20_000) // 4, 1, resamples=300)
    apart = exceedance_shares(survival, np.arange(20_000), 1, resamples=300)
    ratio = (together["high"] - together["low"]) / (apart["high"] - apart["low"])
    assert ratio[:3].mean() == pytest.approx(2, rel=0.2)


def test_empirical_survival_by_hand():
    seen = np.array([0.0, 0.0, 10.0, 30.0])
    assert empirical_survival(seen, np.array([0.0, 10.0, 20.0, 40.0])).tolist() == [
        0.5, 0.25, 0.25, 0.0,
    ]  # fmt: skip
