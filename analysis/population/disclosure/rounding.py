"""Rounding what a released cell says: joined tail bins, rounded counts, rounded sums.

Exact sums of ten people could in principle be solved for the ten costs. A sum rounded to a small
part of one person's share has no such solution, and the error is far below the sampling error.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.population.disclosure.merging import DOMINANCE
from analysis.population.risk_cells import LARGEST

SETTLED_DIGITS = 11
"""Significant digits of a sum of millions of amounts that are the same in any order of adding."""


def join_bins(counts: np.ndarray, fewest_people: int) -> tuple[np.ndarray, np.ndarray]:
    """Join tail bins from the top until each holds enough people.

    Parameters
    ----------
    counts : ndarray of int, shape (cell, tail_bin)
    fewest_people : int
        Least people in a bin that is not empty. A cell's bins hold this many together, or none.

    Returns
    -------
    counts : ndarray of int, shape (cell, tail_bin)
        Each at least `fewest_people` or 0; joined bins are counted in the lowest of them.
    joined : ndarray of bool, shape (cell, tail_bin)
        True where a bin was joined to the one below it.
    """
    found = np.zeros_like(counts)
    joined = np.zeros(counts.shape, dtype=bool)
    waiting = np.zeros(len(counts), dtype=counts.dtype)
    for index in range(counts.shape[1] - 1, 0, -1):
        waiting += counts[:, index]
        enough = waiting >= fewest_people
        found[enough, index] = waiting[enough]
        joined[~enough, index] = True
        waiting[enough] = 0
    found[:, 0] = waiting + counts[:, 0]
    # Too few are left at the bottom: they join the lowest run above them.
    few = np.flatnonzero((found[:, 0] > 0) & (found[:, 0] < fewest_people))
    above = 1 + np.argmax(~joined[few, 1:], axis=1)
    found[few, 0] += found[few, above]
    found[few, above] = 0
    joined[few, above] = True
    return found, joined


def round_counts(
    table: pd.DataFrame, counts: np.ndarray, step: int
) -> tuple[pd.DataFrame, np.ndarray]:
    """Round every count to a multiple of `step`, and scale the sums with their counts.

    Parameters
    ----------
    table : DataFrame, one row a cell
        Sums as in `analysis.population.risk_cells.RiskCells`.
    counts : ndarray of int, shape (cell, tail_bin)
        From `join_bins`.
    step : int
        At most the fewest people of a cell; 1 leaves the counts as they are.

    Returns
    -------
    counts : ndarray of int
        Totals are the sums of their rounded parts, so they still add up.
    """
    if step == 1:
        return table, counts
    zero = _nearest((table["n"] - table["n_positive"]).to_numpy(), step)
    body = _nearest(table["n_body"].to_numpy(), step)
    tail = _nearest(counts, step)
    new = table.assign(n_body=body, n_tail=tail.sum(axis=1))
    new["n_positive"] = new["n_body"] + new["n_tail"]
    new["n"] = new["n_positive"] + zero
    scale = {
        part: _ratio(new[f"n_{part}"], table[f"n_{part}"]) for part in ("positive", "body", "tail")
    }
    for name in ("sum_cost", "sum_cost_squared"):
        new[name] = table[name] * scale["positive"]
    for name in ("sum_log", "sum_log_squared"):
        above = table[name] - table[f"{name}_body"]
        new[f"{name}_body"] = table[f"{name}_body"] * scale["body"]
        new[name] = new[f"{name}_body"] + above * scale["tail"]
    return new, tail


def round_sums(table: pd.DataFrame) -> pd.DataFrame:
    """Round each sum to a hundredth to a tenth of one person's usual part in it.

    A sum of squares that one cost makes up too much of is withheld (missing).

    Parameters
    ----------
    table : DataFrame, one row a cell
        With ``largest_cost``, which is dropped.
    """
    new = table.drop(columns=LARGEST)
    for name, squares, people in (
        ("sum_cost", "sum_cost_squared", "n_positive"),
        ("sum_log", "sum_log_squared", "n_positive"),
        ("sum_log_body", "sum_log_squared_body", "n_body"),
    ):
        new[name], new[squares] = _rounded_moments(
            *(table[column].to_numpy(float) for column in (name, squares, people))
        )
    dominated = table[LARGEST] ** 2 * (1 + (DOMINANCE - 1) ** 2) > table["sum_cost_squared"]
    new.loc[dominated, "sum_cost_squared"] = np.nan
    return new


def _rounded_moments(
    sums: np.ndarray, squares: np.ndarray, people: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Round a sum and a sum of squares, leaving the variance between people at least 0."""
    somebody = people > 0
    mean_square = np.divide(squares, people, out=np.zeros_like(squares), where=somebody)
    # A log's part may have either sign, so the usual size of a part is its root mean square.
    sums = _to_multiple(sums, np.sqrt(mean_square))
    least = np.divide(sums**2, people, out=np.zeros_like(squares), where=somebody)
    rounded = _to_multiple(squares, mean_square)
    return sums, np.where(rounded < least, _to_multiple(least, mean_square, np.ceil), rounded)


def _to_multiple(
    values: np.ndarray, part: np.ndarray, how: Callable[[np.ndarray], np.ndarray] = np.round
) -> np.ndarray:
    """Round to the power of ten that is a hundredth to a tenth of a part; keep where it is 0."""
    digits = 1 - np.floor(np.log10(np.where(part > 0, part, 1.0)))
    # Powers of ten with a positive exponent are exact, their inverses are not.
    scale = 10.0 ** np.abs(digits)
    finer = digits >= 0
    steps = how(_settled(np.where(finer, values * scale, values / scale)))
    return np.where(part > 0, np.where(finer, steps / scale, steps * scale), values)


def _settled(values: np.ndarray) -> np.ndarray:
    """Round to the digits that do not depend on the order in which an engine adds.

    Several threads add in any order. A sum of amounts in pence that ends half-way between two
    multiples would be rounded up by one run and down by the next.
    """
    size = np.floor(np.log10(np.where(values != 0, np.abs(values), 1.0)))
    digits = SETTLED_DIGITS - 1 - size
    scale = 10.0 ** np.abs(digits)
    return np.where(digits >= 0, np.round(values * scale) / scale, np.round(values / scale) * scale)


def _nearest(counts: np.ndarray, step: int) -> np.ndarray:
    return (counts + step // 2) // step * step


def _ratio(new: pd.Series, old: pd.Series) -> pd.Series:
    """How much a count grew by rounding; 1 where there is nobody."""
    return (new / old.where(old > 0)).fillna(1.0)
