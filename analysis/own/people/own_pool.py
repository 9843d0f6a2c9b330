"""What a pool of just these people, or of a round size, may expect."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.intervals import median_and_interval
from analysis.own.people.fitting import OwnFit
from analysis.own.people.measures import exact_costs
from analysis.own.people.settings import Settings
from analysis.own.people.size_curves import ROUND_SIZES
from analysis.risk.minimum_size import overspend_probability, smallest_pool


@dataclass(frozen=True)
class OwnPool:
    """A pool of as many people as the data have, by chance alone and with adjusted budgets.

    Attributes
    ----------
    people : int
    overspends : ndarray, shape (3,)
        Share of years with an overspend above the tolerance: median, low, high.
    enough : DataFrame, one row a size
        ``people`` (of the data, then round sizes about the answer), ``probability`` that so many
        are enough, and its Monte Carlo error ``mcse``.
    """

    people: int
    overspends: np.ndarray
    enough: pd.DataFrame


def own_pool(fitted: OwnFit, settings: Settings) -> OwnPool:
    """Return what a pool of these people may expect."""
    costs = exact_costs(fitted, settings)
    people = round(fitted.cells.table["n"].sum())
    over = overspend_probability(costs, [settings.tolerance], [people])[:, 0, 0]
    needed = smallest_pool(costs, settings.tolerance, settings.probability)
    sizes = [people, *_round_sizes(needed)]
    probability = np.array([np.mean(needed <= size) for size in sizes])
    error = np.sqrt(probability * (1 - probability) / len(needed))
    enough = pd.DataFrame({"people": sizes, "probability": probability, "mcse": error})
    return OwnPool(people, median_and_interval(over, axis=0), enough)


def _round_sizes(needed: np.ndarray) -> list[int]:
    """Round sizes about the answer; none where no size is enough."""
    _, low, high = median_and_interval(needed, axis=0)
    return [int(size) for size in ROUND_SIZES if low / 1.5 < size < 1.5 * high < np.inf]
