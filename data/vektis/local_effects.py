"""What men and women of one age in one municipality have in common, by its size.

Something local that moves both (a neighbourhood, a practice, a price) but averages out in large
municipalities looks like chance to the model and makes k too large. Chance itself does not move men
and women together, so what they share shows it: the part of their covariance that falls with size.
"""

import numpy as np
import pandas as pd

from analysis.intervals import interval_columns
from analysis.models.group_means.cells import GroupCells
from analysis.seeds import seed_for

RESAMPLES = 2_000


def local_effects(cells: GroupCells, labels: pd.DataFrame, squared_k: np.ndarray) -> pd.DataFrame:
    """Return what local effects shared by both sexes add to squared k, one row a part.

    Parameters
    ----------
    cells : GroupCells
        Of all care.
    labels : pandas.DataFrame
        `sex` and `age` of each class.
    squared_k : numpy.ndarray
        Of each part: it sets what chance in the municipality's other ages does to both.

    Returns
    -------
    pandas.DataFrame
        `squared_k_added`, `squared_k_added_low` and `squared_k_added_high`, the interval from a
        Bayesian bootstrap over municipalities; and `squared_k`.
    """
    rows = []
    for part, level in enumerate(squared_k):
        pairs = labels[cells.part == part].groupby("age").groups.values()
        sums = np.sum([_pair(cells, part, pair.to_numpy(), level) for pair in pairs], axis=0)
        rows.append(interval_columns("squared_k_added", _resampled(sums), axis=None))
    return pd.DataFrame(rows).assign(squared_k=squared_k)


def _pair(cells: GroupCells, part: int, pair: np.ndarray, squared_k: float) -> np.ndarray:
    """Shared scatter of a pair of classes, by group; and its mean per unit of each cause."""
    others = (cells.part == part) & ~np.isin(np.arange(len(cells.part)), pair)
    expected = cells.people[:, others] @ cells.class_mean[others]
    level = cells.cost[:, others].sum(axis=1) / expected
    distance = cells.relative[:, pair] - level[:, None]
    root = np.sqrt(cells.people[:, pair].prod(axis=1))
    weight = 2 * np.sqrt(cells.money_weight(part)[pair].prod()) * (root > 0)
    # Both distances are from the same level, which has chance of its own.
    people = cells.people[:, others].sum(axis=1)
    chance = squared_k / people
    shared = root * (distance.prod(axis=1) - chance)
    return np.stack([weight * shared, weight, weight * root])


def _resampled(sums: np.ndarray) -> np.ndarray:
    """Draws of what falls with size: the mean per unit of `weight`, beside a lasting part."""
    shared, local, lasting = sums
    terms = np.stack([local, lasting], axis=1)
    generator = np.random.default_rng(seed_for("vektis local effects"))
    draws = generator.exponential(size=(RESAMPLES, len(shared)))
    # Larger municipalities scatter in proportion to their lasting part.
    precision = 1 / (1 + lasting / np.median(lasting)) ** 2
    normal = np.einsum("dg,gi,gj->dij", draws * precision, terms, terms, optimize=True)
    moment = np.einsum("dg,gi,g->di", draws * precision, terms, shared, optimize=True)
    return np.linalg.solve(normal, moment[..., None])[:, 0, 0]
