"""Leave one person out: how well a model foretells a person it has not seen, without a refit.

What is left out is a person with all of their years, because that is what a formula will meet: a
new person, not another year of a known one. The posterior without the person is approximated by
importance weights with a Pareto-smoothed tail (Vehtari, Gelman & Gabry 2017, Statistics and
Computing 27:1413; Vehtari and others 2024, Journal of Machine Learning Research 25:72).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from arviz_stats.base import array_stats
from scipy.special import logsumexp

from analysis.risk.predictive import by_person, cell_index, log_density
from analysis.risk.rungs import Rung

PEOPLE_AT_ONCE = 500
"""Bounds the memory: densities are by draw and person-year."""


@dataclass(frozen=True)
class LeaveOneOut:
    """Scores of people left out one at a time, in order of identifier.

    Attributes
    ----------
    log_score : ndarray, shape (person,)
        Log predictive density of all years of the person together, without them in the fit.
    pareto_k : ndarray, shape (person,)
        How heavy the tail of the person's importance weights is. Above 0.7 the score is not to be
        trusted: without this person the posterior would be another one.
    in_sample : ndarray, shape (person,)
        The same with the person in the fit; the sum of the differences is the effective number
        of parameters.
    """

    log_score: np.ndarray
    pareto_k: np.ndarray
    in_sample: np.ndarray

    @property
    def effective_parameters(self) -> float:
        """How many parameters the data pin down, in effect."""
        return float((self.in_sample - self.log_score).sum())


def smoothed_leave_one_out(
    density: np.ndarray, fitted: np.ndarray, relative_efficiency: float = 1.0
) -> LeaveOneOut:
    """Return leave-one-out scores from log densities by draw.

    Parameters
    ----------
    density : ndarray, shape (draw, person)
        Log density of the person: what is scored.
    fitted : ndarray, shape (draw, person)
        The person's term in the log-likelihood that was sampled: what leaving out removes. The
        same as `density` unless the likelihood was weighted.
    relative_efficiency : float
        Effective over nominal number of draws.

    Returns
    -------
    LeaveOneOut
    """
    weights, pareto_k = array_stats.psislw(fitted.T, r_eff=relative_efficiency)
    return LeaveOneOut(
        log_score=logsumexp(weights + density.T, axis=1),
        pareto_k=np.asarray(pareto_k),
        in_sample=logsumexp(density, axis=0) - np.log(len(density)),
    )


def leave_one_out(rung: Rung) -> LeaveOneOut:
    """Return the scores of a rung's people, each left out with all of their years.

    The likelihood that was sampled divides each part by its design effect, so leaving a person out
    removes the divided terms; what is scored is the density itself.

    Parameters
    ----------
    rung : Rung

    Returns
    -------
    LeaveOneOut
        People in order of identifier.
    """
    person = rung.people["person"].to_numpy()
    amount = rung.people["annual_cost_usd"].to_numpy(float)
    cell = cell_index(rung.people, rung.cells)
    diagnostics = rung.fit.diagnostics
    efficiency = min(1.0, diagnostics.min_ess_bulk / diagnostics.draws)
    parts = []
    identifiers = np.unique(person)
    for start in range(0, len(identifiers), PEOPLE_AT_ONCE):
        rows = np.isin(person, identifiers[start : start + PEOPLE_AT_ONCE])
        density, fitted = (
            by_person(log_density(rung.costs, amount[rows], cell[rows], *effects), person[rows])
            for effects in ((), (rung.effects,))
        )
        parts.append(smoothed_leave_one_out(density, fitted, efficiency))
    return LeaveOneOut(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in _FIELDS)
    )


_FIELDS = ("log_score", "pareto_k", "in_sample")


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
