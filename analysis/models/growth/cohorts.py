r"""Savings rates by cohort and year, with their dependence and what exit did to them.

The mean of a cohort in one year and in another share organisations, and those last: sampling
errors of the means are dependent, with the covariance of `SpreadComponents`. Exit changes who is
left. If leaving depends on rates seen so far, and rates are jointly normal, then leaving that
shifts the mean of those who stay by :math:`d` in year :math:`p` shifts their mean in year
:math:`q` by :math:`\rho_{q-p} d` (Pearson 1903, Philosophical Transactions A 200:1; first order
in :math:`d`). The shifts :math:`d` are in the cells: stayers and leavers are apart.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.evidence import mssp
from analysis.models.savings.components import PERCENTAGE_POINTS, SpreadComponents


@dataclass(frozen=True)
class KnownSpread:
    """The spread of rates between organisations, taken as known.

    Attributes
    ----------
    components : SpreadComponents
        Of numbers; percentage points.
    year_scale : mapping of int to float
        Scale of each year's spread, about 1.
    """

    components: SpreadComponents
    year_scale: Mapping[int, float]

    def covariance(
        self, first: np.ndarray, second: np.ndarray, inverse_size: np.ndarray
    ) -> np.ndarray:
        """Return the covariance of one organisation's rates in two years.

        Squared percentage points; `inverse_size` is 1 / sqrt(N N'). Later years than those known
        have scale 1.
        """
        scale = np.vectorize(lambda year: self.year_scale.get(int(year), 1.0))
        lag = np.abs(first - second)
        return self.components.covariance(lag, inverse_size) * scale(first) * scale(second)

    def carried(self, lag: np.ndarray, inverse_size: float) -> np.ndarray:
        """Return the correlation of an organisation's rates some years apart."""
        covariance = self.components.covariance
        return covariance(lag, inverse_size) / covariance(np.zeros_like(lag), inverse_size)


def cohort_table(cells: pd.DataFrame, last_year: int | None = None) -> pd.DataFrame:
    """Return mean savings rates by cohort and year, and the shift by those about to leave.

    Of `analysis.evidence.mssp.cells`; an unknown start year is left out.

    Parameters
    ----------
    last_year : int, optional
        Leave later performance years out; nothing earlier depends on them but who left in it.

    Returns
    -------
    DataFrame, one row a cohort and year
        ``start_year``, ``performance_year``, ``elapsed``, ``n``, ``rate`` (percentage points),
        ``inverse_size`` (mean of 1/N), ``leaving_share``, ``gap`` (mean rate of those who stay next
        year less that of those who leave), and ``shift``: mean of those who stay less mean of all
        (zero where nobody is known to leave).
    """
    with_start_year = cells[cells["start_year"].notna()]
    if last_year is not None:
        with_start_year = with_start_year[with_start_year["performance_year"] <= last_year]
    keys = ["start_year", "performance_year"]
    everyone = mssp.combine(with_start_year, by=keys)
    # A cell of both leavers and stayers tells nothing of their difference, and counts as neither.
    staying = mssp.combine(
        with_start_year[with_start_year["n_leaving_next_year"].fillna(-1) == 0], by=keys
    )
    all_leave = with_start_year["n_leaving_next_year"] == with_start_year["n_acos"]
    leaving = mssp.combine(with_start_year[all_leave.fillna(False)], by=keys)
    table = everyone[keys].astype(int).reset_index(drop=True)
    table["elapsed"] = table["performance_year"] - table["start_year"]
    table["n"] = everyone["n_acos"].to_numpy(int)
    table["rate"] = PERCENTAGE_POINTS * everyone["savings_rate_mean"].to_numpy(float)
    table["inverse_size"] = everyone["inverse_size_mean"].to_numpy(float)
    left = everyone["n_leaving_next_year"].astype("Float64").to_numpy(float, na_value=np.nan)
    table["leaving_share"] = left / table["n"]
    gap = _gap(staying, leaving, keys)
    matched = table[keys].merge(gap, on=keys, how="left")["gap"].to_numpy(float)
    table["gap"] = matched
    table["shift"] = np.nan_to_num(matched * table["leaving_share"].to_numpy(float))
    return table


def _gap(staying: pd.DataFrame, leaving: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Mean rate of stayers less that of leavers, percentage points."""
    both = staying.merge(leaving, on=keys, suffixes=("_stay", "_leave"))
    both["gap"] = PERCENTAGE_POINTS * (
        both["savings_rate_mean_stay"] - both["savings_rate_mean_leave"]
    )
    return both[[*keys, "gap"]].astype({key: int for key in keys})


def exit_shift(table: pd.DataFrame, spread: KnownSpread) -> np.ndarray:
    """Return what earlier exits did to the mean of those still there, percentage points.

    The table is a `cohort_table`; one shift a row.
    """
    shifts = np.zeros(len(table))
    inverse = float(np.average(table["inverse_size"], weights=table["n"]))
    for _, rows in table.groupby("start_year"):
        year = rows["performance_year"].to_numpy()
        lag = year[:, None] - year[None, :]
        correlation = np.where(lag > 0, spread.carried(np.maximum(lag, 0), inverse), 0.0)
        shifts[rows.index] = correlation @ rows["shift"].to_numpy(float)
    return shifts


def sampling_covariance(table: pd.DataFrame, spread: KnownSpread) -> np.ndarray:
    """Return the covariance of the sampling errors of cohort means, squared percentage points.

    Those seen in the later of two years were all seen in the earlier one, so the covariance of two
    means is that of one organisation over the number in the earlier year. Rows and columns are
    those of a `cohort_table`.
    """
    year, n = table["performance_year"].to_numpy(), table["n"].to_numpy(float)
    root = np.sqrt(table["inverse_size"].to_numpy(float))
    first, second = np.broadcast_arrays(year[:, None], year[None, :])
    of_one_organisation = spread.covariance(first, second, np.outer(root, root))
    start = table["start_year"].to_numpy()
    count = np.where(first <= second, n[:, None], n[None, :])
    return np.where(np.equal.outer(start, start), of_one_organisation / count, 0.0)
