"""What chapters show of the survey: every group is there, and tables say what the data say."""

import numpy as np
import pytest
from analysis.chapters.cost_variance.meps import AGES_IN_WORDS, k_by_age, survey_k

from analysis.chapters.carve_outs.services import (
    SERVICES,
    fall_of_k,
    k_of_all_care,
    services_removed,
    services_table,
)
from analysis.chapters.carve_outs.services_figure import k_without_each
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

pytestmark = pytest.mark.integration


def test_k_of_the_survey_stands_beside_that_of_others():
    others = {"RAND, free care": np.full(200, 3.1) + np.linspace(-0.1, 0.1, 200)}
    table = k_by_age(survey_k(), others)
    assert table["Ages"].tolist() == ["under 65", *AGES_IN_WORDS.values()]
    assert table["k fitted"].str.fullmatch(r"\d\.\d+ \(\d\.\d+–\d\.\d+\)").all()
    assert table["k observed"].iloc[0] == ""


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
