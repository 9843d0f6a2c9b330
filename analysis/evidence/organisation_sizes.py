"""Where English organisations stand: how many of them are smaller than a size."""

from dataclasses import dataclass
from typing import get_args

import numpy as np
import pandas as pd

from analysis.evidence import england


@dataclass(frozen=True)
class Sizes:
    """Distribution of the sizes of one kind of organisation.

    Attributes
    ----------
    organisations : int
        Number of organisations.
    mean : float
        Mean size, people.
    people, at_most : ndarray, shape (point,)
        Sizes, increasing, and the share of organisations of at most that size; between them the
        share is interpolated.
    """

    organisations: int
    mean: float
    people: np.ndarray
    at_most: np.ndarray

    def share_below(self, people: np.ndarray | float) -> np.ndarray:
        """Return the share of organisations with fewer people.

        Parameters
        ----------
        people : ndarray, shape (draw,), or float
            Infinite for a size that nobody reaches.

        Returns
        -------
        ndarray, shape (draw,)
        """
        return np.interp(people, self.people, self.at_most)

    def quantile(self, share: float) -> float:
        """Return the size that this share of organisations does not exceed.

        Parameters
        ----------
        share : float
            Between 0 and 1.

        Returns
        -------
        float
            People.
        """
        return float(np.interp(share, self.at_most, self.people))


def organisation_sizes(level: england.Level | england.SmallLevel, year: str = "2022/23") -> Sizes:
    """Return the distribution of sizes of one kind of English organisation.

    Parameters
    ----------
    level : {"practice", "primary_care_network", "sub_icb_location", "integrated_care_board", \
"clinical_commissioning_group"}
        Practices and networks are published in narrow bins, within which they are taken to be
        spread evenly; the others one by one.
    year : {"2014/15", "2022/23"}, default "2022/23"
        For practices and networks; the others have one year only.
    """
    if level in get_args(england.SmallLevel):
        return _from_bins(england.size_bins(level, year))  # type: ignore[arg-type]
    people = np.sort(england.organisations(level)["people"].to_numpy(float))  # type: ignore[arg-type]
    ranks = np.arange(1, len(people) + 1) / len(people)
    # The step just above each organisation, as a line that is as good as vertical.
    at = np.repeat(people, 2)
    at[1::2] = np.nextafter(people, np.inf)
    return Sizes(len(people), float(people.mean()), at, np.repeat(np.append(0.0, ranks), 2)[1:-1])


def _from_bins(bins: pd.DataFrame) -> Sizes:
    counts = bins["n_organisations"].to_numpy(float)
    lower = bins["people_low"].to_numpy(float).copy()
    upper = bins["people_high"].to_numpy(float).copy()
    means = bins["people_sum"].to_numpy(float) / counts
    # The first bin is wide and the last has no upper edge: spread evenly about their means.
    lower[0] = max(2 * means[0] - upper[0], 0.0)
    upper[-1] = 2 * means[-1] - lower[-1]
    at_most = np.append(0.0, np.cumsum(counts)) / counts.sum()
    return Sizes(
        int(counts.sum()),
        float(bins["people_sum"].sum() / counts.sum()),
        np.append(lower, upper[-1]),
        at_most,
    )
