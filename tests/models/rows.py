"""The hurdle model's log-likelihood person by person, from scipy's distributions alone."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.special import expit
from scipy.stats import bernoulli, genpareto, lognorm

COST = "annual_cost_usd"


def row_parameters(
    people: pd.DataFrame, factors: Sequence[str], values: Mapping[str, np.ndarray]
) -> pd.DataFrame:
    """Return each person's parameters: intercepts plus the effects of the person's labels.

    Parameters
    ----------
    people : DataFrame
    factors : sequence of str
    values : mapping of str to ndarray
        The model's sampled variables; effects are in the order of the sorted labels.

    Returns
    -------
    DataFrame, one row a person
        One column a cell quantity.
    """

    def effect(quantity: str, factor: str) -> np.ndarray:
        standard = values.get(f"{quantity}_standard_{factor}")
        if standard is None:
            effects = values[f"{quantity}_effect_{factor}"]
        else:
            effects = standard * values[f"{quantity}_spread_{factor}"]
        labels = sorted(people[factor].astype(str).unique())
        by_label = dict(zip(labels, effects, strict=True))
        return people[factor].astype(str).map(by_label).to_numpy(float)

    columns = {}
    for quantity in ("use", "exceed", "location", "log_scale", "log_tail_scale"):
        columns[quantity] = values[f"{quantity}_intercept"] + sum(
            effect(quantity, factor) for factor in factors
        )
    return pd.DataFrame(columns, index=people.index)


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
