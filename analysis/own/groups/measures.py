"""How large a group must be where groups also differ, by a curve of their size."""

import numpy as np
from scipy.special import ndtri

from analysis.models.group_means.between import GroupSpread
from analysis.own.people.settings import Settings


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
    room = (settings.tolerance / -ndtri(settings.probability)) ** 2
    # Both terms fall with size: what is enough at one size is enough at any larger one.
    low = np.log(np.minimum(size_by_chance, spread.largest))
    high = np.full(len(low), np.log(spread.largest))

    def enough(log_people: np.ndarray) -> np.ndarray:
        people = np.exp(log_people)
        return size_by_chance / people + spread.at(people) ** 2 / room <= 1

    reached = enough(high)
    for _ in range(40):
        middle = (low + high) / 2
        low, high = np.where(enough(middle), low, middle), np.where(enough(middle), middle, high)
    return np.where(reached, np.exp(high), np.inf)
