"""A reader's own groups from a table: one row a group, or a group and class of age and sex.

Columns: ``group``; ``people`` (or person-years); ``mean_cost`` or ``total_cost`` of one year; and,
where they are told, ``age`` and ``sex``.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.models.group_means.cells import GroupCells
from analysis.own.groups.classes import arranged
from analysis.tables.people_tables import open_people
from analysis.tables.read_errors import plain_read_errors
from analysis.tables.small_tables import (
    numbers_between,
    refuse,
    require_columns,
    small_table,
    text_labels,
)

FEWEST_GROUPS = 5
MOST_ROWS = 200_000
MOST_CLASSES = 200
MOST_PEOPLE, LARGEST = 1e9, 1e15

CLASSES = ("age", "sex")
COSTS = ("mean_cost", "total_cost")
NEEDS = "group, people, and mean_cost or total_cost"
ONE_ROW = "one row a group, or a group, age and sex"


@dataclass(frozen=True)
class OwnGroupTable:
    """Mean costs of a reader's groups.

    Attributes
    ----------
    cells : GroupCells
    parts : tuple of str
        Ages of each part of the cells, in words.
    classes : tuple of str
        Columns that the classes are made of; none where groups are told as a whole.
    left_out : int
        Rows in which a number is not available.
    """

    cells: GroupCells
    parts: tuple[str, ...]
    classes: tuple[str, ...]
    left_out: int = 0


def read_group_table(file: Path) -> OwnGroupTable:
    """Read a table of groups.

    Parameters
    ----------
    file : Path
        Any that `open_people` opens; see the head of this module.

    Raises
    ------
    InputError
        If the table cannot be used; names the file, the column, the row and the fix.
    """
    source = open_people(str(file), "")  # no column of costs: a CSV file is read as text
    with plain_read_errors(source.name):
        frame = small_table(source, MOST_ROWS, ONE_ROW, ["people", *COSTS])
        _check_kind(frame)
        classes = tuple(name for name in CLASSES if name in frame)
        arranged_rows = _arranged(_rows(frame, classes), classes)
        return replace(arranged_rows, left_out=frame.attrs["left_out"])


def _check_kind(frame: pd.DataFrame) -> None:
    """Raise InputError for a table without the columns of groups, such as one of people."""
    names = list(frame.columns)
    if "people" not in names and len(frame) > 1:
        require_columns(names, ["people"], f"{NEEDS}; a table with one row a person is for `cells`")
    require_columns(names, ["group", "people"], NEEDS)
    there = [name for name in COSTS if name in names]
    if len(there) == 2:
        raise InputError("columns mean_cost and total_cost are both there; leave one of them out")
    require_columns(names, there or COSTS[:1], NEEDS)


def _rows(frame: pd.DataFrame, classes: tuple[str, ...]) -> pd.DataFrame:
    rows = pd.DataFrame({"group": text_labels(frame, "group", "every row needs a group")})
    for name in classes:
        rows[name] = text_labels(frame, name, "every row needs one, or leave the column out")
    rows["people"] = numbers_between(frame, "people", -MOST_PEOPLE, MOST_PEOPLE)
    nobody = "give the number of people, above 0, or leave the row out"
    refuse(rows["people"] <= 0, frame["people"], "people", nobody)
    if (rows["people"] == 1).all() and len(rows) > FEWEST_GROUPS:
        raise InputError(
            "column people: is 1 in every row, so these are people and not groups; `cells` takes "
            "a table of people"
        )
    name = next(name for name in COSTS if name in frame)
    cost = numbers_between(frame, name, 0, LARGEST)
    rows["cost"] = cost * rows["people"] if name == "mean_cost" else cost
    keys = ["group", *classes]
    again = f"it is there twice{' with this age and sex' if classes else ''}; give {ONE_ROW}"
    refuse(rows.duplicated(keys), frame["group"], "group", again)
    return rows


def _arranged(rows: pd.DataFrame, classes: tuple[str, ...]) -> OwnGroupTable:
    _check_groups(rows)
    labels = list(zip(*(rows[name] for name in classes), strict=True)) or [()] * len(rows)
    if (number := len(set(labels))) > MOST_CLASSES:
        raise InputError(
            f"columns {' and '.join(classes)}: make {number:,} classes, and {MOST_CLASSES} are the "
            "most; put ages into bands of five or ten years"
        )
    order = arranged(sorted(set(labels)), classes)
    place = {label: number for number, label in enumerate(order.labels)}
    wide = rows.assign(place=[place[label] for label in labels])
    people, cost = (
        wide.pivot_table(name, "group", "place", "sum").fillna(0.0).to_numpy()
        for name in ("people", "cost")
    )
    _check_costs(people, cost, order.labels)
    return OwnGroupTable(GroupCells(people, cost, order.band, order.part), order.parts, classes)


def _check_groups(rows: pd.DataFrame) -> None:
    number = rows["group"].nunique()
    if number < FEWEST_GROUPS:
        held = "one group" if number == 1 else f"{number} groups"
        raise InputError(
            f"holds {held}; {FEWEST_GROUPS} are the fewest from which it can be learned how far "
            "groups differ"
        )


def _check_costs(people: np.ndarray, cost: np.ndarray, labels: tuple[tuple[str, ...], ...]) -> None:
    for place in np.flatnonzero(cost.sum(axis=0) <= 0):
        whose = f" of {', '.join(labels[place])}" if labels[place] else ""
        raise InputError(f"every cost{whose} is 0; leave those rows out, or give their cost")
    mean = cost / np.where(people > 0, people, 1.0)
    ratio = np.where(people > 0, mean / (cost.sum(axis=0) / people.sum(axis=0)), 1.0)
    if np.abs(ratio - 1).max() < 1e-9:
        raise InputError("every group has the same mean cost; there is nothing to learn from")
