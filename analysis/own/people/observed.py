"""What a reader's cells show of the costs themselves, without a model."""

import numpy as np
import pandas as pd

from analysis.population.risk_cells import RiskCells
from analysis.risk.cost_distribution import CostBins


def bin_sums(cells: RiskCells, order: int) -> np.ndarray:
    """Return the sum of costs, or of their squares, in each bin of the pooled table.

    Parameters
    ----------
    order : {1, 2}

    Returns
    -------
    ndarray, shape (bin,)
        From the log of costs, nearly exact where a bin is narrow; the highest, which is wide, has
        what the sums of the cells leave to it where every cell shows its own.
    """
    table, people = cells.costs, cells.costs["n"].to_numpy(float)
    bins = CostBins.of_moments(table["mean_log"].to_numpy(), table["variance_log"].to_numpy())
    sums = people * np.asarray(bins.limited(np.inf, order))
    everything = cells.table["sum_cost" if order == 1 else "sum_cost_squared"].to_numpy(float).sum()
    if np.isfinite(everything):
        least = people[-1] * float(table["cost_above"].iloc[-1]) ** order
        sums[-1] = max(everything - sums[:-1].sum(), least)
    return sums


def observed_k(cells: RiskCells) -> float:
    """Return k of the costs with one budget for everybody."""
    mean, square = _moments(cells)
    return float(np.sqrt(square - mean**2) / mean)


def observed_k_within(cells: RiskCells) -> float:
    """Return k of the costs with budgets that follow the cells."""
    mean, square = _moments(cells)
    return float(np.sqrt(square - cells.share @ observed_costs(cells) ** 2) / mean)


def _moments(cells: RiskCells) -> tuple[float, float]:
    """Mean of the cost of a person, and of its square."""
    everybody = cells.table["n"].sum()
    return bin_sums(cells, 1).sum() / everybody, bin_sums(cells, 2).sum() / everybody


def observed_costs(cells: RiskCells) -> np.ndarray:
    """Return the mean cost of each cell.

    Returns
    -------
    ndarray, shape (cell,)
        Cells that do not show their sum share what the pooled table leaves to them by their cost
        up to the threshold.
    """
    table = cells.table
    total, limited = (table[name].to_numpy(float) for name in ("sum_cost", "sum_limited"))
    withheld = np.isnan(total)
    if withheld.any():
        rest = bin_sums(cells, 1).sum() - np.nansum(total)
        shared = limited * max(rest / limited[withheld].sum(), 1.0)
        total = np.where(withheld, shared, total)
    return np.asarray(total / table["n"].to_numpy(float))


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
