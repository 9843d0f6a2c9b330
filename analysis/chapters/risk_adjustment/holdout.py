"""Predictions for people whom the model has not seen: folds of people, not of rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import logsumexp

from analysis.fits.held_out_people import CostFit, fit_rand, splits
from analysis.population.risk_cells import RiskCells
from analysis.risk.predictive import by_person, cell_index, log_density, survival_of

COST = "annual_cost_usd"


@dataclass(frozen=True)
class HeldOut:
    """What a model that has not seen them says of people, averaged over its posterior.

    Attributes
    ----------
    mean : ndarray, shape (row,)
        Expected annual cost, in the currency of the costs.
    survival : ndarray, shape (row,)
        Predictive probability of a cost above the one that came.
    log_score : ndarray, shape (person,)
        Log predictive density of all years of a person together, persons in order of identifier.
    """

    mean: np.ndarray
    survival: np.ndarray
    log_score: np.ndarray


def flat_predictions(people: pd.DataFrame, cost: str = COST) -> np.ndarray:
    """Return the predictions of a flat budget: the mean cost of the people not held out.

    Parameters
    ----------
    people : DataFrame
        With ``person`` and the cost.

    Returns
    -------
    ndarray, shape (row,)
        In the currency of the costs, in the order of the rows.
    """
    predicted = np.empty(len(people))
    for training, held_out in splits(people):
        predicted[held_out] = people.loc[training, cost].mean()
    return predicted


def classical_predictions(
    people: pd.DataFrame, factors: Sequence[str], cost: str = COST
) -> dict[str, np.ndarray]:
    """Return each classical model's predictions for held-out people.

    Parameters
    ----------
    people : DataFrame
        With the factors, ``person`` and the cost.

    Returns
    -------
    dict of str to ndarray, shape (row,)
        In the currency of the costs, in the order of the rows.
    """
    # Here and not above: statsmodels is slow to import.
    from analysis.models.classical import CLASSICAL_MODELS

    # Of a column of words the formulas would ask for the levels word by word.
    people = people.astype(dict.fromkeys(factors, "category"))
    predicted = {name: np.empty(len(people)) for name in CLASSICAL_MODELS}
    for training, held_out in splits(people):
        for name, model in CLASSICAL_MODELS.items():
            predictor = model(people[training], factors, cost)
            predicted[name][held_out] = np.asarray(predictor(people[held_out]))
    return predicted


def held_out_costs(
    people: pd.DataFrame, cells: RiskCells, fit: CostFit = fit_rand, cost: str = COST
) -> HeldOut:
    """Return what the cost model says of people in folds that it was not fitted to.

    Parameters
    ----------
    people : DataFrame
        With the factors of the cells, ``person`` and the cost.
    cells : RiskCells
        Of all the people.
    """
    cell, amount = cell_index(people, cells), people[cost].to_numpy(float)
    person = people["person"].to_numpy()
    persons = np.unique(person)
    result = HeldOut(np.empty(len(people)), np.empty(len(people)), np.empty(len(persons)))
    for training, out in splits(people):
        costs = fit(people[training], cells)
        result.mean[out] = costs.mean().mean(axis=0)[cell[out]]
        result.survival[out] = survival_of(costs, amount[out], cell[out]).mean(axis=0)
        joint = by_person(log_density(costs, amount[out], cell[out]), person[out])
        at = np.searchsorted(persons, np.unique(person[out]))
        result.log_score[at] = logsumexp(joint, axis=0) - np.log(costs.draws)
    return result


def compare_log_scores(scores: dict[str, np.ndarray], reference: str) -> pd.DataFrame:
    """Return a table of log scores of people held out, each against one model.

    Parameters
    ----------
    scores : dict of str to ndarray, shape (person,)
        All of the same people.
    reference : str
        Name of the model that the others are compared with.

    Returns
    -------
    DataFrame, one row a model
        ``log_score``, ``gain`` over the reference and its ``standard_error`` over people.
    """
    rows = {}
    for name, score in scores.items():
        gain = score - scores[reference]
        rows[name] = {
            "log_score": score.sum(),
            "gain": gain.sum(),
            "standard_error": gain.std(ddof=1) * np.sqrt(len(gain)),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("model")
