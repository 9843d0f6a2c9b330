"""The premium spiral: by hand, in closed form, and where it must stop at once."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import norm

from analysis.chapters.stop_loss.adverse_selection import (
    claims_elasticity,
    normal_pools,
    premium_spiral,
    rise_of_claims,
)
from analysis.risk.retained_costs import coinsured
from tests.risk.costs import exponential, two_cells

pytestmark = pytest.mark.unit


class TestByHand:
    """Four pools expect to claim 60, 90, 110 and 140 pounds a head; cover is worth 15 more."""

    claims = np.array([60.0, 90.0, 110.0, 140.0])

    def test_the_spiral(self):
        """The premium is 100 and the pool of 60 leaves (75 < 100).

        Then it is 113.3, and the pool of 90 leaves (105); then 125, and the pool of 110, to which
        cover is worth exactly that, stays.
        """
        spiral = premium_spiral(self.claims, 15.0)
        assert spiral.premiums == pytest.approx([100.0, 340 / 3, 125.0])
        assert spiral.shares == pytest.approx([0.75, 0.5, 0.5])
        assert spiral.insured.tolist() == [False, False, True, True]

    def test_a_loading_drives_out_one_more(self):
        """Loaded by a tenth the first premium is 110: the pools of 60 and 90 leave (75, 105).

        Then it is 137.5, and the pool of 110 leaves (125); the last pays 154 for what is worth
        155 to it.
        """
        spiral = premium_spiral(self.claims, 15.0, 0.1)
        assert spiral.premiums == pytest.approx([110.0, 137.5, 154.0])
        assert spiral.shares == pytest.approx([0.5, 0.25, 0.25])
        assert spiral.insured.tolist() == [False, False, False, True]

    def test_nobody_is_left_when_the_loading_exceeds_what_cover_is_worth(self):
        spiral = premium_spiral(self.claims, 0.0, 0.2)
        assert not spiral.insured.any()
        assert np.isposinf(spiral.premiums[-1])

    def test_scenarios_side_by_side_are_those_one_by_one(self):
        both = premium_spiral(np.stack([self.claims, self.claims]), np.array([15.0, 50.0]))
        assert both.insured[0].tolist() == premium_spiral(self.claims, 15.0).insured.tolist()
        assert both.insured[1].all()


def test_pools_that_are_alike_all_stay():
    spiral = premium_spiral(np.full(10, 100.0), 0.0)
    assert spiral.insured.all()
    assert len(spiral.premiums) == 1


def test_without_any_worth_of_cover_only_the_dearest_pool_stays():
    spiral = premium_spiral(np.arange(1.0, 9.0), 0.0)
    assert spiral.insured.tolist() == [False] * 7 + [True]


def test_everybody_stays_when_cover_is_worth_more_than_the_spread():
    claims = np.array([50.0, 100.0, 150.0])
    assert premium_spiral(claims, 50.0).insured.all()
    assert not premium_spiral(claims, 49.0).insured.all()


@pytest.mark.parametrize("worth", [0.01, 0.02, 0.03])
def test_the_equilibrium_of_normal_pools_is_where_average_claim_meets_the_margin(worth):
    """With h the hazard of the normal, s (h(u) - u) = worth (Einav & Finkelstein 2011)."""
    spread = 0.05
    margin = brentq(
        lambda u: spread * (norm.pdf(u) / norm.sf(u) - u) - worth, -8, 5
    )  # fmt: skip
    found = premium_spiral(normal_pools(spread, 4_000), worth).insured.mean()
    assert found == pytest.approx(norm.sf(margin), abs=0.01)


def test_more_private_knowledge_means_fewer_insured():
    shares = [premium_spiral(normal_pools(s), 0.02).insured.mean() for s in (0.02, 0.05, 0.1)]
    assert shares[0] > shares[1] > shares[2]


def test_normal_pools_have_the_mean_and_spread_they_should():
    pools = normal_pools(np.array([0.0, 0.03]), 2_000)
    assert pools.mean(axis=1) == pytest.approx([1, 1], abs=1e-12)
    assert pools.std(axis=1) == pytest.approx([0, 0.03], abs=1e-4)


def test_the_elasticity_of_claims_by_hand():
    """Exponential costs of mean 100 and 300, half each, covered above 200.

    Claims are m exp(-200/m): 13.53 and 154.0. The tilt is (100 - 200)/200 and its opposite: cost
    rises by 50/200 for a unit of tilt, claims by (154.0 - 13.53)/(154.0 + 13.53)/2.
    """
    base = exponential(cells=2)
    costs = replace(base, mean_cost=np.array([[100.0, 300.0]]), limit=1e6)
    claims = np.array([100 * np.exp(-2), 300 * np.exp(-2 / 3)])
    rise = (claims[1] - claims[0]) / claims.sum() / 2
    found = claims_elasticity(costs, coinsured(costs, 200.0, 0.0), np.array(["all", "all"]))
    assert found[0] == pytest.approx(rise / 0.25, rel=1e-5)


def test_groups_of_a_budget_are_read_from_the_labels():
    """Two cells of one group: the same as told outright; alone in their groups, no tilt."""
    costs = two_cells()
    retained = coinsured(costs, 10.0 * costs.population_mean(), 0.0)
    told = claims_elasticity(costs, retained, np.array(["all", "all"]))
    found = rise_of_claims(costs, ["all · well", "all · sick"], 10.0)
    assert found == pytest.approx(told)
    assert (found > 0).all()


def test_when_everything_is_ceded_claims_rise_as_costs_do():
    costs = two_cells()
    kept = coinsured(costs, 0.0, 0.0)
    found = claims_elasticity(costs, kept, np.array(["all", "all"]))
    assert found == pytest.approx([1, 1])


@pytest.mark.parametrize(("claims", "worth", "loading"), [(-1, 0, 0), (1, -1, 0), (1, 0, -1)])
def test_negative_terms_are_refused(claims, worth, loading):
    with pytest.raises(ValueError, match="at least 0"):
        premium_spiral(np.array([float(claims)]), worth, loading)
