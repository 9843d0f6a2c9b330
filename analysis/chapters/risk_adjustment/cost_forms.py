"""Which form fits positive cost: four forms on the same people, each person left out in turn."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import xarray as xr
from scipy.special import logsumexp

from analysis.chapters.risk_adjustment.leave_one_out import (
    LeaveOneOut,
    compare_log_scores,
    smoothed_weights,
)
from analysis.chapters.risk_adjustment.positive_cost import (
    GeneralisedGammaCosts,
    as_generalised_gamma,
    positive_log_density,
)
from analysis.inference.derived_results import derived_result
from analysis.risk.adjustment import variation
from analysis.risk.annual_cost import fewer_draws
from analysis.risk.predictive import by_person, cell_index
from analysis.seeds import seed_for

if TYPE_CHECKING:
    from analysis.fits.rand_costs import FittedFormula
    from analysis.inference.fitting import Fit

DRAWS = 1250
"""Draws compared: enough for people none of whom moves the posterior much."""

AS_USED = "Lognormal with Pareto tail"
"""The form of the book's cost model, with which the others are compared."""


def lognormal_costs(budget_formula: "FittedFormula", draws: int = DRAWS) -> GeneralisedGammaCosts:
    """Return the lognormal without a tail, with its exact posterior under the usual flat prior.

    References
    ----------
    Gelman and others (2013), Bayesian Data Analysis, third edition, section 3.2.
    """
    table = budget_formula.cells.table
    n, total = table["n_positive"].to_numpy(float), table["sum_log"].to_numpy()
    mean = total / n
    squares = table["sum_log_squared"].to_numpy() - total * mean
    # Repeated years weaken the evidence here as they do in the other forms.
    evidence = n / budget_formula.effects.body
    generator = np.random.default_rng(seed_for("lognormal-without-tail"))
    chi_square = generator.chisquare(evidence - 1, size=(draws, len(n)))
    scale = np.sqrt(squares / budget_formula.effects.body / chi_square)
    location = mean + scale / np.sqrt(evidence) * generator.normal(size=scale.shape)
    base = as_generalised_gamma(fewer_draws(budget_formula.costs, draws), tail=False)
    return replace(base, location=location, scale=scale)


def cost_forms(
    budget_formula: "FittedFormula", fits: "Mapping[str, Fit]"
) -> dict[str, GeneralisedGammaCosts]:
    """Return the cost distribution under four forms of positive cost.

    Parameters
    ----------
    fits : mapping of str to Fit
        ``all`` and ``body``: the generalised gamma of all positive costs, and of those below the
        threshold, from `analysis.fits.positive_costs.fit_generalised_gamma`.

    Returns
    -------
    dict of str to GeneralisedGammaCosts
        With the same probability of any cost, and the same largest cost.
    """
    base = fewer_draws(budget_formula.costs, DRAWS)
    everything, body = (fits[name].thinned(DRAWS) for name in ("all", "body"))
    return {
        "Lognormal": lognormal_costs(budget_formula, base.draws),
        "Generalised gamma": as_generalised_gamma(base, everything, tail=False),
        AS_USED: as_generalised_gamma(base),
        "Generalised gamma with Pareto tail": as_generalised_gamma(base, body),
    }


def compare_forms(
    budget_formula: "FittedFormula", forms: Mapping[str, GeneralisedGammaCosts]
) -> pd.DataFrame:
    """Return how well each form foretells positive costs of people left out, and its moments.

    The result is kept in the store of fits.

    Parameters
    ----------
    forms : mapping of str to GeneralisedGammaCosts
        From `cost_forms`.

    Returns
    -------
    DataFrame, one row a form
        The columns of `compare_log_scores`, ``mcse`` (Monte Carlo standard error of ``gain``),
        then by draw-median ``mean_usd``, ``k`` and ``share_above_usd`` 10,000, in that order, and
        the ``shape`` of the body.
    """
    people = budget_formula.people
    inputs = {
        "forms": forms,
        "effects": budget_formula.effects,
        "person": people["person"].to_numpy(),
        "amount": people["annual_cost_usd"].to_numpy(float),
        "cell": cell_index(people, budget_formula.cells),
    }

    def make() -> xr.Dataset:
        table = _compared(budget_formula, forms)
        return xr.Dataset.from_dataframe(table).assign_attrs(columns=list(table.columns))

    name = f"compared-forms-{budget_formula.fit.name}"
    result = derived_result(name, compare_forms, inputs, make)
    # In the file variables and forms are in order of name.
    return result.to_dataframe().loc[list(forms), list(result.attrs["columns"])]


def _compared(
    budget_formula: "FittedFormula", forms: Mapping[str, GeneralisedGammaCosts]
) -> pd.DataFrame:
    people = budget_formula.people[budget_formula.people["annual_cost_usd"] > 0]
    amount, person = people["annual_cost_usd"].to_numpy(float), people["person"].to_numpy()
    cell = cell_index(people, budget_formula.cells)
    scores, moments, errors = {}, {}, {}
    for name, costs in forms.items():
        # Without a tail the likelihood was one part, divided by the effect of the body.
        density = by_person(positive_log_density(costs, amount, cell), person)
        fitted = by_person(
            positive_log_density(costs, amount, cell, budget_formula.effects), person
        )
        weights, pareto_k = smoothed_weights(fitted)
        scores[name] = LeaveOneOut(
            log_score=logsumexp(weights + density, axis=0),
            pareto_k=pareto_k,
            in_sample=logsumexp(density, axis=0) - np.log(len(density)),
            mean=np.empty(0),
            survival=np.empty(0),
        )
        errors[name] = _score_error(weights, density)
        moments[name] = {
            "shape": float(np.median(costs.body_shape)),
            "mean_usd": float(np.median(costs.population_mean())),
            "k": float(np.median(variation(costs, adjusted=True))),
            "share_above_10000_usd": float(np.median(costs.survival(10_000.0))),
        }
    table = compare_log_scores(scores, AS_USED)
    table["mcse"] = [np.hypot(errors[name], errors[AS_USED]) for name in table.index]
    return table.join(pd.DataFrame.from_dict(moments, orient="index"))


def _score_error(log_weights: np.ndarray, density: np.ndarray) -> float:
    """Return the Monte Carlo standard error of a sum of log scores, shape of both (draw, person).

    Each score is a weighted mean over draws. To first order a draw moves its log by what it adds to
    the mean less its weight, and it does so for all people at once.
    """
    added = np.exp(log_weights + density - logsumexp(log_weights + density, axis=0))
    influence = (added - np.exp(log_weights)).sum(axis=1)
    return float(np.sqrt((influence**2).sum()))
