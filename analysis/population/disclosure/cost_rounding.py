r"""Rounding the pooled table of costs, so that no member of a bin can be solved for.

A bin tells how many people it holds, and the mean and variance of their log costs. With the exact
mean, whoever knows the costs of all others in the bin has the last one to the penny; with the exact
variance besides, the two last. So both are rounded by what one person can change. The sum of logs
is moved at most by the width *W* of the bin when one person is exchanged for another; it is rounded
to whole multiples of *W*. The sum of squared deviations is moved by at most :math:`W^2`; it is
rounded to whole quarters of that. What is left to learn of one person, with all others known, is a
part of the bin, half of it usually, and not an amount. Chance moves the mean of *n* people by about
:math:`W / \sqrt{12 n}`, the rounding by about :math:`W / (n \sqrt{12})`, so the models lose little.

The lowest bin begins at nothing and the highest has no end. There *W* is two to four times the mean
distance from the end that is there, a power of two times the width of a narrow bin: a width that
followed the costs exactly would tell them.
"""

import numpy as np
import pandas as pd

from analysis.population.cost_table import WIDTH
from analysis.population.disclosure.rounding import nearest, settled, to_multiple

DECIMALS = 9
"""Of a log; the steps are far wider."""


def round_costs(costs: pd.DataFrame, step: int) -> pd.DataFrame:
    """Round the people, the mean and the variance of each bin.

    Parameters
    ----------
    costs : DataFrame, one row a bin
        From `analysis.population.cost_table.joined_bins`.
    step : int
        People seen are rounded to multiples of this.

    Returns
    -------
    DataFrame
        Means lie within their bins, and variances are possible.
    """
    rows = nearest(costs["rows"], step)
    people = rows.to_numpy(float)
    low, high, width = _bins(costs)
    from_low = np.isfinite(low)
    edge, sign = np.where(from_low, low, high), np.where(from_low, 1.0, -1.0)
    distance = sign * (costs["mean_log"].to_numpy(float) - edge)
    # At least a quarter of a width away from the edge: a bin does not hold its lower one.
    parts = np.maximum(np.round(settled(distance * people / width)), 0.25)
    parts = np.where(np.isfinite(low) & np.isfinite(high), np.minimum(parts, people - 0.25), parts)
    mean = edge + sign * parts * width / people
    quarters = np.round(settled(costs["variance_log"].to_numpy(float) * people * 4 / width**2))
    variance = np.minimum(quarters * width**2 / (4 * people), (mean - low) * (high - mean))
    return costs.assign(
        rows=rows,
        n=_rounded_people(costs, rows),
        mean_log=np.round(mean, DECIMALS),
        variance_log=np.round(np.maximum(variance, 0.0), DECIMALS),
    )


def _bins(costs: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ends of the bins, natural logarithm, infinite where there is none; and their widths."""
    with np.errstate(divide="ignore"):
        low = np.log(costs["cost_above"].to_numpy(float))
    high = np.append(low[1:], np.inf)
    mean = costs["mean_log"].to_numpy(float)
    open_ = ~np.isfinite(high - low)
    distance = np.where(np.isfinite(high), high - mean, mean - low)
    doublings = np.ceil(np.log2(np.maximum(2 * distance / WIDTH, 1.0)))
    return low, high, np.where(open_, WIDTH * 2.0**doublings, high - low)


def _rounded_people(costs: pd.DataFrame, rows: pd.Series) -> np.ndarray:
    """People that the rows of a bin stand for; with weights to a part of one."""
    scaled = (costs["n"] * rows / costs["rows"]).to_numpy(float)
    each = (costs["n"] / costs["rows"]).to_numpy(float)
    weighted = (costs["n"] != costs["rows"]).to_numpy()
    return np.where(weighted, to_multiple(scaled, each), rows)
