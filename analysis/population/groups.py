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

PRIOR_COST_EDGES_USD = (0, 50, 200, 700, 2_100)
"""Upper edges (inclusive) of the groups of last year's cost, in US dollars; the last is open.

Among RAND's person-years with a year before, a fifth had no cost in that year; 50, 200, 700 and
2,100 dollars are close to its percentiles 60, 85, 95 and 99. So the two top groups are the
costliest 5 % and, within them, the costliest 1 %, where most of what last year tells is found:
above 2,100 dollars the next year costs eight times the mean. Edges are amounts, not percentiles
of whoever is in the table, so that a group means the same in every fold and in every pool.
"""

PRIOR_COST_LABELS = ("0 none", "1 to 50", "2 to 200", "3 to 700", "4 to 2,100", "5 above 2,100")

LADDER: dict[str, tuple[str, ...]] = {
    "age_sex": ("age_sex",),
    "health": ("age_sex", "self_rated_health", "limitation", "disease"),
    "prior_cost": ("age_sex", "self_rated_health", "limitation", "disease", "prior_cost"),
}
"""The rungs: the factors that each budget formula uses. Below them lies a budget for all alike.

`age_sex` is what US plans used when they paid physician groups (Casalino 2011, p. 16); `health`
adds what a person could report about their own health; `prior_cost` adds what the person cost in
the year before, and so exists only for people who were there then.
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
    """
    labels = ["1 fewest", "2", "3", "4 most"]
    return pd.cut(
        chronic_disease_index, DISEASE_INDEX_EDGES, labels=labels, include_lowest=True
    ).astype(str)


def prior_cost_group(prior_year_cost_usd: pd.Series) -> pd.Series:
    """Return the group of last year's cost, from ``"0 none"`` to ``"5 above 2,100"``.

    Parameters
    ----------
    prior_year_cost_usd : Series of float, shape (person,)
        Cost of the year before in US dollars, at least 0; missing where there was no such year.

    Returns
    -------
    Series of str
        Missing where the cost is missing.

    Raises
    ------
    ValueError
        If a cost is negative.
    """
    if (prior_year_cost_usd < 0).any():
        wrong = prior_year_cost_usd[prior_year_cost_usd < 0].iloc[0]
        raise ValueError(
            f"column prior_year_cost_usd: {wrong} is negative; correct or drop those rows"
        )
    edges = [-1.0, *PRIOR_COST_EDGES_USD, float("inf")]
    return pd.cut(prior_year_cost_usd, edges, labels=list(PRIOR_COST_LABELS)).astype("str")


def add_risk_groups(person_years: pd.DataFrame) -> pd.DataFrame:
    """Add the factor columns of every rung to a table of person-years.

    Parameters
    ----------
    person_years : DataFrame, one row a person and year
        With columns ``age_years``, ``female``, ``self_rated_health``, ``physical_limitation``,
        ``chronic_disease_index`` and ``prior_year_cost_usd``, as
        `analysis.evidence.rand_hie.person_years` returns.

    Returns
    -------
    DataFrame
        A copy with ``age_sex``, ``limitation``, ``disease``, ``prior_cost`` (missing in a
        person's first year) and ``self_rated_health`` in three levels: poor joins fair, because
        too few people say *poor* to fill cells of their own.
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
        prior_cost=prior_cost_group(person_years["prior_year_cost_usd"]),
    )


def with_history(people: pd.DataFrame) -> pd.DataFrame:
    """Return the person-years whose year before is known: where every rung can be compared.

    Parameters
    ----------
    people : DataFrame
        From `add_risk_groups`.

    Returns
    -------
    DataFrame
        The rows with a ``prior_cost``, numbered anew.
    """
    return people[people["prior_cost"].notna()].reset_index(drop=True)
