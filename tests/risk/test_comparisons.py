"""Scores under resampling of people."""

import numpy as np
import pytest

from analysis.risk.scores import prediction_scores, resampled_predictive_ratio, resampled_r_squared

pytestmark = pytest.mark.unit


def held_out(rows=4_000, years=2):
    generator = np.random.default_rng(5)
    person = np.repeat(np.arange(rows // years), years)
    observed = generator.gamma(1.0, 100.0, rows)
    predicted = 0.9 * observed.mean() + 0.3 * (observed - observed.mean())
    return observed, predicted, person


def test_resamples_centre_on_the_scores_of_all_people():
    observed, predicted, person = held_out()
    scores = prediction_scores(observed, predicted, observed.mean())
    r_squared = resampled_r_squared(observed, predicted, person, seed=1)
    ratio = resampled_predictive_ratio(observed, predicted, person, seed=1)
    assert np.median(r_squared) == pytest.approx(scores.r_squared, abs=0.01)
    assert np.median(ratio) == pytest.approx(scores.predictive_ratio, abs=0.005)


def test_a_perfect_prediction_has_no_spread():
    observed, _, person = held_out()
    assert (resampled_r_squared(observed, observed, person, seed=1) == 1).all()
    assert (resampled_predictive_ratio(observed, observed, person, seed=1) == 1).all()


def test_years_of_one_person_are_drawn_together():
    observed, predicted, person = held_out()
    doubled = [np.repeat(values, 2) for values in (observed, predicted, person)]
    once = resampled_predictive_ratio(observed, predicted, person, seed=1)
    twice = resampled_predictive_ratio(*doubled, seed=1)
    assert np.allclose(once, twice)
