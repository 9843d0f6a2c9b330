"""What the chapter's figures and tables list: probabilities and sizes, with their intervals."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.special import ndtri

from analysis.intervals import interval_columns
from analysis.risk.minimum_size import largest_k

ENDS = ("low", "high")


def overspends(people: object, tolerance: object, probability: np.ndarray) -> pd.DataFrame:
    """Return the percentage of years with an overspend, with its interval.

    Parameters
    ----------
    people : int or sequence of int
        Size of the pool, one for all rows or one each.
    tolerance : float or sequence of float
        Overspend over budget, one for all rows or one each.
    probability : ndarray, shape (draw, row)
    """
    columns = {"people": people, "tolerance_percent": 100 * np.asarray(tolerance)}
    return pd.DataFrame(
        {**columns, **interval_columns("probability_percent", 100 * probability, ends=ENDS)}
    )


def sizes(draws: Mapping[str, np.ndarray], heading: str) -> pd.DataFrame:
    """Return sizes in ``people`` with their intervals, a row for each entry, named by `heading`."""
    return pd.DataFrame(
        [
            {heading: name, **interval_columns("people", size, ends=ENDS)}
            for name, size in draws.items()
        ]
    )


def differences_alone(tolerance: float, limit: float) -> dict[str, object]:
    """Return the flip point of a size: differences that break the tolerance without chance."""
    return {
        "assumption": "differences between groups of that size (τ, one standard deviation)",
        "value": round(float(100 * tolerance / -ndtri(limit)), 2),
        "unit": "percent of the budget",
        "meaning": "from this spread on, they break the tolerance without any chance",
    }


def enough_k(people: float, tolerance: float, limit: float, meaning: str) -> dict[str, object]:
    """Return the flip point of a pool: the k for which it is just large enough (normal)."""
    return {
        "assumption": "k of one person's annual cost",
        "value": round(largest_k(people, tolerance, limit), 2),
        "unit": "ratio",
        "meaning": f"below it, {meaning} (normal approximation)",
    }
