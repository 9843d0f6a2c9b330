"""How large a group must be where groups also differ, by a curve of their size."""

import numpy as np
from scipy.special import ndtri

from analysis.models.group_means.between import GroupSpread
from analysis.own.people.settings import Settings
from analysis.risk.minimum_size import size_with_group_differences


def size_with_spread(
    size_by_chance: np.ndarray, spread: GroupSpread, settings: Settings
) -> np.ndarray:
    """Return the smallest size from which on chance and differences keep within the tolerance.

    By the normal approximation: the variance that the tolerance leaves room for is that of chance
    at the size which chance alone would need; tau(N) takes some of it.

    Parameters
    ----------
    size_by_chance : ndarray, shape (draw,)
        People that chance alone would need.

    Returns
    -------
    ndarray, shape (draw,)
        People; infinite where none of the sizes that were seen is enough.
    """
    room = settings.tolerance / -ndtri(settings.probability)
    return size_with_group_differences(
        room * np.sqrt(size_by_chance),
        spread.at,
        settings.tolerance,
        settings.probability,
        largest=spread.largest,
    )
