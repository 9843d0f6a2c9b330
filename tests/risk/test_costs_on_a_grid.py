"""Costs on a grid between their points: closed forms of a lognormal, and people who leave."""

import numpy as np
import pytest
from scipy.stats import norm

from analysis.risk.adjustment import variation
from analysis.risk.annual_cost import some_draws
from analysis.risk.carve_outs import (
    carve_out_excess,
    carve_out_people,
    carve_out_service,
    top_share,
)
from analysis.risk.pooled_loss import PoolCalculator
from analysis.risk.retained_costs import carved_out_people
from analysis.risk.stop_loss import stop_loss
from analysis.risk.tabulated_costs import TabulatedCosts, on_grid

pytestmark = pytest.mark.unit

LIMIT = 2e6
POINTS = np.append(0.0, np.geomspace(1.0, LIMIT, 350))
"""As coarse as the grid of England's costs: 4 % apart."""

WITHOUT, MU, SD = 0.2, 6.5, 1.3
POSITIVE = np.exp(MU + SD**2 / 2)
MEAN = (1 - WITHOUT) * POSITIVE


def lognormal(draws=2):
    """One cell: a fifth have no cost, the others' is lognormal; the same in every draw."""
    probability = (np.arange(400_000) + 0.5) / 400_000
    cost = np.append(0.0, np.exp(MU + SD * norm.ppf(probability)))
    weight = np.append(WITHOUT, np.full(400_000, (1 - WITHOUT) / 400_000))
    table = on_grid(cost, weight, np.zeros(len(cost), int), POINTS)
    return TabulatedCosts(
        POINTS, np.stack([table] * draws), ("all",), limit=LIMIT, share=np.array([1.0])
    )


COSTS = lognormal()


def partial(amount, order):
    """E[cost^order] of the costs up to an amount."""
    whole = np.exp(order * MU + (order * SD) ** 2 / 2)
    return (1 - WITHOUT) * whole * norm.cdf((np.log(amount) - MU - order * SD**2) / SD)


@pytest.mark.parametrize("amount", [300.0, 2_000.0, 10_000.0, 10_200.0, 10_400.0, 50_000.0])
def test_people_above_an_amount_between_the_points(amount):
    exact = (1 - WITHOUT) * norm.sf((np.log(amount) - MU) / SD)
    assert COSTS.survival(amount) == pytest.approx(exact, rel=0.006)
    by_draw = np.array([[amount], [2 * amount]])
    assert COSTS.survival(by_draw)[1] == pytest.approx(COSTS.survival(2 * amount)[1])


def test_people_with_any_cost_and_above_the_largest():
    assert COSTS.survival(0.0) == pytest.approx(1 - WITHOUT, abs=1e-3)
    assert COSTS.survival(LIMIT) == pytest.approx(0.0, abs=0)
    assert COSTS.survival(10 * LIMIT) == pytest.approx(0.0, abs=0)


@pytest.mark.parametrize("amount", [5_000.0, 20_000.0, 20_300.0, 20_700.0, 21_100.0])
def test_those_who_stay_have_the_moments_of_a_lognormal_cut_off(amount):
    kept = carved_out_people(COSTS, amount)
    assert kept.mean()[:, 0] == pytest.approx(partial(amount, 1), rel=2e-3)
    square = kept.limited_square(kept.limit)[:, 0]
    assert square == pytest.approx(partial(amount, 2), rel=8e-3)


def test_more_leave_the_lower_the_limit_and_without_jumps():
    limits = np.geomspace(8, 9, 40)
    removed = [carve_out_people(COSTS, limit).share_removed[0] for limit in limits]
    steps = np.diff(removed)
    assert (steps < 0).all()
    assert steps.min() > 4 * np.median(steps)


def test_a_pool_of_those_who_stay_has_their_mean_and_variation():
    kept = carved_out_people(COSTS, 20_300.0)
    _, probabilities = kept.discretise(np.append(0.0, np.geomspace(1e-8, 1, 511)))
    assert probabilities.sum(axis=-1) == pytest.approx(1, abs=1e-9)
    loss = PoolCalculator(kept).loss(50_000)
    ratios, density = loss.density()
    mass = density * loss.width / ratios.shape[1]
    spread = np.sqrt((mass * (ratios - 1) ** 2).sum(axis=1))
    k = variation(kept, adjusted=True)
    assert spread * np.sqrt(50_000) == pytest.approx(k, rel=2e-3)


def test_nobody_leaves_where_nobody_costs_more():
    carved = carve_out_people(COSTS, 1e9)
    assert carved.share_removed == pytest.approx([0, 0], abs=1e-12)
    assert carved.reduction == pytest.approx([0, 0], abs=1e-12)


def test_of_the_same_cost_taken_away_the_excess_leaves_least_to_chance():
    people = carve_out_people(COSTS, 20.0)
    low, high = 0.1, 100.0
    for _ in range(60):
        middle = (low + high) / 2
        more = carve_out_excess(COSTS, middle).share_removed[0] > people.share_removed[0]
        low, high = (middle, high) if more else (low, middle)
    assert carve_out_excess(COSTS, middle).variation_after[0] < people.variation_after[0]


@pytest.mark.parametrize("people", [1.0, 0.2, 0.06])
def test_a_service_takes_its_share(people):
    carved = carve_out_service(COSTS, 0.14, people)
    assert carved.share_removed == pytest.approx([0.14, 0.14], rel=2e-3)
    assert (carved.reduction >= -1e-9).all()


def test_the_costliest_one_percent_have_the_share_of_a_lognormal():
    of_positive = 0.01 / (1 - WITHOUT)
    exact = norm.sf(norm.isf(of_positive) - SD)
    assert top_share(COSTS, 0.01) == pytest.approx(exact, rel=5e-3)


def test_a_limit_changes_nothing_but_the_limit():
    limited = COSTS.limited_at(np.array([[5_000.0], [7_000.0]]))
    alone = TabulatedCosts(
        POINTS, COSTS.probabilities, COSTS.labels, limit=limited.limit, share=COSTS.share
    )
    assert limited.mean() == pytest.approx(alone.mean(), rel=0)
    second = some_draws(limited, np.array([1]))
    assert second.mean()[0] == pytest.approx(limited.mean()[1], rel=0)


def test_cover_has_the_premium_and_the_variation_of_a_lognormal():
    amount = 12 * MEAN
    cover = stop_loss(COSTS, 12.0)
    above = (1 - WITHOUT) * norm.sf((np.log(amount) - MU) / SD)
    mean = partial(amount, 1) + amount * above
    assert cover.premium_share == pytest.approx(1 - mean / MEAN, rel=3e-3)
    square = partial(amount, 2) + amount**2 * above
    assert cover.residual_variation == pytest.approx(np.sqrt(square - mean**2) / MEAN, rel=1e-3)
