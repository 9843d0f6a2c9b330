"""Derive names and sizes of today's organisations from raw files, which are not kept here.

Run `python data/organisations/derive.py RAW_FOLDER`, where the folder holds
`nhse_gp_weighted_pop`, `mssp_aco_puf` and `mssp_aco_puf_2023_2024`. Sizes are rounded to hundreds:
nobody decides by less, and no row of a source is repeated.
"""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from analysis.evidence.errors import EvidenceError
from analysis.evidence.mssp_raw import aco_years
from analysis.evidence.packaging import main, require_columns, require_file

POPULATIONS = "nhse_gp_weighted_pop/wp_data_2022LAD.csv.gz"
PEOPLE = "pop 2022/23"
ENGLISH_LEVELS = {
    "primary_care_network": ("PCN_Code", "PCN_Name"),
    "sub_icb_location": ("LOC22", "LOC22name"),
    "integrated_care_board": ("ICS22", "ICS22name"),
}
NO_NETWORK = "U"

ACO_NAMES = "mssp_aco_puf_2023_2024/2024.csv.gz"
ACO_YEAR = 2024

ROUNDED_TO = 100

COLUMNS = ["level", "code", "name", "people", "year", "start_year"]


def derive(raw: Path | None) -> Mapping[str, pd.DataFrame]:
    """Make the table of this package.

    Parameters
    ----------
    raw : pathlib.Path
        Folder of raw files.

    Returns
    -------
    mapping of str to pandas.DataFrame
        `organisations`.
    """
    if raw is None:
        raise EvidenceError("Name the folder of raw files; README.md says where they come from.")
    table = pd.concat([english(raw), acos(raw)], ignore_index=True)
    table["people"] = (table["people"] / ROUNDED_TO).round().astype(int) * ROUNDED_TO
    return {"organisations": table[COLUMNS].sort_values(["level", "code"], ignore_index=True)}


def english(raw: Path) -> pd.DataFrame:
    """Add the practices of 2022/23 up to networks, sub-ICB locations and boards.

    Parameters
    ----------
    raw : pathlib.Path
        Folder of raw files.

    Returns
    -------
    pandas.DataFrame
        One row an organisation; the 75 practices in no network are in no network here either.
    """
    source = pd.read_csv(require_file(raw, POPULATIONS), dtype={"PCN_Code": "str"})
    named = [column for pair in ENGLISH_LEVELS.values() for column in pair]
    source = require_columns(source, [*named, PEOPLE], POPULATIONS)
    tables = []
    for level, (code, name) in ENGLISH_LEVELS.items():
        inside = source[source[code] != NO_NETWORK]
        table = inside.groupby(code).agg(name=(name, "first"), people=(PEOPLE, "sum"))
        table["name"] = table["name"].str.split().str.join(" ")
        tables.append(table.rename_axis("code").reset_index().assign(level=level))
    return pd.concat(tables).assign(year="2022/23", start_year=pd.NA)


def acos(raw: Path) -> pd.DataFrame:
    """Name the accountable care organisations of the last year, with size and first year.

    Parameters
    ----------
    raw : pathlib.Path
        Folder of raw files.

    Returns
    -------
    pandas.DataFrame
        One row an organisation; `start_year` is missing where it is unknown.
    """
    rows = aco_years(raw)
    last = rows[rows["performance_year"] == ACO_YEAR]
    file = require_file(raw, ACO_NAMES)
    names = pd.read_csv(file, dtype="str", encoding="latin-1", usecols=["ACO_ID", "ACO_Name"])
    named = last.merge(names, left_on="aco", right_on="ACO_ID", how="left", validate="1:1")
    if named["ACO_Name"].isna().any():
        raise EvidenceError(f"{ACO_NAMES}: an organisation has no name; check its ACO_ID.")
    named["ACO_Name"] = named["ACO_Name"].str.split().str.join(" ")
    columns = {"ACO_ID": "code", "ACO_Name": "name", "assigned_beneficiaries": "people"}
    table = named[[*columns, "start_year"]].rename(columns=columns)
    return table.assign(level="accountable_care_organisation", year=str(ACO_YEAR))


if __name__ == "__main__":
    main(__file__, derive)
