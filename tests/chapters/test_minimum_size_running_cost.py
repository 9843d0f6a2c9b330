"""The cheapest size, and where English organisations stand."""

import numpy as np
import pytest
from scipy.stats import norm

from analysis.chapters.minimum_size.running_cost import running_cost
from analysis.evidence import england
from analysis.evidence.mean_cost_gbp import mean_cost_gbp
from analysis.evidence.organisation_sizes import organisation_sizes
from analysis.risk.adjustment import variation
from analysis.risk.annual_cost import some_draws
from analysis.risk.minimum_size import (
    overspend_probability,
    size_with_persistent_differences,
    smallest_pool,
)
from analysis.risk.retained_costs import coinsured
from analysis.risk.stop_loss import stop_loss
from tests.risk.costs import exponential, two_cells

pytestmark = pytest.mark.unit

SIZES = [10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000]


class TestRunningCost:
    def test_the_fixed_cost_is_shared_and_the_reserve_follows_the_normal_formula(self):
        """Exponential costs have k = 1; at these sizes their total is normal within 1 %."""
        made = running_cost(exponential(), 2_000.0, 1e6, 0.06, 0.05, SIZES)
        people = 100_000
        risk = 0.06 * 2_000 * norm.ppf(0.95) / np.sqrt(people)
        assert made.per_head(people)[0, 0] == pytest.approx(1e6 / people + risk, rel=0.002)

    def test_no_size_is_too_large(self):
        """Cost falls all the way: without a diseconomy of size there is no optimum."""
        made = running_cost(two_cells(), 1_800.0, 1.9e6, 0.06, 0.05, SIZES)
        assert (np.diff(made.per_head(np.geomspace(1e4, 3e6, 40)), axis=1) < 0).all()

    def test_without_a_price_of_risk_doubling_saves_half_the_fixed_cost(self):
        made = running_cost(two_cells(), 1_800.0, 2e6, 0.0, 0.05, SIZES)
        assert made.saved_by_doubling(50_000)[:, 0] == pytest.approx([20, 20])
        assert made.size_where_doubling_saves(2.0) == pytest.approx([5e5, 5e5], rel=1e-3)

    def test_without_a_fixed_cost_doubling_saves_three_tenths_of_the_price_of_risk(self):
        made = running_cost(exponential(), 2_000.0, 0.0, 0.06, 0.05, SIZES)
        saved = made.saved_by_doubling(500_000) / made.per_head(500_000)
        assert saved[0, 0] == pytest.approx(1 - np.sqrt(0.5), rel=2e-3)

    def test_an_amount_that_doubling_always_saves_has_no_size(self):
        made = running_cost(two_cells(), 1_800.0, 2e6, 0.0, 0.05, SIZES)
        assert np.isposinf(made.size_where_doubling_saves(1e-9)).all()

    def test_a_diseconomy_makes_one_size_the_cheapest(self):
        """Fixed cost alone: F/N falls by F/N ln 2 for a doubling, so N is F ln 2 over d."""
        made = running_cost(two_cells(), 1_800.0, 2e6, 0.0, 0.05, SIZES)
        assert made.cheapest_size(10.0) == pytest.approx([2e5 * np.log(2)] * 2, rel=0.02)
        assert np.isposinf(made.cheapest_size(0.0)).all()

    def test_a_dearer_reserve_makes_a_larger_size_the_cheapest(self):
        cheap, dear = (
            running_cost(two_cells(), 1_800.0, 2e6, price, 0.05, SIZES) for price in (0.02, 0.2)
        )
        assert (dear.cheapest_size(8.0) > cheap.cheapest_size(8.0)).all()

    @pytest.mark.parametrize(("fixed", "price"), [(-1.0, 0.06), (1.0, -0.01)])
    def test_negative_terms_are_refused(self, fixed, price):
        with pytest.raises(ValueError, match="at least 0"):
            running_cost(two_cells(), 1_800.0, fixed, price, 0.05, SIZES)


class TestPlacement:
    @pytest.mark.parametrize("level", ["practice", "primary_care_network"])
    def test_bins_keep_their_counts(self, level):
        bins, sizes = england.size_bins(level), organisation_sizes(level)
        edges = bins["people_high"].to_numpy()[:-1]
        counts = bins["n_organisations"].to_numpy()
        assert sizes.organisations == counts.sum()
        assert sizes.share_below(edges) * counts.sum() == pytest.approx(np.cumsum(counts)[:-1])

    def test_the_mean_of_the_drawn_sizes_is_that_of_the_bins(self):
        for level in ("practice", "primary_care_network"):
            sizes = organisation_sizes(level)
            middle = (sizes.people[1:] + sizes.people[:-1]) / 2
            assert middle @ np.diff(sizes.at_most) == pytest.approx(sizes.mean, rel=0.01)

    def test_organisations_are_counted_one_by_one(self):
        people = england.organisations("sub_icb_location")["people"].to_numpy(float)
        sizes = organisation_sizes("sub_icb_location")
        for size in (50_000.0, float(np.sort(people)[10]), 400_000.0, 1e8):
            assert sizes.share_below(size) == pytest.approx((people < size).mean(), abs=1e-9)
        assert sizes.mean == pytest.approx(people.mean())

    def test_everybody_is_below_a_size_that_nobody_reaches(self):
        for level in ("practice", "integrated_care_board", "clinical_commissioning_group"):
            sizes = organisation_sizes(level)
            assert sizes.share_below(np.array([1.0, np.inf])) == pytest.approx([0, 1], abs=1e-2)

    def test_quantiles_invert_shares(self):
        sizes = organisation_sizes("primary_care_network")
        for share in (0.1, 0.5, 0.9):
            assert sizes.share_below(sizes.quantile(share)) == pytest.approx(share)

    def test_the_mean_cost_is_that_of_the_published_table(self):
        """Asaria (2017): 1,839 pounds a head in 2014/15, 1,713 in 2011/12."""
        assert mean_cost_gbp() == pytest.approx(1_838.6, abs=0.05)
        assert mean_cost_gbp("2011/12") == pytest.approx(1_712.9, abs=0.05)


class TestSmallestPool:
    @pytest.mark.parametrize("tolerance", [0.01, 0.05])
    def test_at_the_smallest_pool_the_probability_is_the_limit(self, tolerance):
        costs = two_cells()
        for draw, size in enumerate(smallest_pool(costs, tolerance, 0.05)):
            found = overspend_probability(costs, [tolerance], [int(size)])[draw, 0, 0]
            assert found == pytest.approx(0.05, abs=2e-4)

    def test_with_cover_the_tolerance_is_a_share_of_the_whole_budget(self):
        cover = stop_loss(two_cells(), 10.0)
        found = smallest_pool(cover.retained, 0.02, 0.05, budget_ratio=cover.budget_ratio)
        normal = (norm.isf(0.05) * cover.residual_variation / 0.02) ** 2
        assert found == pytest.approx(normal, rel=0.05)

    def test_draws_with_very_different_largest_costs_are_as_good_as_alone(self):
        """Coinsurance that differs by draw leaves largest costs that differ a hundredfold."""
        costs = two_cells()
        kept = coinsured(costs, 3_000.0, np.array([[0.0], [0.9]]))
        found = smallest_pool(kept, 0.02, 0.05)
        alone = [
            smallest_pool(some_draws(kept, np.array([draw])), 0.02, 0.05)[0] for draw in (0, 1)
        ]
        assert found == pytest.approx(alone, rel=1e-3)

    def test_lasting_differences_that_break_the_limit_leave_no_size(self):
        assert np.isposinf(smallest_pool(two_cells(), 0.02, 0.05, persistent_sd=0.0125)).all()

    def test_lasting_differences_meet_the_exact_distribution_of_chance(self):
        """In a huge pool the normal formula is exact; in a smaller one it is near."""
        costs, tau = two_cells(), 0.006
        k = variation(costs, adjusted=True)
        found = smallest_pool(costs, 0.01, 0.05, persistent_sd=tau)
        formula = size_with_persistent_differences(k, tau, 0.01, 0.05)
        assert found == pytest.approx(formula, rel=0.03)
        total = np.sqrt(k**2 / 1e7 + tau**2)
        exact = overspend_probability(costs, [0.01], [10_000_000], persistent_sd=tau)[:, 0, 0]
        assert exact == pytest.approx(norm.sf(0.01 / total), abs=2e-4)

    def test_lasting_differences_by_simulation(self):
        costs, people, tau = two_cells(), 5_000, 0.03
        grid = np.random.default_rng(31).normal(0, tau, 200)
        shifted = overspend_probability(costs, 0.02 - grid, [people])[:, 0, :]
        found = overspend_probability(costs, [0.02], [people], persistent_sd=tau)[:, 0, 0]
        error = shifted.std(axis=1) / np.sqrt(len(grid))
        assert (np.abs(found - shifted.mean(axis=1)) < 4 * error).all()

    def test_lasting_differences_may_differ_by_draw(self):
        k, tau = np.array([3.0, 3.0, 3.0]), np.array([0.0, 0.005, 0.02])
        found = size_with_persistent_differences(k, tau, 0.02, 0.05)
        assert found[0] < found[1] < found[2]
        assert np.isposinf(found[2])
