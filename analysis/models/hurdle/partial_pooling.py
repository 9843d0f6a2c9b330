"""Quantities of cells as an intercept plus partially pooled effects of factors.

All effects of all quantities are one array, and the cells are reached by one product of matrices: a
model with many small arrays says the same and compiles in twice the time.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from scipy.linalg import block_diag, helmert

from analysis.models.small_matrices import product

FEWEST_LEVELS_TO_LEARN_A_SPREAD = 5


@dataclass(frozen=True)
class Contrasts:
    """Effects of factors as orthonormal contrasts between their levels.

    A factor's effects add up to zero over its levels; a factor of m levels has m - 1 contrasts.
    Independent normal contrasts are a zero-sum normal of the effects, with the same spread.

    Attributes
    ----------
    design : ndarray, shape (cell, contrast)
        Times the contrasts, it gives the effects of each cell. Every column has mean 0 over people.
    factors : ndarray, shape (factor, contrast)
        1 where the contrast is one of the factor.
    learned : ndarray of bool, shape (factor,)
        Whether the factor has enough levels to tell how much levels differ.
    """

    design: np.ndarray
    factors: np.ndarray
    learned: np.ndarray


def contrasts(
    levels: Mapping[str, np.ndarray], level_names: Mapping[str, Sequence[str]], people: np.ndarray
) -> Contrasts:
    """Return the contrasts of a set of cells.

    An effect is measured from its mean over people. Measured from the mean over levels, the
    intercept would hang on the effect of the rarest level, which hardly anybody informs.

    Parameters
    ----------
    levels : mapping of str to ndarray of int, shape (cell,)
        For each factor, the level of each cell.
    level_names : mapping of str to sequence of str
        At least two levels a factor.
    people : ndarray, shape (cell,)
        People in each cell, above zero in all.

    Returns
    -------
    Contrasts
    """
    sizes = [len(names) for names in level_names.values()]
    own_level = np.hstack([np.eye(m)[levels[f]] for f, m in zip(level_names, sizes, strict=True)])
    design = own_level @ block_diag(*[helmert(m).T for m in sizes])
    return Contrasts(
        design=design - np.average(design, axis=0, weights=people),
        factors=np.repeat(np.eye(len(sizes)), [m - 1 for m in sizes], axis=1),
        learned=np.array(sizes) >= FEWEST_LEVELS_TO_LEARN_A_SPREAD,
    )


def pooled_quantities(
    intercepts: Mapping[str, tuple[float, float]],
    effect_scale: Mapping[str, float],
    cells: Contrasts,
    *,
    not_centred: Collection[str] = (),
) -> dict[str, pt.TensorVariable]:
    """Add intercepts and effects to the model and return every quantity by cell.

    Two to four levels cannot tell how much levels differ, so the spread of a short factor is fixed
    at its prior mean. The prior of a learned spread avoids zero (gamma with shape 2: Chung and
    others 2013, Psychometrika 78:685), where a hierarchical model cannot be sampled well.

    Parameters
    ----------
    intercepts : mapping of str to (float, float)
        For each quantity, mean and standard deviation of the normal prior of its value for the
        average person.
    effect_scale : mapping of str to float
        Spread expected between the levels of a factor, by quantity.
    cells : Contrasts
    not_centred : collection of str
        Quantities whose effects are sampled in units of their spread: right where the data say
        little of single levels.

    Returns
    -------
    dict of str to TensorVariable, shape (cell,)
        The quantities, also kept as deterministics of that name. The model needs the dims ``cell``,
        ``quantity`` (the names of `intercepts`), ``learned_factor`` and ``contrast``.
    """
    mean, sd = np.array(list(intercepts.values())).T
    typical = np.array([effect_scale[name] for name in intercepts])[:, None]
    centred = np.array([name not in not_centred for name in intercepts])[:, None]
    spread = (typical * ~cells.learned) @ cells.factors
    if cells.learned.any():
        dims = ("quantity", "learned_factor")
        learned = pm.Gamma("spread", alpha=2, beta=2 / typical, dims=dims)
        spread = spread + product(learned, cells.factors[cells.learned])
    dims = ("quantity", "contrast")
    sampled = pm.Normal("sampled_effect", 0, pt.switch(centred, spread, 1.0), dims=dims)
    effect = sampled * pt.switch(centred, 1.0, spread)
    design = pm.Data("design", cells.design, dims=("cell", "contrast"))
    intercept = pm.Normal("intercept", mean, sd, dims="quantity")
    values = intercept[:, None] + product(effect, design.T)
    return {
        name: pm.Deterministic(name, values[row], dims="cell")
        for row, name in enumerate(intercepts)
    }


def pooling_coords(
    intercepts: Collection[str], level_names: Mapping[str, Sequence[str]]
) -> dict[str, list[str]]:
    """Return the coordinates that `pooled_quantities` needs beside ``cell``.

    Parameters
    ----------
    intercepts : collection of str
        Names of the quantities.
    level_names : mapping of str to sequence of str

    Returns
    -------
    dict of str to list of str
    """
    sizes = {factor: len(names) for factor, names in level_names.items()}
    return {
        "quantity": list(intercepts),
        "learned_factor": [f for f, m in sizes.items() if m >= FEWEST_LEVELS_TO_LEARN_A_SPREAD],
        "contrast": [f"{f} {number}" for f, m in sizes.items() for number in range(1, m)],
    }
