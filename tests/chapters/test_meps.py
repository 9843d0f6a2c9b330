"""What chapters show of the survey: every group is there, and tables say what the data say."""

import numpy as np
import pytest

from analysis.chapters.carve_outs.services import (
    SERVICES,
    fall_of_k,
    k_of_all_care,
    services_removed,
    services_table,
)
from analysis.chapters.carve_outs.services_figure import k_without_each
from analysis.chapters.cost_variance import populations
from analysis.chapters.risk_adjustment.meps_ladder import (
    BUDGETS_TODAY,
    DRAWN,
    fitted_k,
    measured,
    measured_by_formula,
    ratios_by_fifth,
    scores_by_formula,
)
from analysis.evidence.meps import FORMULAS
from analysis.fits.england_variation import evidence

pytestmark = pytest.mark.integration


def test_every_source_of_englands_k_has_its_row():
    table = populations.source_rows()
    assert len(table) == len(evidence())
    number = r"\d\.\d+ \(\d\.\d+–\d\.\d+\)"
    for column in ("k, at England's ages", "k of all care", "England without it"):
        assert table[column].str.fullmatch(number).all()
    assert 0 <= populations.sources_inside() <= len(table)


def test_the_old_vary_less_than_the_young():
    k = populations.k_by_ages()
    young, old = (populations.AGES_IN_WORDS[ages] for ages in ("under_65", "over_64"))
    for name in ("Netherlands, 2015", "United States, 2012-15"):
        assert np.median(k[old, name]) < np.median(k[young, name])


def test_every_formula_has_its_scores():
    table = scores_by_formula()
    assert table.index.tolist() == list(BUDGETS_TODAY.values())
    assert table.map(lambda text: "–" in text or text.startswith("0")).all().all()
    assert list(measured_by_formula("r_squared")) == list(FORMULAS)
    assert list(measured_by_formula("k")) == list(BUDGETS_TODAY)


def test_the_coarsest_formula_pays_last_years_costliest_least():
    ratios = ratios_by_fifth().pivot_table("predictive_ratio", "group", "formula")
    ratios = ratios[[BUDGETS_TODAY[name] for name in DRAWN]]
    assert ratios.iloc[-1].is_monotonic_increasing
    assert ratios.iloc[0].is_monotonic_decreasing
    assert (measured("k")["low"] < measured("k")["high"]).all()


def test_a_finer_budget_never_raises_k():
    medians = [np.median(draws) for draws in fitted_k().values()]
    assert medians == sorted(medians, reverse=True)


def test_kinds_of_care_are_shown_with_what_they_take():
    table, removed = services_table(), services_removed()
    assert len(table) == len(removed) == len(SERVICES)
    assert removed["removed_percent"].sum() == pytest.approx(100, abs=1e-3)
    assert set(fall_of_k()) == set(SERVICES)
    _, ax = k_without_each(removed, k_of_all_care()["value"])
    assert len(ax.get_yticklabels()) == len(SERVICES)
