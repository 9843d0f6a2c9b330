"""Summaries of ACO-years that can be added together again without loss.

`data/mssp/derive.py` makes cells with `summarise`; a chapter that needs coarser ones adds the
cells with `combine`, which gives what the rows would have given.
"""

import numpy as np
import pandas as pd

MINIMUM_CELL = 3
"""Smallest number of ACOs, or of pairs, behind any published statistic."""

PAIR_TERMS = {
    "earlier_rate": lambda a, b: a["savings_rate"],
    "later_rate": lambda a, b: b["savings_rate"],
    "earlier_rate_square": lambda a, b: a["savings_rate"] ** 2,
    "later_rate_square": lambda a, b: b["savings_rate"] ** 2,
    "rate_product": lambda a, b: a["savings_rate"] * b["savings_rate"],
    "earlier_inverse_size": lambda a, b: 1 / a["assigned_beneficiaries"],
    "later_inverse_size": lambda a, b: 1 / b["assigned_beneficiaries"],
    "root_inverse_sizes": lambda a, b: (
        1 / np.sqrt(a["assigned_beneficiaries"] * b["assigned_beneficiaries"])
    ),
}
"""What is summed over pairs: `a` is the earlier year of an ACO and `b` the later one."""

PAIR_COLUMNS = ["n_pairs", *(f"{term}_sum" for term in PAIR_TERMS)]

SUM_COLUMNS = [
    *("n_acos", "n_leaving_next_year", "n_two_sided", "n_positive", "n_above_minimum"),
    *("assigned_beneficiaries_sum", "benchmark_usd_sum", "savings_usd_sum"),
    *("savings_rate_sum", "savings_rate_square_sum", "inverse_size_sum", "n_quality"),
    *("quality_sum", "quality_square_sum", "quality_rate_product_sum", "quality_rate_sum"),
]


def row_terms(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the terms of ACO-years (rows of `mssp_raw.aco_years`) whose sums a cell holds.

    Columns are `SUM_COLUMNS`; quality terms are 0 where quality was not scored.
    """
    rate, quality = rows["savings_rate"], rows["quality_score"].fillna(0.0)
    scored = rows["quality_score"].notna()
    terms = {
        "n_acos": 1,
        "n_leaving_next_year": rows["leaves_next_year"].astype("Int64"),
        "n_two_sided": rows["two_sided"].astype(int),
        "n_positive": (rate > 0).astype(int),
        "n_above_minimum": (rate >= rows["minimum_savings_rate"]).astype(int),
        "assigned_beneficiaries_sum": rows["assigned_beneficiaries"],
        "benchmark_usd_sum": rows["benchmark_usd"],
        "savings_usd_sum": rows["savings_usd"],
        "savings_rate_sum": rate,
        "savings_rate_square_sum": rate**2,
        "inverse_size_sum": 1 / rows["assigned_beneficiaries"],
        "n_quality": scored.astype(int),
        "quality_sum": quality,
        "quality_square_sum": quality**2,
        "quality_rate_product_sum": quality * rate,
        "quality_rate_sum": rate.where(scored, 0.0),
    }
    return pd.DataFrame(terms, index=rows.index)


def combine(cells: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return cells added together by some columns, with the means and variances the sums imply.

    A missing value of a column is a group of its own. The moments are those of `with_moments`; pair
    sums are added too where the cells have them.
    """
    sums = [name for name in [*SUM_COLUMNS, *PAIR_COLUMNS] if name in cells.columns]
    grouped = cells.groupby(by, dropna=False, sort=True)[sums]
    # min_count: the number leaving stays missing where no cell of the group knows it.
    return with_moments(grouped.sum(min_count=1).reset_index())


def with_moments(cells: pd.DataFrame) -> pd.DataFrame:
    """Add the means and variances that a cell's sums imply.

    These are `savings_rate_mean`, `savings_rate_variance` (divisor n-1), `inverse_size_mean`,
    `quality_mean`, `quality_variance` and `quality_rate_covariance`.
    """
    n, scored = cells["n_acos"], cells["n_quality"].where(cells["n_quality"] > 1)
    rate, quality = cells["savings_rate_sum"], cells["quality_sum"]
    return cells.assign(
        savings_rate_mean=rate / n,
        savings_rate_variance=(cells["savings_rate_square_sum"] - rate**2 / n) / (n - 1),
        inverse_size_mean=cells["inverse_size_sum"] / n,
        quality_mean=quality / scored,
        quality_variance=(cells["quality_square_sum"] - quality**2 / scored) / (scored - 1),
        quality_rate_covariance=(
            cells["quality_rate_product_sum"] - quality * cells["quality_rate_sum"] / scored
        )
        / (scored - 1),
    )


def with_pair_moments(pairs: pd.DataFrame) -> pd.DataFrame:
    """Add the variances, covariance and correlation that pair sums imply.

    These are `earlier_rate_variance`, `later_rate_variance`, `rate_covariance` (divisor n-1),
    `rate_correlation` and `change_sd` (standard deviation of later minus earlier).
    """
    n = pairs["n_pairs"].astype(float)
    earlier, later = pairs["earlier_rate_sum"], pairs["later_rate_sum"]
    first = (pairs["earlier_rate_square_sum"] - earlier**2 / n) / (n - 1)
    second = (pairs["later_rate_square_sum"] - later**2 / n) / (n - 1)
    together = (pairs["rate_product_sum"] - earlier * later / n) / (n - 1)
    return pairs.assign(
        earlier_rate_variance=first,
        later_rate_variance=second,
        rate_covariance=together,
        rate_correlation=together / np.sqrt(first * second),
        change_sd=np.sqrt(first + second - 2 * together),
    )
