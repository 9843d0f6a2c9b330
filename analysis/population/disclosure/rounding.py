"""Rounding what a released cell says: its counts, and its sums.

Exact sums of ten people could in principle be solved for the ten costs. A sum rounded to a small
part of one person's share has no such solution, and the error is far below the sampling error.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

SETTLED_DIGITS = 11
"""Significant digits of a sum of millions of amounts that are the same in any order of adding."""

MOMENTS = (
    ("sum_limited", "sum_limited_squared"),
    ("sum_cost", "sum_cost_squared"),
)
"""A sum over the people with a cost, and the sum of squares that goes with it."""


def round_counts(table: pd.DataFrame, step: int) -> pd.DataFrame:
    """Round the people seen to multiples of `step`, and scale all sums with them.

    Those without and with a cost are rounded each, so that they still add up. The step is at most
    the fewest people of a part; 1 leaves the counts as they are.

    Parameters
    ----------
    table : DataFrame, one row a cell
        With ``rows_positive`` and ``rows_tail``.
    """
    if step == 1:
        return table
    positive, tail = (nearest(table[name], step) for name in ("rows_positive", "rows_tail"))
    without = table["rows"] - table["rows_positive"]
    zero = nearest(without, step)
    new = table.assign(rows=positive + zero, rows_positive=positive, rows_tail=tail)
    grown = _ratio(positive, table["rows_positive"])
    new["n_positive"] = table["n_positive"] * grown
    new["n"] = new["n_positive"] + (table["n"] - table["n_positive"]) * _ratio(zero, without)
    new["n_tail"] = table["n_tail"] * _ratio(tail, table["rows_tail"])
    new["n_tail"] = new["n_tail"].clip(upper=new["n_positive"])
    new["member_years"] = new["n"] * table["member_years"] / table["n"].where(table["n"] > 0, 1.0)
    for name in [column for pair in MOMENTS for column in pair]:
        new[name] = table[name] * grown
    # What was whole stays whole: a product of ratios is not.
    return new.mask(~_is_weighted(table), new.assign(**_unweighted(new)))


def _is_weighted(table: pd.DataFrame) -> pd.Series:
    """Whether the rows of a cell stand for other numbers of people."""
    same = [(table[name] == column) for name, column in _unweighted(table).items()]
    return ~pd.concat(same, axis=1).all(axis=1)


def _unweighted(table: pd.DataFrame) -> dict[str, pd.Series]:
    """People as they would be without weights."""
    rows = {"n": "rows", "n_positive": "rows_positive", "n_tail": "rows_tail"}
    return {name: table[column].astype(float) for name, column in rows.items()}


def round_people(table: pd.DataFrame) -> pd.DataFrame:
    """Round people that weights stand for to a part of one, and years of cover to about one.

    Without weights, people are whole and stay as they are; without exposures so do the years.
    Nobody's share of the year can then be told from who else was there.
    """
    each = _each(table)
    weighted = _is_weighted(table)
    new = table.copy()
    for name in _unweighted(table):
        rounded = to_multiple(table[name].to_numpy(float), each)
        new[name] = np.where(weighted, rounded, table[name])
    part_year = np.abs(table["member_years"] - table["n"]) > 1e-9 * table["n"]
    years = to_multiple(table["member_years"].to_numpy(float), each * 10)
    years = np.minimum(np.maximum(years, 10.0 ** np.floor(np.log10(each))), new["n"])
    new["member_years"] = np.where(part_year, years, new["n"])
    return new


def _each(table: pd.DataFrame) -> np.ndarray:
    """How many people a row usually stands for; 1 where all weights are 0."""
    each = (table["n"] / table["rows"]).to_numpy(float)
    return np.where(each > 0, each, 1.0)


def round_sums(table: pd.DataFrame) -> pd.DataFrame:
    """Round each sum of costs to a hundredth to a tenth of one person's usual part in it."""
    new = table.copy()
    people = table["n_positive"].to_numpy(float)
    each = _each(table)
    for name, squares in MOMENTS:
        new[name], new[squares] = _rounded_moments(
            table[name].to_numpy(float), table[squares].to_numpy(float), people, each
        )
    return new


def _rounded_moments(
    sums: np.ndarray, squares: np.ndarray, people: np.ndarray, each: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Round a sum and a sum of squares, leaving the variance between people at least 0."""
    somebody = people > 0
    mean_square = np.divide(squares, people, out=np.zeros_like(squares), where=somebody)
    sums = to_multiple(sums, each * np.sqrt(mean_square))
    least = np.divide(sums**2, people, out=np.zeros_like(squares), where=somebody)
    part = each * mean_square
    rounded = to_multiple(squares, part)
    return sums, np.where(rounded < least, to_multiple(least, part, np.ceil), rounded)


def to_multiple(
    values: np.ndarray, part: np.ndarray, how: Callable[[np.ndarray], np.ndarray] = np.round
) -> np.ndarray:
    """Round to the power of ten that is a hundredth to a tenth of a part; keep where it is 0."""
    digits = 1 - np.floor(np.log10(np.where(part > 0, part, 1.0)))
    # Powers of ten with a positive exponent are exact, their inverses are not.
    scale = 10.0 ** np.abs(digits)
    finer = digits >= 0
    steps = how(settled(np.where(finer, values * scale, values / scale)))
    return np.where(part > 0, np.where(finer, steps / scale, steps * scale), values)


def settled(values: np.ndarray) -> np.ndarray:
    """Round to the digits that do not depend on the order in which an engine adds.

    Several threads add in any order. A sum of amounts in pence that ends half-way between two
    multiples would be rounded up by one run and down by the next.
    """
    size = np.floor(np.log10(np.where(values != 0, np.abs(values), 1.0)))
    digits = SETTLED_DIGITS - 1 - size
    scale = 10.0 ** np.abs(digits)
    return np.where(digits >= 0, np.round(values * scale) / scale, np.round(values / scale) * scale)


def nearest(counts: pd.Series, step: int) -> pd.Series:
    """Round counts to multiples of a step."""
    return (counts + step // 2) // step * step


def _ratio(new: pd.Series, old: pd.Series) -> pd.Series:
    """How much a count grew by rounding; 1 where there is nobody."""
    return (new / old.where(old > 0)).fillna(1.0)
