"""Dutch statutory health insurance 2015: sums of 388 municipalities by age and scope of care.

The whole population of the Netherlands, all ages; little is paid at the door and everybody has a
general practitioner who refers. The publisher gives totals by municipality, sex and age class; here
are sums over the classes of each municipality (`data/vektis/README.md`, with the source's terms).
"""

import pandas as pd

from analysis.evidence import catalogue
from analysis.evidence.errors import EvidenceError

AGES = ("under_65", "over_64")
"""Halves of the ages of which there are sums."""


def scopes() -> tuple[str, ...]:
    """Return the names of the scopes of care, all care first."""
    return tuple(catalogue.table("vektis", "classes")["scope"].unique())


def municipalities(scope: str = "all_care") -> pd.DataFrame:
    """Return the sums of municipalities and halves of the ages, the largest municipality first.

    Parameters
    ----------
    scope : str
        One of `scopes`.

    Returns
    -------
    DataFrame, one row a municipality and one of `AGES`
        ``municipality`` (a number, by size), ``ages``, ``persons``, ``insured_years``,
        ``cost_euros``, ``expected_euros``, ``chance_euros_squared`` and the three sums of scatter
        that `analysis.models.group_means.scatter.ScatterSums` describes.
    """
    return _of(catalogue.table("vektis", "municipalities"), scope)


def classes(scope: str = "all_care") -> pd.DataFrame:
    """Return people and mean cost of each class of age and sex of one of `scopes`."""
    return _of(catalogue.table("vektis", "classes"), scope)


def _of(table: pd.DataFrame, scope: str) -> pd.DataFrame:
    chosen = table[table["scope"] == scope].drop(columns="scope").reset_index(drop=True)
    if chosen.empty:
        names = ", ".join(table["scope"].unique())
        raise EvidenceError(f"there is no scope of care {scope!r}; there are {names}")
    return chosen
