"""Reader of the raw files of the Medicare Shared Savings Program, one row an ACO and year.

Only `data/mssp/derive.py` and row-level checks use it: the raw files are not in this repository.
Every year's file has other headers, scales and identifiers; the constants below say which.
"""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyreadr

from analysis.evidence.errors import EvidenceError
from analysis.evidence.packaging import require_columns, require_file

FIRST_FOLDER, LATER_FOLDER = "mssp_aco_puf", "mssp_aco_puf_2023_2024"
"""Folders of raw files: performance years until 2022, and the two after, retrieved later."""

STANDARDISED = f"{FIRST_FOLDER}/mssp_all_years.rda"
CROSSWALK = f"{FIRST_FOLDER}/aco_id_crosswalk.rda"
STANDARDISED_YEARS = (2018, 2019)
"""Years for which no file of the agency itself is at hand."""


@dataclass(frozen=True)
class YearFile:
    """Where one year's figures stand in its file.

    Attributes
    ----------
    name : str
        Folder and file name.
    identifier, start, beneficiaries, benchmark, savings, threshold, quality : str
        Column names; `start` and `quality` are empty where the file has none.
    tracks : tuple of str
        Columns that are 1 for a two-sided contract, or the one column that says "Two-Sided".
    threshold_scale, quality_scale : float
        What the printed number is divided by to give a fraction.
    """

    name: str
    identifier: str = "ACO_ID"
    start: str = "Initial_Start_Date"
    beneficiaries: str = "N_AB"
    benchmark: str = "ABtotBnchmk"
    savings: str = "BnchmkMinExp"
    threshold: str = "MinSavPerc"
    quality: str = "QualScore"
    tracks: tuple[str, ...] = ("Risk_Model",)
    threshold_scale: float = 1.0
    quality_scale: float = 1.0


FILES = {
    # The header of 2013 lacks "Total expenditures", so every later name stands one column early.
    2013: YearFile(
        f"{FIRST_FOLDER}/2013_Shared_Savings_Program_Accountable_Care_Organizations__ACO__PUF.csv.gz",
        identifier="ACO Identifier",
        start="Start Date",
        beneficiaries="Total assigned beneficiary person years",
        benchmark="Total benchmark expenditures ($)",
        savings="Shared Savings ($)",
        threshold="Minimum Savings Rate (%)",
        # "Quality Score" is 1 or 0 in 2013: whether the ACO reported, not how well it did.
        quality="",
        tracks=("Track 2 ACO",),
    ),
    2014: YearFile(
        f"{FIRST_FOLDER}/2014_Shared_Savings_Program__SSP__Accountable_Care_Organizations__ACO__PUF.csv.gz",
        identifier="ACO_Num",
        start="Start_Date",
        tracks=("Track2",),
        threshold_scale=100,
    ),
    2015: YearFile(
        f"{FIRST_FOLDER}/2015.csv.gz",
        "ACO_Num",
        start="Start_Date",
        tracks=("Track2",),
        quality_scale=100,
    ),
    2016: YearFile(
        f"{FIRST_FOLDER}/2016.csv.gz", "ACO_Num", tracks=("Current_Track_2", "Current_Track_3")
    ),
    2017: YearFile(
        f"{FIRST_FOLDER}/2017.csv.gz", "ACO_Num", tracks=("Current_Track_2", "Current_Track_3")
    ),
    2020: YearFile(f"{FIRST_FOLDER}/2020.csv.gz", quality_scale=100),
    2021: YearFile(f"{FIRST_FOLDER}/2021.csv.gz", threshold_scale=100, quality_scale=100),
    2022: YearFile(f"{FIRST_FOLDER}/2022.csv.gz", start="", threshold_scale=100, quality_scale=100),
    2023: YearFile(f"{LATER_FOLDER}/2023.csv.gz", start="", threshold_scale=100, quality_scale=100),
    2024: YearFile(f"{LATER_FOLDER}/2024.csv.gz", start="", threshold_scale=100, quality_scale=100),
}

_RDA = YearFile(
    STANDARDISED,
    identifier="aco_id",
    start="initial_start_date",
    beneficiaries="n_ab",
    benchmark="abtotbnchmk",
    savings="bnchmkminexp",
    threshold="minsavperc",
    quality="qualscore",
    tracks=("current_track_2", "current_track_3", "current_track_1_plus"),
)


def aco_years(raw: Path) -> pd.DataFrame:
    """Read every ACO-year from 2013 to 2024 on one set of scales.

    The folder holds the two folders named above; a file, column or number that is not
    as expected raises EvidenceError.

    Returns
    -------
    pandas.DataFrame
        5,271 rows: `aco`, `performance_year`, `start_year` (missing where unknown),
        `assigned_beneficiaries` (people), `benchmark_usd`, `savings_usd` (US dollars in the
        performance year), `savings_rate`, `minimum_savings_rate`, `quality_score` (fractions;
        quality is missing where it was not scored), `two_sided`, `leaves_next_year` (missing in the
        last year).
    """
    crosswalk = _crosswalk(raw)
    years = [_agency_year(raw, year, crosswalk) for year in FILES]
    years += [_standardised_year(raw, year) for year in STANDARDISED_YEARS]
    frame = (
        pd.concat(years)
        .astype({"quality_score": float})
        .sort_values(["performance_year", "aco"], ignore_index=True)
    )
    if frame.duplicated(["performance_year", "aco"]).any():
        raise EvidenceError("An ACO appears twice in one year. Check the crosswalk.")
    frame["savings_rate"] = frame["savings_usd"] / frame["benchmark_usd"]
    frame["start_year"] = _start_years(frame, crosswalk)
    frame["leaves_next_year"] = _leaves(frame)
    return frame.drop(columns=["start", "first_agreement_start"])


def _crosswalk(raw: Path) -> pd.DataFrame:
    table = pyreadr.read_r(require_file(raw, CROSSWALK))["aco_id_crosswalk"]
    names = ["ACO_NUM", "ACO_ID", "ACO.First.Agreement.Start.Date"]
    return require_columns(table, names, CROSSWALK)


def _agency_year(raw: Path, year: int, crosswalk: pd.DataFrame) -> pd.DataFrame:
    layout = FILES[year]
    table = _read_text(require_file(raw, layout.name))
    frame = _standard_columns(table, layout, year)
    if layout.identifier != "ACO_ID":
        to_id = crosswalk.set_index("ACO_NUM")["ACO_ID"]
        unknown = sorted(set(frame["aco"]) - set(to_id.index))
        if unknown:
            raise EvidenceError(f"{layout.name}: {unknown[0]} is not in {CROSSWALK}.")
        frame["aco"] = frame["aco"].map(to_id)
    if not layout.start:
        # A first agreement starts when the programme does: true of all 328 in 2020 and 2021.
        first = (table["Agree_Type"] == "Initial") & (table["Agreement_Period_Num"] == "1")
        frame["first_agreement_start"] = table["Current_Start_Date"].where(first)
    return frame


def _standardised_year(raw: Path, year: int) -> pd.DataFrame:
    table = pyreadr.read_r(require_file(raw, STANDARDISED))["mssp_all_years"]
    chosen = table[table["performance_year"] == year].astype("str").reset_index(drop=True)
    return _standard_columns(chosen, _RDA, year)


def _read_text(file: Path) -> pd.DataFrame:
    try:
        # utf-8-sig drops the byte-order mark that hides the first column's name.
        return pd.read_csv(file, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    except UnicodeDecodeError:
        return pd.read_csv(file, dtype="str", keep_default_na=False, encoding="latin-1")


def _standard_columns(table: pd.DataFrame, layout: YearFile, year: int) -> pd.DataFrame:
    names = [layout.identifier, layout.beneficiaries, layout.benchmark, layout.savings]
    names += [layout.threshold, *layout.tracks, *filter(None, [layout.quality, layout.start])]
    require_columns(table, names, layout.name)
    threshold = _number(table[layout.threshold], layout.name)
    return pd.DataFrame(
        {
            "aco": table[layout.identifier],
            "performance_year": year,
            "assigned_beneficiaries": _number(table[layout.beneficiaries], layout.name),
            "benchmark_usd": _number(table[layout.benchmark], layout.name),
            "savings_usd": _number(table[layout.savings], layout.name),
            "minimum_savings_rate": threshold / layout.threshold_scale,
            "quality_score": _quality(table[layout.quality], layout) if layout.quality else None,
            "two_sided": table[list(layout.tracks)].isin(["1", "1.0", "Two-Sided"]).any(axis=1),
            "start": table[layout.start] if layout.start else None,
            "first_agreement_start": None,
        }
    )


def _number(column: pd.Series, file: str) -> pd.Series:
    cleaned = column.str.replace(r"[,$%\s]", "", regex=True)
    numbers = pd.to_numeric(cleaned, errors="coerce")
    wrong = column[numbers.isna()]
    if len(wrong):
        raise EvidenceError(f"{file}: {column.name} holds {wrong.iloc[0]!r}, which is no number.")
    return numbers


def _quality(column: pd.Series, layout: YearFile) -> pd.Series:
    # Empty or "P4R" in a first year, when reporting alone was paid for.
    scored = ~column.isin(["", "P4R"])
    score = _number(column[scored], layout.name) / layout.quality_scale
    if not score.between(0, 1).all():
        raise EvidenceError(f"{layout.name}: {column.name} is outside 0 to 1 once rescaled.")
    return score.reindex(column.index)


def _start_years(frame: pd.DataFrame, crosswalk: pd.DataFrame) -> pd.Series:
    known = crosswalk.set_index("ACO_ID")["ACO.First.Agreement.Start.Date"]
    date = frame["aco"].map(known)
    # The first year that states a date is the nearest to the start; rows are in order of years.
    for column in ("start", "first_agreement_start"):
        stated = frame.dropna(subset=[column]).drop_duplicates("aco").set_index("aco")[column]
        date = date.fillna(frame["aco"].map(stated))
    return pd.to_datetime(date, format="mixed").dt.year.astype("Int64")


def _leaves(frame: pd.DataFrame) -> pd.Series:
    present = set(zip(frame["aco"], frame["performance_year"], strict=True))
    following = zip(frame["aco"], frame["performance_year"] + 1, strict=True)
    leaves = pd.Series([pair not in present for pair in following], frame.index, dtype="boolean")
    return leaves.mask(frame["performance_year"] == frame["performance_year"].max())
