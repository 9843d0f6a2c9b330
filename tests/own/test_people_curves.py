"""What the report draws of a reader's own people agrees with the measures it comes from."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.evidence.assumptions import assumption
from analysis.fits.savings_components import mssp_components
from analysis.intervals import median_and_interval
from analysis.own.people import budget_formulas, size_curves, stop_loss_curves, tail
from analysis.own.people.costliest import answer_without
from analysis.own.people.measures import sizes
from analysis.own.people.settings import default_settings
from analysis.report.published import published_numbers
from analysis.risk.adjustment import variation
from analysis.settings import BUILD
from tests.own.invented_people import fitted_people


@pytest.fixture(scope="module")
def fitted():
    return fitted_people(30_000, seed=7)


@pytest.mark.integration
def test_formulas_run_from_one_budget_for_all_to_the_fullest(fitted):
    settings = default_settings()
    costs = fitted.costs(settings.maximum, budget_formulas.DRAWS)
    groups = list(budget_formulas.formula_groups(fitted).values())
    assert [len(set(labels)) for labels in groups] == [1, 5, len(fitted.cells.table)]
    ends = variation(costs, adjusted=False), variation(costs, adjusted=True)
    for labels, k in zip((groups[0], groups[-1]), ends, strict=True):
        np.testing.assert_allclose(budget_formulas.variation_under(costs, labels), k)
    ladder, pool = budget_formulas.ladder(fitted, settings)
    assert ladder["k"].is_monotonic_decreasing
    assert ladder["loss"].iloc[0] > 1
    assert ladder["loss"].iloc[-1] == pytest.approx(0, abs=1e-9)
    assert not pool.by_health
    mean = costs.mean().mean(axis=0)
    assert mean[pool.member].min() > mean[~pool.member].max()


@pytest.mark.integration
def test_ratios_and_profits_balance(fitted):
    settings = default_settings()
    foreseen, seen = budget_formulas.profit(fitted, settings)
    for part, error in ((foreseen, 1.5), (seen, 1e-9)):
        by_formula = part.groupby("formula")["profit_percent"].mean()
        assert (by_formula.abs() < error).all()
    ratios = budget_formulas.ratios(fitted, settings)
    flat = ratios[ratios["formula"] == budget_formulas.FLAT]
    assert flat["predictive_ratio"].min() < 1 < flat["predictive_ratio"].max()
    tenths = budget_formulas.tenths(fitted, settings)
    assert tenths["predictive_ratio"].between(0.8, 1.25).all()


@pytest.mark.integration
def test_curves_meet_the_recorded_size(fitted):
    settings = default_settings()
    needed = sizes(fitted, settings).set_index("case")["people"]
    designs = size_curves.designs(fitted, settings).set_index("design")["people"]
    assert designs["over 2%"] == pytest.approx(needed["adjusted"], rel=0.02)
    bands = size_curves.size_bands(fitted, settings, needed["adjusted"])
    at = bands[np.isclose(bands["people"], 50_000)]
    probability = np.interp(2.0, at["tolerance_percent"], at["probability_percent"])
    assert (probability < 5) == (needed["adjusted"] < 50_000)
    borne = size_curves.bearable(fitted, settings)
    assert borne["chance"].is_monotonic_decreasing
    enough = np.interp(-2.0, -borne["chance"], np.log(borne["people"]))
    assert np.exp(enough) == pytest.approx(needed["adjusted"], rel=0.1)
    assert (borne["together"] > borne["chance"]).all()


@pytest.mark.integration
def test_cover_takes_more_the_lower_it_begins(fitted):
    settings = default_settings()
    cover = stop_loss_curves.stop_loss_curve(fitted, settings)
    assert cover["people"].is_monotonic_increasing
    assert cover["premium"].is_monotonic_decreasing
    even = stop_loss_curves.break_even(fitted, settings)
    for _, rows in even.groupby("attachment"):
        assert rows["loading_percent"].is_monotonic_decreasing
    carved = stop_loss_curves.carve_outs(fitted, settings)
    both = carved.pivot_table(index="limit", columns="design", values="removed_percent")
    assert (both["people above a limit"] > both["excess over a limit"]).all()


@pytest.mark.integration
def test_cover_that_cannot_pay_has_no_loading(fitted):
    short = replace(default_settings(), maximum=20.0)
    even = stop_loss_curves.break_even(fitted, short)
    assert set(even["attachment"]) == {10.0}
    assert np.isfinite(even["loading_percent"]).all()


@pytest.mark.integration
def test_the_tail_is_as_seen_and_goes_on_beyond(fitted):
    settings = default_settings()
    survival = tail.survival(fitted, settings)
    seen = survival["observed"].notna()
    assert survival["modelled"].is_monotonic_decreasing
    body = survival[seen & (survival["cost"] < fitted.cells.threshold)]
    np.testing.assert_allclose(body["modelled"], body["observed"], rtol=0.02)
    above = survival[seen & (survival["cost"] >= fitted.cells.threshold)]
    assert ((above["low"] <= above["observed"]) & (above["observed"] <= above["high"])).mean() > 0.8
    assert (~seen).sum() == tail.BEYOND
    assert survival["cost"][~seen].min() > survival["cost"][seen].max()


@pytest.mark.integration
def test_k_falls_with_the_largest_cost_and_without_the_costliest(fitted):
    settings = default_settings()
    without = answer_without(fitted, settings)
    table = tail.other_assumptions(fitted, settings, without)
    other = table.set_index("assumption")["value"]
    assert other["Largest cost 300 × the mean"] < other["Largest cost 3,000 × the mean"]
    assert other.iloc[-1] < other["As in this report"]


# ---- the assumption about lasting differences ----------------------------------------------


def agrees_with_the_book(value, low, high):
    assumed = assumption("own_data_lasting_sd")
    stated = np.array([assumed.value, assumed.low, assumed.high])
    np.testing.assert_allclose(stated, np.round([value, low, high], 3), atol=5e-4)


@pytest.mark.slow
def test_the_assumed_lasting_differences_are_those_of_the_book():
    file = BUILD / "html" / "numbers.json"
    if file.exists():
        found = published_numbers(file.read_text(), file.name)["cv.tau.mssp"]
        agrees_with_the_book(*(one / 100 for one in (found.value, found.low, found.high)))
    else:
        agrees_with_the_book(*median_and_interval(mssp_components().tau.to_numpy().ravel()))
