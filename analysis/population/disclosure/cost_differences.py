"""Whether two pooled tables of costs, subtracted, would show a few people.

Two tables tell how many people cost more than each edge of their bins. Where both have an edge the
difference is a change of people; where each has one of its own it is the people between them, if
nobody changed. Neither may be a few.
"""

import numpy as np
import pandas as pd


def cost_fault(new: pd.DataFrame, earlier: pd.DataFrame, fewest_people: int) -> str | None:
    """Say in which range of costs the two differ by a few people; None where they show nobody.

    Parameters
    ----------
    new, earlier : DataFrame, one row a bin
        Released tables of costs.
    """
    common = np.intersect1d(new["cost_above"], earlier["cost_above"])
    for low, high in zip(common, np.append(common[1:], np.inf), strict=True):
        ours, theirs = (_between(costs, low, high) for costs in (new, earlier))
        change = int(ours["rows"].sum() - theirs["rows"].sum())
        if 0 < abs(change) < fewest_people:
            more = "more" if change > 0 else "fewer"
            return f"{abs(change)} {more} people in one range of costs"
        if change == 0 and _moved(ours, theirs, low, high):
            return "the same number of people in one range of costs but other costs"
        if _edges_close(ours, theirs, fewest_people):
            return "bins that begin elsewhere, with a few people between their ends,"
    return None


def _between(costs: pd.DataFrame, low: float, high: float) -> pd.DataFrame:
    return costs[(costs["cost_above"] >= low) & (costs["cost_above"] < high)]


def _moved(ours: pd.DataFrame, theirs: pd.DataFrame, low: float, high: float) -> bool:
    """Whether the sum of logs differs by more than rounding may have moved it."""
    difference = abs(_sum_of_logs(ours) - _sum_of_logs(theirs))
    return difference > 1.01 * (_rounding(ours, low, high) + _rounding(theirs, low, high)) + 1e-6


def _sum_of_logs(costs: pd.DataFrame) -> float:
    return float(costs["rows"].to_numpy(float) @ costs["mean_log"].to_numpy(float))


def _rounding(costs: pd.DataFrame, low: float, high: float) -> float:
    """Half a width of each bin; of an open one, as wide as its mean lets it be."""
    edges = np.append(costs["cost_above"].to_numpy(float), high)
    mean = costs["mean_log"].to_numpy(float)
    with np.errstate(divide="ignore"):
        log = np.log(edges)
    width = np.diff(log)
    # Its step was up to four times the mean distance, and the rounded mean may be half as far.
    open_width = np.where(np.isfinite(log[1:]), log[1:] - mean, mean - log[:-1]) * 8
    return float(np.where(np.isfinite(width), width, open_width).sum() / 2)


def _edges_close(ours: pd.DataFrame, theirs: pd.DataFrame, fewest_people: int) -> bool:
    """Whether an edge of one and an edge of the other have a few people between them."""
    below = [costs["rows"].cumsum().to_numpy()[:-1] for costs in (ours, theirs)]
    above = [costs["rows"].iloc[::-1].cumsum().to_numpy()[:-1] for costs in (ours, theirs)]
    for one, other in (below, above):
        if len(one) and len(other):
            apart = np.abs(one[:, None] - other[None, :])
            if ((apart > 0) & (apart < fewest_people)).any():
                return True
    return False
