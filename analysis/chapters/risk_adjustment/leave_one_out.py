"""Leave one person out: how well a model foretells a person it has not seen, without a refit.

What is left out is a person with all of their years, because that is what a formula will meet: a
new person, not another year of a known one. The posterior without the person is approximated by
importance weights with a Pareto-smoothed tail (Vehtari, Gelman & Gabry 2017, Statistics and
Computing 27:1413; Vehtari and others 2024, Journal of Machine Learning Research 25:72).
"""

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd
import xarray as xr
from scipy.special import logsumexp

from analysis.fits.rand_costs import FittedFormula
from analysis.inference.derived_results import derived_result
from analysis.risk.predictive import by_person, cell_index, log_density, survival_of

PEOPLE_AT_ONCE = 500
"""Bounds the memory: densities are by draw and person-year."""


@dataclass(frozen=True)
class LeaveOneOut:
    """What a model says of people left out one at a time.

    Attributes
    ----------
    log_score : ndarray, shape (person,)
        Log predictive density of all years of the person together, without them in the fit;
        persons in order of identifier.
    pareto_k : ndarray, shape (person,)
        How heavy the tail of the person's importance weights is. Above 0.7 the score is not to be
        trusted: without this person the posterior would be another one.
    in_sample : ndarray, shape (person,)
        The log score with the person in the fit; the sum of the differences is the effective
        number of parameters.
    mean, survival : ndarray, shape (row,)
        Expected annual cost in US dollars, and the predictive probability of a cost above the one
        that came, as in `analysis.chapters.risk_adjustment.holdout.HeldOut`.
    """

    log_score: np.ndarray
    pareto_k: np.ndarray
    in_sample: np.ndarray
    mean: np.ndarray
    survival: np.ndarray

    @property
    def effective_parameters(self) -> float:
        """How many parameters the data pin down, in effect."""
        return float((self.in_sample - self.log_score).sum())


def smoothed_weights(
    fitted: np.ndarray, relative_efficiency: float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """Return the weights that turn the posterior into the one without each person.

    Parameters
    ----------
    fitted : ndarray, shape (draw, person)
        The person's term in the log-likelihood that was sampled: what leaving out removes.
    relative_efficiency : float
        Effective over nominal number of draws.

    Returns
    -------
    log_weights : ndarray, shape (draw, person)
        Their exponentials add up to 1 over draws.
    pareto_k : ndarray, shape (person,)
    """
    from arviz_stats.base import array_stats  # a second of imports, for those who compute

    weights, pareto_k = array_stats.psislw(fitted.T, r_eff=relative_efficiency)
    return weights.T, np.asarray(pareto_k)


def leave_one_out(budget_formula: FittedFormula) -> LeaveOneOut:
    """Return what a budget formula says of its people, each left out with all of their years.

    The likelihood that was sampled divides each part by its design effect, so leaving a person out
    removes the divided terms; what is scored is the density itself. The result is kept in the store
    of fits.
    """
    people = budget_formula.people
    inputs = {
        "costs": budget_formula.costs,
        "effects": budget_formula.effects,
        "person": people["person"].to_numpy(),
        "amount": people["annual_cost_usd"].to_numpy(float),
        "cell": cell_index(people, budget_formula.cells),
        "efficiency": _efficiency(budget_formula),
    }

    def make() -> xr.Dataset:
        left_out = vars(_left_out(budget_formula))
        by_row = {"mean", "survival"}
        return xr.Dataset(
            {
                name: ("row" if name in by_row else "person", values)
                for name, values in left_out.items()
            }
        )

    name = f"leave-one-out-{budget_formula.fit.name}"
    result = derived_result(name, leave_one_out, inputs, make)
    return LeaveOneOut(
        **{field.name: result[field.name].to_numpy() for field in fields(LeaveOneOut)}
    )


def _left_out(budget_formula: FittedFormula) -> LeaveOneOut:
    person = budget_formula.people["person"].to_numpy()
    identifiers = np.unique(person)
    people, rows = len(identifiers), len(person)
    found = LeaveOneOut(*(np.empty(size) for size in (people, people, people, rows, rows)))
    expected = budget_formula.costs.mean()
    for start in range(0, people, PEOPLE_AT_ONCE):
        block = slice(start, start + PEOPLE_AT_ONCE)
        at = np.flatnonzero(np.isin(person, identifiers[block]))
        amount = budget_formula.people["annual_cost_usd"].to_numpy(float)[at]
        cell = cell_index(budget_formula.people.iloc[at], budget_formula.cells)
        density = by_person(log_density(budget_formula.costs, amount, cell), person[at])
        fitted = by_person(
            log_density(budget_formula.costs, amount, cell, budget_formula.effects), person[at]
        )
        weights, found.pareto_k[block] = smoothed_weights(fitted, _efficiency(budget_formula))
        found.log_score[block] = logsumexp(weights + density, axis=0)
        found.in_sample[block] = logsumexp(density, axis=0) - np.log(len(density))
        of_row = np.exp(weights)[:, np.searchsorted(identifiers[block], person[at])]
        found.mean[at] = (of_row * expected[:, cell]).sum(axis=0)
        found.survival[at] = (of_row * survival_of(budget_formula.costs, amount, cell)).sum(axis=0)
    return found


def _efficiency(budget_formula: FittedFormula) -> float:
    """Effective over nominal draws of the parameter that mixes worst: a cautious choice."""
    return min(
        1.0, budget_formula.fit.diagnostics.min_ess_bulk / budget_formula.fit.diagnostics.draws
    )


def compare_log_scores(scores: dict[str, LeaveOneOut], reference: str) -> pd.DataFrame:
    """Return a table of leave-one-out scores, each against one model on the same people.

    Parameters
    ----------
    scores : dict of str to LeaveOneOut
        All of the same people.
    reference : str
        Name of the model that the others are compared with.

    Returns
    -------
    DataFrame, one row a model
        ``log_score``, ``gain`` over the reference, its ``standard_error`` over people,
        ``effective_parameters``, ``highest_pareto_k`` and ``people_above_0_7``.
    """
    rows = {}
    for name, found in scores.items():
        gain = found.log_score - scores[reference].log_score
        rows[name] = {
            "log_score": found.log_score.sum(),
            "gain": gain.sum(),
            "standard_error": gain.std(ddof=1) * np.sqrt(len(gain)),
            "effective_parameters": found.effective_parameters,
            "highest_pareto_k": found.pareto_k.max(),
            "people_above_0_7": int((found.pareto_k > 0.7).sum()),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("model")
