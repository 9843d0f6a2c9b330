"""Folds of people: who is held out, and the cost model fitted without them."""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from analysis.fits.rand_costs import cost_cells, fitted_formula
from analysis.population.risk_cells import RiskCells
from analysis.risk.cost_distribution import CostDistribution
from analysis.seeds import seed_for

FOLDS = 5

FOLD_DRAWS = 500
"""For fits to part of the people, whose draws are averaged over."""

type CostFit = Callable[[pd.DataFrame, RiskCells], CostDistribution]
"""Fits people with the factors of some cells, which may have people where these have none."""


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


def splits(people: pd.DataFrame) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield for each fold the rows outside it and the rows in it (both bool)."""
    folds = person_folds(people["person"])
    for fold in range(FOLDS):
        yield folds != fold, folds == fold


def fit_rand(people: pd.DataFrame, cells: RiskCells) -> CostDistribution:
    """Return the cost distribution of part of RAND's people, in the cells of all of them."""
    part = cost_cells(people, cells.factors).aligned_with(cells)
    return fitted_formula(cells.factors, people, cells=part, draws=FOLD_DRAWS).costs
