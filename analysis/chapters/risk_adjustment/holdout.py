"""Predictions for people whom the model has not seen: folds of people, not of rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import logsumexp

from analysis.fits.held_out_people import FOLDS, fit_without_fold, splits
from analysis.inference.diagnostics import Diagnostics
from analysis.models.classical import CLASSICAL_MODELS
from analysis.models.hurdle.priors import HurdlePriors
from analysis.population.risk_cells import RiskCells
from analysis.risk.cost_distribution import cost_distribution
from analysis.risk.predictive import by_person, cell_index, log_density, survival_of

COST = "annual_cost_usd"


@dataclass(frozen=True)
class HeldOut:
    """What a model that has not seen them says of some people, averaged over its posterior.

    Attributes
    ----------
    mean : ndarray, shape (row,)
        Expected annual cost, US dollars; missing for people in folds that were not asked for.
    survival : ndarray, shape (row,)
        Predictive probability of a cost above the one that came.
    log_score : ndarray, shape (person,)
        Log predictive density of all years of a person together, persons in order of identifier.
    diagnostics : list of Diagnostics
        Of the fits, one a fold.
    """

    mean: np.ndarray
    survival: np.ndarray
    log_score: np.ndarray
    diagnostics: list[Diagnostics]


def flat_predictions(people: pd.DataFrame) -> np.ndarray:
    """Return the lowest rung: the mean cost of the people who were not held out.

    Parameters
    ----------
    people : DataFrame
        Person-years with ``person`` and ``annual_cost_usd``.

    Returns
    -------
    ndarray, shape (row,)
        US dollars, in the order of the rows.
    """
    predicted = np.empty(len(people))
    for _, seen, held_out in splits(people):
        predicted[held_out] = people.loc[seen, COST].mean()
    return predicted


def classical_predictions(people: pd.DataFrame, factors: Sequence[str]) -> dict[str, np.ndarray]:
    """Return each classical model's predictions for held-out people.

    Parameters
    ----------
    people : DataFrame
        Person-years with the factors, ``person`` and ``annual_cost_usd``.
    factors : sequence of str
        One rung of `analysis.population.groups.LADDER`.

    Returns
    -------
    dict of str to ndarray, shape (row,)
        US dollars, in the order of the rows.
    """
    predicted = {name: np.empty(len(people)) for name in CLASSICAL_MODELS}
    for _, seen, held_out in splits(people):
        for name, model in CLASSICAL_MODELS.items():
            predictor = model(people[seen], factors, COST)
            predicted[name][held_out] = np.asarray(predictor(people[held_out]))
    return predicted


def hurdle_held_out(
    people: pd.DataFrame,
    name: str,
    cells: RiskCells,
    priors: HurdlePriors,
    maximum_multiple: float,
    folds: Sequence[int] = range(FOLDS),
) -> HeldOut:
    """Return what the hurdle model says of people in folds that it was not fitted to.

    Parameters
    ----------
    people : DataFrame
        Person-years with the factors of the cells, ``person`` and ``annual_cost_usd``.
    name : str
        Name of the rung, for the names of the fits.
    cells : RiskCells
        Of all the people; every fold is fitted to the same cells, so that one compiled model
        serves all.
    priors : HurdlePriors
    maximum_multiple : float
        Largest possible cost of a person, in multiples of the mean.
    folds : sequence of int
        Which folds to fit; by default all. A fit takes as long as that of everybody.

    Returns
    -------
    HeldOut
    """
    cell, amount = cell_index(people, cells), people[COST].to_numpy(float)
    person = people["person"].to_numpy()
    persons = np.unique(person)
    rows, groups = np.full((2, len(people)), np.nan), np.full(len(persons), np.nan)
    found = HeldOut(mean=rows[0], survival=rows[1], log_score=groups, diagnostics=[])
    for fold, _, out in splits(people):
        if fold not in folds:
            continue
        without = fit_without_fold(name, people, cells, priors, fold)
        fitted, share = without.fit(), without.cells.share
        found.diagnostics.append(fitted.diagnostics)
        costs = cost_distribution(fitted.thinned(1000), cells.threshold, share, maximum_multiple)
        found.mean[out] = costs.mean().mean(axis=0)[cell[out]]
        found.survival[out] = survival_of(costs, amount[out], cell[out]).mean(axis=0)
        joint = by_person(log_density(costs, amount[out], cell[out]), person[out])
        at = np.searchsorted(persons, np.unique(person[out]))
        found.log_score[at] = logsumexp(joint, axis=0) - np.log(costs.draws)
    return found
