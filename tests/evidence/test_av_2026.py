"""The continuance tables of the Actuarial Value Calculator 2026, and what may be read from them."""

import numpy as np
import pytest

from analysis.evidence.av_2026 import PLAIN_UP_TO_USD, TIERS, continuance
from analysis.evidence.errors import EvidenceError

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("tier", TIERS)
def test_bins_follow_each_other_and_hold_their_means(tier):
    bins = continuance(tier)
    assert bins["share_of_people"].sum() == pytest.approx(1, abs=1e-8)
    assert list(bins["cost_low_usd"][1:]) == list(bins["cost_high_usd"][:-1])
    assert bins["mean_cost_usd"].between(bins["cost_low_usd"], bins["cost_high_usd"]).all()
    assert (bins["cost_high_usd"] == PLAIN_UP_TO_USD).sum() == 1


def test_the_costliest_are_cut_and_pushed_up_the_mean_of_the_last_bin():
    """A plain bin from 100,000 to 200,000 dollars has its mean near that of a falling density."""
    ends = {tier: continuance(tier).iloc[-1] for tier in TIERS}
    assert {tier: end["cost_high_usd"] for tier, end in ends.items()} == {
        "bronze": 200_000,
        "silver": 200_000,
        "gold": 300_000,
        "platinum": 300_000,
    }
    platinum = continuance("platinum").set_index("cost_high_usd")["mean_cost_usd"]
    assert ends["bronze"]["mean_cost_usd"] > platinum[200_000] + 5_000
    assert ends["silver"]["mean_cost_usd"] > platinum[200_000] + 15_000


def test_means_are_those_that_the_source_gives():
    """Recomputed from the source when it was taken: 5,190 to 9,230 dollars, k 2.69 to 3.23."""
    for tier, mean, k in (("bronze", 5_190, 3.23), ("platinum", 9_230, 2.69)):
        bins = continuance(tier)
        share, cost = bins["share_of_people"], bins["mean_cost_usd"]
        assert (share * cost).sum() == pytest.approx(mean, abs=1)
        between = np.sqrt((share * cost**2).sum() - mean**2) / mean
        assert between == pytest.approx(k, abs=0.01)


def test_an_unknown_tier_is_named():
    with pytest.raises(EvidenceError, match="tier 'copper': give one of bronze"):
        continuance("copper")
