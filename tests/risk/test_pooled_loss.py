"""A pool's total: closed forms, an independent package, simulation, limits and internal sense."""

from dataclasses import replace

import numpy as np
import pytest
from aggregate import Aggregate
from scipy.stats import gamma, norm

from analysis.risk.annual_cost import some_draws
from analysis.risk.minimum_size import overspend_probability
from analysis.risk.pooled_loss import PoolCalculator, apportion, pooled_loss
from tests.risk.costs import draw_costs, exponential, one_cell_of, two_cells, varied

RATIOS = np.array([0.9, 0.97, 1.0, 1.01, 1.02, 1.05, 1.1, 1.3])


def one_cell(limit=60_000.0):
    return one_cell_of(two_cells(limit), 1)


def with_a_cost(costs, share):
    """Return the same costs where another share of people have one."""
    factor = share / costs.survival(1e-9)[0]
    return replace(costs, body=factor * costs.body, exceed=factor * costs.exceed)


def peer_exceedance(costs, people, ratios, log2, bs):
    """P(total > ratio x mean) from the `aggregate` package, with its own equally spaced grid.

    The severity is handed over on whole multiples of the grid, mean-preserving, made here from
    the closed-form limited mean: our unequal grid plays no part.
    """
    grid = np.arange(0.0, costs.limit_by_draw()[0, 0] + bs, bs)
    at_each = some_draws(costs, np.zeros(len(grid), int))
    limited = np.minimum(at_each.limited_mean(grid[:, None])[:, 0], costs.mean()[0, 0])
    slopes = np.diff(limited) / bs
    probability = np.clip(-np.diff([1.0, *slopes, 0.0]), 0, None)
    pool = Aggregate(
        "pool",
        exp_en=people,
        sev_name="dhistogram",
        sev_xs=grid,
        sev_ps=probability / probability.sum(),
        freq_name="fixed",
    )
    pool.update(log2=log2, bs=bs, padding=1)
    table = pool.density_df
    mean = people * (grid * probability).sum()
    # The grid's mass lies on points: linear in between, from half a step before each.
    return np.interp(ratios * mean - bs / 2, table["loss"].to_numpy(), table["S"].to_numpy())


@pytest.mark.unit
class TestClosedForms:
    @pytest.mark.parametrize("people", [50, 500, 5_000, 100_000])
    def test_exponential_costs_add_up_to_a_gamma(self, people):
        costs = exponential(draws=2)
        exact = gamma.sf(RATIOS * people, people)
        # The discretised cost has a standard deviation up to one part in 10,000 too high, which
        # moves a normal probability by at most 0.24 parts in 10,000; twice that for its skewness.
        assert pooled_loss(costs, people).exceedance(RATIOS)[1] == pytest.approx(exact, abs=1e-4)

    @pytest.mark.parametrize("people", [500, 100_000])
    def test_quantiles_and_tail_of_the_gamma(self, people):
        loss = pooled_loss(exponential(), people)
        for probability in (0.05, 0.5, 0.95, 0.99):
            exact = gamma.ppf(probability, people) / people
            assert loss.quantile(probability)[0] == pytest.approx(exact, abs=2e-3 / people**0.5)
        cut = gamma.ppf(0.95, people)
        # E[X; X > q] of a gamma is its mean times the survival of a gamma one shape higher.
        exact = gamma.sf(cut, people + 1) / 0.05
        assert loss.tail_expectation(0.95)[0] == pytest.approx(exact, abs=5e-3 / people**0.5)

    @pytest.mark.parametrize("limit", [3_000.0, 60_000.0])
    def test_a_very_large_pool_is_normal(self, limit):
        costs, people = two_cells(limit), 1_000_000_000
        loss = pooled_loss(costs, people)
        mean = (costs.mean() * costs.share).sum(axis=1)
        spread = np.sqrt((costs.variance() * costs.share).sum(axis=1) / people) / mean
        scores = np.array([-2.0, 0.0, 1.0, 2.0])
        probability = loss.exceedance(1 + spread[:, None] * scores)
        assert probability == pytest.approx(np.tile(norm.sf(scores), (2, 1)), abs=3e-4)

    def test_an_infinite_pool_never_overspends(self):
        probability = pooled_loss(two_cells(), 10_000_000_000).exceedance([0.99, 1.0, 1.01])
        assert probability == pytest.approx(np.array([[1.0, 0.5, 0.0]] * 2), abs=2e-3)


@pytest.mark.integration
class TestAgainstAggregate:
    @pytest.mark.parametrize(
        ("people", "log2", "bs", "tolerance"),
        # The last figure allows for the peer's grid: half a step over the pool's spread.
        [(500, 19, 4.0, 4e-4), (5_000, 20, 4.0, 2e-4), (100_000, 20, 64.0, 5e-4)],
    )
    def test_one_cell(self, people, log2, bs, tolerance):
        costs = one_cell()
        ours = pooled_loss(costs, people).exceedance(RATIOS)[0]
        peer = peer_exceedance(costs, people, RATIOS, log2, bs)
        assert ours == pytest.approx(peer, abs=tolerance)

    def test_under_stop_loss(self):
        costs = one_cell(limit=3_000.0)
        ours = pooled_loss(costs, 2_000).exceedance(RATIOS)[0]
        peer = peer_exceedance(costs, 2_000, RATIOS, 20, 1.0)
        assert ours == pytest.approx(peer, abs=2e-4)


@pytest.mark.slow
@pytest.mark.parametrize(("people", "pools"), [(500, 8_000), (5_000, 1_500), (100_000, 100)])
@pytest.mark.parametrize("fixed_mix", [True, False])
def test_resampled_pools_overspend_as_often(people, pools, fixed_mix):
    """Within four Monte Carlo standard errors, with the mix of cells fixed or drawn at random."""
    costs, generator = two_cells(), np.random.default_rng(people + fixed_mix)
    totals = np.zeros(pools)
    counts = apportion(people, costs.share)
    for pool in range(pools):
        if not fixed_mix:
            counts = generator.multinomial(people, costs.share)
        totals[pool] = sum(
            draw_costs(costs, 0, cell, size, generator).sum() for cell, size in enumerate(counts)
        )
    expected = people * costs.population_mean()[0, 0]
    exact = pooled_loss(costs, people, fixed_mix=fixed_mix).exceedance(RATIOS)[0]
    simulated = (totals[:, None] > RATIOS * expected).mean(axis=0)
    error = np.sqrt(np.maximum(exact * (1 - exact), 1 / pools) / pools)
    assert (np.abs(simulated - exact) < 4 * error).all()


@pytest.mark.unit
class TestSense:
    @pytest.fixture(scope="class", params=[100, 3_000, 1_000_000])
    @classmethod
    def loss(cls, request):
        return pooled_loss(two_cells(), request.param)

    def test_the_density_integrates_to_one_and_has_mean_one(self, loss):
        points = max(2048, 4 * loss.coefficients.shape[1])
        ratios, density = loss.density(points)
        step = loss.width / points
        assert (density * step).sum(axis=1) == pytest.approx([1, 1], abs=1e-9)
        assert (ratios * density * step).sum(axis=1) == pytest.approx([1, 1], abs=1e-5)
        assert (density > -1e-6 * density.max()).all()

    def test_the_spread_is_k_over_the_root_of_the_people(self, loss):
        costs = two_cells()
        counts = apportion(loss.people, costs.share)
        spread = np.sqrt(costs.variance() @ counts) / (costs.mean() @ counts)
        points = max(2048, 4 * loss.coefficients.shape[1])
        ratios, density = loss.density(points)
        second = ((ratios - 1) ** 2 * density * loss.width / points).sum(axis=1)
        assert np.sqrt(second) == pytest.approx(spread, rel=1e-3)

    @pytest.mark.parametrize("probability", [0.01, 0.5, 0.9, 0.99])
    def test_a_quantile_is_exceeded_with_the_probability_left(self, loss, probability):
        quantile = loss.quantile(probability)
        exceeded = loss.exceedance(quantile[:, None])[:, 0]
        assert exceeded == pytest.approx([1 - probability] * 2, abs=5e-4)

    def test_exceedance_falls_from_one_to_nothing(self, loss):
        probability = loss.exceedance(np.linspace(-0.5, 1 + 2 * loss.width.max(), 200))
        assert (np.diff(probability, axis=1) <= 1e-9).all()
        assert (probability[:, 0] == 1).all()
        assert (probability[:, -1] == 0).all()

    def test_the_worst_years_are_worse_than_the_quantile(self, loss):
        for probability in (0.5, 0.9, 0.99):
            assert (loss.tail_expectation(probability) >= loss.quantile(probability)).all()
        whole = loss.tail_expectation(1e-6)
        assert whole == pytest.approx([1, 1], abs=2e-3)


@pytest.mark.unit
class TestPools:
    def test_equal_cells_are_one_cell(self):
        one, four = exponential(), exponential(cells=4)
        probabilities = [pooled_loss(costs, 1_000).exceedance(RATIOS) for costs in (one, four)]
        assert probabilities[0] == pytest.approx(probabilities[1], abs=1e-10)
        loose = pooled_loss(four, 1_000, fixed_mix=False).exceedance(RATIOS)
        assert loose == pytest.approx(probabilities[0], abs=1e-10)

    def test_a_random_mix_adds_the_variance_between_cells(self):
        costs = two_cells()
        fixed = pooled_loss(costs, 5_000).exceedance(1.1)
        loose = pooled_loss(costs, 5_000, fixed_mix=False).exceedance(1.1)
        assert (loose > fixed).all()

    def test_a_stop_loss_near_nothing_leaves_only_whether_there_is_a_cost(self):
        """Each cost is then the same amount: the pool's total is binomial."""
        costs = with_a_cost(one_cell(limit=1e-6), 0.8)
        loss = pooled_loss(costs, 2_000)
        exact = np.sqrt(0.8 * 0.2 / 2_000) / 0.8
        assert loss.quantile(norm.cdf(1))[0] - 1 == pytest.approx(exact, rel=0.05)

    def test_a_lower_limit_makes_overspends_rarer(self):
        probabilities = [
            pooled_loss(two_cells(limit), 5_000).exceedance(1.1) for limit in (1e3, 1e4, 6e4)
        ]
        assert (np.diff(np.array(probabilities), axis=0) > 0).all()

    def test_batches_of_draws_equal_single_draws(self):
        costs = varied(two_cells(), 153, np.random.default_rng(9))
        together = pooled_loss(costs, 1_000).exceedance(RATIOS)
        widest = int(costs.limit_by_draw().argmax())
        for draw in (0, 1, 77, 152):
            alone = some_draws(costs, np.array([draw]))
            # The grid of costs ends at the largest limit of all draws, so it differs a little.
            single = pooled_loss(alone, 1_000).exceedance(RATIOS)[0]
            assert together[draw] == pytest.approx(single, abs=2e-5)
            # On one grid only the window is wider than needed: the series differs, the sum not.
            pair = some_draws(costs, np.array([draw, widest]))
            single = pooled_loss(pair, 1_000).exceedance(RATIOS)[0]
            assert together[draw] == pytest.approx(single, abs=1e-9)

    def test_one_calculator_serves_every_size(self):
        calculator = PoolCalculator(two_cells())
        for people in (500, 20_000):
            fresh = pooled_loss(two_cells(), people).exceedance(RATIOS)
            assert calculator.loss(people).exceedance(RATIOS) == pytest.approx(fresh, abs=1e-12)

    def test_the_work_does_not_grow_with_the_pool(self):
        calculator = PoolCalculator(two_cells())
        sizes = [calculator.loss(n).coefficients.shape[1] for n in (10_000, 10**6, 10**9)]
        assert max(sizes) == sizes[0] <= 1024

    @pytest.mark.parametrize("people", [0, 1, 49])
    def test_too_few_people_are_refused(self, people):
        with pytest.raises(ValueError, match=f"people: {people} is too few"):
            pooled_loss(two_cells(), people)

    def test_a_pool_that_may_well_cost_nothing_is_refused(self):
        """One in three such pools has no cost at all: an atom that no density can show."""
        costs = with_a_cost(one_cell(), 0.02)
        with pytest.raises(ValueError, match="too rough for the method"):
            pooled_loss(costs, 50)

    def test_thresholds_may_differ_by_draw(self):
        calculator = PoolCalculator(two_cells())
        loss = calculator.loss(2_000)
        both = loss.exceedance(np.array([[1.02], [1.05]]))
        assert both[0, 0] == loss.exceedance(1.02)[0, 0]
        assert both[1, 0] == loss.exceedance(1.05)[1, 0]

    def test_overspend_probability_is_the_exceedance_by_size(self):
        costs = two_cells()
        probability = overspend_probability(costs, [0.02, 0.05], [1_000, 4_000])
        assert probability.shape == (2, 2, 2)
        assert probability[:, 1] == pytest.approx(
            pooled_loss(costs, 4_000).exceedance([1.02, 1.05])
        )


@pytest.mark.unit
@pytest.mark.parametrize("people", [50, 101, 99_999])
def test_apportioned_people_add_up_and_are_off_by_less_than_one(people):
    share = np.array([0.123, 0.345, 0.532])
    counts = apportion(people, share)
    assert counts.sum() == people
    assert (np.abs(counts - people * share) < 1).all()
