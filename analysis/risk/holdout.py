"""Predictions for people whom the model has not seen: folds of people, not of rows."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from analysis.inference import Sampler, fit, seed_for
from analysis.models import HurdlePriors, hurdle_data, hurdle_model
from analysis.models.classical import CLASSICAL_MODELS
from analysis.population.cells import RiskCells, risk_cells
from analysis.population.clustering import design_effects
from analysis.risk.severity import cost_distribution

FOLDS = 5
COST = "annual_cost_usd"


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


def classical_predictions(people: pd.DataFrame, factors: Sequence[str]) -> dict[str, np.ndarray]:
    """Return each classical model's predictions for held-out people.

    Parameters
    ----------
    people : DataFrame
        Person-years with the factors, ``person`` and ``annual_cost_usd``.
    factors : sequence of str
        One rung of `analysis.population.LADDER`.

    Returns
    -------
    dict of str to ndarray, shape (row,)
        US dollars, in the order of the rows.
    """
    predicted = {name: np.empty(len(people)) for name in CLASSICAL_MODELS}
    for _, seen, held_out in _splits(people):
        for name, model in CLASSICAL_MODELS.items():
            predictor = model(people[seen], factors, COST)
            predicted[name][held_out] = np.asarray(predictor(people[held_out]))
    return predicted


def hurdle_predictions(
    people: pd.DataFrame,
    rung: str,
    factors: Sequence[str],
    priors: HurdlePriors,
    maximum_multiple: float,
    sampler: Sampler | None = None,
) -> np.ndarray:
    """Return the hurdle model's posterior mean cost of held-out people.

    Parameters
    ----------
    people, factors
        As for `classical_predictions`.
    rung : str
        Name of the rung, for the names of the fits.
    priors : HurdlePriors
    maximum_multiple : float
        Largest possible cost of a person, in multiples of the mean.
    sampler : Sampler, optional
        By default the settings of `Sampler`.

    Returns
    -------
    ndarray, shape (row,)
        US dollars, in the order of the rows.
    """
    everyone = risk_cells(people, factors)
    cell = _cell_of(people, everyone)
    predicted = np.empty(len(people))
    for fold, seen, held_out in _splits(people):
        cells = risk_cells(people[seen], factors).aligned_with(everyone)
        effects = design_effects(people[seen], factors, cells.threshold)
        data = hurdle_data(cells, effects)
        fitted = fit(f"hurdle-{rung}-fold-{fold}", hurdle_model, data, priors, sampler or Sampler())
        costs = cost_distribution(
            fitted.thinned(1000), cells.threshold, cells.share, maximum_multiple
        )
        predicted[held_out] = costs.mean().mean(axis=0)[cell[held_out]]
    return predicted


def _splits(people: pd.DataFrame) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    folds = person_folds(people["person"])
    for fold in range(FOLDS):
        yield fold, folds != fold, folds == fold


def _cell_of(people: pd.DataFrame, cells: RiskCells) -> np.ndarray:
    """Position of each person's cell in the table of cells."""
    keys = list(cells.factors)
    positions = cells.table[keys].reset_index()
    return people[keys].merge(positions, how="left", on=keys)["index"].to_numpy()
