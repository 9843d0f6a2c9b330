"""Simulated people: some without cost, ordinary costs lognormal, large ones with a Pareto tail."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import genpareto, truncnorm

THRESHOLD = 10**2.7


@dataclass(frozen=True)
class Truth:
    """Known parameters by level of one factor; locations and scales relative to the threshold.

    Attributes
    ----------
    levels : tuple of str
        Names of the levels, in order.
    use, exceed : tuple of float
        Probabilities.
    location, scale : tuple of float
        Of the log of cost over threshold.
    tail_scale : tuple of float
        Of the generalised Pareto, over the threshold.
    tail_shape : float
    """

    levels: tuple[str, ...] = ("a", "b", "c")
    use: tuple[float, ...] = (0.65, 0.80, 0.92)
    exceed: tuple[float, ...] = (0.06, 0.10, 0.18)
    location: tuple[float, ...] = (-2.4, -2.0, -1.6)
    scale: tuple[float, ...] = (1.2, 1.15, 1.1)
    tail_scale: tuple[float, ...] = (0.9, 1.1, 1.4)
    tail_shape: float = 0.4


def simulate_people(people: int, truth: Truth = Truth(), seed: int = 0) -> pd.DataFrame:
    """Return simulated person-years, one row a person.

    Parameters
    ----------
    people : int
        Spread evenly over the levels.
    truth : Truth
    seed : int

    Returns
    -------
    DataFrame
        ``person``, ``level`` and ``annual_cost_usd``.
    """
    generator = np.random.default_rng(seed)
    index = np.arange(people) % len(truth.levels)
    use, exceed, location, scale, tail_scale = (
        np.array(getattr(truth, name))[index]
        for name in ("use", "exceed", "location", "scale", "tail_scale")
    )
    body = truncnorm.rvs(-np.inf, -location / scale, location, scale, random_state=generator)
    excess = genpareto.rvs(truth.tail_shape, scale=tail_scale, random_state=generator)
    large = generator.random(people) < exceed
    cost = THRESHOLD * np.where(large, 1 + excess, np.exp(body))
    return pd.DataFrame(
        {
            "person": np.arange(people),
            "level": np.array(truth.levels)[index],
            "annual_cost_usd": np.where(generator.random(people) < use, cost, 0.0),
        }
    )
