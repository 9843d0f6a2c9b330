"""One person's cost: moments against simulation, cells that add up, costs on a grid of points."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.risk.adjustment import variation
from analysis.risk.annual_cost import fewer_draws, some_draws
from analysis.risk.cost_distribution import CostBins
from analysis.risk.pooled_loss import relative_points
from tests.risk.costs import THRESHOLD, draw_costs, exponential, one_cell_of, two_cells

pytestmark = pytest.mark.unit


class TestBins:
    @pytest.fixture
    def bins(self):
        return CostBins.of_moments(np.log([20.0, 300.0]), np.array([0.01, 0.04]))

    def test_log_cost_has_the_moments_given(self, bins):
        assert (bins.low + bins.high) / 2 == pytest.approx(np.log([20.0, 300.0]))
        assert (bins.high - bins.low) ** 2 / 12 == pytest.approx([0.01, 0.04])

    @pytest.mark.parametrize("amount", [10.0, 19.0, 22.0, 310.0, 5_000.0])
    def test_limited_moments_are_those_of_a_uniform_log(self, bins, amount):
        at = (np.arange(200_000) + 0.5) / 200_000
        costs = np.exp(bins.low[:, None] + (bins.high - bins.low)[:, None] * at)
        for order in (1, 2):
            known = (np.minimum(costs, amount) ** order).mean(axis=1)
            assert bins.limited(amount, order) == pytest.approx(known, rel=1e-6)
        assert bins.survival(amount) == pytest.approx((costs > amount).mean(axis=1), abs=1e-5)

    def test_without_a_limit_the_mean_is_the_whole(self, bins):
        assert bins.limited(np.inf, 1) == pytest.approx(bins.limited(1e12, 1))

    def test_a_bin_without_spread_is_one_cost(self):
        bins = CostBins.of_moments(np.log([50.0]), np.array([0.0]))
        assert bins.limited(40.0, 1) == pytest.approx(40)
        assert bins.limited(80.0, 2) == pytest.approx(2_500, rel=1e-4)


@pytest.mark.parametrize("at", [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_moments_and_survival_equal_simulation_within_its_error(at):
    costs = two_cells()
    sample = draw_costs(costs, *at, 400_000, np.random.default_rng(7))
    for power, exact in ((1, costs.mean()), (2, costs.limited_square(costs.limit))):
        values = sample**power
        assert abs(values.mean() - exact[at]) < 4 * values.std() / np.sqrt(len(values))
    for amount in (30.0, THRESHOLD, 3_000.0, 9_000.0):
        exact = costs.survival_by_cell(amount)[at]
        error = np.sqrt(exact * (1 - exact) / len(sample))
        assert abs((sample > amount).mean() - exact) < 4 * error
        limited = np.minimum(sample, amount)
        exact = costs.limited_mean(amount)[at]
        assert abs(limited.mean() - exact) < 4 * limited.std() / np.sqrt(len(sample))


def test_the_limited_mean_is_the_integral_of_the_survival():
    costs = two_cells()
    edges = np.concatenate([[0.0], np.geomspace(1.0, 50_000.0, 4_000)])
    middle = (edges[1:] + edges[:-1]) / 2
    survival = np.array([costs.survival_by_cell(amount) for amount in middle])
    integral = np.einsum("a,adc->dc", np.diff(edges), survival)
    assert costs.limited_mean(50_000.0) == pytest.approx(integral, rel=1e-4)


class TestCellsAddUp:
    """Whatever the cells, together they are all people."""

    def pooled(self, costs):
        """The same draws with everybody in one cell."""
        bins = costs.reach.shape[1]
        return replace(
            costs,
            reach=np.ones((1, bins)),
            lean=np.zeros((1, bins)),
            tilt=np.zeros((costs.draws, 1)),
            exceed=(costs.exceed @ costs.share)[:, None],
            share=np.ones(1),
        )

    @pytest.mark.parametrize("amount", [1.0, 60.0, THRESHOLD, 5_000.0, 40_000.0])
    def test_in_every_draw_and_at_every_amount(self, amount):
        costs = two_cells()
        whole = self.pooled(costs)
        for name in ("limited_mean", "limited_square"):
            together = getattr(costs, name)(amount) @ costs.share
            assert together == pytest.approx(getattr(whole, name)(amount)[:, 0], rel=1e-12)
        assert costs.survival(amount) == pytest.approx(whole.survival(amount), rel=1e-12)

    def test_a_division_explains_and_leaves_the_variation_of_the_whole(self):
        costs = two_cells()
        whole = self.pooled(costs)
        unadjusted = variation(whole, adjusted=False)
        assert variation(costs, adjusted=False) == pytest.approx(unadjusted, rel=1e-12)
        assert (variation(costs, adjusted=True) < unadjusted).all()

    def test_one_cell_of_them_has_its_own_costs(self):
        costs = two_cells()
        for draw in (0, 1):
            for cell in (0, 1):
                alone = one_cell_of(costs, cell, draw)
                assert alone.mean()[0, 0] == pytest.approx(costs.mean()[draw, cell])


def test_nobody_has_a_cost_more_often_than_always():
    """A cell in which nearly everybody has a cost stays a distribution."""
    costs = two_cells()
    crowded = replace(costs, body=1.5 * costs.body)
    assert crowded.survival_by_cell(0.0).max() == pytest.approx(1)
    probabilities = crowded.discretise(relative_points())[1]
    assert probabilities.sum(axis=-1) == pytest.approx(np.ones((2, 2)), abs=1e-9)


def test_a_lower_limit_lowers_mean_and_variance_and_a_higher_one_changes_nothing():
    costs = two_cells()
    lower = costs.limited_at(5_000.0)
    assert (lower.mean() < costs.mean()).all()
    assert (lower.variance() < costs.variance()).all()
    assert (costs.limited_at(1e9).mean() == costs.mean()).all()


def test_many_amounts_together_are_those_one_by_one():
    costs = two_cells()
    amounts = np.append(0.0, np.geomspace(1.0, 1e7, 40))
    one_by_one = np.stack([costs.limited_mean(amount) for amount in amounts])
    assert costs.limited_means(amounts) == pytest.approx(one_by_one, rel=1e-12)


def test_beyond_is_the_share_of_the_second_moment_above_an_amount():
    costs = two_cells(limit=1e6)
    sample = np.concatenate(
        [
            draw_costs(costs, 0, cell, int(2_000_000 * share), np.random.default_rng(9))
            for cell, share in enumerate(costs.share)
        ]
    )
    square = sample**2
    known = square[sample > 8_000].sum() / square.sum()
    assert costs.beyond(8_000.0)[0] == pytest.approx(known, rel=0.05)
    assert costs.beyond(0.0) == pytest.approx(np.ones(2))
    assert costs.beyond(1e6) == pytest.approx(np.zeros(2), abs=1e-12)


class TestDraws:
    def test_some_draws_are_chosen_whole(self):
        costs = two_cells(limit=np.array([[60_000.0], [90_000.0]]))
        for draw in (0, 1):
            one = some_draws(costs, np.array([draw]))
            assert one.draws == 1
            assert one.mean() == pytest.approx(costs.mean()[[draw]])
            assert one.limited_square(8_000.0) == pytest.approx(
                costs.limited_square(8_000.0)[[draw]]
            )

    def test_a_mask_chooses_as_positions_do(self):
        costs = two_cells()
        masked = some_draws(costs, np.array([False, True]))
        assert masked.body == pytest.approx(costs.body[[1]])
        assert masked.share is costs.share

    def test_fewer_draws_are_evenly_spaced(self):
        twenty = some_draws(two_cells(), np.arange(20) % 2)
        few = fewer_draws(twenty, 5)
        assert few.draws == 5
        assert few.body == pytest.approx(twenty.body[::4])
        assert fewer_draws(twenty, 100).draws == 20


class TestDiscretisation:
    @pytest.fixture(scope="class", params=[60_000.0, 3_000.0])
    @classmethod
    def case(cls, request):
        costs = two_cells(request.param)
        return costs, *costs.discretise(relative_points())

    def test_probabilities_are_probabilities(self, case):
        _, _, probabilities = case
        assert (probabilities >= 0).all()
        assert probabilities.sum(axis=-1) == pytest.approx(np.ones((2, 2)), abs=1e-11)

    def test_the_mean_is_exact(self, case):
        costs, points, probabilities = case
        assert probabilities @ points == pytest.approx(costs.mean(), rel=1e-10)

    def test_the_limited_mean_is_exact_at_every_point(self, case):
        costs, points, probabilities = case
        for index in (40, 150, 300, 370):
            amount = points[index]
            limited = probabilities @ np.minimum(points, amount)
            assert limited == pytest.approx(costs.limited_mean(amount), rel=1e-9)

    def test_the_variance_is_a_little_high_by_at_most_the_stated_error(self, case):
        """One part in 10,000 of the standard deviation, so two of the variance."""
        costs, points, probabilities = case
        square = probabilities @ points**2
        ratio = (square - costs.mean() ** 2) / costs.variance()
        assert (ratio >= 1 - 1e-9).all()
        assert (ratio < 1 + 4e-4).all()

    def test_the_atoms_at_nothing_and_at_the_limit_are_kept(self, case):
        costs, _, probabilities = case
        assert probabilities[..., 0] == pytest.approx(1 - costs.survival_by_cell(0.0), abs=1e-3)
        # The last interval's mass up to half the step joins the atom.
        beyond = costs.survival_by_cell(costs.limit)
        assert probabilities[..., -1] == pytest.approx(beyond, rel=0.1)


def test_exponential_costs_have_the_moments_of_the_formula():
    """The stand-in of other tests is what it says."""
    costs = exponential(mean=100.0, cells=2)
    assert costs.limited_mean(150.0) == pytest.approx(100 * (1 - np.exp(-1.5)))
    sample = np.random.default_rng(1).exponential(100.0, 400_000)
    known = (np.minimum(sample, 150.0) ** 2).mean()
    assert costs.limited_square(150.0) == pytest.approx(known, rel=0.01)
    assert variation(costs, adjusted=True) == pytest.approx([1.0], rel=1e-6)
