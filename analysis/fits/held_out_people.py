"""Folds of people, and the cost model fitted without one of them."""

from collections.abc import Iterator
from functools import partial

import numpy as np
import pandas as pd

from analysis.fits.rand_costs import HURDLE, RAND_FITS, HurdleFit, hurdle_fit
from analysis.fits.specification import PublishedFit
from analysis.inference.fitting import Sampler
from analysis.models.hurdle.data import HurdleData
from analysis.models.hurdle.priors import HurdlePriors
from analysis.population.cells import risk_cells
from analysis.population.risk_cells import RiskCells
from analysis.seeds import seed_for

FOLDS = 5

FOLD_SAMPLER = Sampler(tune=500)
"""For fits to part of the people: a shorter warm-up, same limits."""


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


def splits(people: pd.DataFrame) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """Yield each fold's number, the rows outside it and the rows in it (both bool)."""
    folds = person_folds(people["person"])
    for fold in range(FOLDS):
        yield fold, folds != fold, folds == fold


def fit_without_fold(
    name: str, people: pd.DataFrame, cells: RiskCells, priors: HurdlePriors, fold: int
) -> HurdleFit:
    """Return what the fit to the people outside one fold needs.

    Parameters
    ----------
    name : str
        Of the budget formula, for the name of the fit.
    people : DataFrame
        Person-years with the factors of the cells and ``person``.
    cells : RiskCells
        Of all the people; every fold is fitted to the same cells, so that one compiled model
        serves all.
    """
    outside = people[person_folds(people["person"]) != fold]
    part = risk_cells(outside, cells.factors, threshold=cells.threshold)
    return hurdle_fit(
        f"hurdle-{name}-fold-{fold}",
        outside,
        part.aligned_with(cells),
        priors=priors,
        sampler=FOLD_SAMPLER,
    )


def _inputs(formula: str, fold: int) -> tuple[HurdleData, HurdlePriors]:
    everyone = RAND_FITS[f"hurdle-{formula}"]()
    fold_fit = fit_without_fold(formula, everyone.people, everyone.cells, everyone.priors, fold)
    return fold_fit.inputs()


def _published(formula: str, fold: int, seconds: float, model: str) -> PublishedFit:
    inputs = partial(_inputs, formula, fold)
    return PublishedFit(
        f"hurdle-{formula}-fold-{fold}", HURDLE, inputs, seconds, model, FOLD_SAMPLER
    )


PUBLISHED = (
    *(_published("age-sex", fold, 7, "hurdle by age and sex") for fold in range(FOLDS)),
    _published("health", 0, 20, "hurdle with health"),
)
