"""Cover of one person's cost and of a whole pool: limits, an independent package, closed forms."""

from dataclasses import replace

import numpy as np
import pytest
from aggregate import Aggregate
from scipy.integrate import quad
from scipy.stats import gamma, norm

from analysis.chapters.stop_loss.stop_loss_economics import (
    StopLossTerms,
    attachment_needed,
    best_attachment,
    break_even_loading,
    cost_of_stop_loss,
    reserve_share,
)
from analysis.models.annual_cost.truncated_pareto import TruncatedPareto
from analysis.population.england.parameters import england_parameters
from analysis.risk.adjustment import variation
from analysis.risk.annual_cost import some_draws
from analysis.risk.minimum_size import smallest_pool
from analysis.risk.pooled_loss import pooled_loss
from analysis.risk.retained_costs import carved_out_people, coinsured
from analysis.risk.stop_loss import aggregate_premium, stop_loss
from analysis.risk.tabulated_costs import england_costs
from tests.risk.costs import draw_costs, exponential, one_cell_of, two_cells

pytestmark = pytest.mark.unit

ATTACHMENT, SHARE = 2_000.0, 0.3


@pytest.fixture(scope="module")
def people():
    costs = two_cells()
    return costs, draw_costs(costs, 0, 1, 400_000, np.random.default_rng(21))


class TestLimits:
    def test_an_infinite_attachment_point_is_no_cover(self):
        costs = two_cells()
        cover = stop_loss(costs, np.inf)
        assert cover.premium_share == pytest.approx([0, 0], abs=1e-15)
        assert cover.retained.mean() == pytest.approx(costs.mean())
        assert cover.residual_variation == pytest.approx(variation(costs, adjusted=True))

    @pytest.mark.parametrize("attachment", [1.0, 20.0])
    def test_keeping_all_of_the_excess_is_no_cover(self, attachment):
        costs = two_cells()
        cover = stop_loss(costs, attachment, 1.0)
        assert cover.premium_share == pytest.approx([0, 0], abs=1e-12)
        assert cover.residual_variation == pytest.approx(variation(costs, adjusted=True), rel=1e-9)

    def test_keeping_none_of_the_excess_is_the_cost_limited_at_the_attachment_point(self):
        costs = two_cells()
        kept, limited = coinsured(costs, ATTACHMENT, 0.0), costs.limited_at(ATTACHMENT)
        assert kept.mean() == pytest.approx(limited.mean(), rel=1e-12)
        assert kept.variance() == pytest.approx(limited.variance(), rel=1e-9)

    def test_keeping_hardly_any_of_the_excess_tends_to_keeping_none(self):
        costs = two_cells()
        none, hardly = (coinsured(costs, ATTACHMENT, share) for share in (0.0, 1e-9))
        assert hardly.mean() == pytest.approx(none.mean(), rel=1e-7)
        assert hardly.variance() == pytest.approx(none.variance(), rel=1e-6)

    def test_from_nothing_on_coinsurance_scales_every_cost(self):
        costs = two_cells()
        kept = coinsured(costs, 0.0, SHARE)
        assert kept.mean() == pytest.approx(SHARE * costs.mean(), rel=1e-9)
        assert variation(kept, adjusted=True) == pytest.approx(variation(costs, adjusted=True))

    def test_the_premium_is_proportional_to_the_share_ceded(self):
        full, part = (stop_loss(two_cells(), 10.0, share) for share in (0.0, SHARE))
        assert part.premium_share == pytest.approx((1 - SHARE) * full.premium_share)

    def test_people_above_the_largest_cost_are_nobody(self):
        costs = two_cells()
        kept = carved_out_people(costs, 1e9)
        assert kept.mean() == pytest.approx(costs.mean(), rel=1e-12)
        assert kept.variance() == pytest.approx(costs.variance(), rel=1e-12)


class TestAgainstSimulation:
    @pytest.mark.parametrize("share", [0.0, SHARE, 0.9])
    def test_coinsured_moments(self, people, share):
        costs, sample = people
        kept = np.minimum(sample, ATTACHMENT) + share * np.maximum(sample - ATTACHMENT, 0)
        found = coinsured(costs, ATTACHMENT, share)
        for power, exact in ((1, found.mean()), (2, found.limited_square(found.limit))):
            values = kept**power
            error = values.std() / np.sqrt(len(values))
            assert abs(values.mean() - exact[0, 1]) < 4 * error

    def test_moments_of_those_who_stay_below_the_limit(self, people):
        costs, sample = people
        kept = np.where(sample <= ATTACHMENT, sample, 0.0)
        found = carved_out_people(costs, ATTACHMENT)
        for power, exact in ((1, found.mean()), (2, found.limited_square(found.limit))):
            values = kept**power
            error = values.std() / np.sqrt(len(values))
            assert abs(values.mean() - exact[0, 1]) < 4 * error

    @pytest.mark.parametrize("kind", ["coinsured", "carved"])
    def test_a_pool_of_what_is_kept(self, people, kind):
        """5,000 people, the total by brute force: P(over 2 %) within its sampling error."""
        costs, sample = people
        one_cell = one_cell_of(costs, 1)
        if kind == "coinsured":
            kept = np.minimum(sample, ATTACHMENT) + SHARE * np.maximum(sample - ATTACHMENT, 0)
            modelled = coinsured(one_cell, ATTACHMENT, SHARE)
        else:
            kept = np.where(sample <= ATTACHMENT, sample, 0.0)
            modelled = carved_out_people(one_cell, ATTACHMENT)
        generator = np.random.default_rng(22)
        totals = np.array([generator.choice(kept, 5_000).sum() for _ in range(4_000)])
        share = (totals > 1.02 * 5_000 * kept.mean()).mean()
        found = pooled_loss(modelled, 5_000).exceedance(1.02)[0, 0]
        assert found == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / 4_000))


class TestAgainstAnIndependentPackage:
    def test_limited_moments_of_a_pareto_tail(self):
        """`aggregate` knows the generalised Pareto of scipy; cover is its exposure limit."""
        shape, scale = 0.45, 800.0
        one = one_cell_of(two_cells(), 0)
        costs = replace(
            one,
            body=np.zeros_like(one.body),
            upper=np.zeros_like(one.upper),
            exceed=np.ones((1, 1)),
            tail=TruncatedPareto(*(np.full((1, 1), value) for value in (1e-9, scale, shape, 1e15))),
        )
        peer = Aggregate(
            "excess", exp_en=1, exp_attachment=2_000.0, exp_limit=58_000.0, sev_name="genpareto",
            sev_a=shape, sev_scale=scale, sev_conditional=False, freq_name="fixed",
        )  # fmt: skip
        ceded = stop_loss(costs, 2_000.0 / costs.population_mean()[0, 0])
        premium = ceded.premium_share[0] * costs.population_mean()[0, 0]
        assert premium == pytest.approx(peer.sev_m, rel=1e-6)

    def test_aggregate_cover_of_a_gamma_pool(self):
        """A hundred exponential costs: the total is gamma, and `aggregate` prices the excess."""
        people, overspend = 100, 0.05
        peer = Aggregate("pool", exp_en=people, sev_name="expon", sev_scale=1.0, freq_name="fixed")
        peer.update(log2=16, bs=1 / 128, padding=1)
        table = peer.density_df
        excess = np.maximum(table["loss"] - people * (1 + overspend), 0) @ table["p_total"]
        found = aggregate_premium(pooled_loss(exponential(), people), overspend)[0]
        assert found == pytest.approx(excess / people, rel=2e-3)


class TestAggregatePremium:
    @pytest.mark.parametrize("overspend", [0.0, 0.02, 0.1])
    def test_closed_form_of_a_gamma_pool(self, overspend):
        people = 2_000
        level = people * (1 + overspend)
        exact = people * gamma.sf(level, people + 1) - level * gamma.sf(level, people)
        found = aggregate_premium(pooled_loss(exponential(), people), overspend)[0]
        assert found == pytest.approx(exact / people, rel=2e-3, abs=1e-9)

    def test_lasting_differences_add_their_variance(self):
        """A huge pool is its lasting difference: the Bachelier formula of a normal."""
        loss, tau, overspend = pooled_loss(exponential(), 10**9), 0.03, 0.02
        exact = quad(lambda x: (x - overspend) * norm.pdf(x, scale=tau), overspend, 0.5)[0]
        assert aggregate_premium(loss, overspend, persistent_sd=tau)[0] == pytest.approx(
            exact, 1e-4
        )

    def test_it_falls_with_size_and_with_the_overspend_left_to_the_pool(self):
        costs = two_cells()
        by_size = [aggregate_premium(pooled_loss(costs, n), 0.02)[0] for n in (2_000, 20_000)]
        assert by_size[0] > by_size[1]
        loss = pooled_loss(costs, 20_000)
        assert aggregate_premium(loss, 0.01)[0] > aggregate_premium(loss, 0.03)[0]


class TestCostOfCover:
    def test_without_loading_or_lost_control_the_lowest_attachment_point_is_best(self):
        total, points = self.totals(StopLossTerms(0.0, 0.06, 0.05))
        assert (best_attachment(total, points) == points[0]).all()

    def test_where_capital_is_free_any_loading_makes_no_cover_best(self):
        total, points = self.totals(StopLossTerms(0.02, 0.0, 0.05))
        assert (best_attachment(total, points) == np.inf).all()

    def test_control_lost_counts_as_a_loading(self):
        lost, _ = self.totals(StopLossTerms(0.0, 0.06, 0.05, saving_lost=0.03))
        loaded, _ = self.totals(StopLossTerms(0.03, 0.06, 0.05))
        assert lost == pytest.approx(loaded)

    def test_at_the_break_even_loading_cover_and_no_cover_cost_the_same(self):
        costs, people = two_cells(), 5_000
        cover, none = stop_loss(costs, 20.0), stop_loss(costs, np.inf)
        kept, whole = (reserve_share(c, people, 0.05) for c in (cover, none))
        loading = break_even_loading(cover.premium_share, kept, whole, 0.06)
        for draw, value in enumerate(loading):
            terms = StopLossTerms(float(value), 0.06, 0.05)
            with_cover = cost_of_stop_loss(cover.premium_share, kept, terms)[draw]
            without = cost_of_stop_loss(none.premium_share, whole, terms)[draw]
            assert with_cover == pytest.approx(without)

    def test_where_nothing_is_ceded_no_loading_is_too_much(self):
        even = break_even_loading(np.array([0.0, 0.1]), np.zeros(2), np.full(2, 0.02), 0.05)
        assert even == pytest.approx([np.inf, 0.01])

    def test_the_reserve_of_a_large_pool_is_normal(self):
        cover = stop_loss(two_cells(), 20.0)
        exact = norm.ppf(0.95) * cover.residual_variation / 1_000
        assert reserve_share(cover, 1_000_000, 0.05) == pytest.approx(exact, rel=0.01)

    def test_reserves_of_several_sizes_and_breaches_are_those_one_by_one(self):
        cover = stop_loss(two_cells(), 20.0)
        found = reserve_share(cover, [2_000, 5_000], [0.05, 0.005])
        assert found.shape == (2, 2, 2)
        assert found[1, 0] == pytest.approx(reserve_share(cover, 5_000, 0.05))
        assert (found[:, 1] > found[:, 0]).all()

    @pytest.mark.parametrize(
        "terms", [(-0.1, 0.06, 0.05), (0.1, np.nan, 0.05), (0.1, 0.06, 0.5), (0.1, 0.06, 0.0)]
    )
    def test_terms_outside_their_range_are_refused(self, terms):
        with pytest.raises(ValueError, match="loading|cost_of_capital|reserve_breach"):
            StopLossTerms(*terms)

    @staticmethod
    def totals(terms):
        points = [2.0, 10.0, 50.0, np.inf]
        covers = [stop_loss(two_cells(), point) for point in points]
        premiums = np.stack([cover.premium_share for cover in covers])
        reserves = np.stack([reserve_share(cover, 5_000, terms.reserve_breach) for cover in covers])
        return cost_of_stop_loss(premiums, reserves, terms), points


def test_at_the_attachment_point_that_a_size_needs_that_size_is_the_smallest():
    costs, size = two_cells(), 20_000
    multiple = attachment_needed(
        costs, [5.0, 7.0, 10.0, 14.0, 20.0, 28.0, 40.0], [size], 0.02, 0.05
    )[0]
    for draw, value in enumerate(multiple):
        cover = stop_loss(costs, float(value))
        found = smallest_pool(cover.retained, 0.02, 0.05, budget_ratio=cover.budget_ratio)[draw]
        assert found == pytest.approx(size, rel=0.01)


def test_no_cover_of_the_same_price_leaves_less_to_chance_than_stop_loss():
    """Borch (1960): among covers with one premium, stop-loss leaves the least variance."""
    costs = two_cells()
    for kept_share, attachment in ((0.2, 6.0), (0.5, 2.0)):
        other = stop_loss(costs, attachment, kept_share)
        # The attachment point of full cover with the same premium, by bisection.
        low, high = attachment, 200.0
        for _ in range(60):
            middle = (low + high) / 2
            cheaper = stop_loss(costs, middle).premium_share[0] < other.premium_share[0]
            low, high = (low, middle) if cheaper else (middle, high)
        full = stop_loss(costs, middle)
        assert full.premium_share[0] == pytest.approx(other.premium_share[0], rel=1e-9)
        assert full.residual_variation[0] < other.residual_variation[0]


@pytest.mark.parametrize(("attachment", "share"), [(-1.0, 0.0), (10.0, -0.1), (10.0, 1.1)])
def test_terms_outside_their_range_are_refused(attachment, share):
    with pytest.raises(ValueError, match="attachment|share_kept"):
        coinsured(two_cells(), attachment, share)


def test_cover_of_what_is_covered_is_cover_at_the_lower_point():
    costs = two_cells()
    twice = coinsured(coinsured(costs, 5_000.0, 0.0), ATTACHMENT, 0.0)
    assert twice.mean() == pytest.approx(coinsured(costs, ATTACHMENT, 0.0).mean())
    beyond = coinsured(coinsured(costs, ATTACHMENT, 0.0), 5_000.0, 0.5)
    assert beyond.variance() == pytest.approx(twice.variance())
    shared = coinsured(coinsured(costs, ATTACHMENT, 0.5), ATTACHMENT, 0.4)
    assert shared.variance() == pytest.approx(coinsured(costs, ATTACHMENT, 0.2).variance())


def test_people_cannot_be_carved_out_of_what_is_covered():
    kept = coinsured(two_cells(), ATTACHMENT, SHARE)
    with pytest.raises(ValueError, match="cannot be carved"):
        carved_out_people(kept, ATTACHMENT)


def test_cover_of_english_costs_on_a_grid_limits_them():
    """Costs on a grid serve too: full cover is their own limit."""
    costs = england_costs([england_parameters(draw) for draw in (0, 1)], 1, 1_000, 200)
    multiple = 27.0
    cover, limited = (
        stop_loss(costs, multiple),
        costs.limited_at(multiple * costs.population_mean()),
    )
    assert cover.retained.mean() == pytest.approx(limited.mean())
    assert cover.retained.variance() == pytest.approx(limited.variance())
    none = stop_loss(costs, multiple, 1.0)
    assert none.residual_variation == pytest.approx(variation(costs, adjusted=True))
    one = smallest_pool(some_draws(cover.retained, np.array([1])), 0.02, 0.05)
    assert smallest_pool(cover.retained, 0.02, 0.05)[1] == pytest.approx(one[0], rel=1e-3)
