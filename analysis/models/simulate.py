"""Costs drawn from the hurdle model with known parameters, to see whether a fit finds them again.

The simulator shares no code with the model's likelihood: it draws person by person from scipy's
distributions, and what it draws goes through the same cells as real people.
"""

from collections.abc import Mapping

import numpy as np
from scipy.special import expit
from scipy.stats import genpareto, truncnorm


def simulate_costs(
    quantities: Mapping[str, np.ndarray],
    tail_shape: float,
    threshold: float,
    generator: np.random.Generator,
) -> np.ndarray:
    """Return one simulated annual cost a person.

    Parameters
    ----------
    quantities : mapping of str to ndarray, shape (person,)
        Each person's ``use``, ``exceed`` (logits), ``location``, ``log_scale`` and
        ``log_tail_scale``, on the scale on which `analysis.models.hurdle.model.hurdle_model` adds
        effects; locations and scales relative to the threshold.
    tail_shape : float
        Of the generalised Pareto, above 0.
    threshold : float
        Where the tail begins, in the currency of the costs.

    Returns
    -------
    ndarray, shape (person,)
        In the currency of the threshold; 0 for those without any cost.
    """
    location, scale = quantities["location"], np.exp(quantities["log_scale"])
    people = len(location)
    body = truncnorm.rvs(
        -np.inf, -location / scale, location, scale, size=people, random_state=generator
    )
    tail_scale = np.exp(quantities["log_tail_scale"])
    excess = genpareto.rvs(tail_shape, scale=tail_scale, size=people, random_state=generator)
    in_tail = generator.random(people) < expit(quantities["exceed"])
    cost = threshold * np.where(in_tail, 1 + excess, np.exp(body))
    return np.where(generator.random(people) < expit(quantities["use"]), cost, 0.0)
