"""Derive English costs, populations and sizes from raw files, which are not kept here.

Run `python data/england/derive.py RAW_FOLDER`, where the folder holds `nhs_cost_age_sex_imd`,
`nhse_gp_weighted_pop` and `nhs_gp_payments`. Practices and networks appear only in bins of at
least five; larger organisations, each with over 50,000 people, one by one.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from costs import cost_table

from analysis.evidence.binning import binned_sums, log_edges
from analysis.evidence.errors import EvidenceError
from analysis.evidence.packaging import main, require_columns, require_file

MINIMUM_BIN = 5

POPULATIONS = "nhse_gp_weighted_pop/wp_data_2022LAD.csv.gz"
PEOPLE, WEIGHTED, ACUTE = "pop 2022/23", "Final WP", "G&A WP"

PAYMENTS = {
    "2014/15": "nhs_gp_payments/14-15.csv.gz",
    "2022/23": "nhs_gp_payments/22-23.csv.gz",
}
LIST, TOTAL, QOF = (
    "Number of Registered Patients (Last Known Figure)",
    "Total NHS Payments to General Practice",
    "Total QOF Payments",
)
LIST_BANDS = [0, 1, 2000, 4000, 6000, 8000, 10_000, 15_000, 20_000]


def derive(raw: Path | None) -> Mapping[str, pd.DataFrame]:
    """Make the five tables of this package.

    Parameters
    ----------
    raw : pathlib.Path
        Folder of raw files.

    Returns
    -------
    mapping of str to pandas.DataFrame
        `cost_by_age_sex_deprivation`, `organisations`, `size_bins`, `need_bins`,
        `practice_payments`.
    """
    if raw is None:
        raise EvidenceError("Name the folder of raw files; README.md says where they come from.")
    practices = read_populations(raw)
    payments = {year: read_payments(raw, name) for year, name in PAYMENTS.items()}
    levels = {"practice": practices, "primary_care_network": networks(practices)}
    return {
        "cost_by_age_sex_deprivation": cost_table(raw),
        "organisations": organisations(practices, payments["2014/15"]),
        "size_bins": size_bins(levels, payments["2014/15"]),
        "need_bins": need_bins(levels),
        "practice_payments": payment_bands(payments),
    }


def read_populations(raw: Path) -> pd.DataFrame:
    """Read practices' populations and need-weighted populations of 2022/23.

    Parameters
    ----------
    raw : pathlib.Path
        Folder of raw files.

    Returns
    -------
    pandas.DataFrame
        One row a practice: codes of its network, sub-ICB location and board, `people`, `weighted`,
        `acute`.
    """
    source = pd.read_csv(require_file(raw, POPULATIONS), dtype={"PCN_Code": "str"})
    names = {"PCN_Code": "network", "LOC22": "location", "ICS22": "board"}
    names |= {PEOPLE: "people", WEIGHTED: "weighted", ACUTE: "acute"}
    return require_columns(source, list(names), POPULATIONS).rename(columns=names)


def networks(practices: pd.DataFrame) -> pd.DataFrame:
    """Add practices up to primary care networks.

    Parameters
    ----------
    practices : pandas.DataFrame
        As `read_populations` returns.

    Returns
    -------
    pandas.DataFrame
        One row a network; the 75 practices in none (code U) are left out.
    """
    inside = practices[practices["network"] != "U"]
    return inside.groupby("network")[["people", "weighted", "acute"]].sum().reset_index()


def organisations(practices: pd.DataFrame, payments: pd.DataFrame) -> pd.DataFrame:
    """List the sizes of the organisations that are large enough to show one by one.

    Parameters
    ----------
    practices : pandas.DataFrame
        As `read_populations` returns.
    payments : pandas.DataFrame
        Payments of 2014/15, which name the clinical commissioning group of each practice.

    Returns
    -------
    pandas.DataFrame
        One row a sub-ICB location, integrated care board or clinical commissioning group.
    """
    levels = {"location": "sub_icb_location", "board": "integrated_care_board"}
    tables = []
    for column, level in levels.items():
        group = practices.groupby(column)
        table = group[["people", "weighted", "acute"]].sum().assign(n_practices=group.size())
        tables.append(table.rename_axis("code").reset_index().assign(level=level, year="2022/23"))
    listed = payments[payments["patients"] > 0].groupby("commissioner")
    groups = listed["patients"].agg(people="sum", n_practices="size").rename_axis("code")
    level = "clinical_commissioning_group"
    tables.append(groups.reset_index().assign(level=level, year="2014/15"))
    table = pd.concat(tables, ignore_index=True)
    table["need_index"] = table["weighted"] / table["people"]
    table["acute_need_index"] = table["acute"] / table["people"]
    columns = ["level", "year", "code", "people", "n_practices", "need_index", "acute_need_index"]
    return table[columns].sort_values(["level", "code"], ignore_index=True)


def size_bins(levels: Mapping[str, pd.DataFrame], payments: pd.DataFrame) -> pd.DataFrame:
    """Count practices and networks by size.

    Parameters
    ----------
    levels : mapping of str to pandas.DataFrame
        Organisations of 2022/23 with `people`, by level.
    payments : pandas.DataFrame
        Practices of 2014/15 with `patients`.

    Returns
    -------
    pandas.DataFrame
        One row a level, year and bin.
    """
    listed = payments.loc[payments["patients"] > 0, "patients"]
    sizes = {(level, "2022/23"): table["people"] for level, table in levels.items()}
    sizes["practice", "2014/15"] = listed
    tables = []
    for (level, year), people in sizes.items():
        # 40 bins a decade: 6 % wide, narrow against the uncertainty of any minimum size.
        edges = np.array([0, *log_edges(100, people.max(), 40)])
        terms = {"people_sum": people, "people_square_sum": people**2}
        table = binned_sums(people, edges, terms, MINIMUM_BIN)
        tables.append(table.assign(level=level, year=year))
    named = {"low": "people_low", "high": "people_high", "n": "n_organisations"}
    return first_columns(pd.concat(tables).rename(columns=named), ["level", "year"])


def need_bins(levels: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Count practices and networks by need index.

    Parameters
    ----------
    levels : mapping of str to pandas.DataFrame
        Organisations of 2022/23 with `people`, `weighted` and `acute`, by level.

    Returns
    -------
    pandas.DataFrame
        One row a level, measure and bin.
    """
    tables = []
    for level, table in levels.items():
        for measure, column in {"all_care": "weighted", "general_and_acute": "acute"}.items():
            index = table[column] / table["people"]
            edges = np.array([0, *log_edges(0.5, index.max(), 100)])
            terms = {
                "people_sum": table["people"],
                "weighted_people_sum": table[column],
                "need_index_sum": index,
                "need_index_square_sum": index**2,
            }
            bins = binned_sums(index, edges, terms, MINIMUM_BIN)
            tables.append(bins.assign(level=level, measure=measure))
    named = {"low": "need_index_low", "high": "need_index_high", "n": "n_organisations"}
    return first_columns(pd.concat(tables).rename(columns=named), ["level", "measure"])


def read_payments(raw: Path, name: str) -> pd.DataFrame:
    """Read one year's payments to practices.

    Parameters
    ----------
    raw : pathlib.Path
        Folder of raw files.
    name : str
        File name within it.

    Returns
    -------
    pandas.DataFrame
        One row a practice: `commissioner` (code), `patients`, `total`, `qof` (GBP).
    """
    source = pd.read_csv(require_file(raw, name), dtype="str", encoding="utf-8-sig")
    columns = {"CCG Code": "commissioner", LIST: "patients", TOTAL: "total", QOF: "qof"}
    table = require_columns(source, list(columns), name).rename(columns=columns)
    numbers = ["patients", "total", "qof"]
    cleaned = table[numbers].apply(lambda text: text.str.replace(",", "").str.strip())
    table[numbers] = cleaned.apply(pd.to_numeric, errors="coerce")
    if table[numbers].isna().any(axis=None):
        raise EvidenceError(f"{name}: a list size or payment is not a number.")
    return table


def payment_bands(payments: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Add payments up by list size.

    Parameters
    ----------
    payments : mapping of str to pandas.DataFrame
        Practices by financial year.

    Returns
    -------
    pandas.DataFrame
        One row a year and band of list size; the first band has no patients.
    """
    tables = []
    for year, table in payments.items():
        share = (table["qof"] / table["total"]).where(table["total"] > 0)
        terms = {
            "patients_sum": table["patients"],
            "total_payments_gbp_sum": table["total"],
            "qof_payments_gbp_sum": table["qof"],
            "n_with_share": share.notna().astype(int),
            "qof_share_sum": share.fillna(0.0),
            "qof_share_square_sum": share.fillna(0.0) ** 2,
        }
        bands = binned_sums(table["patients"], np.array(LIST_BANDS), terms, MINIMUM_BIN)
        tables.append(bands.assign(financial_year=year))
    named = {"low": "patients_low", "high": "patients_high", "n": "n_practices"}
    return first_columns(pd.concat(tables).rename(columns=named), ["financial_year"])


def first_columns(table: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Put key columns first.

    Parameters
    ----------
    table : pandas.DataFrame
        Any table.
    keys : list of str
        Columns to put first.

    Returns
    -------
    pandas.DataFrame
        The table, with a fresh index.
    """
    return table[[*keys, *(c for c in table.columns if c not in keys)]].reset_index(drop=True)


if __name__ == "__main__":
    main(__file__, derive)
