"""Priors of the hurdle model, as data, and in words."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.special import expit, ndtri

from analysis.settings import INTERVAL


@dataclass(frozen=True)
class HurdlePriors:
    """Priors of the hurdle model; normal priors are (mean, standard deviation).

    Attributes
    ----------
    use, exceed : tuple of float
        Intercepts, logit scale: that 80 % have a cost, and one cost in ten is in the tail.
    location : tuple of float
        Intercept of the mean log cost, **relative to the log of the threshold**.
    log_scale : tuple of float
        Intercept of the log of the lognormal's scale.
    log_tail_scale : tuple of float
        Intercept of the log of the tail's scale, relative to the log of the threshold.
    effect_scale : dict of str to float
        Spread expected between the levels of a factor, by cell quantity.
    tail_shape : tuple of float
        The tail's shape: mean and standard deviation of a normal cut to (0, 0.95).
    """

    use: tuple[float, float] = (1.4, 1.5)
    exceed: tuple[float, float] = (-2.2, 1.5)
    location: tuple[float, float] = (-2.0, 1.5)
    log_scale: tuple[float, float] = (0.2, 0.5)
    log_tail_scale: tuple[float, float] = (0.0, 1.0)
    effect_scale: dict[str, float] = field(
        default_factory=lambda: {
            "use": 0.5,
            "exceed": 0.5,
            "location": 0.5,
            "log_scale": 0.1,
            "log_tail_scale": 0.3,
        }
    )
    tail_shape: tuple[float, float] = (0.4, 0.1)


def describe_priors(priors: HurdlePriors, threshold: float) -> pd.DataFrame:
    """Return the priors as readers would state them, with what 90 % of each prior allows.

    Parameters
    ----------
    threshold : float
        Cost at which the tail begins; makes locations and scales amounts of money.

    Returns
    -------
    DataFrame, one row a quantity
        ``Quantity``, ``Prior``, ``Median``, ``Low``, ``High`` (ends of the project's interval).
    """
    z = ndtri((1 + INTERVAL) / 2) * np.array([0, -1, 1])
    meanings = {
        "use": ("Probability of any cost in a year", expit),
        "exceed": ("Probability that a cost is above the threshold", expit),
        "location": (
            "Median of costs below the threshold, US dollars",
            lambda v: threshold * np.exp(v),
        ),
        "log_scale": ("Standard deviation of log cost below the threshold", np.exp),
        "log_tail_scale": ("Scale of the tail, US dollars", lambda v: threshold * np.exp(v)),
        "tail_shape": ("Shape of the tail", lambda v: v),
    }
    rows = []
    for name, (meaning, natural) in meanings.items():
        mean, sd = getattr(priors, name)
        rows.append((meaning, f"{name}: normal({mean:.2f}, {sd:.2f})", *natural(mean + sd * z)))
    return pd.DataFrame(rows, columns=["Quantity", "Prior", "Median", "Low", "High"])
