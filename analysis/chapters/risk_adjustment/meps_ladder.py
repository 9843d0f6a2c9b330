"""The ladder of budget formulas on today's costs at all ages, scored on people left out."""

import numpy as np
import pandas as pd

from analysis.evidence.meps import FORMULAS, measured_draws, meps_scores
from analysis.fits.meps_costs import meps_ladder_formula
from analysis.report.draws_text import interval_text, measured_texts
from analysis.risk.adjustment import variation

BUDGETS_TODAY = {
    "unadjusted": "Same for all",
    "age_sex": "Age and sex",
    "health": "+ self-rated health",
    "conditions": "+ number of conditions",
    "prior_cost": "+ last year's cost",
}
"""Budget formulas, each with all that those before it know."""

FIFTHS = (1, 2, 3, 4, 5)

DRAWN = ("age_sex", "conditions", "prior_cost")
"""Formulas that a figure has room for."""


def measured(measure: str) -> pd.DataFrame:
    """Return ``value``, ``low`` and ``high`` of one measure on people left out, by formula."""
    scores = meps_scores()
    chosen = scores[scores["measure"] == measure].set_index("formula")
    return chosen.loc[list(BUDGETS_TODAY), ["value", "low", "high"]]


def measured_by_formula(measure: str) -> dict[str, np.ndarray]:
    """Return draws of one measure on people left out, by formula; only where it has an interval."""
    table = measured(measure)
    certain = table["low"] == table["high"]
    return {str(formula): measured_draws(row) for formula, row in table[~certain].iterrows()}


def fitted_k() -> dict[str, np.ndarray]:
    """Return k by draw, of a flat budget and within the groups of each formula."""
    costs = {formula: meps_ladder_formula(formula) for formula in FORMULAS}
    flat = variation(costs["age_sex"], adjusted=False)
    within = {formula: variation(fitted, adjusted=True) for formula, fitted in costs.items()}
    return {"unadjusted": flat} | within


def scores_by_formula() -> pd.DataFrame:
    """Return the scores of every formula on people left out, a row a formula."""
    columns = {
        "R², %": ("r_squared", 100, 1),
        "Cumming's measure, %": ("cumming", 100, 1),
        "Absolute error over the mean": ("absolute_error_over_mean", 1, 2),
        "k left": ("k", 1, 2),
        "Loss of a sicker pool, %": ("loss_of_sicker_pool", 100, 1),
    }
    texts = measured_texts(measured, columns)
    texts["k fitted"] = [interval_text(draws, decimals=2) for draws in fitted_k().values()]
    return pd.DataFrame(texts, index=pd.Index(BUDGETS_TODAY.values(), name="Budget by"))


def ratios_by_fifth() -> pd.DataFrame:
    """Return budget over cost by fifth of last year's cost and formula of `DRAWN`, for a figure."""
    tables = [
        measured(f"budget_over_cost_fifth_{fifth}")
        .loc[list(DRAWN)]
        .rename(index=BUDGETS_TODAY, columns={"value": "predictive_ratio"})
        .rename_axis("formula")
        .reset_index()
        .assign(group=f"Fifth {fifth} by last year's cost")
        for fifth in FIFTHS
    ]
    return pd.concat(tables, ignore_index=True)
