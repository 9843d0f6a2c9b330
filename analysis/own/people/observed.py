"""What a reader's cells show of the costs themselves, without a model."""

import numpy as np
import pandas as pd

from analysis.population.risk_cells import RiskCells
from analysis.risk.cost_distribution import CostBins


def bin_moments(cells: RiskCells, order: int) -> np.ndarray:
    """Return the mean of the cost, or of its square, in each bin of the pooled table.

    Parameters
    ----------
    order : {1, 2}

    Returns
    -------
    ndarray, shape (bin,)
    """
    bins = CostBins.of_moments(
        cells.costs["mean_log"].to_numpy(), cells.costs["variance_log"].to_numpy()
    )
    return np.asarray(bins.limited(np.inf, order))


def observed_k(cells: RiskCells) -> float:
    """Return k of the costs with one budget for everybody, from the pooled table."""
    people, everybody = cells.costs["n"].to_numpy(float), cells.table["n"].sum()
    mean, square = (people @ bin_moments(cells, order) / everybody for order in (1, 2))
    return float(np.sqrt(square / mean**2 - 1))


def observed_k_within(cells: RiskCells) -> float:
    """Return k of the costs within those cells that show their sum of squares.

    Returns
    -------
    float
        NaN where no cell does.
    """
    shown = cells.table[np.isfinite(cells.table["sum_cost_squared"].to_numpy(float))]
    if shown.empty:
        return float("nan")
    n, total = shown["n"].to_numpy(float), shown["sum_cost"].to_numpy(float)
    variance = np.maximum(shown["sum_cost_squared"].to_numpy(float) / n - (total / n) ** 2, 0.0)
    return float(np.sqrt(n @ variance / n.sum()) / (total.sum() / n.sum()))


def observed_costs(cells: RiskCells) -> np.ndarray:
    """Return the mean cost of each cell.

    Returns
    -------
    ndarray, shape (cell,)
        Where a cell does not show its sum, what the pooled table has above the threshold is shared
        out by cost below it.
    """
    table, n = cells.table, cells.table["n"].to_numpy(float)
    total, limited = (table[name].to_numpy(float) for name in ("sum_cost", "sum_limited"))
    withheld = np.isnan(total)
    everything = cells.costs["n"].to_numpy(float) @ bin_moments(cells, 1)
    rest = max(everything - np.nansum(total) - limited[withheld].sum(), 0.0)
    shared = rest * limited / max(limited[withheld].sum(), 1e-300)
    return np.where(withheld, limited + shared, total) / n


def shares_above(cells: RiskCells) -> pd.DataFrame:
    """Return the share of people above each edge of the pooled table but 0.

    Returns
    -------
    DataFrame, one row a bin
        ``cost`` (lower edge, in the currency) and ``observed`` (share of all people above it).
    """
    above = cells.costs["n"].to_numpy(float)[::-1].cumsum()[::-1]
    return pd.DataFrame(
        {"cost": cells.costs["cost_above"], "observed": above / cells.table["n"].sum()}
    ).iloc[1:]
