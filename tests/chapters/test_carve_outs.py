"""Carve-outs: closed forms on exponential costs, limits, and the order theory demands."""

import numpy as np
import pytest

from analysis.chapters.validation.limiting_cases import exponential as exponential_tail
from analysis.risk.adjustment import variation
from analysis.risk.carve_outs import (
    carve_out_excess,
    carve_out_people,
    carve_out_service,
    excess_curve,
    top_share,
    users_share,
)
from analysis.risk.stop_loss import stop_loss
from tests.risk.costs import exponential, two_cells

pytestmark = pytest.mark.unit


def test_excess_of_exponential_costs():
    """Beyond c means, exponential costs leave exp(-c); what stays has a known variance."""
    c = 1.5
    carved = carve_out_excess(exponential(), c)
    mean = 1 - np.exp(-c)
    square = 2 * (1 - np.exp(-c) * (1 + c))
    assert carved.share_removed[0] == pytest.approx(np.exp(-c), rel=1e-5)
    assert carved.variation_after[0] == pytest.approx(np.sqrt(square / mean**2 - 1), rel=1e-5)
    assert carved.variation_before[0] == pytest.approx(1, rel=1e-5)


def test_people_above_a_limit_with_exponential_costs():
    c = 1.5
    carved = carve_out_people(exponential_tail(), c)
    mean = 1 - np.exp(-c) * (1 + c)
    square = 2 - np.exp(-c) * (c**2 + 2 * c + 2)
    assert carved.share_removed[0] == pytest.approx(np.exp(-c) * (1 + c), rel=1e-5)
    assert carved.variation_after[0] == pytest.approx(np.sqrt(square / mean**2 - 1), rel=1e-5)


def test_carving_out_nobody_changes_nothing():
    for carve_out in (carve_out_excess, carve_out_people):
        carved = carve_out(two_cells(), 1e9)
        assert carved.share_removed == pytest.approx([0, 0], abs=1e-12)
        assert carved.reduction == pytest.approx([0, 0], abs=1e-9)


def test_a_service_spread_over_everybody_takes_its_share_and_leaves_k():
    carved = carve_out_service(two_cells(), 0.15, 1.0)
    assert carved.share_removed == pytest.approx([0.15, 0.15], rel=1e-9)
    assert carved.reduction == pytest.approx([0, 0], abs=1e-9)


def test_a_service_takes_its_share_however_it_is_spread():
    for people in (0.5, 0.2, 0.05, 0.001):
        carved = carve_out_service(two_cells(), 0.15, people)
        assert carved.share_removed == pytest.approx([0.15, 0.15], rel=2e-3)


def test_the_more_a_service_is_concentrated_the_more_its_carve_out_lowers_k():
    reductions = [carve_out_service(two_cells(), 0.1, p).reduction for p in (1, 0.3, 0.1, 0.05)]
    assert (np.diff(reductions, axis=0) > 0).all()


def test_a_service_more_concentrated_than_cost_allows_is_all_of_the_excess():
    costs = two_cells()
    carved = carve_out_service(costs, 0.2, 1e-6)
    # The limit whose excess is a fifth of all cost, by bisection.
    for draw in range(costs.draws):
        low, high = 0.1, 1_000.0
        for _ in range(60):
            middle = (low + high) / 2
            enough = carve_out_excess(costs, middle).share_removed[draw] > 0.2
            low, high = (middle, high) if enough else (low, middle)
        exact = carve_out_excess(costs, middle).variation_after[draw]
        assert carved.variation_after[draw] == pytest.approx(exact, rel=5e-3)


def test_excess_leaves_less_to_chance_than_any_other_carve_out_of_the_same_cost():
    """Stop-loss minimises the variance of what is kept for a given mean (Borch 1960)."""
    costs = two_cells()
    for other in (carve_out_people(costs, 20.0), carve_out_service(costs, 0.15, 0.2)):
        low, high = 0.1, 1_000.0
        for _ in range(60):
            middle = (low + high) / 2
            more = carve_out_excess(costs, middle).share_removed[0] > other.share_removed[0]
            low, high = (middle, high) if more else (low, middle)
        excess = carve_out_excess(costs, middle)
        assert excess.share_removed[0] == pytest.approx(other.share_removed[0])
        assert excess.variation_after[0] < other.variation_after[0]


def test_a_carve_out_of_excess_is_stop_loss_whose_premium_left_the_budget():
    costs = two_cells()
    carved, cover = carve_out_excess(costs, 25.0), stop_loss(costs, 25.0)
    assert carved.share_removed == pytest.approx(cover.premium_share)
    kept = 1 - carved.share_removed
    assert carved.variation_after * kept == pytest.approx(cover.residual_variation)


def test_the_curve_of_excess_of_exponential_costs():
    amounts, people, cost = (values[:, 0] for values in excess_curve(exponential()))
    scaled = amounts / 100.0
    assert people[1:] == pytest.approx(np.exp(-scaled[1:]), rel=1e-4, abs=1e-12)
    assert cost == pytest.approx(np.exp(-scaled), rel=1e-4, abs=1e-9)
    assert people[0] == cost[0] == 1


@pytest.mark.parametrize("share", [0.01, 0.05, 0.2])
def test_the_costliest_people_with_exponential_costs(share):
    """The costliest share p holds p (1 - log p) of all cost."""
    found = top_share(exponential(), share)[0]
    assert found == pytest.approx(share * (1 - np.log(share)), rel=2e-3)


def test_when_a_service_falls_on_everybody_its_users_are_all_that_remains():
    costs = two_cells()
    found = users_share(costs, carve_out_service(costs, 0.15, 1.0), 1.0)
    assert found == pytest.approx([1, 1])


def test_those_who_pay_for_a_service_keep_the_rest_of_their_cost():
    """The costliest tenth has p (1 - log p) of exponential costs; a twentieth of all leaves it."""
    costs, people = exponential(), 0.1
    carved = carve_out_service(costs, 0.05, people)
    expected = (people * (1 - np.log(people)) - 0.05) / 0.95
    assert users_share(costs, carved, people)[0] == pytest.approx(expected, rel=2e-3)


@pytest.mark.parametrize(("cost", "people"), [(0.0, 0.1), (1.0, 0.1), (0.1, 0.0), (0.1, 1.1)])
def test_shares_outside_their_range_are_refused(cost, people):
    with pytest.raises(ValueError, match="share_of"):
        carve_out_service(two_cells(), cost, people)


@pytest.mark.parametrize("limit", [0.0, -1.0])
def test_a_limit_must_be_above_nothing(limit):
    with pytest.raises(ValueError, match="not above 0"):
        carve_out_people(two_cells(), limit)


def test_the_same_costs_give_the_same_answer():
    first, second = (carve_out_service(two_cells(), 0.1, 0.05) for _ in range(2))
    assert (first.variation_after == second.variation_after).all()
    assert first.variation_before == pytest.approx(variation(two_cells(), adjusted=True))
