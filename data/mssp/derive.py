"""Derive cells of the Medicare Shared Savings Program from the raw files, which are not kept here.

Run `python data/mssp/derive.py RAW_FOLDER`. No cell holds fewer than three ACOs or three pairs.
"""

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.evidence.binning import merge_small_bands
from analysis.evidence.errors import EvidenceError
from analysis.evidence.mssp_raw import aco_years
from analysis.evidence.mssp_sums import (
    MINIMUM_CELL,
    PAIR_COLUMNS,
    PAIR_TERMS,
    SUM_COLUMNS,
    row_terms,
)
from analysis.evidence.packaging import main

FINE_BANDS = [0, 5000, 6000, 7000, 8000, 10_000, 15_000, 20_000, 30_000, 50_000]
"""Lower ends, in assigned beneficiaries, for tables by year."""

COARSE_BANDS = [0, 7500, 15_000, 30_000]
"""Lower ends for tables by start year as well, where fine bands would hold one ACO each."""

BAND = ["size_low", "size_high"]


def derive(raw: Path | None) -> Mapping[str, pd.DataFrame]:
    """Make the three tables of this package.

    Parameters
    ----------
    raw : pathlib.Path
        Folder of raw files.

    Returns
    -------
    mapping of str to pandas.DataFrame
        `cells`, `cross_section`, `pairs`.
    """
    if raw is None:
        raise EvidenceError("Name the folder of raw files; README.md says where they come from.")
    rows = aco_years(raw)
    return {"cells": cells(rows), "cross_section": cross_section(rows), "pairs": pairs(rows)}


def cells(rows: pd.DataFrame) -> pd.DataFrame:
    """Summarise by start year, performance year, leaving and size.

    Parameters
    ----------
    rows : pandas.DataFrame
        ACO-years.

    Returns
    -------
    pandas.DataFrame
        One row a cell: the sums, and pair sums for this year and the next.
    """
    cohort = ["start_year", "performance_year"]
    rows = rows.assign(fate=leaving_group(rows, cohort))
    keys = [*cohort, "fate"]
    rows = rows.join(band_columns(rows, keys, COARSE_BANDS))
    terms = row_terms(rows).join(pair_terms(rows, rows, 1))
    terms[PAIR_COLUMNS] = terms[PAIR_COLUMNS].fillna(0.0)
    summed = terms.groupby([rows[key] for key in [*keys, *BAND]], dropna=False).sum(min_count=1)
    summed = summed.reset_index().drop(columns="fate")
    return in_order(hide_small_pair_sums(summed), [*cohort, *BAND], [*SUM_COLUMNS, *PAIR_COLUMNS])


def cross_section(rows: pd.DataFrame) -> pd.DataFrame:
    """Summarise by performance year and size.

    Parameters
    ----------
    rows : pandas.DataFrame
        ACO-years.

    Returns
    -------
    pandas.DataFrame
        One row a year and band.
    """
    keys = ["performance_year"]
    rows = rows.join(band_columns(rows, keys, FINE_BANDS))
    by = [rows[key] for key in [*keys, *BAND]]
    summed = row_terms(rows).groupby(by, dropna=False).sum(min_count=1).reset_index()
    return in_order(summed, [*keys, *BAND], SUM_COLUMNS)


def pairs(rows: pd.DataFrame) -> pd.DataFrame:
    """Summarise the same ACO in two years, for every two years, by size in the earlier one.

    Parameters
    ----------
    rows : pandas.DataFrame
        ACO-years.

    Returns
    -------
    pandas.DataFrame
        One row for each two years and band: number of pairs and sums of their terms.
    """
    years = range(1, rows["performance_year"].max() - rows["performance_year"].min() + 1)
    by_lag = []
    for lag in years:
        terms = pair_terms(rows, rows, lag)
        chosen = rows[["performance_year", "assigned_beneficiaries"]].join(terms, how="right")
        by_lag.append(chosen.assign(later_year=chosen["performance_year"] + lag))
    frame = pd.concat(by_lag, ignore_index=True)
    frame = frame.rename(columns={"performance_year": "earlier_year"})
    keys = ["earlier_year", "later_year"]
    frame = frame.join(band_columns(frame, keys, FINE_BANDS))
    summed = frame.groupby([*keys, *BAND], dropna=False)[PAIR_COLUMNS].sum().reset_index()
    return in_order(summed, [*keys, *BAND], PAIR_COLUMNS)


def leaving_group(rows: pd.DataFrame, cohort: list[str]) -> pd.Series:
    """Keep leavers apart from stayers unless either are too few to publish.

    Parameters
    ----------
    rows : pandas.DataFrame
        ACO-years.
    cohort : list of str
        Columns that define a cohort in a year.

    Returns
    -------
    pandas.Series
        stays, leaves, mixed or not_known.
    """
    fate = rows["leaves_next_year"].map({True: "leaves", False: "stays"}).fillna("not_known")
    size = rows.groupby([*cohort, fate], dropna=False)["aco"].transform("size")
    too_few = rows[cohort].assign(few=size < MINIMUM_CELL)
    mixed = too_few.groupby(cohort, dropna=False)["few"].transform("any")
    return fate.mask(mixed, "mixed").rename("fate")


def band_columns(rows: pd.DataFrame, keys: list[str], lower_ends: list[int]) -> pd.DataFrame:
    """Put rows into size bands, joined within each group until none is too small.

    Parameters
    ----------
    rows : pandas.DataFrame
        With `assigned_beneficiaries` and the keys.
    keys : list of str
        Columns within which bands are joined.
    lower_ends : list of int
        Smallest size of each band.

    Returns
    -------
    pandas.DataFrame
        `size_low` and `size_high` (missing in the open band), with the index of `rows`.
    """
    ends = np.array(lower_ends)
    position = np.searchsorted(ends, rows["assigned_beneficiaries"], side="right") - 1
    grouped = rows.assign(position=position).groupby(keys, dropna=False)["position"]
    joined = [joined_band(group, ends) for _, group in grouped]
    return pd.concat(joined)


def joined_band(positions: pd.Series, ends: np.ndarray) -> pd.DataFrame:
    """Find the joined band of each row of one group.

    Parameters
    ----------
    positions : pandas.Series
        Band number of each row.
    ends : numpy.ndarray
        Smallest size of each band.

    Returns
    -------
    pandas.DataFrame
        `size_low` and `size_high`, with the index of `positions`.
    """
    counts = positions.value_counts().reindex(range(len(ends)), fill_value=0)
    if counts.sum() < MINIMUM_CELL:
        raise EvidenceError(f"A group holds only {counts.sum()} ACOs. Join it with another group.")
    starts = merge_small_bands(counts.tolist(), MINIMUM_CELL)
    cuts = [*sorted(set(starts)), len(ends)]
    last = {first: following for first, following in pairwise(cuts)}
    first = positions.map(dict(enumerate(starts)))
    high = [ends[last[f]] - 1 if last[f] < len(ends) else pd.NA for f in first]
    low = ends[first.to_numpy()]
    return pd.DataFrame({"size_low": low, "size_high": high}, positions.index).astype("Int64")


def pair_terms(earlier: pd.DataFrame, later: pd.DataFrame, lag: int) -> pd.DataFrame:
    """Terms of each ACO that is seen in a year and again some years later.

    Parameters
    ----------
    earlier, later : pandas.DataFrame
        ACO-years.
    lag : int
        Years between the two.

    Returns
    -------
    pandas.DataFrame
        `PAIR_COLUMNS` for the rows of `earlier` that have a later one.
    """
    measures = ["savings_rate", "assigned_beneficiaries"]
    keyed = later.assign(performance_year=later["performance_year"] - lag)
    keyed = keyed.set_index(["aco", "performance_year"])[measures]
    wanted = pd.MultiIndex.from_frame(earlier[["aco", "performance_year"]])
    second = keyed.reindex(wanted).set_axis(earlier.index).dropna()
    first = earlier.loc[second.index]
    sums = {f"{name}_sum": term(first, second) for name, term in PAIR_TERMS.items()}
    return pd.DataFrame({"n_pairs": 1, **sums}, index=second.index)


def hide_small_pair_sums(summed: pd.DataFrame) -> pd.DataFrame:
    """Set pair sums to zero where they, or the rows left over, would single out an ACO.

    Parameters
    ----------
    summed : pandas.DataFrame
        Cells with `n_acos` and `PAIR_COLUMNS`.

    Returns
    -------
    pandas.DataFrame
        The cells; the pairs hidden here are still counted in the table `pairs`.
    """
    paired, alone = summed["n_pairs"], summed["n_acos"] - summed["n_pairs"]
    small = paired.between(1, MINIMUM_CELL - 1) | alone.between(1, MINIMUM_CELL - 1)
    summed.loc[small, PAIR_COLUMNS] = 0
    return summed


def in_order(summed: pd.DataFrame, keys: list[str], sums: list[str]) -> pd.DataFrame:
    """Order rows and columns, and make counts whole numbers.

    Parameters
    ----------
    summed : pandas.DataFrame
        Cells.
    keys, sums : list of str
        Columns, in the order wanted.

    Returns
    -------
    pandas.DataFrame
        The table to freeze.
    """
    counts = {name: "Int64" for name in sums if name.startswith("n_")}
    # Stayers and leavers can share a band: the number leaving settles their order.
    order = [*keys, "n_leaving_next_year"] if "n_leaving_next_year" in sums else keys
    return summed.astype(counts).sort_values(order, ignore_index=True)[[*keys, *sums]]


if __name__ == "__main__":
    main(__file__, derive)
