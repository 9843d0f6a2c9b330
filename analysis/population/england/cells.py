"""England in 190 cells of age, sex and deprivation: how many people, and what they cost by kind.

The source's table for 2014/15 has one defect that matters here: its row for people aged 85 and over
holds those of exactly 85 only (202,900; the row of 2011/12 holds 1.23 million). The million oldest
are put back with the ratio of 85 and over to 80-84 that the same sex and deprivation had in
2011/12, at the cost per head of the row. All costs are then multiplied by one factor, so that the
mean over everybody stays the published one.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from analysis.evidence import england

SEXES = ("female", "male")
_KINDS = ("inpatient_cost_gbp", "other_secondary_cost_gbp", "primary_care_cost_gbp", "cost_gbp")


@dataclass(frozen=True)
class EnglandCells:
    """People and mean cost of every cell of age, sex and deprivation, 2014/15.

    Arrays have shape (cell,) unless said; costs are GBP per person-year.

    Attributes
    ----------
    people : ndarray
        Residents.
    admission, secondary, primary : ndarray
        Mean cost of hospital admissions, of all other secondary care, and of primary care: general
        practice, prescribing, pharmacy, dental and eye care.
    flat : ndarray
        Dental and eye care within `primary`: the same amount for everybody.
    sex, age_sex, age_band, deprivation_quintile : ndarray of int
        Codes: index in `SEXES`, in `age_sex_labels`, in `age_band_labels`; 1 (most deprived) to 5.
    age_low, age_years_wide : ndarray of int
        First age of the band, and its number of single years (1 for 85 and over).
    """

    people: np.ndarray
    admission: np.ndarray
    secondary: np.ndarray
    primary: np.ndarray
    flat: np.ndarray
    sex: np.ndarray
    age_sex: np.ndarray
    age_band: np.ndarray
    deprivation_quintile: np.ndarray
    age_low: np.ndarray
    age_years_wide: np.ndarray
    age_sex_labels: tuple[str, ...]
    age_band_labels: tuple[str, ...]

    @property
    def share(self) -> np.ndarray:
        """Share of all people in each cell; adds up to 1."""
        return self.people / self.people.sum()

    @property
    def total(self) -> np.ndarray:
        """Mean cost of all care."""
        return self.admission + self.secondary + self.primary

    def average(self, values: np.ndarray) -> float:
        """Mean over people.

        Parameters
        ----------
        values : ndarray, shape (cell,)
        """
        return float(self.share @ values)

    def by_age_sex(self, values: np.ndarray) -> np.ndarray:
        """Mean over the people of each age and sex.

        Parameters
        ----------
        values : ndarray, shape (cell,)

        Returns
        -------
        ndarray, shape (age_sex,)
        """
        sums = np.bincount(self.age_sex, weights=self.share * values)
        return sums / np.bincount(self.age_sex, weights=self.share)


@lru_cache(maxsize=2)
def england_cells(oldest_restored: bool = True) -> EnglandCells:
    """Return the cells of England, 2014/15.

    Parameters
    ----------
    oldest_restored : bool
        If false, the population is the source's, without the people over 85: only to show what
        the defect does.

    Returns
    -------
    EnglandCells
        190 cells: 19 age bands, 2 sexes, 5 quintiles of deprivation.

    References
    ----------
    Asaria M (2017), see `analysis.evidence.england.cost_by_age_sex_deprivation`.
    """
    table = england.cost_by_age_sex_deprivation("2014/15")
    published_mean = table["cost_gbp"].sum() / table["population"].sum()
    per_head = {kind: (table[kind] / table["population"]).to_numpy() for kind in _KINDS}
    people = (restored_people(table) if oldest_restored else table["population"]).to_numpy(float)
    mean = people @ per_head["cost_gbp"] / people.sum()
    admission, secondary, primary, cost = (
        per_head[kind] * published_mean / mean for kind in _KINDS
    )
    flat = cost - admission - secondary - primary
    bands = table[["age_low", "age_high"]].drop_duplicates().sort_values("age_low")
    band_labels = tuple(_band_label(low, high) for low, high in bands.itertuples(index=False))
    band = np.searchsorted(bands["age_low"], table["age_low"])
    sex = table["sex"].map(SEXES.index).to_numpy(int)
    wide = (table["age_high"] - table["age_low"] + 1).fillna(1).to_numpy(int)
    return EnglandCells(
        people=people,
        admission=admission,
        secondary=secondary,
        primary=primary + flat,
        flat=flat,
        sex=sex,
        age_sex=band * len(SEXES) + sex,
        age_band=band,
        deprivation_quintile=table["deprivation_quintile"].to_numpy(int),
        age_low=table["age_low"].to_numpy(int),
        age_years_wide=wide,
        age_sex_labels=tuple(f"{label} {sex}" for label in band_labels for sex in SEXES),
        age_band_labels=band_labels,
    )


def restored_people(table: pd.DataFrame) -> pd.Series:
    """Return the people of each row of 2014/15, with those over 85 put back.

    Parameters
    ----------
    table : DataFrame
        `cost_by_age_sex_deprivation("2014/15")`.

    Returns
    -------
    Series of float
        People; only the rows of 85 and over differ from `population`.
    """
    keys = ["sex", "deprivation_quintile"]
    earlier = england.cost_by_age_sex_deprivation("2011/12").set_index([*keys, "age_low"])
    before = earlier["population"].xs(85, level="age_low")
    ratio = before / earlier["population"].xs(80, level="age_low")
    now = table[table["age_low"] == 80].set_index(keys)["population"] * ratio
    oldest = table["age_low"] == 85
    restored = table["population"].astype(float).copy()
    restored[oldest] = now.loc[pd.MultiIndex.from_frame(table.loc[oldest, keys])].to_numpy()
    return restored


def _band_label(low: int, high: int | None) -> str:
    if pd.isna(high):
        return f"{low:02d}+"
    return f"{low:02d}" if low == high else f"{low:02d}-{high:02d}"
