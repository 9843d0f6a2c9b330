"""Draws of what is assumed, so that the range of an assumption reaches the answer.

An assumption has a value and a range. Here the value is read as the median and the range as the
project's interval of a distribution; where the range is lopsided, so is the distribution.
"""

from collections.abc import Callable, Sequence

import numpy as np
from scipy.special import expit, logit, ndtri

from analysis.evidence.assumptions import Assumption, assumption
from analysis.intervals import normal_half_width
from analysis.seeds import seed_for

DRAWS = 10_000
"""Draws of each assumption, unless a chapter asks for another number."""


def assumed_draws(names: Sequence[str], draws: int = DRAWS) -> dict[str, np.ndarray]:
    """Return independent draws of assumptions by name, each of shape (draw,), in its own unit.

    One name always gives the same draws, whatever else is asked for, so that two chapters that
    share an assumption agree draw by draw. Names are those of `data/published/assumptions.csv`.
    """
    return {name: quantiles(assumption(name), _uniform(name, draws)) for name in names}


def _uniform(name: str, draws: int) -> np.ndarray:
    """Evenly spread probabilities in random order: less noise than independent ones.

    McKay, Beckman & Conover (1979), Technometrics 21:239 (Latin hypercube sampling).
    """
    generator = np.random.default_rng(seed_for(f"assumption-{name}"))
    return (generator.permutation(draws) + generator.random(draws)) / draws


def quantiles(assumed: Assumption, probability: np.ndarray) -> np.ndarray:
    """Return quantiles of the distribution that an assumption stands for, in its unit."""
    is_share = assumed.unit.startswith(("share", "probability"))
    return quantiles_between(
        assumed.low, assumed.value, assumed.high, probability, is_share=is_share
    )


def quantiles_between(
    low: float, median: float, high: float, probability: np.ndarray, *, is_share: bool = False
) -> np.ndarray:
    """Return quantiles of a distribution with a median and, low to high, the project's interval.

    A normal distribution with another spread on each side of the median, on the scale on which the
    quantity has no bounds: logit for shares inside 0 and 1, log for other positive quantities.
    """
    to, back = _unbounded_scale(low, high, is_share)
    bottom, middle, top = (float(to(end)) for end in (low, median, high))
    z = ndtri(probability)
    spread = np.where(z < 0, middle - bottom, top - middle) / normal_half_width()
    return back(middle + z * spread)


def _unbounded_scale(low: float, high: float, is_share: bool) -> tuple[Callable, Callable]:
    if is_share and low > 0 and high < 1:
        return logit, expit
    return (np.log, np.exp) if low > 0 else (np.asarray, np.asarray)
