"""What a budget formula explains, and what a sicker pool lacks."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.risk.adjustment import explained_share, pool_shortfall, variation
from tests.risk.costs import draw_costs, exponential, two_cells

pytestmark = pytest.mark.unit


def four_cells(means=(100.0, 400.0, 200.0, 600.0), share=(0.4, 0.1, 0.3, 0.2)):
    """Exponential costs with known means: young well, young sick, old well, old sick."""
    base = exponential(cells=4)
    return replace(base, mean_cost=np.array([means]), limit=1e6, share=np.array(share))


GROUPS = np.array(["young", "young", "old", "old"])
SICK = np.array([False, True, False, True])


def test_r_squared_is_one_minus_the_ratio_of_squared_variations():
    costs = two_cells()
    within, whole = variation(costs, adjusted=True), variation(costs, adjusted=False)
    assert explained_share(costs) == pytest.approx(1 - within**2 / whole**2)
    assert (within < whole).all()


def test_exponential_cells_have_the_variation_of_the_formula():
    """Means 100, 400, 200, 600: within, each variance is the squared mean."""
    costs = four_cells()
    means, share = costs.mean_cost[0], costs.share
    mean = means @ share
    within = (means**2) @ share
    between = ((means - mean) ** 2) @ share
    assert variation(costs, adjusted=True)[0] == pytest.approx(np.sqrt(within) / mean, rel=1e-6)
    whole = np.sqrt(within + between) / mean
    assert variation(costs, adjusted=False)[0] == pytest.approx(whole, rel=1e-6)
    assert explained_share(costs)[0] == pytest.approx(between / (within + between), rel=1e-6)


def test_variation_equals_that_of_simulated_people():
    costs, size = two_cells(20_000.0), 400_000
    generator = np.random.default_rng(10)
    parts = [
        draw_costs(costs, 0, cell, int(size * share), generator)
        for cell, share in enumerate(costs.share)
    ]
    people = np.concatenate(parts)
    assert variation(costs, adjusted=False)[0] == pytest.approx(
        people.std() / people.mean(), rel=0.02
    )


def test_equal_cells_explain_nothing():
    assert explained_share(exponential(cells=3)) == pytest.approx([0], abs=1e-12)


def test_twenty_percent_more_sick_people_by_hand():
    """Young: 0.02 of all move from 100 to 400. Old: 0.04 of all move from 200 to 600."""
    budget = 0.4 * 100 + 0.1 * 400 + 0.3 * 200 + 0.2 * 600
    lacking = 0.02 * (400 - 100) + 0.04 * (600 - 200)
    shortfall = pool_shortfall(four_cells(), SICK, GROUPS, 0.2)
    assert shortfall == pytest.approx([lacking / budget], rel=1e-6)


def test_no_excess_lacks_nothing_and_the_shortfall_is_proportional_to_it():
    costs = two_cells()
    groups, sick = np.array(["all", "all"]), np.array([False, True])
    assert pool_shortfall(costs, sick, groups, 0.0) == pytest.approx([0, 0], abs=1e-15)
    one, two = (pool_shortfall(costs, sick, groups, excess) for excess in (0.1, 0.2))
    assert two == pytest.approx(2 * one)


def test_a_pool_of_healthier_people_keeps_money():
    assert pool_shortfall(four_cells(), SICK, GROUPS, -0.2)[0] < 0


def test_a_budget_that_knows_sickness_has_no_shortfall():
    """Within the finest groups there is nobody to swap for, so an excess is refused."""
    with pytest.raises(ValueError, match="more people than are not sick"):
        pool_shortfall(four_cells(), SICK, np.arange(4), 0.2)


def test_a_group_without_sick_people_is_left_as_it_is():
    sick = np.array([False, True, False, False])
    budget = 0.4 * 100 + 0.1 * 400 + 0.3 * 200 + 0.2 * 600
    shortfall = pool_shortfall(four_cells(), sick, GROUPS, 0.2)
    assert shortfall == pytest.approx([0.02 * 300 / budget], rel=1e-6)
