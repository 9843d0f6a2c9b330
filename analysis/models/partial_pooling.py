"""Quantities of cells as an intercept plus partially pooled effects of factors.

All effects of all quantities are one array, and the cells are reached by one product of matrices: a
model with many small arrays says the same and compiles in twice the time.
"""

from collections.abc import Mapping

import numpy as np
import pymc as pm
import pytensor.tensor as pt

from analysis.models.contrasts import Contrasts
from analysis.models.small_matrices import product


def pooled_quantities(
    intercepts: Mapping[str, tuple[float, float]],
    effect_scale: Mapping[str, float],
    cells: Contrasts,
) -> dict[str, pt.TensorVariable]:
    """Add intercepts and effects to the model and return every quantity by cell, shape (cell,).

    Two to four levels cannot tell how much levels differ, so the spread of a short factor is fixed
    at its prior mean. The prior of a learned spread avoids zero (gamma with shape 2: Chung and
    others 2013, Psychometrika 78:685), where a hierarchical model cannot be sampled well. The
    quantities are also kept as deterministics; the model needs the dims ``cell``, ``quantity`` (the
    names of `intercepts`), ``learned_factor`` and ``contrast``.

    Parameters
    ----------
    intercepts : mapping of str to (float, float)
        For each quantity, mean and standard deviation of the normal prior of its value for the
        average person.
    effect_scale : mapping of str to float
        Spread expected between the levels of a factor, by quantity.
    """
    mean, sd = np.array(list(intercepts.values())).T
    typical = np.array([effect_scale[name] for name in intercepts])[:, None]
    spread = (typical * ~cells.learned) @ cells.factors
    if cells.learned.any():
        dims = ("quantity", "learned_factor")
        learned = pm.Gamma("spread", alpha=2, beta=2 / typical, dims=dims)
        spread = spread + product(learned, cells.factors[cells.learned])
    dims = ("quantity", "contrast")
    effect = pm.Normal("sampled_effect", 0, spread, dims=dims)
    design = pm.Data("design", cells.design, dims=("cell", "contrast"))
    intercept = pm.Normal("intercept", mean, sd, dims="quantity")
    values = intercept[:, None] + product(effect, design.T)
    return {
        name: pm.Deterministic(name, values[row], dims="cell")
        for row, name in enumerate(intercepts)
    }
