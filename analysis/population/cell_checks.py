"""Whether the tables in a file of cells can have come from people: a file may be a stranger's."""

from collections.abc import Sequence
from typing import NoReturn

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.population.cost_table import FEWEST_BINS
from analysis.population.risk_cells import OF_THE_TAIL, SUMS

MAKE_AGAIN = "make the file again with `python -m analysis cells`"

LARGEST_AMOUNT = 1e100
"""Above it squares, and sums of squares, would overflow."""

ONE_PERSON = 1.0
"""Rounding moves a sum by less than one person's part in it."""


def check_cells(table: pd.DataFrame, by: Sequence[str], threshold: float, step: int) -> None:
    """Raise InputError if a table of cells cannot have come from people.

    Parameters
    ----------
    table : DataFrame, one row a cell
        What is withheld is missing.
    step : int
        Multiples to which people seen were rounded.
    """
    _check_columns(table, [*by, *SUMS], SUMS)
    for factor in by:
        labels = table[factor]
        if not all(isinstance(label, str) and label for label in labels):
            _refuse(f"column {factor}: every cell needs a label")
    if table.duplicated(list(by)).any():
        _refuse("a cell is there twice")
    missing = table[list(OF_THE_TAIL)].isna()
    if (missing.any(axis=1) != missing.all(axis=1)).any():
        _refuse(f"columns {', '.join(OF_THE_TAIL)}: a cell withholds all of them or none")
    known = table[list(SUMS)].astype(float)
    _check_numbers(known.drop(columns=list(OF_THE_TAIL)))
    _check_numbers(known.loc[~missing.any(axis=1), list(OF_THE_TAIL)])
    _check_people(known, step)
    _check_sums(known, threshold)


def _check_people(table: pd.DataFrame, step: int) -> None:
    rows = table["rows"]
    if (rows % 1 != 0).any() or (rows < 1).any():
        _refuse("column rows: a cell holds a whole number of people, at least 1")
    if (rows % step != 0).any():
        _refuse(f"column rows: a count is no multiple of {step}, to which they were rounded")
    most = {"n_positive": "n", "n_tail": "n_positive", "member_years": "n"}
    for part, whole in most.items():
        if (table[part] > table[whole] * (1 + 1e-9)).any():
            _refuse(f"columns {part} and {whole}: its counts of people do not add up")
    if not table["n"].sum() > 0:
        _refuse("column n: nobody is there")


def _check_sums(table: pd.DataFrame, threshold: float) -> None:
    """Check that sums are possible, to within what rounding may move."""
    each = (table["n"] / table["rows"]) * ONE_PERSON
    positive = table["n_positive"] + each
    slack = threshold * each
    impossible = {
        "sum_limited": table["sum_limited"] > threshold * positive,
        "sum_limited_squared": (
            table["sum_limited_squared"] > threshold * (table["sum_limited"] + slack)
        )
        | _too_small(table, "sum_limited"),
        "n_tail": table["n_tail"] * threshold > table["sum_limited"] + slack,
        "sum_cost": table["sum_cost"] < table["sum_limited"] * (1 - 1e-9) - slack,
        "sum_cost_squared": _too_small(table, "sum_cost"),
    }
    for name, found in impossible.items():
        if found.any():
            _refuse(
                f"column {name}: {table.loc[found, name].iloc[0]:g} does not go with the other "
                "sums of its cell"
            )


def _too_small(table: pd.DataFrame, name: str) -> pd.Series:
    least = table[name] ** 2 / table["n_positive"].where(table["n_positive"] > 0, np.inf)
    nobody = (table["n_positive"] == 0) & (table[name] > 0)
    return (table[f"{name}_squared"] < least * (1 - 1e-9)) | nobody


def check_costs(costs: pd.DataFrame, columns: Sequence[str], threshold: float) -> None:
    """Raise InputError if a pooled table of costs cannot have come from people."""
    _check_columns(costs, columns, columns)
    numbers = costs[list(columns)].astype(float)
    _check_numbers(numbers.drop(columns="mean_log"))
    if not np.isfinite(numbers["mean_log"]).all():
        _refuse("column mean_log: a bin has no mean")
    if len(costs) < FEWEST_BINS:
        _refuse(f"its table of costs has {len(costs)} bins, and {FEWEST_BINS} are needed")
    edges = numbers["cost_above"].to_numpy()
    if edges[0] != 0 or (np.diff(edges) <= 0).any():
        _refuse("column cost_above: bins begin at 0 and increase")
    if not np.isclose(edges[1:], threshold, rtol=1e-9).any():
        _refuse(f"threshold {threshold:g}: no bin of costs begins there")
    if (numbers["rows"] < 1).any() or (numbers["rows"] % 1 != 0).any():
        _refuse("column rows: a bin holds a whole number of people, at least 1")
    if (numbers["n"] <= 0).any():
        _refuse("column n: a bin of costs holds nobody")
    _check_logs(numbers, edges)


def _check_logs(costs: pd.DataFrame, edges: np.ndarray) -> None:
    upper = np.append(edges[1:], LARGEST_AMOUNT)
    mean, variance = costs["mean_log"].to_numpy(), costs["variance_log"].to_numpy()
    inside = (np.exp(mean) > edges * (1 - 1e-6)) & (np.exp(mean) < upper * (1 + 1e-6))
    if not inside.all():
        _refuse(f"column mean_log: {mean[~inside][0]:g} lies outside its bin")
    widest = np.log(LARGEST_AMOUNT)
    width = np.append(np.append(widest, np.diff(np.log(edges[1:]))), widest)
    if (variance > width**2 / 4 + 1e-6).any():
        _refuse("column variance_log: a variance is too large for its bin")


def check_together(cells: pd.DataFrame, costs: pd.DataFrame, threshold: float, step: int) -> None:
    """Raise InputError if cells and the pooled table of costs cannot be about the same people."""
    each = float(cells["n"].sum() / cells["rows"].sum())
    allowed = (step + ONE_PERSON) * each * (len(cells) + len(costs))
    with_cost = costs["n"].sum()
    above = costs.loc[costs["cost_above"] >= threshold * (1 - 1e-9), "n"].sum()
    known = cells["n_tail"].sum()
    withheld = cells["n_tail"].isna().any()
    differ = abs(with_cost - cells["n_positive"].sum()) > allowed
    if differ or known > above + allowed or (not withheld and known < above - allowed):
        _refuse("its cells and its table of costs are not about the same people")


def _check_columns(table: pd.DataFrame, wanted: Sequence[str], numbers: Sequence[str]) -> None:
    if missing := [name for name in wanted if name not in table.columns]:
        _refuse(f"column {missing[0]} is not there")
    if table.empty:
        _refuse("holds no cell")
    if odd := [name for name in numbers if table[name].dtype.kind not in "iuf"]:
        _refuse(f"column {odd[0]} holds no numbers")


def _check_numbers(table: pd.DataFrame) -> None:
    for name in table:
        column = table[name]
        bad = ~np.isfinite(column) | (column < 0) | (column > LARGEST_AMOUNT**2)
        if bad.any():
            _refuse(f"column {name}: {column[bad].iloc[0]:g} is no sum over people")


def _refuse(fault: str) -> NoReturn:
    raise InputError(f"{fault}; {MAKE_AGAIN}")
