"""What the report draws of a reader's own people agrees with the measures it comes from."""

import numpy as np
import pandas as pd
import pytest

from analysis.evidence.assumptions import assumption
from analysis.evidence.catalogue import table
from analysis.fits.savings_components import mssp_components
from analysis.intervals import median_and_interval
from analysis.own.people import budget_formulas, size_curves, stop_loss_curves, tail_checks
from analysis.own.people.coverage import coverage, fitted_quickly, invented_table, true_size
from analysis.own.people.example import OLDEST
from analysis.own.people.measures import sizes, true_answers
from analysis.own.people.settings import default_settings
from analysis.population.disclosure.release import release_cells
from analysis.report.published import published_numbers
from analysis.risk.adjustment import variation
from analysis.settings import BUILD
from analysis.tables.bands import Bands


@pytest.fixture(scope="module")
def fitted():
    people, _ = invented_table(30_000, seed=7)
    released = release_cells(people, ["age", "sex"], "cost")
    return fitted_quickly(released, np.random.default_rng(1))[0]


@pytest.mark.integration
def test_formulas_run_from_one_budget_for_all_to_the_fullest(fitted):
    settings = default_settings()
    costs = fitted.costs(settings.maximum, budget_formulas.DRAWS)
    groups = list(budget_formulas.formula_groups(fitted).values())
    assert [len(set(labels)) for labels in groups] == [1, 10, len(fitted.cells.table)]
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
    lasting = size_curves.size_by_persistent(fitted, settings)
    first = lasting[np.isclose(lasting["tolerance_percent"], 2)].iloc[0]
    assert first["people"] == pytest.approx(needed["adjusted"], rel=0.1)
    chance = size_curves.chance_and_persistent(fitted, settings)
    assert chance["chance"].is_monotonic_decreasing
    assert np.ptp(chance["lasting"]) == 0


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
def test_large_costs_are_counted_as_they_were_released(fitted):
    settings = default_settings()
    share = fitted.cells.table["n_tail"].sum() / fitted.cells.table["n"].sum()
    least, most = tail_checks.observed_share(fitted, fitted.cells.threshold)
    assert least == most == pytest.approx(share)
    survival = tail_checks.survival(fitted, settings)
    assert survival["modelled"].is_monotonic_decreasing
    assert (survival["observed_low"].dropna() <= survival["observed_high"].dropna()).all()
    ratios = tail_checks.tail_ratios(fitted, settings, (1, 2, 4, 16, 40))
    assert ratios["ratio"].iloc[0] == pytest.approx(1, abs=0.05)
    assert (ratios["low"] < ratios["high"]).all()
    other = tail_checks.other_assumptions(fitted, settings).set_index("assumption")["value"]
    assert other["Largest cost 300 × the mean"] < other["Largest cost 3,000 × the mean"]


# ---- coverage ------------------------------------------------------------------------------


@pytest.mark.integration
def test_the_truth_is_that_of_budgets_by_the_bands():
    settings = default_settings()
    exact = true_answers(settings)["people_needed"]
    every_year = Bands("age", tuple(range(OLDEST + 1)), "given")
    assert true_size(every_year, settings) == pytest.approx(exact)
    assert exact < true_size(Bands("age", (0, 18, 65), "given"), settings) < 1.1 * exact


@pytest.mark.integration
def test_the_committed_coverage_is_that_of_the_committed_samples():
    samples, counted = (table("own_data_coverage", name) for name in ("samples", "coverage"))
    pd.testing.assert_frame_equal(coverage(samples), counted, check_dtype=False, rtol=1e-3)
    assert (counted["held"] + counted["below"] + counted["above"] == counted["samples"]).all()
    assert counted["samples"].sum() > 0.7 * len(samples)


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
