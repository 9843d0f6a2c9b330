"""What the hurdle model needs of a set of risk cells."""

from dataclasses import dataclass

import numpy as np

from analysis.population.clustering import DesignEffects
from analysis.population.risk_cells import RiskCells

TAIL_ENTRIES_STEP = 512


@dataclass(frozen=True)
class HurdleData:
    """What the hurdle model needs of a set of cells; all arrays of shape (cell,) unless said.

    Attributes
    ----------
    n, n_positive, n_tail : ndarray
        People; with a cost above zero; with a cost above the threshold.
    sum_log_body, sum_log_squared_body : ndarray
        Sums over costs up to the threshold of log(cost / threshold) and of its square.
    tail_cell : ndarray of int, shape (tail_entry,)
        Cell of each tail bin that holds anybody; most bins of most cells are empty.
    tail_lower, tail_upper : ndarray, shape (tail_entry,)
        Ends of that bin, in thresholds above the threshold.
    tail_count : ndarray, shape (tail_entry,)
        People in it. Entries with none fill the arrays up to a round length.
    weights : ndarray, shape (4,)
        Inverse design effects of use, exceed, body and tail.
    levels : dict of str to ndarray of int
        For each factor, the level of each cell.
    level_names : dict of str to list of str
        For each factor, the names of its levels.
    cell_labels : list of str
        One label a cell.
    threshold : float
        Cost at which the tail begins, in the currency of the costs.
    """

    n: np.ndarray
    n_positive: np.ndarray
    n_tail: np.ndarray
    sum_log_body: np.ndarray
    sum_log_squared_body: np.ndarray
    tail_cell: np.ndarray
    tail_lower: np.ndarray
    tail_upper: np.ndarray
    tail_count: np.ndarray
    weights: np.ndarray
    levels: dict[str, np.ndarray]
    level_names: dict[str, list[str]]
    cell_labels: list[str]
    threshold: float


def hurdle_data(cells: RiskCells, design_effects: DesignEffects | None = None) -> HurdleData:
    """Turn risk cells into the arrays of the model.

    Parameters
    ----------
    design_effects : DesignEffects, optional
        Divides each part of the log-likelihood; none means that all rows are independent.
    """
    effects = design_effects or DesignEffects()
    table = cells.table
    n_body = table["n_body"].to_numpy(float)
    shift = np.log(cells.threshold)
    total = table["sum_log_body"].to_numpy(float)
    levels, names = {}, {}
    for factor in cells.factors:
        names[factor] = sorted(table[factor].astype(str).unique())
        levels[factor] = table[factor].astype(str).map(names[factor].index).to_numpy(np.int64)
    return HurdleData(
        n=table["n"].to_numpy(float),
        n_positive=table["n_positive"].to_numpy(float),
        n_tail=table["n_tail"].to_numpy(float),
        sum_log_body=total - n_body * shift,
        sum_log_squared_body=(
            table["sum_log_squared_body"].to_numpy(float) - 2 * shift * total + n_body * shift**2
        ),
        **_tail_entries(cells),
        weights=1 / np.array([effects.use, effects.exceed, effects.body, effects.tail]),
        levels=levels,
        level_names=names,
        cell_labels=cells.labels(),
        threshold=cells.threshold,
    )


def _tail_entries(cells: RiskCells) -> dict[str, np.ndarray]:
    """The tail bins that hold anybody, filled up so that most refits have the same shape."""
    cell, bin_ = np.nonzero(cells.tail_counts)
    length = -(-max(len(cell), 1) // TAIL_ENTRIES_STEP) * TAIL_ENTRIES_STEP
    relative = cells.edges / cells.threshold - 1
    # A finite end of the last bin: beyond it lies nothing, and infinity has no derivative.
    upper = np.append(relative[1:], 1e30)
    padding = (0, length - len(cell))
    return {
        "tail_cell": np.pad(cell, padding),
        "tail_lower": np.pad(relative[bin_], padding),
        "tail_upper": np.pad(upper[bin_], padding, constant_values=1.0),
        "tail_count": np.pad(cells.tail_counts[cell, bin_].astype(float), padding),
    }
