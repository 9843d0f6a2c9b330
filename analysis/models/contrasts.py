"""Effects of factors as orthonormal contrasts between their levels, for partial pooling."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import block_diag, helmert

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
    """
    sizes = [len(names) for names in level_names.values()]
    own_level = np.hstack([np.eye(m)[levels[f]] for f, m in zip(level_names, sizes, strict=True)])
    design = own_level @ block_diag(*[helmert(m).T for m in sizes])
    return Contrasts(
        design=design - np.average(design, axis=0, weights=people),
        factors=np.repeat(np.eye(len(sizes)), [m - 1 for m in sizes], axis=1),
        learned=np.array(sizes) >= FEWEST_LEVELS_TO_LEARN_A_SPREAD,
    )


def pooling_coords(
    intercepts: Collection[str], level_names: Mapping[str, Sequence[str]]
) -> dict[str, list[str]]:
    """Return the coordinates that `pooled_quantities` needs beside ``cell``.

    Parameters
    ----------
    intercepts : collection of str
        Names of the quantities.
    """
    sizes = {factor: len(names) for factor, names in level_names.items()}
    return {
        "quantity": list(intercepts),
        "learned_factor": [f for f, m in sizes.items() if m >= FEWEST_LEVELS_TO_LEARN_A_SPREAD],
        "contrast": [f"{f} {number}" for f, m in sizes.items() for number in range(1, m)],
    }
