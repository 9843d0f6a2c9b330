"""Measures from weighted sums, with intervals from resampling people; what the tables share."""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from analysis.intervals import median_and_interval
from analysis.risk.scores import resampled_totals
from analysis.seeds import seed_for

RESAMPLES = 500

Sums = Mapping[str, np.ndarray]


def with_intervals(
    columns: pd.DataFrame, person: np.ndarray, measures: Callable[[Sums], dict[str, np.ndarray]]
) -> dict[str, tuple[float, float, float]]:
    """Return each measure of the people, and the ends of its interval.

    Parameters
    ----------
    columns : DataFrame, one row a person-year
        What is added up.
    person : ndarray, shape (row,)
        All rows of a person are drawn together.
    measures : callable
        From sums, by column, to measures.
    """
    draws = resampled_totals(columns.to_numpy(float), person, seed_for("meps"), RESAMPLES)
    resampled = measures(dict(zip(columns, draws.T, strict=True)))
    observed = measures(dict(columns.sum()))
    ends = {name: median_and_interval(values)[1:] for name, values in resampled.items()}
    return {name: (float(observed[name]), *map(float, ends[name])) for name in observed}


def long_rows(found: Mapping[str, tuple[float, float, float]], **keys: str) -> pd.DataFrame:
    """Return one row a measure: the keys, ``measure``, ``value``, ``low`` and ``high``."""
    return pd.DataFrame(
        [
            {**keys, "measure": name, "value": value, "low": low, "high": high}
            for name, (value, low, high) in found.items()
        ]
    )
