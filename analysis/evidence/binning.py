"""Histograms whose bins keep sums and never single anything out."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.evidence.errors import EvidenceError


def log_edges(low: float, high: float, bins_per_decade: int) -> np.ndarray:
    """Lower ends of bins of equal width on the log scale.

    Parameters
    ----------
    low : float
        Lower end of the first bin, above 0.
    high : float
        Largest value that the bins must reach.
    bins_per_decade : int
        Bins for each factor of ten.

    Returns
    -------
    numpy.ndarray
        Lower ends; the last bin is open.

    Examples
    --------
    >>> log_edges(10, 1000, 1)
    array([ 10., 100.])
    """
    number = int(np.ceil(np.log10(high / low) * bins_per_decade - 1e-9))
    # Rounded to four digits, so that an edge reads well and is the same on every machine.
    exact = low * 10 ** (np.arange(number) / bins_per_decade)
    return np.unique([float(f"{edge:.4g}") for edge in exact])


def binned_sums(
    values: pd.Series, edges: np.ndarray, terms: Mapping[str, pd.Series], minimum: int
) -> pd.DataFrame:
    """Count values and add up terms by bin, joining bins that hold too few.

    Parameters
    ----------
    values : pandas.Series
        What is binned; none below the first edge.
    edges : numpy.ndarray
        Lower ends of the bins; the last bin is open.
    terms : mapping of str to pandas.Series
        What is added up, by column name, with the index of `values`.
    minimum : int
        Fewest values that a bin may hold.

    Returns
    -------
    pandas.DataFrame
        `low`, `high` (missing in the open bin), `n`, and one column a term.

    Raises
    ------
    EvidenceError
        If a value is below the first edge.
    """
    if values.min() < edges[0]:
        raise EvidenceError(
            f"{values.min():g} is below the first bin, which begins at {edges[0]:g}."
        )
    position = np.searchsorted(edges, values, side="right") - 1
    starts = merge_small_bands(np.bincount(position, minlength=len(edges)).tolist(), minimum)
    first = np.array(starts)[position]
    frame = pd.DataFrame({"n": 1, **terms}, index=values.index)
    summed = frame.groupby(first).sum()
    low = edges[summed.index]
    summed.insert(0, "low", low)
    summed.insert(1, "high", [*low[1:], np.nan])
    return summed.reset_index(drop=True)


def merge_small_bands(counts: Sequence[int], minimum: int) -> list[int]:
    """Join neighbouring bands until each holds enough.

    Parameters
    ----------
    counts : sequence of int
        Number in each band, from the smallest size to the largest.
    minimum : int
        Fewest a joined band may hold.

    Returns
    -------
    list of int
        For each band, the position of the first band it is joined with.

    Examples
    --------
    >>> merge_small_bands([1, 4, 5, 2], 3)
    [0, 0, 2, 2]
    """
    first, held, starts = 0, 0, []
    for position, count in enumerate(counts):
        if held >= minimum:
            first, held = position, 0
        starts.append(first)
        held += count
    if held < minimum and first > 0:
        before = starts[first - 1]
        starts = [before if start == first else start for start in starts]
    return starts
