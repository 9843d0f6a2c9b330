"""The components of spread and the scales of years as the unbounded parameters of a search.

Logs of four spreads (new every year by chance, permanent, fading, new every year at any size), the
logit of what is kept, the parameter of the law of size, and the log scales of the years. For the
power law that parameter is the exponent. For a floor it is the log of a part that is carried over
and falls as chance does, beside lasting differences that size does not shrink: the form of this
book's first edition, kept to be compared.
"""

from typing import Literal

import numpy as np
from scipy.special import expit

from analysis.models.savings.components import SpreadComponents

type SizeLaw = Literal["power", "floor", "chance"]
"""How lasting differences shrink with size: by a free power; not at all, beside a part that does
as 1/N; or as 1/N alone."""

YEAR_SCALE_SD = 0.15
"""Spread of the log scales of years in the first fit."""

SPREADS, COMPONENTS = 4, 6
"""How many of the parameters are logs of spreads, and how many come before the scales of years."""

_NONE = -20.0
"""Log of a spread that is not there."""


def starting_parameters(years: int) -> np.ndarray:
    """Return where a search for point estimates starts, shape (6 + years,)."""
    return np.array([*np.log([1.5, 0.7, 3.0, 0.7]), 1.0, 0.5, *np.zeros(years)])


def unpacked(parameters: np.ndarray, law: SizeLaw = "power") -> tuple[SpreadComponents, np.ndarray]:
    """Return components, and scales of years whose logs add up to zero, of unbounded parameters."""
    k_renewed, permanent, fading, yearly = np.exp(parameters[:SPREADS])
    by_law = parameters[SPREADS + 1]
    components = SpreadComponents(
        k_renewed=k_renewed,
        k_carried=np.exp(by_law if law == "floor" else _NONE),
        permanent=permanent,
        fading=fading,
        yearly=yearly,
        kept=expit(parameters[SPREADS]),
        size_exponent={"power": by_law, "floor": 0.0, "chance": 1.0}[law],
    )
    log_scale = parameters[COMPONENTS:]
    return components, np.exp(log_scale - log_scale.mean())


def weak_penalty(parameters: np.ndarray) -> np.ndarray:
    """Return standardised distances whose squares keep every parameter of a search finite.

    They draw spreads gently towards 2, the parameter of the law of size towards a half, and scales
    of years towards 1.
    """
    spreads = (parameters[:SPREADS] - np.log(2)) / 3
    law = (parameters[SPREADS + 1] - 0.5) / 3
    return np.array([*spreads, law, *parameters[COMPONENTS:] / YEAR_SCALE_SD])
