"""Draws of what is assumed, so that the range of an assumption reaches the answer.

An assumption has a value and a range. Here the value is read as the median and the range as the
project's interval of a distribution; where the range is lopsided, so is the distribution.
"""

from collections.abc import Callable, Sequence

import numpy as np
from scipy.special import expit, logit, ndtri

from analysis.evidence import assumption
from analysis.evidence.assumptions import Assumption
from analysis.inference import seed_for
from analysis.settings import INTERVAL

DRAWS = 10_000
"""Draws of each assumption, unless a chapter asks for another number."""


def assumed_draws(names: Sequence[str], draws: int = DRAWS) -> dict[str, np.ndarray]:
    """Return independent draws of assumptions.

    Parameters
    ----------
    names : sequence of str
        Names in `data/published/assumptions.csv`.
    draws : int
        At least 1.

    Returns
    -------
    dict of str to ndarray, shape (draw,)
        In the unit of each assumption. One name always gives the same draws, whatever else is
        asked for, so that two chapters that share an assumption agree draw by draw.
    """
    return {name: quantiles(assumption(name), _uniform(name, draws)) for name in names}


def _uniform(name: str, draws: int) -> np.ndarray:
    """Evenly spread probabilities in random order: less noise than independent ones.

    McKay, Beckman & Conover (1979), Technometrics 21:239 (Latin hypercube sampling).
    """
    generator = np.random.default_rng(seed_for(f"assumption-{name}"))
    return (generator.permutation(draws) + generator.random(draws)) / draws


def quantiles(assumed: Assumption, probability: np.ndarray) -> np.ndarray:
    """Return quantiles of the distribution that an assumption stands for.

    A normal distribution with another spread on each side of the median, on the scale on which
    the quantity has no bounds: logit for shares and probabilities, log for other positive
    quantities.

    Parameters
    ----------
    assumed : Assumption
        With ``low <= value <= high``.
    probability : ndarray
        Between 0 and 1.

    Returns
    -------
    ndarray
        Of the shape of `probability`, in the unit of the assumption.
    """
    to, back = _unbounded_scale(assumed)
    low, middle, high = (float(to(end)) for end in (assumed.low, assumed.value, assumed.high))
    z = ndtri(probability)
    end = ndtri((1 + INTERVAL) / 2)
    spread = np.where(z < 0, middle - low, high - middle) / end
    return back(middle + z * spread)


def _unbounded_scale(assumed: Assumption) -> tuple[Callable, Callable]:
    is_share = assumed.unit.startswith(("share", "probability"))
    if is_share and assumed.low > 0 and assumed.high < 1:
        return logit, expit
    if assumed.low > 0:
        return np.log, np.exp
    return np.asarray, np.asarray
