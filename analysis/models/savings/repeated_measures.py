"""Rows of organisations side by side, so that all are worked on at once."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Blocks:
    """Organisations side by side, each with as many slots as the one seen most often.

    Attributes
    ----------
    rows : ndarray of int, shape (group, slot)
        Positions of their rows; -1 in a slot that is not used.
    elapsed : ndarray of int, shape (pattern, slot)
        Years in which organisations were seen; -1 in a slot that is not used.
    pattern_idx : ndarray of int, shape (group,)
    relative_size : ndarray, shape (group, 1)
    """

    rows: np.ndarray
    elapsed: np.ndarray
    pattern_idx: np.ndarray
    relative_size: np.ndarray

    @property
    def used(self) -> np.ndarray:
        """Whether both slots are used, shape (pattern, slot, slot)."""
        return np.asarray((self.elapsed >= 0)[:, :, None] & (self.elapsed >= 0)[:, None, :])

    @property
    def lag(self) -> np.ndarray:
        """Years between two slots, 0 where one is not used, shape (pattern, slot, slot)."""
        return np.abs(self.elapsed[:, :, None] - self.elapsed[:, None, :]) * self.used

    def filled(self, values: np.ndarray) -> np.ndarray:
        """Return values by row in their slots, zero where a slot is not used.

        Parameters
        ----------
        values : ndarray, shape (row, ...)

        Returns
        -------
        ndarray, shape (group, slot, ...)
        """
        return np.concatenate([values, np.zeros((1, *values.shape[1:]))])[self.rows]


def blocks_of(group_idx: np.ndarray, elapsed: np.ndarray, relative_size: np.ndarray) -> Blocks:
    """Return rows side by side by organisation, in the order of years.

    Parameters
    ----------
    group_idx, elapsed : ndarray of int, shape (row,)
        Organisation, and years since it began.
    relative_size : ndarray, shape (group,)

    Returns
    -------
    Blocks
    """
    order = np.lexsort((elapsed, group_idx))
    group = group_idx[order]
    seen = np.bincount(group)
    slot = np.arange(len(order)) - np.repeat(np.cumsum(seen) - seen, seen)
    positions, years = (np.full((len(seen), seen.max()), -1) for _ in range(2))
    positions[group, slot] = order
    years[group, slot] = elapsed[order]
    patterns, which = np.unique(years, axis=0, return_inverse=True)
    return Blocks(positions, patterns, which.ravel(), relative_size[:, None])
