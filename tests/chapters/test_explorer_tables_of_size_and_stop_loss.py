"""Tables of the explorers: equal to direct computation between their points, within their error."""

import numpy as np
import pytest

from analysis.chapters.stop_loss.explorer_tables import blended, stop_loss_tables
from analysis.errors import InputError
from analysis.risk.adjustment import variation
from analysis.risk.annual_cost import some_draws
from analysis.risk.chance_table import (
    TABLE_ERROR,
    chance_table,
    covered_chance,
    low_median_high,
    sampled_deviations,
)
from analysis.risk.lookup import Axis, Lookup
from analysis.risk.minimum_size import overspend_probability, smallest_pool, tolerance_at
from analysis.risk.stop_loss import stop_loss
from analysis.seeds import seed_for
from tests.risk.costs import on_a_grid, two_cells, varied

DRAWS = 60
FEW = np.arange(0, DRAWS, 5)


@pytest.fixture(scope="module")
def costs():
    """Make costs like RAND's, with draws that differ as a posterior's do."""
    return varied(two_cells(), DRAWS, np.random.default_rng(seed_for("explorer-tables")))


@pytest.fixture(scope="module")
def table(costs):
    """Make the table of these costs from a fifth of their draws."""
    few = some_draws(costs, FEW)
    k_few, k = (variation(part, adjusted=True) for part in (few, costs))
    return chance_table(sampled_deviations(few), k_few, k)


@pytest.mark.unit
def test_sizes_between_the_points_are_those_computed_directly(costs, table):
    random = np.random.default_rng(seed_for("explorer-sizes"))
    for _ in range(4):
        tolerance, limit = random.uniform(0.012, 0.05), random.uniform(0.02, 0.2)
        direct = low_median_high(smallest_pool(costs, tolerance, limit))
        # ends over sixty draws lean on two of them each, so the middle is held closer
        assert table.smallest(tolerance, limit) == pytest.approx(direct, rel=8 * TABLE_ERROR)
        assert table.smallest(tolerance, limit)[1] == pytest.approx(direct[1], rel=3 * TABLE_ERROR)


@pytest.mark.unit
def test_probability_and_overspend_are_those_computed_directly(costs, table):
    people = 27_000
    direct = low_median_high(overspend_probability(costs, [0.03], [people])[:, 0, 0])
    assert table.probability(people, 0.03) == pytest.approx(direct, rel=0.01)
    assert table.overspend(people, 0.04) == pytest.approx(
        low_median_high(tolerance_at(costs, people, 0.04)), rel=0.01
    )


@pytest.mark.unit
@pytest.mark.parametrize("persistent", [0.004, 0.01])
def test_lasting_differences_meet_chance_as_in_the_exact_computation(costs, table, persistent):
    direct = low_median_high(smallest_pool(costs, 0.02, 0.05, persistent_sd=persistent))
    assert table.smallest(0.02, 0.05, persistent) == pytest.approx(direct, rel=0.02)


@pytest.mark.unit
def test_where_lasting_differences_alone_break_the_tolerance_no_size_is_enough(table):
    assert np.isinf(table.smallest(0.02, 0.05, 0.02 / 1.6448 + 1e-4)).all()


@pytest.mark.unit
def test_beyond_the_table_it_says_more_or_less_and_gives_no_number(table):
    assert (table.smallest(0.5, 0.4) == 0).all()
    assert (table.probability(1e6, 0.5) == 0).all()
    with pytest.raises(InputError, match="outside 1000 to"):
        table.overspend(500, 0.05)


@pytest.mark.unit
def test_quantities_rise_and_fall_as_they_must(table):
    sizes = [table.smallest(t, 0.05)[1] for t in (0.01, 0.02, 0.03)]
    assert sizes == sorted(sizes, reverse=True)
    low, middle, high = table.smallest(0.02, 0.05)
    assert low < middle < high


@pytest.mark.unit
def test_budgets_the_same_for_all_leave_more_to_chance_and_cover_less(costs):
    found = covered_chance(some_draws(costs, FEW), {"age_sex": costs}, {"none": np.inf, "20": 20.0})
    needed = {name: one.smallest(0.02, 0.05)[1] for name, one in found.items()}
    assert needed["flat/none"] > needed["age_sex/none"] > needed["age_sex/20"]
    direct = np.median(smallest_pool(costs, 0.02, 0.05))
    assert needed["age_sex/none"] == pytest.approx(direct, rel=0.01)


@pytest.mark.unit
def test_cover_between_the_points_is_that_computed_directly(costs):
    few = some_draws(costs, FEW)
    mean, prices = 2_000.0, np.full(DRAWS, 0.03)
    tables = stop_loss_tables(few, costs, mean, prices, 0.05)
    for gbp, kept in ((33e3, 0.0), (80e3, 0.2)):
        cover = stop_loss(costs, gbp / mean, kept)
        premium = tables.premium.at(gbp) * (1 - kept)
        assert premium == pytest.approx(low_median_high(cover.premium_share), rel=0.02)
        direct = smallest_pool(cover.retained, 0.02, 0.05, budget_ratio=cover.budget_ratio)
        found = blended(tables, gbp, kept).smallest(0.02, 0.05)
        assert found == pytest.approx(low_median_high(direct), rel=0.03)


@pytest.mark.unit
def test_costs_on_a_grid_have_the_same_tables(costs):
    """England's costs are on a grid, RAND's are not: the tables know no difference."""
    few, grid = some_draws(costs, FEW), on_a_grid(costs)
    found = covered_chance(some_draws(grid, FEW), {"age_sex": grid}, {"none": np.inf, "20": 20.0})
    for name, table in covered_chance(
        few, {"age_sex": costs}, {"none": np.inf, "20": 20.0}
    ).items():
        assert found[name].smallest(0.02, 0.05) == pytest.approx(
            table.smallest(0.02, 0.05), rel=0.01
        )


@pytest.mark.unit
def test_a_table_is_exact_at_its_points_and_straight_between_them():
    axes = [Axis("people", (1.0, 10.0, 100.0), "log"), Axis("share", (0.0, 1.0))]
    values = np.arange(6.0).reshape(3, 2, 1)
    lookup = Lookup(axes, values)
    assert lookup.at(10.0, 1.0) == pytest.approx(values[1, 1])
    assert lookup.at(np.sqrt(10), 0.5) == pytest.approx([(0 + 1 + 2 + 3) / 4])
    logged = Lookup(axes[1:], np.array([[1.0], [100.0]]), "log")
    assert logged.at(0.5) == pytest.approx([10.0])


@pytest.mark.unit
def test_a_table_refuses_what_it_cannot_hold():
    with pytest.raises(InputError, match="rising"):
        Axis("people", (2.0, 1.0))
    with pytest.raises(InputError, match="scale 'square'"):
        Axis("people", (1.0, 2.0), "square")
    with pytest.raises(InputError, match="does not fit"):
        Lookup([Axis("people", (1.0, 2.0))], np.zeros((3, 1)))
    with pytest.raises(InputError, match="not above 0"):
        Lookup([Axis("people", (1.0, 2.0))], np.zeros((2, 1)), "log")
