"""k of one part of a population, from how the cells of each group scatter.

The scatter of a group has the mean (k² C + omega² M) level^b with known C and M: what cells scatter
by goes with the group's own level of cost, with its square (b = 2) if all there costs so much more,
with the level itself (b = 1) if more people there need care. The scatter is a sum of squares of
means of very unequal costs, so its own spread is taken from the groups, not from a normal model: a
gamma likelihood whose dispersion is estimated, larger where groups are smaller. It is a
quasi-likelihood: right about the mean, and as wide as the groups differ.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls

from analysis.models.group_means.grid import grid_draws
from analysis.models.group_means.priors import GroupPriors

LOG_K = np.linspace(np.log(0.2), np.log(40.0), 61)
"""Values of the logarithm of k that are looked at first."""

OMEGA = np.linspace(0.0, 0.6, 31)
"""Values of omega that are looked at first: standard deviation of a group in one class."""

POWERS = np.linspace(0.0, 2.0, 5)
"""Values of b, all as likely before the cells are seen."""

ROUNDS = 3
"""How often the dispersion is estimated, and what is expected from it."""


@dataclass(frozen=True)
class Scatter:
    """Scatter of the cells of groups in one part of the population, each of shape (group,).

    Attributes
    ----------
    scatter, of_chance, of_differences : ndarray
        As in `analysis.models.group_means.scatter.ScatterSums`.
    people : ndarray
        Person-years: dispersion falls with them.
    level : ndarray
        Cost of the group over what is expected, drawn to 1 as far as that is chance.
    """

    scatter: np.ndarray
    of_chance: np.ndarray
    of_differences: np.ndarray
    people: np.ndarray
    level: np.ndarray

    def mean(self, squared_k: float, squared_omega: float, power: float) -> np.ndarray:
        """Return the scatter that is expected, shape (group,)."""
        mean = squared_k * self.of_chance + squared_omega * self.of_differences
        return mean * self.level**power


def scatter_posterior(
    seen: Scatter, priors: GroupPriors, draws: int, generator: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return draws of squared k at a level of 1, of omega and of b, each of shape (draw,)."""
    count = np.ones(len(seen.people))
    for _ in range(ROUNDS):
        middle = seen.mean(*most_likely(seen, count), power=1.0)
        count = 1 / dispersion(seen.scatter / middle, seen.people)

    def log_density(log_k: np.ndarray, omega: np.ndarray, power: np.ndarray) -> np.ndarray:
        chance = np.exp(2 * log_k)[:, None] * seen.of_chance
        prior = _log_prior(log_k[:, None], omega[None, :], priors)
        log_level = power[:, None] * np.log(seen.level)
        table = [
            _log_likelihood(seen.scatter, chance + each**2 * seen.of_differences, log_level, count)
            for each in omega
        ]
        return np.stack(table, axis=1) + prior[:, :, None]

    log_k, omega, power = grid_draws(log_density, (LOG_K, OMEGA, POWERS), draws, generator)
    return np.exp(2 * log_k), omega, power


def _log_likelihood(
    scatter: np.ndarray, mean: np.ndarray, log_level: np.ndarray, count: np.ndarray
) -> np.ndarray:
    """By the mean at a level of 1, shape (k, group), and the level's power: shape (k, power)."""
    ratio = (scatter / mean) @ (np.exp(-log_level) * count).T
    return -(np.log(mean) @ count)[:, None] - log_level @ count - ratio


def _log_prior(log_k: np.ndarray, omega: np.ndarray, priors: GroupPriors) -> np.ndarray:
    centre, spread = priors.log_k
    return -0.5 * ((log_k - centre) / spread) ** 2 - 0.5 * (omega / priors.spread) ** 2


def most_likely(seen: Scatter, count: np.ndarray) -> tuple[float, float]:
    """Return squared k and squared omega at which scatters are as expected, none negative; b is 1.

    Weighted least squares whose weights follow the expected scatter: the maximum of the gamma
    quasi-likelihood with `count` as its shape.
    """
    terms = np.stack([seen.of_chance, seen.of_differences], axis=1) * seen.level[:, None]
    mean = seen.scatter.sum() / terms[:, 0].sum() * terms[:, 0]
    fitted = np.zeros(2)
    for _ in range(30):
        weight = np.sqrt(count) / mean
        fitted, _ = nnls(terms * weight[:, None], seen.scatter * weight)
        mean = np.maximum(terms @ fitted, 1e-9 * seen.scatter.mean())
    return float(fitted[0]), float(fitted[1])


def dispersion(ratio: np.ndarray, people: np.ndarray) -> np.ndarray:
    """Return the variance of each group's scatter over its squared mean, shape (group,).

    A constant and a part that falls with the number of people, as that of a mean of skewed costs
    does.

    Parameters
    ----------
    ratio : ndarray, shape (group,)
        Scatter over its mean.
    people : ndarray, shape (group,)
    """
    terms = np.stack([np.ones_like(people), people.mean() / people], axis=1)
    squared = (ratio - 1) ** 2
    weight = np.ones_like(people)
    for _ in range(10):
        fitted, _ = nnls(terms * weight[:, None], squared * weight)
        # A squared distance varies as its mean, squared.
        weight = 1 / np.maximum(terms @ fitted, 1e-9)
    return np.maximum(terms @ fitted, 1e-3)
