"""Medicare Shared Savings Program: groups of ACOs, 2013 to 2024.

The savings rate is benchmark minus expenditure, over benchmark, before any sharing, recomputed for
every year. No table has a row for one ACO: each is a sum over at least three.
"""

import pandas as pd

from analysis.evidence import catalogue
from analysis.evidence.mssp_sums import combine, with_moments, with_pair_moments

__all__ = ["cells", "combine", "cross_section", "pairs"]


def cells() -> pd.DataFrame:
    """Return ACO-years by start year, performance year, size and leaving.

    Columns: `start_year` (missing: unknown), `performance_year`, `size_low` and `size_high`
    (assigned beneficiaries), the sums of `mssp_sums.SUM_COLUMNS`, pair sums for this year and the
    next (`mssp_sums.PAIR_COLUMNS`), the means and variances that the sums imply, and
    `programme_year` (1 in the start year). ACO-years of 2013 that started in 2012 cover up to 21
    months. Add cells with `combine(cells(), by=[...])`: it gives what the rows would have given.
    """
    frame = with_moments(catalogue.table("mssp", "cells"))
    return frame.assign(programme_year=frame["performance_year"] - frame["start_year"] + 1)


def cross_section() -> pd.DataFrame:
    """Return ACO-years by performance year and finer size bands.

    Columns: `performance_year`, `size_low`, `size_high`, sums, means and variances as in `cells`.
    """
    return with_moments(catalogue.table("mssp", "cross_section"))


def pairs() -> pd.DataFrame:
    """Return the same ACOs in two years, for every two years and size band.

    Columns: `earlier_year`, `later_year`, `size_low`, `size_high` (size in the earlier year), pair
    sums, variances, `rate_covariance`, `rate_correlation` and `change_sd`.
    """
    return with_pair_moments(catalogue.table("mssp", "pairs"))
