"""Costs by age, sex and deprivation: the part of `derive.py` that reads the workbook."""

from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd

from analysis.evidence.errors import EvidenceError
from analysis.evidence.packaging import require_file

WORKBOOK = "nhs_cost_age_sex_imd/NHS spend by deprivation quintile.xlsx"
FIRST_ROW, AGES = 4, 86
"""The age-0 row of every sheet, and the number of single years of age (the last is 85+)."""
COLUMN = {"female": 4, "male": 10}
"""Column of the most deprived quintile, by sex; the other quintiles follow."""
SHEETS = {
    "population": "{} population",
    "cost_per_head": "{} overall results",
    "inpatient_cost_gbp": "{} inpatient total",
    "other_secondary_cost_gbp": "{} outpatient total",
    "primary_care_cost_gbp": "{} GP and pharma total",
}
TOTALS = {
    "inpatient_cost_gbp": "Total cost of inpatient admissions (£)",
    "other_secondary_cost_gbp": "Total cost of outpatient appointments (£)",
}
"""Rows of the sheet of totals: 2014/15 is projected from 2011/12 and then scaled to these."""
TOTALS_SHEET, LABEL_COLUMN, TOTAL_COLUMN = "Secondary care summary", 2, {"2011": 3, "2014": 4}
COST_YEARS = {"2011/12": "2011", "2014/15": "2014"}
AGE_BANDS = [0, 1, *range(5, 86, 5)]


def cost_table(raw: Path) -> pd.DataFrame:
    """Add up cost and population by age band, sex and deprivation.

    Parameters
    ----------
    raw : pathlib.Path
        Folder of raw files.

    Returns
    -------
    pandas.DataFrame
        One row a financial year, sex, quintile and age band.
    """
    book = openpyxl.load_workbook(require_file(raw, WORKBOOK), data_only=True)
    cells = pd.concat(read_cells(book, year, prefix) for year, prefix in COST_YEARS.items())
    cells["cost_gbp"] = cells["cost_per_head"] * cells["population"]
    cells["cost_per_head_square_sum"] = cells["cost_per_head"] ** 2 * cells["population"]
    band = np.searchsorted(AGE_BANDS, cells["age"], side="right") - 1
    cells["age_low"] = np.array(AGE_BANDS)[band]
    keys = ["financial_year", "sex", "deprivation_quintile", "age_low"]
    summed = cells.drop(columns=["age", "cost_per_head"]).groupby(keys).sum().reset_index()
    high = dict(zip(AGE_BANDS, [*(low - 1 for low in AGE_BANDS[1:]), None], strict=True))
    summed.insert(4, "age_high", summed["age_low"].map(high).astype("Int64"))
    return summed.assign(cost_per_head_gbp=summed["cost_gbp"] / summed["population"])


def read_cells(book: openpyxl.Workbook, year: str, prefix: str) -> pd.DataFrame:
    """Read one financial year's sheets.

    Parameters
    ----------
    book : openpyxl.Workbook
        The workbook, opened for values.
    year, prefix : str
        Financial year, and how its sheets' names begin.

    Returns
    -------
    pandas.DataFrame
        One row a sex, quintile and single year of age.
    """
    rows = []
    for sex, first in COLUMN.items():
        for quintile in range(1, 6):
            for age in range(AGES):
                at = (FIRST_ROW + age, first + quintile - 1)
                values = {name: cell(book, s.format(prefix), *at) for name, s in SHEETS.items()}
                key = {"sex": sex, "deprivation_quintile": quintile, "age": age}
                rows.append({"financial_year": year, **key, **values})
    frame = pd.DataFrame(rows)
    for name, label in TOTALS.items():
        frame[name] *= stated_total(book, label, prefix) / frame[name].sum()
    return frame


def stated_total(book: openpyxl.Workbook, label: str, prefix: str) -> float:
    """Read a national total.

    Parameters
    ----------
    book : openpyxl.Workbook
        The workbook.
    label : str
        How its row is labelled.
    prefix : str
        2011 or 2014.

    Returns
    -------
    float
        GBP.
    """
    sheet = book[TOTALS_SHEET]
    for row in range(1, sheet.max_row + 1):
        if str(sheet.cell(row, LABEL_COLUMN).value).strip() == label:
            return cell(book, TOTALS_SHEET, row, TOTAL_COLUMN[prefix])
    raise EvidenceError(f"{WORKBOOK}, {TOTALS_SHEET}: no row is labelled {label!r}.")


def cell(book: openpyxl.Workbook, sheet: str, row: int, column: int) -> float:
    """Read one number of the workbook.

    Parameters
    ----------
    book : openpyxl.Workbook
        The workbook.
    sheet : str
        Sheet name.
    row, column : int
        Position, from 1.

    Returns
    -------
    float
        The number.
    """
    if sheet not in book.sheetnames:
        raise EvidenceError(f"{WORKBOOK} has no sheet {sheet!r}. Use the release in README.md.")
    value = book[sheet].cell(row, column).value
    if not isinstance(value, int | float):
        raise EvidenceError(f"{WORKBOOK}, {sheet}, row {row}, column {column}: {value!r}.")
    return float(value)
