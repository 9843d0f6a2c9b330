"""The hurdle model's log-likelihood person by person, from scipy's distributions alone."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.special import expit
from scipy.stats import bernoulli, genpareto, lognorm

COST = "annual_cost_usd"


QUANTITIES = ("use", "exceed", "location", "log_scale", "log_tail_scale")
IN_UNITS_OF_THE_SPREAD = ("log_scale", "log_tail_scale")
FIXED_SPREAD = {"use": 0.5, "exceed": 0.5, "location": 0.5, "log_scale": 0.1, "log_tail_scale": 0.3}
"""Of factors with fewer than five levels."""


def row_parameters(
    people: pd.DataFrame, factors: Sequence[str], values: Mapping[str, np.ndarray]
) -> pd.DataFrame:
    """Return each person's parameters: intercepts plus effects, measured from their mean.

    Parameters
    ----------
    people : DataFrame
    factors : sequence of str
    values : mapping of str to ndarray
        The model's sampled variables.

    Returns
    -------
    DataFrame, one row a person
        One column a cell quantity.
    """
    columns = {}
    for row, quantity in enumerate(QUANTITIES):
        effects, used, learned = np.zeros(len(people)), 0, 0
        for factor in factors:
            labels = people[factor].astype(str)
            names = sorted(labels.unique())
            mine = values["sampled_effect"][row, used : used + len(names) - 1]
            used += len(names) - 1
            spread = FIXED_SPREAD[quantity]
            if len(names) >= 5:
                spread = values["spread"][row, learned]
                learned += 1
            scale = spread if quantity in IN_UNITS_OF_THE_SPREAD else 1.0
            by_label = dict(zip(names, scale * effects_of(mine), strict=True))
            effects += labels.map(by_label).to_numpy(float)
        columns[quantity] = values["intercept"][row] + effects - effects.mean()
    return pd.DataFrame(columns, index=people.index)


def effects_of(contrasts: np.ndarray) -> np.ndarray:
    """Effects of levels: contrast k sets the mean of the first k levels against the next."""
    effects = np.zeros(len(contrasts) + 1)
    for k, contrast in enumerate(contrasts, start=1):
        effects[:k] += contrast / np.sqrt(k * (k + 1))
        effects[k] -= contrast * k / np.sqrt(k * (k + 1))
    return effects


def row_log_likelihood(
    people: pd.DataFrame, parameters: pd.DataFrame, shape: float, edges: np.ndarray
) -> dict[str, float]:
    """Return the log-likelihood of every part, summed over people; costs are in currency.

    Parameters
    ----------
    people : DataFrame
    parameters : DataFrame
        From `row_parameters`.
    shape : float
        Of the tail.
    edges : ndarray
        Lower edges of the tail bins in currency; the first is the threshold.

    Returns
    -------
    dict of str to float
    """
    cost, threshold = people[COST].to_numpy(float), edges[0]
    use, exceed, location, log_scale, log_tail_scale = parameters.to_numpy().T
    positive = cost > 0
    tail, body = cost > threshold, positive & (cost <= threshold)
    # The cost itself is lognormal below the threshold, so this density is per unit of currency.
    lognormal = lognorm(np.exp(log_scale[body]), scale=threshold * np.exp(location[body]))
    lower = edges[np.searchsorted(edges, cost[tail], side="left") - 1]
    upper = np.append(edges, np.inf)[np.searchsorted(edges, cost[tail], side="left")]
    pareto = genpareto(shape, loc=threshold, scale=threshold * np.exp(log_tail_scale[tail]))
    return {
        "use": bernoulli.logpmf(positive, expit(use)).sum(),
        "exceed": bernoulli.logpmf(tail[positive], expit(exceed[positive])).sum(),
        "body": (lognormal.logpdf(cost[body]) - lognormal.logcdf(threshold)).sum(),
        "tail": np.log(pareto.sf(lower) - pareto.sf(upper)).sum(),
    }
