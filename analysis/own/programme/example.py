"""An invented programme that anyone can make, whose true growth is known."""

import numpy as np
import pandas as pd

from analysis.fits.simulated_programme import ProgrammeTruth, simulated_rows
from analysis.models.growth.cohorts import KnownSpread
from analysis.models.savings.components import PERCENTAGE_POINTS, SpreadComponents

STARTS = range(2012, 2018)
YEARS = range(2012, 2020)
"""Six cohorts over eight years."""

TRUTH = ProgrammeTruth()

SEED = 2248138351
"""Of the groups that everybody gets; not the project's seed, for they are data."""

SPREAD = SpreadComponents(
    k_renewed=1.2, k_carried=3.8, permanent=1.1, fading=2.3, yearly=0.4, kept=0.68
)
"""About as far as US organisations differ."""


def example_groups(groups: int, seed: int | None = None) -> pd.DataFrame:
    """Return an invented table of groups by year, some of which leave after poor years.

    Parameters
    ----------
    groups : int
        At least 1.
    seed : int, optional
        The same seed gives the same groups; by default `SEED`.

    Returns
    -------
    DataFrame, one row a group and year
        ``group``, ``start_year``, ``year``, ``savings_rate`` (percent of the benchmark) and
        ``people``.
    """
    generator = np.random.default_rng(SEED if seed is None else seed)
    truth = ProgrammeTruth(entrants=-(-groups // len(STARTS)))
    rows = simulated_rows(truth, KnownSpread(SPREAD, {}), STARTS, YEARS, generator)
    # Cohort after cohort; the last is smaller where they cannot be of one size.
    rows = rows[rows["group"] < groups]
    return pd.DataFrame(
        {
            "group": [f"group {number + 1:03d}" for number in rows["group"]],
            "start_year": rows["start_year"],
            "year": rows["performance_year"],
            "savings_rate": (PERCENTAGE_POINTS * rows["savings_rate"]).round(2),
            "people": rows["assigned_beneficiaries"].round().astype(int),
        }
    )


def true_growth() -> dict[str, float]:
    """Return the truth of the invented programme.

    Returns
    -------
    dict of str to float
        ``years_to_80pct``; ``level``, the mean saving in the first year, and ``plateau_gain``,
        both in percent of the benchmark.
    """
    return {name: getattr(TRUTH, name) for name in ("years_to_80pct", "level", "plateau_gain")}
