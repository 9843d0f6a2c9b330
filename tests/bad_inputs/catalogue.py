"""Every entry, by the part of the input that is bad, and the tables that the book shows of them."""

import csv
import io
import re

from tests.bad_inputs import (
    amounts,
    claims,
    elsewhere,
    files,
    group_means,
    groups,
    labels,
    own,
    rows,
)
from tests.bad_inputs import tables as layout

CATALOGUE = {
    "What the file is": files.WHAT_IT_IS,
    "What it is called": files.ITS_NAME,
    "Lines": layout.LINES,
    "Columns": layout.COLUMNS,
    "Types": layout.TYPES,
    "What rows are": rows.ROWS,
    "How amounts are written": amounts.WRITTEN,
    "How large amounts are": amounts.SIZES,
    "Labels": labels.LABELS,
    "Options, and places to write to": elsewhere.OPTIONS_AND_PLACES,
    "Files of cells": elsewhere.CELLS_FILES,
    "Claims and members": claims.CLAIMS_AND_MEMBERS,
    "Triangles of payments": elsewhere.TRIANGLES,
    "Groups by year": groups.GROUPS,
    "Mean costs of groups": group_means.GROUP_MEANS,
    "Asking what is in a table": elsewhere.DESCRIBED,
    "A model of your own cells": own.OWN,
}


def rows_of(group, outcomes):
    """The table of one group as readers see it: what was given, the exit code, what came out."""
    return [
        {
            "Input": case.name[0].upper() + case.name[1:],
            "Exit": str(found.code),
            "What comes out": code_span(found.text.removeprefix("error: "))
            if found.code
            else found.text,
        }
        for case, found in zip(CATALOGUE[group], outcomes, strict=True)
    ]


def summary(outcomes):
    """How many inputs each group has, and how many of them are refused."""
    table = [
        {
            "What is bad": group,
            "Inputs": len(found),
            "Refused": sum(each.code > 0 for each in found),
            "Answered": sum(each.code == 0 for each in found),
        }
        for group, found in outcomes.items()
    ]
    totals = {name: sum(row[name] for row in table) for name in ("Inputs", "Refused", "Answered")}
    return [*table, {"What is bad": "All", **totals}]


def code_span(text):
    """Return text as Markdown shows it letter by letter, whatever it holds."""
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    space = " " if fence != "`" else ""
    return f"{fence}{space}{text}{space}{fence}"


def csv_text(table):
    """Return a table as the text of a CSV file."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, table[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(table)
    return stream.getvalue()


def file_name(group):
    """Name of the file that holds the table of a group."""
    return "-".join(re.findall("[a-z]+", group.lower())) + ".csv"


def tables(outcomes):
    """Every file of the page, by name, from the outcomes by group."""
    files = {"summary.csv": csv_text(summary(outcomes))}
    return files | {
        file_name(group): csv_text(rows_of(group, found)) for group, found in outcomes.items()
    }
