"""Conditions that were known of a person in a year, as factors for the year after."""

import re
from typing import TYPE_CHECKING

from analysis.errors import InputError
from analysis.own.claims.dates import as_date, as_text
from analysis.own.claims.opening import OpenTable
from analysis.own.claims.years import Years, told_year
from analysis.tables.read_errors import plain_read_errors

if TYPE_CHECKING:
    import ibis.expr.types as ir

MOST_FLAGS = 20
"""With more conditions than this, codes rather than groups of them, only their number is told."""

COUNT = "prior_conditions"


def conditions_by_person(table: OpenTable, how: Years) -> tuple["ir.Table", dict[str, str]]:
    """Return the conditions of each person and year, and the flags that tell them.

    Parameters
    ----------
    table : OpenTable
        One row a person, condition and day or year.

    Returns
    -------
    conditions : ibis Table
        ``person``, ``year``, `COUNT` and a flag of 0 or 1 for each condition.
    flags : dict of str to str
        Condition by name of its flag; none if there are more than `MOST_FLAGS`.

    Raises
    ------
    InputError
        If two conditions would have one flag.
    """
    rows = table.source.table
    with plain_read_errors(table.source.name):
        if table.has("date"):
            year = how.year_of(as_date(rows, table.column("date")))
        else:
            year = told_year(table, how)
        plain = rows.select(
            person=as_text(rows, table.column("person")),
            year=year,
            condition=as_text(rows, table.column("condition")),
        )
        known = plain.select("condition").filter(plain["condition"].notnull()).distinct()
        names = known.limit(MOST_FLAGS + 1).execute()["condition"].tolist()
        flags = _flags(sorted(names)) if len(names) <= MOST_FLAGS else {}
    sums = {flag: (plain["condition"] == name).max().cast("int64") for flag, name in flags.items()}
    counted = plain.group_by(["person", "year"]).aggregate(
        **{COUNT: plain["condition"].nunique()}, **sums
    )
    return counted, flags


def _flags(names: list[str]) -> dict[str, str]:
    flags: dict[str, str] = {}
    for name in names:
        flag = "prior_" + "_".join(re.findall(r"[^\W_]+", name.casefold()))
        if flag in {*flags, COUNT, "prior_cost"}:
            raise InputError(f"two conditions would be named {flag}; rename {name!r}")
        flags[flag] = name
    return flags
