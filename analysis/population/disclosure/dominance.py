"""Which groups of people are too few, or have one cost that could be told from their sum."""

import pandas as pd

from analysis.population.cost_table import DOMINANCE, DOMINANCE_OF_SQUARES

COLUMNS = {
    "rows": "sum",
    "rows_positive": "sum",
    "rows_tail": "sum",
    "sum_limited": "sum",
    "sum_limited_squared": "sum",
    "sum_excess": "sum",
    "sum_excess_squared": "sum",
    "largest_limited": "max",
    "largest_limited_squared": "max",
    "largest_excess": "max",
    "largest_excess_squared": "max",
}
"""What the rules look at, and how it is taken over groups together."""


def is_unsafe(groups: pd.DataFrame, fewest_people: int) -> pd.Series:
    """Return for each group whether what it says of all its people may not be released.

    At least `fewest_people` must be there, and each of those with a cost and those without none or
    as many; and no limited cost may make up too much of their sum, nor its square of theirs.
    """
    few = groups["rows"] < fewest_people
    for part in parts(groups).values():
        few |= part.between(1, fewest_people - 1)
    return few | _is_dominated(groups, "limited")


def parts(groups: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the people seen in each part of a group of which sums are released."""
    return {
        "without cost": groups["rows"] - groups["rows_positive"],
        "with a cost": groups["rows_positive"],
    }


def is_unsafe_tail(groups: pd.DataFrame, fewest_people: int) -> pd.Series:
    """Return for each group whether what it says of its people above the threshold may not be.

    The same rules, for what costs have above the threshold; safe where nobody is.
    """
    few = groups["rows_tail"].between(1, fewest_people - 1)
    return few | ((groups["rows_tail"] > 0) & _is_dominated(groups, "excess"))


def _is_dominated(groups: pd.DataFrame, part: str) -> pd.Series:
    largest, squared = groups[f"largest_{part}"], groups[f"largest_{part}_squared"]
    return (largest * DOMINANCE > groups[f"sum_{part}"]) | (
        squared * DOMINANCE_OF_SQUARES > groups[f"sum_{part}_squared"]
    )
