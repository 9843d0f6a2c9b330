"""England: what care costs by age, sex and deprivation, and how large commissioners are.

A level, measure or year without data raises EvidenceError, which lists those there are.
"""

from typing import Literal

import pandas as pd

from analysis.evidence import catalogue
from analysis.evidence.errors import EvidenceError

Level = Literal["clinical_commissioning_group", "integrated_care_board", "sub_icb_location"]
SmallLevel = Literal["practice", "primary_care_network"]


def cost_by_age_sex_deprivation(financial_year: str = "2014/15") -> pd.DataFrame:
    """Return mean NHS cost and population by age band, sex and deprivation.

    Parameters
    ----------
    financial_year : {"2011/12", "2014/15"}
        Year of activity and of prices.

    Returns
    -------
    pandas.DataFrame
        190 rows: `sex`, `deprivation_quintile` (1 is the most deprived), `age_low`, `age_high`
        (years; missing for 85 and over), `population` (people), `inpatient_cost_gbp`,
        `other_secondary_cost_gbp`, `primary_care_cost_gbp`, `cost_gbp` (GBP a year for all of
        them), `cost_per_head_square_sum` (squared GBP), `cost_per_head_gbp` (GBP per person-year).

    References
    ----------
    Asaria M (2017) Health care costs in the English NHS. In: Unit Costs of Health and Social Care
    2017, PSSRU, University of Kent.
    """
    rows = catalogue.table("england", "cost_by_age_sex_deprivation")
    return _chosen(rows, "financial_year", financial_year)


def organisations(level: Level) -> pd.DataFrame:
    """Return the sizes of the organisations that have commissioned or now commission care.

    They are 211 groups in 2014/15, and 42 boards and 106 locations in 2022/23. Columns: `year`,
    `code`, `people` (registered patients), `n_practices`, `need_index` and `acute_need_index`
    (ratio to England; missing for groups).
    """
    return _chosen(catalogue.table("england", "organisations"), "level", level)


def size_bins(level: SmallLevel, year: str = "2022/23") -> pd.DataFrame:
    """Return practices or networks by number of registered patients.

    Years are "2014/15" and, for networks the only one, "2022/23". Columns: `people_low`,
    `people_high` (registered patients; missing in the open last bin), `n_organisations`,
    `people_sum`, `people_square_sum`.
    """
    rows = _chosen(catalogue.table("england", "size_bins"), "level", level)
    return _chosen(rows, "year", year)


def need_bins(
    level: SmallLevel, measure: Literal["all_care", "general_and_acute"] = "all_care"
) -> pd.DataFrame:
    """Return practices or networks by need index, 2022/23.

    Columns: `need_index_low`, `need_index_high` (ratio to England; missing in the open last bin),
    `n_organisations`, `people_sum`, `weighted_people_sum`, `need_index_sum`,
    `need_index_square_sum`.
    """
    rows = _chosen(catalogue.table("england", "need_bins"), "level", level)
    return _chosen(rows, "measure", measure)


def practice_payments(financial_year: str = "2022/23") -> pd.DataFrame:
    """Return NHS payments to practices, and their quality payments, by list size.

    Years are "2014/15" and "2022/23". Columns: `patients_low`, `patients_high` (registered
    patients), `n_practices`, `patients_sum`, `total_payments_gbp_sum`, `qof_payments_gbp_sum` (GBP
    a year), `n_with_share`, `qof_share_sum`, `qof_share_square_sum` (share of payments).
    """
    rows = catalogue.table("england", "practice_payments")
    return _chosen(rows, "financial_year", financial_year)


def _chosen(rows: pd.DataFrame, column: str, wanted: str) -> pd.DataFrame:
    chosen = rows[rows[column] == wanted]
    if chosen.empty:
        available = ", ".join(sorted(rows[column].unique()))
        raise EvidenceError(f"There is no {column} {wanted!r} here. There are: {available}.")
    return chosen.drop(columns=column).reset_index(drop=True)
