"""England's curve of differences between groups: through its sources, and one for all chapters."""

import numpy as np
import pytest

from analysis.evidence.assumptions import assumption
from analysis.evidence.facts import fact
from analysis.fits import english_group_spread as english
from analysis.fits.english_group_spread import Place, curve_through
from analysis.intervals import median_and_interval
from analysis.risk.practice_spread import MEAN_LIST, lasting_spread, share_beyond

pytestmark = pytest.mark.integration

EXPONENTS = {
    "United States": np.random.default_rng(1).normal(0.58, 0.08, 4_000),
    "Netherlands": np.random.default_rng(2).normal(0.16, 0.1, 4_000),
}


@pytest.fixture(autouse=True)
def known_exponents(monkeypatch):
    """The exponents of other countries as known draws, so that no fit is needed."""
    monkeypatch.setattr(english, "foreign_exponents", lambda: EXPONENTS)
    english.english_curve.cache_clear()
    yield
    english.english_curve.cache_clear()


def place(people, spread, log_sd, seed):
    draws = np.exp(np.random.default_rng(seed).normal(np.log(spread), log_sd, 20_000))
    return Place(people, draws)


def test_the_curve_goes_through_its_sources_within_their_errors():
    for source in (english.practices(), english.commissioners()):
        curve = english.english_group_spread(source.people)
        middle, low, high = median_and_interval(curve)
        seen, seen_low, seen_high = median_and_interval(source.spread)
        assert seen_low < middle < seen_high
        assert low < seen < high


def test_practices_with_the_spread_found_miss_by_a_tenth_as_often_as_published():
    k = np.array([3.3, 3.8, 4.3])
    published = fact("B-PBRA-10pct").value
    spread = lasting_spread(k, published)
    assert (np.diff(spread) < 0).all()
    np.testing.assert_allclose(share_beyond(k, spread), published, atol=0.01)
    assert assumption("practice_share_beyond_tenth").value == published
    assert english.practices().people == pytest.approx(MEAN_LIST)


def test_two_precise_places_leave_other_countries_no_say():
    alpha = 0.9
    ratio = (250_000 / 7_000) ** (-alpha / 2)
    curve = curve_through(
        place(7_000, 0.08, 0.01, 3),
        place(250_000, 0.08 * ratio, 0.01, 4),
        [np.full(10, 0.2)],
        np.full(20_000, 0.4),
    )
    assert np.median(curve.exponent) == pytest.approx(alpha, abs=0.02)
    assert np.median(curve.at(250_000)) == pytest.approx(0.08 * ratio, rel=0.02)


def test_where_a_place_is_vague_the_exponent_is_that_of_other_countries():
    curve = curve_through(
        place(7_000, 0.08, 0.05, 5),
        place(250_000, 0.02, 3.0, 6),
        [np.full(10, 0.5)],
        np.full(20_000, 0.05),
    )
    assert np.median(curve.exponent) == pytest.approx(0.5, abs=0.02)
    assert np.median(curve.spread) == pytest.approx(0.08, rel=0.03)


def test_exponents_stay_in_the_range_of_the_prior():
    exponent = english.english_curve().exponent
    assert exponent.min() >= 0
    assert exponent.max() <= 1.5


def test_many_sizes_at_once_are_those_of_each_and_shrink():
    sizes = np.array([8_000.0, 50_000.0, 268_000.0])
    together = english.english_group_spread(sizes)
    for at, size in enumerate(sizes):
        np.testing.assert_allclose(together[:, at], english.english_group_spread(float(size)))
    assert (np.diff(np.median(together, axis=0)) < 0).all()


def test_practices_alone_foretell_practices_and_are_wider_elsewhere():
    small, large = english.practices().people, english.commissioners().people
    np.testing.assert_array_equal(english.from_practices_alone(small), english.practices().spread)
    foretold, fitted = english.from_practices_alone(large), english.english_group_spread(large)
    assert np.log(foretold).std() > np.log(fitted).std()


def test_what_was_seen_is_between_the_sources():
    curve = english.english_curve()
    assert curve.was_seen(50_000)
    assert not curve.was_seen(1_400_000)


def test_it_is_the_same_each_time():
    first = english.english_group_spread(100_000)
    english.english_curve.cache_clear()
    np.testing.assert_array_equal(english.english_group_spread(100_000), first)
