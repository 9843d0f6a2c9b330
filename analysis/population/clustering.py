"""How much repeated years of the same people weaken the evidence.

RAND followed each person for three or five years. A likelihood that treats person-years as
independent counts the same person several times and gives intervals that are too narrow. The
design effect measures by how much, and the models divide their log-likelihood by it: the
magnitude adjustment of a composite likelihood (Pauli, Racugno & Ventura 2011, Statistica Sinica
21:149; Ribatet, Cooley & Davison 2012, Statistica Sinica 22:813).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class DesignEffects:
    """Variance of an estimate with people as clusters, over its variance with rows independent.

    Attributes
    ----------
    use : float
        For the probability of any cost.
    body : float
        For the mean log cost of people with ordinary costs.
    exceed : float
        For the probability that a cost lies above the threshold.
    tail : float
        For the mean log excess above the threshold.
    """

    use: float = 1.0
    body: float = 1.0
    exceed: float = 1.0
    tail: float = 1.0


def _ratio(residual: pd.Series, person: pd.Series) -> float:
    """Cluster-robust over independent variance of a sum of residuals (Liang & Zeger 1986)."""
    by_person = residual.groupby(person).sum()
    independent = float((residual**2).sum())
    # Never below 1: sampling noise must not be turned into extra evidence. Where nothing varies,
    # repeated years cannot matter.
    return max(1.0, float((by_person**2).sum()) / independent) if independent > 0 else 1.0


def design_effects(
    person_years: pd.DataFrame,
    by: Sequence[str],
    threshold: float,
    cost: str = "annual_cost_usd",
    person: str = "person",
) -> DesignEffects:
    """Return the design effect of repeated years for each part of the hurdle model.

    Parameters
    ----------
    person_years : DataFrame, one row a person and year
    by : sequence of str
        Factor columns; residuals are taken from the means of these cells.
    threshold : float
        Cost above which a person belongs to the tail.
    cost, person : str
        Columns with the annual cost and the person's identifier.
    """
    amount = person_years[cost]
    log_cost = np.log(amount.where(amount > 0))
    parts = {
        "use": (amount > 0).astype(float),
        "body": log_cost.where(amount <= threshold),
        "exceed": (amount > threshold).astype(float).where(amount > 0),
        "tail": log_cost.where(amount > threshold),
    }
    cell = person_years.groupby(list(by), observed=True).ngroup()
    effects = {}
    for name, values in parts.items():
        residual = (values - values.groupby(cell).transform("mean")).dropna()
        effects[name] = _ratio(residual, person_years.loc[residual.index, person])
    return DesignEffects(**effects)
