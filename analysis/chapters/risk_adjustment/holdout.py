"""Predictions for people whom the model has not seen: folds of people, not of rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import logsumexp

from analysis.inference.diagnostics import Diagnostics
from analysis.inference.fitting import Sampler, fit
from analysis.models.hurdle.model import hurdle_data, hurdle_model
from analysis.models.hurdle.priors import HurdlePriors
from analysis.population.cells import RiskCells, risk_cells
from analysis.population.clustering import design_effects
from analysis.risk.cost_distribution import cost_distribution
from analysis.risk.predictive import by_person, cell_index, log_density, survival_of
from analysis.seeds import seed_for

FOLDS = 5
COST = "annual_cost_usd"

FOLD_SAMPLER = Sampler(tune=500)
"""For fits to part of the people: a shorter warm-up, same limits."""


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


def person_folds(person: pd.Series, folds: int = FOLDS) -> np.ndarray:
    """Return the fold of each row, so that all years of one person are in one fold.

    Parameters
    ----------
    person : Series, shape (row,)
        Identifiers.
    folds : int
        At least 2.

    Returns
    -------
    ndarray of int, shape (row,)
        0 to folds - 1; the same at every call.
    """
    people, position = np.unique(person.to_numpy(), return_inverse=True)
    generator = np.random.default_rng(seed_for("person-folds"))
    return generator.permutation(np.arange(len(people)) % folds)[position]


def flat_predictions(people: pd.DataFrame) -> np.ndarray:
    """Return the predictions of a flat budget: the mean cost of the people not held out.

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
    for _, training, held_out in _splits(people):
        predicted[held_out] = people.loc[training, COST].mean()
    return predicted


def classical_predictions(people: pd.DataFrame, factors: Sequence[str]) -> dict[str, np.ndarray]:
    """Return each classical model's predictions for held-out people.

    Parameters
    ----------
    people : DataFrame
        Person-years with the factors, ``person`` and ``annual_cost_usd``.
    factors : sequence of str
        One budget formula of `analysis.population.groups.LADDER`.

    Returns
    -------
    dict of str to ndarray, shape (row,)
        US dollars, in the order of the rows.
    """
    # Here and not above: statsmodels is slow to import.
    from analysis.models.classical import CLASSICAL_MODELS

    predicted = {name: np.empty(len(people)) for name in CLASSICAL_MODELS}
    for _, training, held_out in _splits(people):
        for name, model in CLASSICAL_MODELS.items():
            predictor = model(people[training], factors, COST)
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
        Name of the budget formula, for the names of the fits.
    cells : RiskCells
        Of all the people; every fold is fitted to the same cells, so that one compiled model
        serves all.
    maximum_multiple : float
        Largest possible cost of a person, in multiples of the mean.
    folds : sequence of int
        Which folds to fit; by default all. A fit takes as long as that of everybody.
    """
    cell, amount = cell_index(people, cells), people[COST].to_numpy(float)
    person = people["person"].to_numpy()
    persons = np.unique(person)
    result = HeldOut(
        mean=np.full(len(people), np.nan),
        survival=np.full(len(people), np.nan),
        log_score=np.full(len(persons), np.nan),
        diagnostics=[],
    )
    for fold, training, out in _splits(people):
        if fold not in folds:
            continue
        part = risk_cells(people[training], cells.factors, threshold=cells.threshold)
        part_of_cells = part.aligned_with(cells)
        effects = design_effects(people[training], cells.factors, cells.threshold)
        data = hurdle_data(part_of_cells, effects)
        fitted = fit(f"hurdle-{name}-fold-{fold}", hurdle_model, data, priors, FOLD_SAMPLER)
        costs = cost_distribution(
            fitted.thinned(1000), cells.threshold, part_of_cells.share, maximum_multiple
        )
        result.diagnostics.append(fitted.diagnostics)
        result.mean[out] = costs.mean().mean(axis=0)[cell[out]]
        result.survival[out] = survival_of(costs, amount[out], cell[out]).mean(axis=0)
        joint = by_person(log_density(costs, amount[out], cell[out]), person[out])
        at = np.searchsorted(persons, np.unique(person[out]))
        result.log_score[at] = logsumexp(joint, axis=0) - np.log(costs.draws)
    return result


def _splits(people: pd.DataFrame) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    folds = person_folds(people["person"])
    for fold in range(FOLDS):
        yield fold, folds != fold, folds == fold
