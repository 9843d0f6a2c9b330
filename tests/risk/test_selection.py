"""Foreseeable profit: by hand, in limits, and on simulated people."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.risk.adjustment import (
    formula_budgets,
    pool_shortfall,
    resampled_shortfall,
    sicker_mix,
)
from analysis.risk.selection import held_out_profit, predictable_profit, rank_groups
from tests.risk.costs import exponential

pytestmark = pytest.mark.unit

MEANS, SHARE = np.array([100.0, 400.0, 200.0, 600.0]), np.array([0.4, 0.1, 0.3, 0.2])
YOUNG_OLD = np.array(["young", "young", "old", "old"])


def four_cells():
    """Young well, young sick, old well, old sick, with known mean costs."""
    return replace(exponential(cells=4), mean_cost=MEANS[None, :], limit=1e6, share=SHARE)


def test_groups_are_equal_and_split_cells_on_their_border():
    groups = rank_groups(MEANS, SHARE, bins=2)
    assert groups.sum(axis=1) == pytest.approx([1, 1])
    assert groups.mean(axis=0) == pytest.approx(SHARE)
    # The cheapest half: all of the cell of 100, and a tenth of everybody from the cell of 200.
    assert groups[0] == pytest.approx([0.8, 0, 0.2, 0])


def test_profit_of_two_halves_by_hand():
    """A flat budget pays 260; the cheaper half costs 120, the dearer half 400."""
    profit = predictable_profit(four_cells(), np.zeros(4), bins=2)
    assert profit == pytest.approx(np.array([[140 / 260, -140 / 260]]), rel=1e-6)


def test_a_budget_by_age_pays_the_mean_of_each_age():
    budgets = formula_budgets(four_cells(), YOUNG_OLD)
    young, old = (0.4 * 100 + 0.1 * 400) / 0.5, (0.3 * 200 + 0.2 * 600) / 0.5
    assert budgets[0] == pytest.approx([young, young, old, old], rel=1e-6)


def test_a_budget_that_knows_every_cell_leaves_no_profit():
    assert predictable_profit(four_cells(), np.arange(4)) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("labels", [np.zeros(4), YOUNG_OLD])
def test_profits_add_up_to_nothing(labels):
    profit = predictable_profit(four_cells(), labels)
    assert profit.sum(axis=1) == pytest.approx(0, abs=1e-12)


def test_more_knowledge_in_the_formula_leaves_less_profit():
    flat = np.abs(predictable_profit(four_cells(), np.zeros(4))).sum()
    age = np.abs(predictable_profit(four_cells(), YOUNG_OLD)).sum()
    assert age < flat


def test_an_empty_cell_changes_nothing():
    costs = four_cells()
    with_empty = replace(
        exponential(cells=5),
        mean_cost=np.append(MEANS, 9_000.0)[None, :],
        limit=1e6,
        share=np.append(SHARE, 0.0),
    )
    labels = np.array([*YOUNG_OLD, "nobody"])
    assert predictable_profit(with_empty, labels) == pytest.approx(
        predictable_profit(costs, YOUNG_OLD)
    )


def people(size=20_000, seed=1):
    """Return people of four cells with exponential costs: cell, cost, and person of each row."""
    generator = np.random.default_rng(seed)
    cell = generator.choice(4, size=size, p=SHARE)
    return cell, generator.exponential(MEANS[cell]), np.arange(size)


def test_held_out_profit_is_the_foreseeable_one_plus_noise():
    cell, cost, person = people()
    profit = held_out_profit(cost, np.full(len(cost), 999.0), MEANS[cell], person, 1, bins=2)
    known = predictable_profit(four_cells(), np.zeros(4), bins=2)[0]
    assert profit.mean(axis=0) == pytest.approx(known, abs=4 * profit.std(axis=0).max())
    assert profit.std(axis=0).max() < 0.03


def test_selection_on_noise_earns_nothing():
    cell, cost, person = people()
    noise = np.random.default_rng(9).normal(size=len(cost))
    profit = held_out_profit(cost, MEANS[cell], noise, person, 1)
    assert np.abs(profit.mean(axis=0) / profit.std(axis=0)).max() < 4


class TestSickerPools:
    sick = np.array([False, True, False, True])

    def test_the_mix_of_groups_stays_and_the_sick_are_a_fifth_more(self):
        mixed = sicker_mix(SHARE, self.sick, YOUNG_OLD, 0.2)
        assert mixed[self.sick] == pytest.approx(1.2 * SHARE[self.sick])
        for group in ("young", "old"):
            members = group == YOUNG_OLD
            assert mixed[members].sum() == pytest.approx(SHARE[members].sum())

    def test_a_budget_that_follows_sickness_has_no_shortfall(self):
        lacks = pool_shortfall(four_cells(), self.sick, YOUNG_OLD, 0.2, np.arange(4))
        assert lacks == pytest.approx([0], abs=1e-12)

    def test_a_flat_budget_lacks_as_much_as_one_by_age_when_ages_are_as_usual(self):
        flat = pool_shortfall(four_cells(), self.sick, YOUNG_OLD, 0.2, np.zeros(4))
        age = pool_shortfall(four_cells(), self.sick, YOUNG_OLD, 0.2)
        assert flat == pytest.approx(age)

    def test_held_out_people_give_the_same_shortfall(self):
        cell, cost, person = people()
        budget = formula_budgets(four_cells(), YOUNG_OLD)[0, cell]
        weight = sicker_mix(np.ones(len(cost)), self.sick[cell], YOUNG_OLD[cell], 0.2)
        # Whatever its level, a formula only shares out a given sum.
        shortfall = resampled_shortfall(cost, 3 * budget, weight, person, seed=1)
        known = pool_shortfall(four_cells(), self.sick, YOUNG_OLD, 0.2)[0]
        assert shortfall.mean() == pytest.approx(known, abs=4 * shortfall.std())
        assert shortfall.std() < 0.01
        fair = resampled_shortfall(cost, MEANS[cell], weight, person, seed=1)
        assert fair.mean() == pytest.approx(0, abs=4 * fair.std())
