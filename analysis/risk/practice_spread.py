"""How far practices stray from their formula, and how much of it is not chance: Dixon (2011).

With the best formula about a third of English practices cost at least a tenth more or less than
predicted. Chance between independent people explains some of that; the rest must be lasting
differences that no formula of the study saw.
"""

import numpy as np
from scipy.special import ndtr

from analysis.evidence import england

DEVIATION = 0.10
"""Difference from prediction that is counted, share of predicted cost (fact B-PBRA-10pct)."""

PEOPLE, PRACTICES = 5_445_559, 797
"""Of the practice-level sample of the study (fact B-PBRA-1-prac)."""

MEAN_LIST = PEOPLE / PRACTICES
"""People of a mean practice of the study."""

LARGEST_PERSISTENT_SD = 1.0
"""Share of predicted cost: no practice differs that much."""
_HALVINGS = 25


def practice_sizes() -> tuple[np.ndarray, np.ndarray]:
    """Return sizes of practices as they varied in England, scaled to the study's mean list.

    Returns
    -------
    people : ndarray, shape (size_bin,)
        Mean list size in each bin.
    share : ndarray, shape (size_bin,)
        Share of practices; adds up to 1.
    """
    bins = england.size_bins("practice")
    number = bins["n_organisations"].to_numpy(float)
    size = bins["people_sum"].to_numpy(float) / number
    mean = (size * number).sum() / number.sum()
    return size * MEAN_LIST / mean, number / number.sum()


def share_beyond(k: np.ndarray, persistent_sd: np.ndarray | float = 0.0) -> np.ndarray:
    """Return the share of practices further from prediction than `DEVIATION`.

    Parameters
    ----------
    k : ndarray, shape (draw,)
        Of one person's cost that is left after the formula.
    persistent_sd : ndarray, shape (draw,), or float
        Lasting differences that the formula does not see, share of the budget.

    Returns
    -------
    ndarray, shape (draw,)
        Percent of practices, by the normal approximation in each size.
    """
    people, share = practice_sizes()
    persistent = np.asarray(persistent_sd)[..., None]
    sd = np.sqrt(np.asarray(k)[:, None] ** 2 / people + persistent**2)
    return 100 * 2 * ndtr(-DEVIATION / sd) @ share


def lasting_spread(k: np.ndarray, observed_percent: np.ndarray | float) -> np.ndarray:
    """Return the lasting differences that make up the rest of a share of practices.

    Parameters
    ----------
    k : ndarray, shape (draw,)
    observed_percent : ndarray, shape (draw,), or float
        Percent of practices beyond `DEVIATION`, between 0 and 100.

    Returns
    -------
    ndarray, shape (draw,)
        Standard deviation, share of predicted cost, that together with chance puts as many
        practices beyond `DEVIATION` as observed; 0 if chance alone puts more.
    """
    low, high = np.zeros(len(k)), np.full(len(k), LARGEST_PERSISTENT_SD)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        too_few = share_beyond(k, middle) < observed_percent
        low, high = np.where(too_few, middle, low), np.where(too_few, high, middle)
    return (low + high) / 2
