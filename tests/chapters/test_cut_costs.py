"""Costs cut alike: the same shapes from bins as from the people in them, in any currency."""

import numpy as np
import pytest

from analysis.chapters.validation import cut_costs
from analysis.chapters.validation.cut_costs import (
    CUT_MULTIPLE,
    continuance_costs,
    cut_at_multiple,
    shapes,
)
from analysis.evidence.av_2026 import PLAIN_UP_TO_USD, TIERS, continuance
from analysis.evidence.rand_hie import person_years
from analysis.fits.rand_costs import rand_formula
from analysis.risk.tabulated_costs import TabulatedCosts

pytestmark = pytest.mark.unit

SCALE = 5_000.0


def costs_of(amounts):
    """Return the costs of single people as a distribution with one draw."""
    points, count = np.unique(amounts, return_counts=True)
    share = count / count.sum()
    return TabulatedCosts(points, share[None, None], ("all",), limit=points[-1], share=np.ones(1))


@pytest.fixture(scope="module")
def people():
    """Costs of invented people, a fifth of them without any, with a heavy tail."""
    random = np.random.default_rng(6)
    cost = SCALE * np.exp(random.normal(-1.2, 1.7, 200_000))
    return np.where(random.random(len(cost)) < 0.2, 0.0, cost)


def test_bins_whose_top_is_lost_give_the_shapes_of_the_people_in_them(people, monkeypatch):
    """The invented people are put into the bins of a tier, the costliest moved down."""
    bins = continuance("silver")
    cost = np.minimum(people, bins["cost_high_usd"].iloc[-1])
    place = np.searchsorted(bins["cost_high_usd"], cost)
    number = np.bincount(place, minlength=len(bins))
    total = np.bincount(place, cost, minlength=len(bins))
    invented = bins.assign(
        share_of_people=number / number.sum(), mean_cost_usd=total / np.maximum(number, 1)
    )
    monkeypatch.setattr(cut_costs, "continuance", lambda _: invented[number > 0])
    found, truth = shapes(continuance_costs("silver")), shapes(costs_of(people))
    assert found.pop("costliest_1") < truth.pop("costliest_1")
    for name, value in truth.items():
        assert found[name] == pytest.approx(value, rel=0.005), name


def test_shapes_are_free_of_the_currency(people):
    some = people[:20_000]
    pounds, dollars = shapes(costs_of(some)), shapes(costs_of(1.6 * some))
    for name in pounds:
        assert pounds[name] == pytest.approx(dollars[name], rel=1e-6), name


def test_the_cut_is_the_multiple_of_the_mean_that_it_makes(people):
    cut = cut_at_multiple(costs_of(people), 8)
    limit = cut.limit_by_draw()[0, 0]
    assert limit == pytest.approx(8 * np.minimum(people, limit).mean(), rel=1e-6)
    with pytest.raises(ValueError, match="end below 900000 times"):
        cut_at_multiple(costs_of(people), 900_000)


def test_a_population_of_two_kinds_by_hand():
    """Nine at 1 and one at 100, cut at 5 times the mean: c = 5 (0.9 + 0.1 c), so c = 9."""
    found = shapes(costs_of(np.r_[np.ones(9), 100.0]), 5)
    assert found["above_cut"] == pytest.approx(0.1)
    assert found["costliest_10"] == pytest.approx(0.5)
    assert found["over_2"] == pytest.approx(0.3)
    assert found["k_cut"] == pytest.approx(4 / 3)


@pytest.mark.parametrize("tier", TIERS)
def test_nothing_above_what_is_plain_is_used(tier):
    limit = cut_at_multiple(continuance_costs(tier)).limit_by_draw().max()
    assert limit < PLAIN_UP_TO_USD
    beyond = cut_at_multiple(continuance_costs(tier), CUT_MULTIPLE + 1).limit_by_draw().max()
    assert beyond < PLAIN_UP_TO_USD or tier in {"gold", "platinum"}


def test_the_fit_to_rand_has_the_shapes_of_its_people():
    seen = shapes(costs_of(person_years()["annual_cost_usd"].to_numpy()))
    for name, draws in shapes(rand_formula("age_sex").costs).items():
        assert np.median(draws) == pytest.approx(seen[name][0], rel=0.03), name
