"""The smallest pool: the normal formula where it holds, monotone, infinite when none will do."""

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import norm

from analysis.risk.adjustment import variation
from analysis.risk.minimum_size import (
    SIZES,
    minimum_size,
    overspend_probability,
    size_with_group_differences,
    size_with_persistent_differences,
    tolerance_at,
)
from analysis.risk.stop_loss import stop_loss
from tests.risk.costs import two_cells

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def probability():
    return overspend_probability(two_cells(), [0.01, 0.02, 0.05])


@pytest.mark.parametrize("limit", [0.01, 0.05, 0.2])
@pytest.mark.parametrize("k", [2.0, 5.0])
def test_on_normal_pools_the_size_is_z_k_over_delta_squared(k, limit):
    tolerance = 0.02
    exact = (-ndtri(limit) * k / tolerance) ** 2
    scores = tolerance * np.sqrt(SIZES) / k
    size = minimum_size(norm.sf(scores)[None], SIZES, limit)
    # A quarter of a percent: the step of the interpolation at the smallest sizes.
    assert size[0] == pytest.approx(max(exact, SIZES[0]), rel=2.5e-3)


def test_large_minimum_sizes_are_near_the_normal_formula(probability):
    """A hundred thousand heavy-tailed people are nearly normal; the formula is 3 % off at most."""
    k = variation(two_cells(), adjusted=True)
    size = minimum_size(probability[:, :, 0], SIZES, 0.05)
    assert size == pytest.approx((1.6449 * k / 0.01) ** 2, rel=0.03)


@pytest.mark.parametrize("tolerance_index", [0, 1, 2])
def test_at_the_minimum_size_the_probability_is_the_limit(probability, tolerance_index):
    """Interpolating between 21 sizes loses little, draw by draw."""
    tolerance = [0.01, 0.02, 0.05][tolerance_index]
    sizes = minimum_size(probability[:, :, tolerance_index], SIZES, 0.05)
    for draw, size in enumerate(sizes):
        overspend = overspend_probability(two_cells(), [tolerance], [int(size)])[draw, 0, 0]
        assert overspend == pytest.approx(0.05, abs=2e-4)


def test_stricter_demands_need_larger_pools(probability):
    limits = [0.01, 0.05, 0.1, 0.3]
    sizes = np.stack([minimum_size(probability[:, :, t], SIZES, limits) for t in range(3)])
    assert sizes.shape == (3, 2, 4)
    assert (np.diff(sizes, axis=0) <= 0).all()
    assert (np.diff(sizes, axis=2) <= 0).all()


def test_one_limit_gives_one_number_a_draw(probability):
    one = minimum_size(probability[:, :, 1], SIZES, 0.05)
    assert one.shape == (2,)
    assert (one == minimum_size(probability[:, :, 1], SIZES, [0.05])[:, 0]).all()


def test_no_size_is_enough_when_the_largest_is_too_small():
    size = minimum_size(np.full((1, len(SIZES)), 0.2), SIZES, 0.05)
    assert np.isposinf(size).all()


def test_the_smallest_size_is_returned_when_even_it_is_enough():
    assert minimum_size(np.full((1, len(SIZES)), 0.01), SIZES, 0.05)[0] == SIZES[0]


def test_a_small_pool_that_overspends_rarely_but_enormously_does_not_count():
    """The probability first rises with size; the answer is where it falls for good."""
    sizes = [1_000, 4_000, 16_000, 64_000]
    size = minimum_size(np.array([[0.02, 0.12, 0.08, 0.01]]), sizes, 0.05)[0]
    assert 16_000 < size < 64_000


@pytest.mark.parametrize("people", [2_000, 50_000, 1_000_000])
def test_the_tolerance_of_a_size_is_the_inverse_of_its_probability(people):
    costs = two_cells()
    tolerance = tolerance_at(costs, people, 0.05)
    for draw, value in enumerate(tolerance):
        probability = overspend_probability(costs, [value], [people])[draw, 0, 0]
        assert probability == pytest.approx(0.05, abs=1e-4)


def test_the_tolerance_shrinks_with_the_root_of_the_size():
    costs = two_cells()
    ratio = tolerance_at(costs, 400_000, 0.05) / tolerance_at(costs, 1_600_000, 0.05)
    assert ratio == pytest.approx([2, 2], rel=0.01)


def test_a_budget_that_also_pays_a_premium_allows_the_same_share_of_more():
    """2 % of a budget a quarter larger than the retained cost is 2.5 % of the retained cost."""
    costs, sizes = two_cells(3_000.0), [5_000, 50_000]
    whole = overspend_probability(costs, [0.02], sizes, budget_ratio=1.25)
    assert whole == pytest.approx(overspend_probability(costs, [0.025], sizes), abs=1e-12)
    by_draw = overspend_probability(costs, [0.02], sizes, budget_ratio=np.array([[1.25], [1.0]]))
    assert by_draw[0] == pytest.approx(whole[0], abs=1e-12)
    assert by_draw[1] == pytest.approx(overspend_probability(costs, [0.02], sizes)[1], abs=1e-12)


def test_progress_sees_the_sizes():
    seen = []

    def progress(sizes):
        seen.extend(sizes)
        return sizes

    overspend_probability(two_cells(), [0.02], [1_000, 2_000], progress=progress)
    assert seen == [1_000, 2_000]


class TestLastingDifferences:
    def test_without_them_the_formula_is_that_of_chance(self):
        size = size_with_persistent_differences(3.0, 0.0, 0.02, 0.05)
        assert size == pytest.approx((1.644854 * 3.0 / 0.02) ** 2, rel=1e-5)

    def test_at_the_size_the_whole_variance_breaks_the_limit_exactly(self):
        k, persistent = 3.0, 0.008
        size = size_with_persistent_differences(k, persistent, 0.02, 0.05)
        total = np.sqrt(k**2 / size + persistent**2)
        assert norm.sf(0.02 / total) == pytest.approx(0.05)

    def test_when_they_alone_break_the_limit_no_size_is_enough(self):
        sizes = size_with_persistent_differences(np.array([2.0, 3.0]), 0.02, 0.02, 0.05)
        assert sizes.shape == (2,)
        assert np.isposinf(sizes).all()


class TestStopLoss:
    def test_what_is_retained_and_what_is_ceded_add_up(self):
        costs = two_cells()
        cover = stop_loss(costs, 25.0)
        mean, retained = costs.population_mean(), cover.retained.population_mean()
        assert cover.premium_share == pytest.approx(1 - (retained / mean)[:, 0])
        assert cover.budget_ratio == pytest.approx(mean / retained)

    def test_cover_that_begins_beyond_the_largest_cost_costs_nothing(self):
        cover = stop_loss(two_cells(), 1e9)
        assert cover.premium_share == pytest.approx([0, 0], abs=1e-12)

    def test_cover_that_begins_near_nothing_cedes_everything(self):
        assert stop_loss(two_cells(), 1e-6).premium_share == pytest.approx([1, 1], abs=1e-4)

    def test_a_lower_attachment_point_costs_more_and_leaves_less_to_chance(self):
        covers = [stop_loss(two_cells(), multiple) for multiple in (5.0, 20.0, 80.0)]
        premiums = np.array([cover.premium_share for cover in covers])
        left = np.array([variation(cover.retained, adjusted=True) for cover in covers])
        assert (np.diff(premiums, axis=0) < 0).all()
        assert (np.diff(left, axis=0) > 0).all()

    @pytest.mark.parametrize("multiple", [0.0, -1.0, np.nan])
    def test_an_attachment_point_must_be_above_nothing(self, multiple):
        with pytest.raises(ValueError, match="attachment_multiple"):
            stop_loss(two_cells(), multiple)


class TestDifferencesThatShrinkWithSize:
    k = np.array([2.0, 3.0, 4.0])

    def test_none_is_chance_alone(self):
        found = size_with_group_differences(self.k, lambda people: np.zeros(3), 0.02, 0.05)
        chance = size_with_persistent_differences(self.k, 0.0, 0.02, 0.05)
        np.testing.assert_allclose(found, chance, rtol=1e-6)

    def test_those_that_do_not_shrink_are_a_floor(self):
        for tau in (0.008, 0.02):
            found = size_with_group_differences(self.k, lambda people: np.array([tau]), 0.02, 0.05)  # noqa: B023
            floor = size_with_persistent_differences(self.k, tau, 0.02, 0.05)
            np.testing.assert_allclose(found, floor, rtol=2e-3)

    def test_those_that_shrink_as_chance_does_add_to_k(self):
        found = size_with_group_differences(
            self.k, lambda people: np.array([5.0]) / np.sqrt(people), 0.02, 0.05
        )
        chance = size_with_persistent_differences(np.hypot(self.k, 5.0), 0.0, 0.02, 0.05)
        np.testing.assert_allclose(found, chance, rtol=1e-6)

    def test_a_power_law_is_solved(self):
        spread = lambda people: 0.05 * (people / 1e4) ** -0.3 * np.ones(3)  # noqa: E731
        found = size_with_group_differences(self.k, spread, 0.02, 0.05)
        total = np.sqrt(self.k**2 / found + np.array([spread(n)[0] for n in found]) ** 2)
        np.testing.assert_allclose(1.6448536 * total, 0.02, rtol=1e-4)

    def test_where_no_size_tried_is_enough_it_is_infinite(self):
        spread = lambda people: np.array([0.0, 0.5])  # noqa: E731
        found = size_with_group_differences(np.array([3.0]), spread, 0.02, 0.05)
        assert np.isfinite(found).tolist() == [True, False]
        small = size_with_group_differences(
            np.array([3.0]), lambda people: np.zeros(1), 0.02, 0.05, largest=10_000
        )
        assert np.isinf(small).all()
