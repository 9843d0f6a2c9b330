"""Back-test: what chance and lasting differences say of England's overspends, and what happened.

Each outcome is predicted before it is looked at, by `analysis.risk.outturns`: the project's
interval for a count, a sum or an extreme of single commissioners. An outcome inside that interval
is a pass.
"""

import numpy as np
import pandas as pd

from analysis.intervals import median_and_interval
from analysis.risk.outturns import Outcome, Spread


def back_test(
    outcomes: list[Outcome], spreads: dict[str, Spread], generator: np.random.Generator
) -> pd.DataFrame:
    """Compare predictions with outcomes.

    Parameters
    ----------
    spreads : dict of str to callable
        Models of the spread, by name.

    Returns
    -------
    DataFrame, one row an outcome and model
        ``outcome``, ``given``, ``unit``, ``observed``, ``model``, ``low``, ``median``, ``high``
        (project's interval) and ``passed``.
    """
    rows = []
    for outcome in outcomes:
        for name, spread in spreads.items():
            median, low, high = median_and_interval(outcome.predict(spread, generator))
            rows.append(
                {
                    "outcome": outcome.name,
                    "given": outcome.condition,
                    "unit": outcome.unit,
                    "observed": outcome.observed,
                    "model": name,
                    "low": low,
                    "median": median,
                    "high": high,
                    "passed": bool(low <= outcome.observed <= high),
                }
            )
    return pd.DataFrame(rows)
