"""What happened: mean savings of the groups that were forecast, and the spread within them."""

from itertools import pairwise

import numpy as np
import pandas as pd

from analysis.chapters.forecast.group_means import PROGRAMME_YEARS, SIZE_EDGES, size_label
from analysis.evidence.mssp import combine
from analysis.models.savings.components import PERCENTAGE_POINTS


def outcomes(cells: pd.DataFrame, cross_section: pd.DataFrame) -> pd.DataFrame:
    """Return mean and spread of savings rates by year and group.

    Groups by years in the programme leave out organisations whose year of entry is not known;
    groups by size hold them, for the sums by size do not know the year of entry.

    Parameters
    ----------
    cells, cross_section : DataFrame
        As `analysis.evidence.mssp.cells` and `cross_section`.

    Returns
    -------
    DataFrame, indexed by ``year`` and ``group``
        ``n`` (organisations), ``mean`` (percent of the benchmark, each organisation counting once)
        and ``spread`` (standard deviation between organisations, percentage points).
    """
    known = cells[cells["start_year"].notna()]
    parts = {
        group: known[known["programme_year"].between(first, last)]
        for group, (first, last) in PROGRAMME_YEARS.items()
    }
    parts |= {
        size_label(low, high): cross_section[cross_section["size_low"].between(low, high - 1)]
        for low, high in pairwise(SIZE_EDGES)
    }
    rows = pd.concat(
        combine(part, ["performance_year"]).assign(group=group) for group, part in parts.items()
    )
    frame = pd.DataFrame(
        {
            "year": rows["performance_year"].astype(int),
            "group": rows["group"],
            "n": rows["n_acos"].astype(int),
            "mean": PERCENTAGE_POINTS * rows["savings_rate_mean"].astype(float),
            "spread": PERCENTAGE_POINTS * np.sqrt(rows["savings_rate_variance"].astype(float)),
        }
    )
    return frame.set_index(["year", "group"])
