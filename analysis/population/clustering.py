"""How much repeated years of the same people weaken the evidence.

RAND followed each person for three or five years. A likelihood that treats person-years as
independent counts the same person several times and gives intervals that are too narrow. The
design effect measures by how much, and the models divide their counts by it: the magnitude
adjustment of a composite likelihood (Pauli, Racugno & Ventura 2011, Statistica Sinica 21:149;
Ribatet, Cooley & Davison 2012, Statistica Sinica 22:813).
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
    body : float
        For the mean of costs cut at the threshold.
    exceed : float
        For the share of people above the threshold.
    tail : float
        For the mean log excess above the threshold.
    """

    body: float = 1.0
    exceed: float = 1.0
    tail: float = 1.0


def _ratio(residual: pd.Series, cluster: pd.Series, weight: pd.Series, rows_each: float) -> float:
    """Cluster-robust over independent variance of a weighted mean (Liang & Zeger 1986).

    Independent people would be as many as the weight stands for: a part of all people whose
    weights are larger counts for more than its rows, so that its effect is larger too.
    """
    weighted = residual * weight
    by_cluster = weighted.groupby(cluster).sum()
    independent = float((residual**2 * weight).sum()) / rows_each
    # Never below 1: sampling noise must not be turned into extra evidence. Where nothing varies,
    # repeated years cannot matter.
    return max(1.0, float((by_cluster**2).sum()) / independent) if independent > 0 else 1.0


def design_effects(
    person_years: pd.DataFrame,
    by: Sequence[str],
    threshold: float,
    cost: str = "annual_cost_usd",
    cluster: str = "person",
    weight: str | None = None,
) -> DesignEffects:
    """Return the design effect of clusters and weights for each part of the cost model.

    Residuals are taken from the means of the cells of `by`.

    Parameters
    ----------
    cluster : str
        Column that tells apart what was sampled independently: people, or sampling units.
    weight : str, optional
        Column with the number of people that a row stands for.
    """
    amount = person_years[cost]
    weights = person_years[weight] if weight else pd.Series(1.0, index=amount.index)
    parts = {
        "body": amount.clip(upper=threshold).astype(float),
        "exceed": (amount > threshold).astype(float),
        "tail": np.log(amount.where(amount > threshold)),
    }
    rows_each = len(weights) / float(weights.sum())
    cell = person_years.groupby(list(by), observed=True).ngroup()
    effects = {}
    for name, values in parts.items():
        known = values.dropna()
        group, counts = cell[known.index], weights[known.index]
        totals = (known * counts).groupby(group).sum() / counts.groupby(group).sum()
        residual = known - group.map(totals)
        clusters = person_years.loc[known.index, cluster]
        effects[name] = _ratio(residual, clusters, counts, rows_each)
    return DesignEffects(**effects)
