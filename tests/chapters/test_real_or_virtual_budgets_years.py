"""Simulated years and their reviews: what everybody sees, scores by hand, and the stored run."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.chapters.real_or_virtual_budgets.completion import LAGS, SERVICES
from analysis.chapters.real_or_virtual_budgets.incurred import (
    MONTHS,
    ClaimsProcess,
    monthly_variation,
)
from analysis.chapters.real_or_virtual_budgets.mid_year import METHODS, cash_flows, mid_year_reviews
from analysis.chapters.real_or_virtual_budgets.scoring import (
    SCENARIOS,
    reviewed_year,
    score_table,
    surplus_shown,
)
from analysis.chapters.real_or_virtual_budgets.years import (
    HISTORY,
    REVIEWED,
    Situation,
    World,
    model_data,
    reviewed_months,
    simulate,
)
from analysis.evidence.catalogue import table

WORLD = World(
    ClaimsProcess(
        people=100_000,
        variation=monthly_variation(4.2, 0.15, 0.26),
        service_shares=(0.5, 0.45, 0.05),
        growth=0.04,
        season=0.03,
        peak_month=9,
        speed_sd=0.1,
        history=HISTORY,
    ),
    curve_spread=0.3,
    persistent_sd=0.03,
)
EVERYTHING_KNOWN = LAGS  # months_faster at which nothing is left to come


@pytest.mark.unit
def test_who_knows_everything_is_never_wrong():
    reviews = mid_year_reviews([WORLD], Situation(), 300, (EVERYTHING_KNOWN,))[EVERYTHING_KNOWN]
    for method in METHODS:
        np.testing.assert_allclose(reviews.shown[method], reviews.true, atol=1e-12)
        assert reviews.illusion_probability(method)[0] == 0
        assert reviews.unseen_probability(method)[0] == 0


@pytest.mark.unit
def test_who_ignores_bills_always_sees_a_surplus_and_half_are_deficits():
    reviews = mid_year_reviews([WORLD], Situation(), 2000)[0]
    assert reviews.surplus_probability("paid so far")[0] > 0.999
    assert reviews.illusion_probability("paid so far")[0] == pytest.approx(0.5, abs=0.04)
    assert reviews.illusion_probability("chain ladder")[0] < 0.4


@pytest.mark.unit
def test_faster_data_and_a_known_trend_change_what_they_should():
    reviews = mid_year_reviews([WORLD], Situation(), 2000, (-1, 0, 1))
    wrong = [reviews[speed].illusion_probability("Cape Cod")[0] for speed in (-1, 0, 1)]
    assert wrong[0] > wrong[1] > wrong[2]
    rising = mid_year_reviews([WORLD], Situation(trend=0.05), 2000)[0]
    assert rising.true.mean() - reviews[0].true.mean() == pytest.approx(0.05 * 0.75, abs=0.005)


@pytest.mark.unit
def test_size_shrinks_chance_and_nothing_else():
    alone = replace(WORLD, persistent_sd=0.0)
    spread = [
        mid_year_reviews([alone], Situation(people=people), 2000)[0].true.std()
        for people in (25_000, 100_000)
    ]
    assert spread[0] / spread[1] == pytest.approx(2, rel=0.07)


@pytest.mark.unit
def test_bills_are_the_cost_and_the_apparent_surplus_is_what_they_lack():
    bills, surplus = cash_flows([WORLD], Situation(trend=0.02), 1000)
    assert bills.shape == (1, 1000, MONTHS + LAGS - 1)
    assert bills.sum(axis=-1).mean() == pytest.approx(np.exp(0.02), abs=0.005)
    paid_so_far = bills[..., :REVIEWED].sum(axis=-1)
    known = surplus + paid_so_far  # the budget of the half-year, wherever there is one
    np.testing.assert_allclose(known, np.median(known), rtol=1e-9)


@pytest.mark.unit
def test_the_model_sees_what_was_paid_until_the_review_and_no_more():
    situation = Situation()
    paid = simulate(WORLD, situation, 1, np.random.default_rng(1), by_service=True)[0]
    data = model_data(paid, situation)
    assert data.paid.shape == (len(SERVICES), HISTORY + REVIEWED, LAGS)
    month, lag = np.nonzero(data.known[0])
    assert (month + lag).max() == situation.closed == HISTORY + REVIEWED - 1
    np.testing.assert_allclose(data.paid[:, month, lag], MONTHS * paid[:, month, lag])
    assert data.paid[data.known == 0].sum() == 0
    assert data.calendar_month[reviewed_months(situation)][0] == 0


@pytest.mark.integration
def test_one_year_is_reviewed_by_every_method_and_again_the_same():
    rows = reviewed_year(WORLD, Situation(), seed=3)
    by_method = pd.DataFrame(rows).set_index("method")
    assert set(by_method.index) == {"paid so far", "Cape Cod", "chain ladder", "bootstrap", "model"}
    assert by_method["unpaid_true"].nunique() == by_method["overspend_true"].nunique() == 1
    assert by_method.loc["paid so far", "unpaid_median"] == 0
    estimates = by_method.drop(index="paid so far")["unpaid_median"]
    np.testing.assert_allclose(estimates, by_method["unpaid_true"].iloc[0], rtol=0.3)
    assert pd.DataFrame(reviewed_year(WORLD, Situation(), seed=3)).equals(pd.DataFrame(rows))


@pytest.mark.integration
@pytest.mark.parametrize("name", ["no history", "data a month slower", "data a month faster"])
def test_every_kind_of_review_has_an_answer(name):
    by_method = pd.DataFrame(reviewed_year(WORLD, SCENARIOS[name][0], seed=4)).set_index("method")
    assert by_method.loc["model", "unpaid_low"] < by_method.loc["model", "unpaid_high"]
    assert ("bootstrap" in by_method.index) == (SCENARIOS[name][0].months_faster == 0)


def scored(**columns):
    rows = {
        "scenario": "s",
        "method": "m",
        "unpaid_true": [1.0, 1.0, 4.0],
        "unpaid_median": [1.0, 2.0, 2.0],
        "unpaid_low": [0.0, 0.0, 1.0],
        "unpaid_high": [2.0, 3.0, 3.0],
        "overspend_true": [1.0, -1.0, 2.0],
        "overspend_estimate": [-1.0, -1.0, 1.0],
    }
    return pd.DataFrame(rows | columns)


@pytest.mark.unit
def test_scores_by_hand():
    scores = score_table(scored()).loc[("s", "m")]
    assert (scores["years"], scores["held"]) == (3, 2)
    assert scores["width"] == pytest.approx(7 / 3)
    assert scores["interval_score"] == pytest.approx((2 + 3 + 2 + 20) / 3)
    assert scores["bias"] == pytest.approx(-1 / 3)
    assert scores["error"] == pytest.approx(np.sqrt(5 / 3))
    missing = score_table(scored(unpaid_low=np.nan, unpaid_high=np.nan)).loc[("s", "m")]
    assert np.isnan(missing["held"])


@pytest.mark.unit
def test_surpluses_by_hand():
    counts = surplus_shown(scored()).loc[("s", "m")]
    assert counts.to_dict() == {"surpluses": 2, "deficits": 2, "illusions": 1}


@pytest.mark.unit
def test_stored_run_is_complete_and_says_when_it_was_made():
    years, runs = table("run_off_scores", "years"), table("run_off_scores", "runs")
    counted = years.groupby("scenario")["year"].nunique()
    assert counted.to_dict() == {name: number for name, (_, number) in SCENARIOS.items()}
    assert runs.set_index("scenario")["years"].to_dict() == counted.to_dict()
    assert runs["run_date"].str.fullmatch(r"\d{4}-\d{2}-\d{2}").all()
    assert counted["usual"] >= 200


@pytest.mark.unit
def test_stored_intervals_of_the_model_hold_between_85_and_95_percent():
    """What the book promises; a run that breaks it must be explained, not tuned."""
    usual = score_table(table("run_off_scores", "years")).loc["usual"]
    assert 0.85 <= usual.loc["model", "held"] / usual.loc["model", "years"] <= 0.95


@pytest.mark.unit
def test_stored_fast_posterior_agrees_with_sampling():
    sampled = table("run_off_scores", "sampled").set_index("year")
    years = table("run_off_scores", "years")
    fast = years[(years["scenario"] == "usual") & (years["method"] == "model")].set_index("year")
    fast = fast.loc[sampled.index]
    width = sampled["unpaid_high"] - sampled["unpaid_low"]
    for end in ("unpaid_low", "unpaid_median", "unpaid_high"):
        assert (abs(fast[end] - sampled[end]) < 0.1 * width).all()
    assert (sampled["max_rhat"] < 1.02).all()
