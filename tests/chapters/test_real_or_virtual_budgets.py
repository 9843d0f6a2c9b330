"""Unpaid bills: published tables, hand-worked triangles, limits, and recovery of a known curve."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.chapters.real_or_virtual_budgets.cash import (
    bills_by_month,
    cash_balance,
    reserve_needed,
    ruin_probability,
    shared_reserve,
)
from analysis.chapters.real_or_virtual_budgets.chain_ladder import bootstrap_unpaid, chain_ladder
from analysis.chapters.real_or_virtual_budgets.completion import (
    LAGS,
    completion_by_lag,
    hidden_share,
    logit_chances,
    mixed,
    paid_by_lag,
    published_completion,
    settled_by_age,
    varied_completion,
)
from analysis.chapters.real_or_virtual_budgets.estimates import (
    cape_cod_cost,
    chain_ladder_cost,
    estimated_completion,
    known_cells,
    visible_cost,
)
from analysis.chapters.real_or_virtual_budgets.incurred import (
    MONTHS,
    ClaimsProcess,
    expected_cost,
    monthly_variation,
    planned_cost,
    simulate_payments,
)
from analysis.chapters.real_or_virtual_budgets.scores import share_draws
from analysis.errors import InputError
from analysis.evidence.facts import fact

# Taylor and Ashe (1983), as in Mack (1993), ASTIN Bulletin 23:213-225, tables 1 and 3.
TAYLOR_ASHE = np.array(
    [
        [357848, 766940, 610542, 482940, 527326, 574398, 146342, 139950, 227229, 67948],
        [352118, 884021, 933894, 1183289, 445745, 320996, 527804, 266172, 425046, 0],
        [290507, 1001799, 926219, 1016654, 750816, 146923, 495992, 280405, 0, 0],
        [310608, 1108250, 776189, 1562400, 272482, 352053, 206286, 0, 0, 0],
        [443160, 693190, 991983, 769488, 504851, 470639, 0, 0, 0, 0],
        [396132, 937085, 847498, 805037, 705960, 0, 0, 0, 0, 0],
        [440832, 847631, 1131398, 1063269, 0, 0, 0, 0, 0, 0],
        [359480, 1061648, 1443370, 0, 0, 0, 0, 0, 0, 0],
        [376686, 986608, 0, 0, 0, 0, 0, 0, 0, 0],
        [344014, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ],
    float,
)
PUBLISHED_UNPAID = [0, 95, 470, 710, 985, 1419, 2178, 3920, 4279, 4626]  # thousands
PUBLISHED_ERROR = [0, 76, 122, 134, 261, 411, 558, 875, 971, 1363]
KNOWN = known_cells(10, 10, 9)

HAND = np.array([[60.0, 30.0, 10.0], [120.0, 60.0, 0.0], [90.0, 0.0, 0.0]])
"""Half as much again by lag 1, then a ninth: 90/60 = 180/120 = 1.5 and 100/90."""

STEADY = ClaimsProcess(
    people=100_000,
    variation=monthly_variation(4.2, 0.15, 0.26),
    service_shares=(1.0,),
    growth=0.04,
    season=0.03,
    peak_month=9,
    speed_sd=0.0,
    history=8,
)


@pytest.mark.unit
def test_chain_ladder_worked_by_hand():
    cost = chain_ladder_cost(HAND, np.ones(3), closed=2)
    np.testing.assert_allclose(cost, [100, 180 * 10 / 9, 90 * 1.5 * 10 / 9])
    np.testing.assert_allclose(estimated_completion(HAND, 2), [0.6, 0.9, 1.0])


@pytest.mark.unit
def test_cape_cod_worked_by_hand():
    """Seen 100 + 180 + 90 of exposure 1 + 0.9 + 0.6: level 148, times what is not yet paid."""
    cost = cape_cod_cost(HAND, np.ones(3), closed=2)
    np.testing.assert_allclose(cost, [100, 180 + 0.1 * 148, 90 + 0.4 * 148])


@pytest.mark.unit
def test_months_of_which_nothing_is_visible_get_the_planned_cost():
    cost = chain_ladder_cost(HAND, np.array([1, 2, 3.0]), closed=1)
    # Closed a month earlier: the first month shows 90, the second 120, paid to 2/3 by lag 0.
    np.testing.assert_allclose(cost, [90, 180, (90 + 180) / 3 * 3])


@pytest.mark.integration
def test_published_reserve_and_standard_errors():
    ladder = chain_ladder(TAYLOR_ASHE, KNOWN)
    np.testing.assert_allclose(ladder.unpaid / 1000, PUBLISHED_UNPAID, atol=0.6)
    np.testing.assert_allclose(ladder.standard_error / 1000, PUBLISHED_ERROR, atol=0.6)
    assert ladder.total_unpaid == pytest.approx(18_680_856, abs=1)
    assert ladder.total_standard_error == pytest.approx(2_447_095, abs=1)


@pytest.mark.unit
def test_own_chain_ladder_is_that_of_the_package():
    own = chain_ladder_cost(TAYLOR_ASHE, np.ones(10), closed=9) - visible_cost(TAYLOR_ASHE, 9)
    np.testing.assert_allclose(own, chain_ladder(TAYLOR_ASHE, KNOWN).unpaid, atol=0.01)


@pytest.mark.integration
def test_bootstrap_error_is_the_published_one():
    """England and Verrall (2002), table 6.1: a prediction error of 16% of the reserve."""
    drawn = bootstrap_unpaid(TAYLOR_ASHE, KNOWN, draws=4000, seed=1).sum(axis=1)
    assert drawn.mean() == pytest.approx(18_680_856, rel=0.03)
    assert drawn.std() / 18_680_856 == pytest.approx(0.16, abs=0.01)


@pytest.mark.unit
def test_old_months_owe_nothing_and_change_nothing():
    older = np.vstack([*[TAYLOR_ASHE[:1]] * 3, TAYLOR_ASHE])
    ladder = chain_ladder(older, known_cells(13, 10, 12))
    assert (ladder.unpaid[:4] == 0).all()
    np.testing.assert_allclose(ladder.unpaid[3:], chain_ladder(TAYLOR_ASHE, KNOWN).unpaid)


@pytest.mark.unit
def test_nothing_paid_at_first_is_refused():
    late = np.column_stack([np.zeros(3), HAND[:, :2]])
    with pytest.raises(InputError, match="nothing to multiply"):
        chain_ladder(late, known_cells(3, 3, 2))


@pytest.mark.unit
def test_completion_meets_the_published_ages():
    settled = settled_by_age(published_completion(), np.array([0, 1.0, 2, 5, 12, 13, 20]))
    assert settled[0, 1] == pytest.approx(fact("G-MAT-Inp-1").value / 100)
    np.testing.assert_allclose(settled[:, [1, 2, 3, 4]], published_completion())
    np.testing.assert_array_equal(settled[:, [0, 5, 6]], [[0, 1, 1]] * 3)


@pytest.mark.unit
def test_a_month_of_care_is_averaged_over_its_days():
    """Care of the last day is new at the end of the month, that of the first a month old."""
    settled = published_completion()
    days = np.arange(30) + 0.5
    by_hand = settled_by_age(settled, 1 + days / 30).mean(axis=-1)
    curve = completion_by_lag(settled)
    np.testing.assert_allclose(curve[:, 1], by_hand)
    assert (np.diff(curve, axis=-1) > 0).all()
    np.testing.assert_allclose(curve[:, -1], 1)
    assert curve.shape == (3, LAGS)


@pytest.mark.unit
def test_chances_give_the_curve_back():
    curve = completion_by_lag(published_completion())
    still_open = np.cumprod(1 - 1 / (1 + np.exp(-logit_chances(curve))), axis=-1)
    np.testing.assert_allclose(1 - still_open, curve[:, :-1])


@pytest.mark.unit
def test_varied_curves_surround_the_published_one():
    varied = varied_completion(published_completion(), 0.3, np.random.default_rng(1), 4000)
    np.testing.assert_allclose(np.median(varied, axis=0), published_completion(), atol=0.01)
    none = varied_completion(published_completion(), 0.0, np.random.default_rng(1), 2)
    np.testing.assert_allclose(none, [published_completion()] * 2)


@pytest.mark.unit
def test_no_lag_hides_nothing_and_a_month_hides_a_sixth():
    six = np.ones(6)
    assert hidden_share(np.ones(3), six) == pytest.approx(0, abs=1e-12)
    assert hidden_share(np.array([0.0, 1.0]), six) == pytest.approx(1 / 6)
    assert hidden_share(np.array([0.0, 1.0]), six, months_faster=1) == pytest.approx(0, abs=1e-12)
    assert hidden_share(np.ones(3), six, months_faster=-1) == pytest.approx(1 / 6)
    assert hidden_share(np.array([0.5, 1.0]), [1, 1]) == pytest.approx(0.25)
    with pytest.raises(InputError, match="must be positive"):
        hidden_share(np.ones(3), [])


@pytest.mark.unit
def test_services_are_mixed_by_their_cost():
    curves = np.array([[0.5, 1.0], [0.1, 1.0]])
    np.testing.assert_allclose(mixed(curves, np.array([0.75, 0.25])), [0.4, 1.0])


@pytest.mark.unit
def test_twelve_months_have_the_variance_and_the_memory_of_a_year():
    """Monthly cost is simulated at random; its yearly sums must show what was asked for."""
    variation = monthly_variation(4.0, 0.2, 0.3)
    process = replace(
        STEADY, people=40_000, variation=variation, growth=0.0, season=0.0, history=12
    )
    at_once = np.eye(1, 3)
    generator = np.random.default_rng(2)
    paid = simulate_payments(process, at_once, np.zeros(20_000), generator)
    years = paid.sum(axis=-1).reshape(-1, 2, MONTHS).sum(axis=-1)
    np.testing.assert_allclose(years.mean(axis=0), 1, atol=1e-3)
    np.testing.assert_allclose(years.std(axis=0) * np.sqrt(40_000), 4.0, rtol=0.02)
    assert np.corrcoef(years.T)[0, 1] == pytest.approx(0.3, abs=0.02)


@pytest.mark.unit
def test_months_without_memory_share_the_variance_evenly():
    assert monthly_variation(3.0, 0.0, 0.0).month_k == pytest.approx(3 * np.sqrt(12))
    with pytest.raises(InputError, match="raise it"):
        monthly_variation(3.0, 0.01, 0.5)


@pytest.mark.unit
def test_a_budget_year_adds_up_and_excess_growth_is_an_excess():
    assert planned_cost(STEADY)[-MONTHS:].sum() == pytest.approx(1)
    cost = expected_cost(STEADY, np.array([0.0, 0.05]))
    np.testing.assert_allclose(cost[0], planned_cost(STEADY))
    assert cost[1, -MONTHS:].sum() == pytest.approx(np.exp(0.05), abs=2e-3)


@pytest.mark.integration
@pytest.mark.parametrize("speed_sd", [0.0, 0.2])
def test_chain_ladder_finds_the_curve_that_payments_follow(speed_sd):
    curve = completion_by_lag(published_completion())[:1]
    many = replace(STEADY, people=10**9, speed_sd=speed_sd, history=60)
    paid = simulate_payments(many, paid_by_lag(curve), np.zeros(4), np.random.default_rng(3))
    completion = estimated_completion(paid, closed=paid.shape[1] - 1)
    np.testing.assert_allclose(
        completion.mean(axis=0), curve[0], atol=2e-3 if speed_sd == 0 else 0.02
    )


@pytest.mark.unit
def test_slower_bills_come_later_but_all_come():
    curve = paid_by_lag(completion_by_lag(published_completion())[:1])
    same = (np.zeros(200), np.random.default_rng(4))
    usual = simulate_payments(STEADY, curve, same[0], np.random.default_rng(4))
    slow = simulate_payments(STEADY, curve, *same, slower_from=(3, -1.0))
    np.testing.assert_allclose(
        slow.sum(axis=(1, 2)).mean(), usual.sum(axis=(1, 2)).mean(), rtol=0.01
    )
    before, after = slice(0, 8), slice(13, None)
    assert slow[:, after, 0].mean() < 0.8 * usual[:, after, 0].mean()
    np.testing.assert_allclose(slow[:, before, 0].mean(), usual[:, before, 0].mean(), rtol=0.01)


@pytest.mark.unit
def test_cash_worked_by_hand():
    """Bills of a twelfth a month, all paid one month late."""
    bills = bills_by_month(np.tile([0.0, 1 / 12], (12, 1)))
    np.testing.assert_allclose(bills, [0, *[1 / 12] * 12])
    balance = cash_balance(bills)
    np.testing.assert_allclose(balance[:12], 1 / 12)
    assert balance[-1] == pytest.approx(0)
    np.testing.assert_allclose(cash_balance(bills, late=1)[:12], 0, atol=1e-12)
    spent = cash_balance(bills, spent=0.1, spent_in=5)
    np.testing.assert_allclose(spent[:5], 1 / 12)
    np.testing.assert_allclose(spent[5:12], 1 / 12 - 0.1)


@pytest.mark.unit
def test_reserves_worked_by_hand():
    balance = np.array([[0.1, -0.02, 0.0], [0.1, 0.1, 0.1], [0.1, 0.1, -0.04], [0.0, 0.1, 0.0]])
    np.testing.assert_allclose(ruin_probability(balance), [0, 0.25, 0.5])
    np.testing.assert_allclose(ruin_probability(balance, reserve=0.03), [0, 0, 0.25])
    assert reserve_needed(balance, 1.0) == pytest.approx(0.04)
    assert reserve_needed(balance[1:2], 0.99) == 0
    shared = shared_reserve(balance[None], 4000, 0.5, np.random.default_rng(1))
    np.testing.assert_allclose(shared, 0.06 / 4, rtol=0.05)


@pytest.mark.unit
def test_cash_does_not_know_when_bills_come_in_the_end():
    """Without anything left to come, the last balance is the budget less the cost."""
    curve = paid_by_lag(completion_by_lag(published_completion())[:1])
    paid = simulate_payments(STEADY, curve, np.full(5, 0.05), np.random.default_rng(6))
    year = paid[:, -MONTHS:]
    balance = cash_balance(bills_by_month(year))
    np.testing.assert_allclose(balance[:, -1], 1 - year.sum(axis=(1, 2)))


@pytest.mark.unit
def test_share_draws_follow_jeffreys():
    drawn = share_draws(45, 50, 20_000, np.random.default_rng(1))
    assert drawn.mean() == pytest.approx(45.5 / 51, abs=0.002)
