"""Simulated people whose costs follow the hurdle model with known parameters."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import logit

from analysis.models.simulate import simulate_costs

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

    def quantities(self) -> dict[str, np.ndarray]:
        """Return the cell quantities of the model on the scale on which it adds effects."""
        return {
            "use": logit(np.array(self.use)),
            "exceed": logit(np.array(self.exceed)),
            "location": np.array(self.location),
            "log_scale": np.log(self.scale),
            "log_tail_scale": np.log(self.tail_scale),
        }


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
    quantities = {name: values[index] for name, values in truth.quantities().items()}
    cost = simulate_costs(quantities, truth.tail_shape, THRESHOLD, generator)
    return pd.DataFrame(
        {
            "person": np.arange(people),
            "level": np.array(truth.levels)[index],
            "annual_cost_usd": cost,
        }
    )
