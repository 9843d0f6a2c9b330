"""Risk groups: the columns a budget formula may use, and the ladder of formulas.

A *rung* of the ladder is the list of factors a budget may depend on. Each factor is one column of
labels; a risk cell is one combination of labels.
"""

from itertools import pairwise

import pandas as pd

AGE_BAND_EDGES = (0, 6, 18, 30, 40, 50, 65)
"""Lower edges of the age bands in whole years, and the end of the last band."""

DISEASE_INDEX_EDGES = (0.0, 6.9, 10.6, 13.8, 60.0)
"""Upper edges (inclusive) of the chronic-disease index groups.

The first three are close to the quartiles of the index. They avoid 6.9 and 13.73, where the
source imputed one value to many people, by putting each such value whole into one group.
"""

LADDER: dict[str, tuple[str, ...]] = {
    "age_sex": ("age_sex",),
    "health": ("age_sex", "self_rated_health", "limitation", "disease"),
}
"""The rungs: the factors that each budget formula uses.

`age_sex` is what US plans used when they paid physician groups (Casalino 2011, p. 16); `health`
adds what a person could report about their own health.
"""


def age_band(age_years: pd.Series) -> pd.Series:
    """Return the age band of each person.

    Parameters
    ----------
    age_years : Series of float, shape (person,)
        Age in years, at least 0 and less than 65.

    Returns
    -------
    Series of str
        Labels such as ``"18-29"``.

    Raises
    ------
    ValueError
        If an age is missing or outside the bands.
    """
    labels = [f"{lower:02d}-{upper - 1:02d}" for lower, upper in pairwise(AGE_BAND_EDGES)]
    bands = pd.cut(age_years, AGE_BAND_EDGES, right=False, labels=labels)
    if bands.isna().any():
        wrong = age_years[bands.isna()].iloc[0]
        raise ValueError(
            f"column age_years: {wrong} is outside {AGE_BAND_EDGES[0]} to {AGE_BAND_EDGES[-1]} "
            "years; drop those people or extend AGE_BAND_EDGES"
        )
    return bands.astype(str)


def disease_group(chronic_disease_index: pd.Series) -> pd.Series:
    """Return the chronic-disease group, from ``"1 fewest"`` to ``"4 most"``.

    Parameters
    ----------
    chronic_disease_index : Series of float, shape (person,)
        RAND's index of chronic disease, 0 to 60, higher is sicker.

    Returns
    -------
    Series of str
    """
    labels = ["1 fewest", "2", "3", "4 most"]
    return pd.cut(
        chronic_disease_index, DISEASE_INDEX_EDGES, labels=labels, include_lowest=True
    ).astype(str)


def add_risk_groups(person_years: pd.DataFrame) -> pd.DataFrame:
    """Add the factor columns of every rung to a table of person-years.

    Parameters
    ----------
    person_years : DataFrame, one row a person and year
        With columns ``age_years``, ``female``, ``self_rated_health``, ``physical_limitation``
        and ``chronic_disease_index``, as `analysis.evidence.rand_hie.person_years` returns.

    Returns
    -------
    DataFrame
        A copy with ``age_sex``, ``limitation``, ``disease`` and ``self_rated_health`` in three
        levels: poor joins fair, because too few people say *poor* to fill cells of their own.
    """
    sex = person_years["female"].astype(bool).map({True: "female", False: "male"})
    health = person_years["self_rated_health"].astype(str).replace("poor", "fair")
    return person_years.assign(
        age_sex=age_band(person_years["age_years"]) + " " + sex.astype(str),
        self_rated_health=health.replace("fair", "fair or poor"),
        # Values between 0 and 1 are the source's imputed probabilities of a limitation.
        limitation=(person_years["physical_limitation"] >= 0.5).map(
            {True: "limited", False: "not limited"}
        ),
        disease=disease_group(person_years["chronic_disease_index"]),
    )
