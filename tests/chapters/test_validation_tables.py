"""Rebuilt tables: each function against figures worked by hand or in closed form."""

import numpy as np
import pytest
from scipy.stats import gamma, norm

from analysis.chapters.validation import (
    concentration,
    list_size_spread,
    market_costs,
    minimum_savings_rate,
    practice_residual,
    shared_savings_errors,
    tables,
    tolerances,
    truncation,
    variation_levels,
)
from analysis.chapters.validation.book import declared_ledger
from analysis.chapters.validation.checks import Ledger
from analysis.chapters.validation.comparability import APART
from analysis.chapters.validation.populations import IN_WORDS
from analysis.evidence.facts import fact, savings_threshold_schedule
from analysis.risk import practice_spread
from analysis.risk.adjustment import variation
from analysis.risk.annual_cost import fewer_draws
from analysis.risk.pooled_loss import PoolCalculator
from tests.risk.costs import exponential, two_cells

pytestmark = pytest.mark.unit


class TestMinimumSavingsRate:
    def test_rates_worked_by_hand(self):
        """With k = 2: 256.310 / sqrt(5,000), 328.971 / sqrt(20,000), 465.270 / sqrt(50,000)."""
        rates = minimum_savings_rate.minimum_savings_rate(np.array([2.0]), [5e3, 2e4, 5e4])
        assert rates[0] == pytest.approx([3.6248, 2.3262, 2.0808], abs=1e-4)

    def test_rates_between_two_levels_are_blended(self):
        """Halfway between the sizes: the mean of the two levels' rates at that size."""
        k, people = 2.0, 12_500
        two = 100 * k * norm.isf([0.10, 0.05]) / np.sqrt(people)
        found = minimum_savings_rate.minimum_savings_rate(np.array([k]), [people])[0, 0]
        assert found == pytest.approx(two.mean())

    def test_the_nearest_level_holds_outside_the_named_sizes(self):
        scores = minimum_savings_rate.confidence_score(np.array([500, 5_000, 50_000, 1e6]))
        assert scores == pytest.approx(norm.isf([0.10, 0.10, 0.01, 0.01]))

    def test_every_band_of_the_schedule_is_compared(self):
        rates = minimum_savings_rate.published_rates()
        assert len(rates) == len(savings_threshold_schedule()) == 13
        at_5000 = rates.set_index("people").loc[5_000]
        assert at_5000["published_percent"] == 3.9
        assert at_5000["implied_k"] == pytest.approx(0.039 * np.sqrt(5_000) / 1.28155, rel=1e-5)

    def test_the_implied_k_gives_the_schedule_back(self):
        """One k for all bands: the regulator's own idea of chance, within rounding."""
        made = Ledger()
        minimum_savings_rate.declare(made)
        k = np.array([minimum_savings_rate.implied_k()])
        minimum_savings_rate.evaluate(made, k, k)
        assert not made.failures()
        worst = max(abs(row.achieved - row.expected) for row in made.checks if row.expected < 5)
        assert worst < 0.1

    def test_a_k_far_off_fails_everywhere(self):
        made = Ledger()
        minimum_savings_rate.declare(made)
        k = np.array([1.5 * minimum_savings_rate.implied_k()])
        minimum_savings_rate.evaluate(made, k, k)
        assert len(made.failures()) == 1 + 13


class TestSharedSavingsErrors:
    """Exponential costs make a pool's cost gamma: probabilities in closed form."""

    calculator = PoolCalculator(exponential())

    def chance(self, rate, ratio=1.0):
        return shared_savings_errors.error_probability(self.calculator, rate, ratio)[0]

    def rates(self):
        return {rate.fact: rate for rate in shared_savings_errors.ERROR_RATES}

    def test_reward_penalty_and_denial_against_the_gamma(self):
        n = 5_000
        pool = gamma(n, scale=1 / n)
        rates = self.rates()
        assert self.chance(rates["A-DELIA-5k-rew"]) == pytest.approx(pool.cdf(0.98), abs=1e-4)
        assert self.chance(rates["A-DELIA-5k-pen"]) == pytest.approx(pool.sf(1.02), abs=1e-4)
        # Cost is 0.93 of the benchmark on average; no reward above 0.961 of it.
        denied = pool.sf(0.961 / 0.93)
        assert self.chance(rates["A-DELIA-deny"]) == pytest.approx(denied, abs=1e-4)

    def test_chance_in_the_benchmark_adds_to_chance_in_the_cost(self):
        """Twice the chance is the same as half the threshold."""
        n, rate = 5_000, self.rates()["A-DELIA-5k-rew"]
        wanted = gamma(n, scale=1 / n).cdf(0.99)
        assert self.chance(rate, ratio=2.0) == pytest.approx(wanted, abs=1e-4)

    def test_what_was_published_follows_from_the_k_that_delia_implies(self):
        """Normal, k = 2.1 and 2%: the figures that the fact A-DELIA-k was read off."""
        k = fact("A-DELIA-k").value
        chance = norm.sf(0.02 * np.sqrt([5_000, 50_000]) / k)
        assert chance == pytest.approx([0.25, 0.02], abs=0.006)


class TestListSizes:
    def test_range_worked_by_hand(self):
        """With k = 7.5 and 9,000 patients: 2 x 1.64485 x 7.5 / 94.868 = 26.0%."""
        assert list_size_spread.range_percent(np.array([7.5]), 9_000) == pytest.approx(
            26.01, abs=0.01
        )

    def test_twenty_times_the_patients_shrink_the_range_by_their_root(self):
        small, large = (list_size_spread.range_percent(np.array([7.5]), n) for n in (9e3, 180e3))
        assert small / large == pytest.approx(np.sqrt(20))


class TestPractices:
    def test_sizes_have_the_mean_of_the_study(self):
        people, share = practice_spread.practice_sizes()
        assert share.sum() == pytest.approx(1)
        assert people @ share == pytest.approx(5_445_559 / 797)

    def test_lasting_differences_alone_worked_by_hand(self):
        """A third beyond 10% in a normal distribution: 10 / 0.9741 = 10.27%."""
        assert practice_spread.share_beyond(np.array([1e-9]), 0.1027)[0] == pytest.approx(
            33, abs=0.05
        )
        assert practice_spread.lasting_spread(np.array([1e-9]), 33)[0] == pytest.approx(
            0.1027, abs=1e-4
        )

    def test_chance_and_what_lasts_together_give_the_published_share(self):
        k = np.array([2.0, 3.5])
        persistent = practice_spread.lasting_spread(k, 33)
        assert practice_spread.share_beyond(k, persistent) == pytest.approx(33, abs=1e-3)
        assert persistent[0] > persistent[1]

    def test_nothing_lasting_is_needed_when_chance_is_enough(self):
        assert practice_spread.lasting_spread(np.array([40.0]), 33)[0] == pytest.approx(0, abs=1e-7)


class TestTruncation:
    def test_percentile_and_k_of_truncated_exponential_costs(self):
        costs = exponential(mean=100.0)
        amount = costs.quantile(0.99)
        assert amount == pytest.approx(100 * np.log(100), rel=1e-4)
        cut = truncation.truncated_at_programme_percentile(costs)
        # E and E² of an exponential of mean 1 limited at L = log(100).
        limit, p = np.log(100), 0.01
        mean, square = 1 - p, 2 * (1 - p * (1 + limit))
        wanted = np.sqrt(square - mean**2) / mean
        assert variation(cut, adjusted=True)[0] == pytest.approx(wanted, rel=1e-4)

    def test_percentiles_of_mixed_costs_are_exceeded_as_often_as_stated(self):
        costs = two_cells()
        for probability in (0.5, 0.9, 0.99):
            amount = costs.quantile(probability)
            assert costs.survival(amount) == pytest.approx(np.full(2, 1 - probability), rel=1e-6)

    def test_thinning_keeps_whole_draws(self):
        costs = two_cells()
        few = fewer_draws(costs, 1)
        assert few.draws == 1
        assert variation(few, adjusted=True)[0] == variation(costs, adjusted=True)[0]

    def test_the_savings_rate_ratio_spans_its_assumption(self):
        ratio = truncation.savings_rate_ratio(20_000)
        assert np.quantile(ratio, [0.05, 0.5, 0.95]) == pytest.approx([1.0, 1.1, 1.21], abs=0.01)


class TestConcentration:
    def test_share_of_the_costliest_in_closed_form(self):
        """Exponential: the top hundredth has 0.01 x (1 + log 100) of all cost."""
        found = concentration.costliest_share(exponential(), 0.01)[0]
        assert found == pytest.approx(0.01 * (1 + np.log(100)), rel=1e-3)

    def test_sampling_tolerance_is_that_of_samples(self):
        """Pareto costs whose top 1% cost as unevenly as assumed: 90% of samples lie within it."""
        generator = np.random.default_rng(4)
        costs = np.sort((1 - generator.random((2_000, 5_574))) ** (-1 / 2.4), axis=1)
        shares = costs[:, -56:].sum(axis=1) / costs.sum(axis=1)
        tolerance = concentration.sampling_tolerance(shares.mean(), 5_574, 0.01)
        assert (np.abs(shares - shares.mean()) < tolerance).mean() == pytest.approx(0.9, abs=0.08)

    def test_every_share_is_of_people_of_its_ages(self):
        shares = {share.fact: share.population for share in concentration.published_shares()}
        assert set(shares.values()) <= set(IN_WORDS)
        assert {ages for name, ages in shares.items() if "MEPS" in name} == {"meps_all"}


class TestPlanMembers:
    def test_what_is_expected_lies_among_the_tiers(self):
        made = Ledger()
        market_costs.declare(made)
        assert len(made.checks) == len(market_costs.SHAPES) * len(market_costs.COMPARED)
        for shape, label in market_costs.SHAPES.items():
            tiers = [tier[shape][0] for tier in market_costs.tier_shapes().values()]
            expected = {row.expected for row in made.checks if row.what.startswith(label)}
            assert len(expected) == 1
            assert min(tiers) < expected.pop() < max(tiers)

    def test_the_table_gives_the_costliest_hundredth_of_cut_costs_as_a_bound(self):
        table = market_costs.comparison_table({})
        assert list(table["Whose costs"].str.contains("Plan members")) == [True] * 4
        assert table[market_costs.COLUMNS["costliest_1"]].str.endswith("or more").all()

    def test_populations_compared_have_nobody_over_64(self):
        assert all("under 65" in IN_WORDS[name] for name in market_costs.COMPARED)


class TestTables:
    def test_one_savings_rate_stands_for_all_and_what_is_apart_is_not_drawn(self):
        made = Ledger()
        minimum_savings_rate.declare(made)
        made.set_apart(minimum_savings_rate.FROM_RAND, "Other ages.")
        k = np.array([0.5 * minimum_savings_rate.implied_k()])
        minimum_savings_rate.evaluate(made, k, k)
        rows = tables.compared_rows(made.table())
        assert len(rows) == 1
        assert rows["what"][0] == "Minimum savings rates at 13 sizes (here 5,000 people)"
        assert rows["ratio"][0] == pytest.approx(0.5, abs=0.01)
        apart = tables.apart_table(made.table())
        assert list(apart["Why it is not like with like"]) == ["Other ages."]


class TestTolerances:
    def test_a_tail_probability_moves_as_k_does(self):
        """0.24 is 0.7063 standard deviations out; a tenth more k makes it 0.6421: 0.2604."""
        found = tolerances.tail_probability(0.24, last_digit=0.01)
        assert found == pytest.approx(0.2604 - 0.24 + 0.005, abs=0.004)
        assert found == pytest.approx(0.24 - norm.sf(0.7063 / 0.9) + 0.005, abs=1e-4)

    def test_a_range_from_simulated_years_varies_as_computed(self):
        generator = np.random.default_rng(8)
        years = generator.normal(1, 0.08, size=(4_000, 100))
        low, high = np.quantile(years, [0.05, 0.95], axis=1)
        ranges = 100 * (high - low)
        tolerance = tolerances.simulated_range(100 * 2 * 1.64485 * 0.08, 100, last_digit=0.0)
        within = np.abs(ranges - np.median(ranges)) < tolerance
        assert within.mean() == pytest.approx(0.9, abs=0.02)

    def test_the_share_of_k_comes_from_the_assumption(self):
        assert tolerances.k_tolerance() == 0.1
        assert tolerances.proportional(3.9, last_digit=0.1) == pytest.approx(0.39 + 0.05)


def test_everything_is_declared_before_anything_is_computed():
    made = declared_ledger()
    assert {row.passed for row in made.checks} == {None}
    assert {row.kind for row in made.checks} == {"limit", "recovery", "calibration", "published"}
    names = {row.name for row in made.checks}
    assert {variation_levels.SAFE_SIZE, "A-DELIA-50k", "A-CRUMP-9000-range"} <= names
    assert {row.name: row.apart for row in made.checks if row.apart} == APART
    assert {row.kind for row in made.checks if row.apart} == {"published"}


def test_published_figures_are_not_fitted_to():
    """What is compared is a validation figure, or one of DeLia's, which the estimate leaves out."""
    for name in ("A-CRUMP-9000-range", "A-JONES", "A-DELIA-deny", "B-MEPS-2018"):
        assert fact(name, purpose="validation").role == "validation"
    # England's curve goes through it; RAND's chance and US differences, compared here, do not.
    assert fact(practice_residual.FACT, purpose="quotation").role == "calibration"
    delia = [rate.fact for rate in shared_savings_errors.ERROR_RATES]
    assert all(name.startswith("A-DELIA") for name in delia)
