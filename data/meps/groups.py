"""Groups of people by what a budget formula may know of them."""

import numpy as np
import pandas as pd

BANDS = {0: "00-05", 6: "06-17", 18: "18-29", 30: "30-39", 40: "40-49", 50: "50-64", 65: "65-74"}
BANDS |= {75: "75 and over"}
"""Lower edge of each age band, and its label."""

CONDITIONS = (
    "dx_hypertension",
    "dx_chd",
    "dx_stroke",
    "dx_emphysema",
    "dx_cancer",
    "dx_diabetes",
    "dx_arthritis",
    "dx_asthma",
)
"""Diagnosed at any time before; of children only asthma is asked."""

MOST_CONDITIONS = 3
"""People with so many or more are one group."""

HEALTH = {1: "1 excellent", 2: "2 very good", 3: "3 good", 4: "4 fair", 5: "5 poor"}
NOT_SAID = HEALTH[3]
"""Of 49,407 people 89 did not say: they are taken for the middle."""

SICK = (HEALTH[4], HEALTH[5])

PRIOR_EDGES = (0, 0.1, 0.3, 1, 3, 8)
"""Upper ends (inclusive) of the groups of last year's cost, in multiples of its mean."""


def age_sex(age: pd.Series, sex: pd.Series) -> pd.Series:
    """Return the group of age and sex; an age of -1 is of someone who died or left in the year."""
    edges = [-np.inf, *BANDS, np.inf]
    bands = pd.cut(age, edges, right=False, labels=["not known", *BANDS.values()])
    return bands.astype(str) + " " + sex.map({1: "male", 2: "female"})


def health(start: pd.Series) -> pd.Series:
    """Return self-rated health at the start of the year."""
    return start.map(HEALTH).fillna(NOT_SAID)


def conditions(flags: pd.DataFrame) -> pd.Series:
    """Return the number of conditions, from columns that are 1 where there is one."""
    number = (flags == 1).sum(axis=1).clip(upper=MOST_CONDITIONS).astype(str)
    return number.replace(str(MOST_CONDITIONS), f"{MOST_CONDITIONS} or more")


def prior_cost(multiple: pd.Series) -> pd.Series:
    """Return the group of last year's cost, from multiples of its mean."""
    labels = ["0 none", *(f"{i} to {edge:g}" for i, edge in enumerate(PRIOR_EDGES[1:], 1))]
    labels.append(f"{len(PRIOR_EDGES)} above {PRIOR_EDGES[-1]:g}")
    return pd.cut(multiple, [-1, *PRIOR_EDGES, np.inf], labels=labels).astype(str)
