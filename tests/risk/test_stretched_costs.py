"""One population's spread with another's groups, means and variation."""

import numpy as np
import pytest
from scipy.stats import norm

from analysis.risk.adjustment import variation
from analysis.risk.stretched_costs import CostGroups, stretched_costs
from analysis.risk.tabulated_costs import TabulatedCosts

pytestmark = pytest.mark.unit

DRAWS = 12
LIMIT = 2e6
POINTS = np.append(0.0, np.geomspace(1.0, 2e6, 900))


def lognormal(spreads):
    """Costs of two cells, lognormal around 1,000 and 4,000, cut at the last point; by draw."""
    edges = np.log(POINTS[1:-1] * np.sqrt(POINTS[2:] / POINTS[1:-1]))

    tables = []
    for spread in spreads:
        cells = []
        for mean, factor in ((1_000, 1.0), (4_000, 0.8)):
            sd = spread * factor
            below = norm.cdf(edges, np.log(mean) - sd**2 / 2, sd)
            cells.append(np.concatenate([[0.2], 0.8 * np.diff(below, prepend=0, append=1)]))
        tables.append(cells)
    share = np.array([0.7, 0.3])
    return TabulatedCosts(POINTS, np.array(tables), ("young", "old"), limit=LIMIT, share=share)


COSTS = lognormal(np.linspace(1.3, 1.7, DRAWS))
GROUPS = CostGroups(
    ("girls", "boys", "old"), np.array([500.0, 700, 2_000]), np.array([0.3, 0.4, 0.3]),
    np.array([0, 0, 1]),
)  # fmt: skip
WANTED = np.random.default_rng(3).permutation(np.linspace(2.0, 4.5, DRAWS))
STRETCHED = stretched_costs(COSTS, GROUPS, WANTED, LIMIT)


def test_each_draw_has_the_wanted_variation():
    assert variation(STRETCHED, adjusted=True) == pytest.approx(WANTED, rel=1e-3)


def test_groups_have_their_means_and_shares():
    assert STRETCHED.mean() == pytest.approx(np.tile(GROUPS.mean, (DRAWS, 1)), rel=2e-3)
    assert STRETCHED.share.tolist() == GROUPS.share.tolist()
    assert STRETCHED.labels == GROUPS.labels


def test_nobody_without_a_cost_gets_one():
    assert STRETCHED.probabilities[..., 0] == pytest.approx(0.2, abs=0.015)


def test_with_its_own_means_and_variation_it_is_the_same_population():
    own = CostGroups(("young", "old"), COSTS.mean()[0], COSTS.share, np.array([0, 1]))
    one = lognormal([1.5])
    own = CostGroups(own.labels, one.mean()[0], own.share, own.cell)
    same = stretched_costs(one, own, variation(one, adjusted=True), LIMIT)
    for amount in (300.0, 3_000.0, 50_000.0):
        assert same.limited_mean(amount) == pytest.approx(one.limited_mean(amount), rel=2e-3)
        assert same.survival(amount) == pytest.approx(one.survival(amount), rel=0.05)


def test_a_variation_out_of_reach_is_refused():
    with pytest.raises(ValueError, match="out of reach"):
        stretched_costs(COSTS, GROUPS, np.full(DRAWS, 60.0), LIMIT)


@pytest.mark.parametrize("amount", [0.5, 10.0, 1_234.5, 2e6, 1e7])
def test_limited_moments_are_sums_over_the_points(amount):
    by_draw = amount * np.linspace(0.9, 1.1, DRAWS)[:, None]
    for order, found in ((1, COSTS.limited_mean(by_draw)), (2, COSTS.limited_square(by_draw))):
        limited = np.minimum(POINTS, by_draw)[:, None, :] ** order
        assert found == pytest.approx((COSTS.probabilities * limited).sum(axis=-1), rel=1e-10)
