"""Groups of people who do not exist, whose variation and differences are known."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr

COSTLIEST = 300.0
"""Most that one person may cost, over the mean of the class."""


@dataclass(frozen=True)
class GroupTruth:
    """How groups are made.

    Attributes
    ----------
    tau, exponent, reference : float
        Groups of N people differ by tau (N / reference)^-exponent, as a share of cost.
    omega : float
        Standard deviation of what a group does to one class beyond that.
    by_need : bool
        Whether a costly group has more people who need care, rather than dearer care for all.
    local : float
        Standard deviation of what a neighbourhood of `local_people` of a group does to one class:
        it averages out in large groups, as chance does.
    local_people : float
    """

    tau: float = 0.07
    exponent: float = 0.1
    reference: float = 30_000.0
    omega: float = 0.05
    by_need: bool = False
    local: float = 0.0
    local_people: float = 5_000.0


def simulated_costs(
    people: np.ndarray,
    mean: np.ndarray,
    k: np.ndarray,
    truth: GroupTruth,
    generator: np.random.Generator,
) -> np.ndarray:
    """Return the total cost of each cell, shape (group, class).

    Parameters
    ----------
    people : ndarray of int, shape (group, class)
    mean, k : ndarray, shape (class,)
        Mean cost of one person, and its coefficient of variation in a group of mean cost.
    """
    shape = people.shape
    size = people.sum(axis=1)
    spread = truth.tau * (size / truth.reference) ** -truth.exponent
    # Gamma: a share of cost that is never negative, skewed as costs of places are.
    level = _around_one(spread, generator)[:, None]
    blocks = np.maximum(size / truth.local_people, 1.0)
    apart = np.sqrt(truth.omega**2 + truth.local**2 / blocks)[:, None]
    own = _around_one(np.broadcast_to(apart, shape), generator)
    columns = [
        _class_sums(people[:, each], k[each], level[:, 0] if truth.by_need else None, generator)
        for each in range(shape[1])
    ]
    sums = np.stack(columns, axis=1) * mean * own
    return sums if truth.by_need else sums * level


def _around_one(spread: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    narrow = np.maximum(spread, 1e-6)
    return generator.gamma(narrow**-2.0) * narrow**2


def _class_sums(
    people: np.ndarray, k: float, level: np.ndarray | None, generator: np.random.Generator
) -> np.ndarray:
    """Sum of costs of mean 1 of so many people of each group, shape (group,)."""
    if level is None:
        count, k_of_each = people, k
    else:
        # Care comes as a Poisson number of costly events; its variance is their second moment.
        count, k_of_each = generator.poisson(people * level), np.sqrt(k**2 - 1)
    log_mean, log_sd = capped_lognormal(round(float(k_of_each), 4))
    costs = np.exp(log_mean + log_sd * generator.standard_normal(int(count.sum())))
    ends = np.append(0, np.cumsum(np.minimum(costs, COSTLIEST)))
    places = np.append(0, np.cumsum(count))
    return ends[places[1:]] - ends[places[:-1]]


@cache
def capped_lognormal(k: float) -> tuple[float, float]:
    """Return mean and standard deviation of the logarithm of costs cut at `COSTLIEST`.

    Cut, they have the mean 1 and the coefficient of variation k, which must be below 12.
    """
    log_sd = brentq(lambda sd: _squared_k(sd) - k**2, 0.05, 4.0)
    return brentq(lambda mean: _moment(mean, log_sd, 1) - 1.0, -20.0, 5.0), log_sd


def _squared_k(log_sd: float) -> float:
    log_mean = brentq(lambda mean: _moment(mean, log_sd, 1) - 1.0, -20.0, 5.0)
    return _moment(log_mean, log_sd, 2) - 1.0


def _moment(log_mean: float, log_sd: float, power: int) -> float:
    """Moment of a lognormal cost cut at `COSTLIEST`."""
    cut = (np.log(COSTLIEST) - log_mean) / log_sd
    below = np.exp(power * log_mean + power**2 * log_sd**2 / 2) * ndtr(cut - power * log_sd)
    return float(below + COSTLIEST**power * ndtr(-cut))
