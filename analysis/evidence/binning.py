"""Histograms whose bins keep sums and never single anything out."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.evidence.errors import EvidenceError


def log_edges(low: float, high: float, bins_per_decade: int) -> np.ndarray:
    """Return the lower ends of bins of equal width on the log scale.

    They begin at `low` and reach `high`; the last bin is open.

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
    """Count values and add up terms by bin, joining bins that hold fewer than a minimum of values.

    The edges are lower ends, the last bin open; a value below the first raises EvidenceError. The
    terms have the index of the values. Columns: `low`, `high` (missing in the open bin), `n`, and
    one a term.
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
    """Join neighbouring bands, smallest sizes first, until each holds at least a minimum.

    Returns for each band the position of the first band it is joined with.

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
