"""What the chapter's figures and tables list: carve-outs by what they take and what they leave."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.intervals import interval_columns
from analysis.report.draws_text import interval_text
from analysis.risk.annual_cost import CostBeforeCover
from analysis.risk.carve_outs import CarveOut
from analysis.risk.minimum_size import smallest_pool

ENDS = ("low", "high")
SHOWN_PERCENT = (0.2, 42.0)
"""Spending removed, percent, that fits on the figure."""


def variation_after(carve_out: CarveOut) -> dict[str, np.ndarray]:
    """Return ``k``, ``low`` and ``high`` of what remains."""
    return interval_columns("k", carve_out.variation_after, ends=ENDS)


def curve_by_limit(
    design: str,
    carve: Callable[[CostBeforeCover, float], CarveOut],
    costs: CostBeforeCover,
    limits_gbp: Sequence[float],
    mean_cost: float,
) -> pd.DataFrame:
    """Return spending removed, percent, and k of what remains, by limit; those that are shown.

    Parameters
    ----------
    limits_gbp : sequence of float
        Pounds a person and year.
    mean_cost : float
        Pounds.
    """
    rows = []
    for limit in limits_gbp:
        carve_out = carve(costs, limit / mean_cost)
        removed = 100 * np.median(carve_out.share_removed)
        row = {"design": design, "limit_gbp": limit, "removed_percent": removed}
        rows.append(row | variation_after(carve_out))
    table = pd.DataFrame(rows)
    return table[table["removed_percent"].between(*SHOWN_PERCENT)]


def carve_out_texts(
    carve_outs: Mapping[str, CarveOut], tolerance: float, limit: float
) -> pd.DataFrame:
    """Return what each carve-out takes and leaves, and the smallest pool that is then safe.

    Parameters
    ----------
    tolerance, limit : float
        Overspend over budget, and the probability with which it may be exceeded.
    """
    return pd.DataFrame(
        [
            {
                "What leaves": name,
                "Share of spending": interval_text(carved.share_removed, "probability", decimals=0),
                "k that remains": interval_text(carved.variation_after, decimals=2),
                "Fall of k": interval_text(carved.reduction, "probability", decimals=0),
                "Smallest pool for 2%": interval_text(
                    smallest_pool(carved.retained, tolerance, limit), "people"
                ),
            }
            for name, carved in carve_outs.items()
        ]
    )
