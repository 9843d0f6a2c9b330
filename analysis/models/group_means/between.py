"""How far groups differ at each size, and what their totals add to what is known of k.

The cost of a group over what is expected of its people is 1 + a + b log N + u + chance: u has the
standard deviation tau (N / N_ref)^-alpha, chance the variance k² times a known factor. The line in
log N is no part of tau: it is what groups of one size have in common. Costs of groups are skewed,
so a group counts as less than one in the normal likelihood where their squared distances vary more
than normal ones would.
"""

from dataclasses import dataclass

import numpy as np

from analysis.models.group_means.grid import grid_draws
from analysis.models.group_means.priors import GroupPriors

TAU = np.linspace(0.0, 0.6, 41)
"""Values of tau at the reference size that are looked at first."""

EXPONENTS, POSITIONS = 21, 9
"""How many values of alpha, and of what is known of k, are looked at."""

SLOPE_PARTS = 20
"""In how many parts the draws of the slope are reckoned."""


@dataclass(frozen=True)
class GroupRatios:
    """Cost of groups over what is expected of their people, each of shape (group,).

    Attributes
    ----------
    people : ndarray
        Person-years.
    ratio : ndarray
        Actual cost over expected cost.
    chance : ndarray
        Variance of the ratio by chance if k were 1.
    """

    people: np.ndarray
    ratio: np.ndarray
    chance: np.ndarray

    @property
    def reference(self) -> float:
        """Size at which tau is told: the geometric mean of the groups'."""
        return float(np.exp(np.log(self.people).mean()))

    @property
    def log_size(self) -> np.ndarray:
        """Logarithm of each size over the reference, shape (group,)."""
        return np.log(self.people / self.reference)


@dataclass(frozen=True)
class GroupSpread:
    """How far groups differ beyond chance, by size; draws have the shape (draw,).

    Attributes
    ----------
    tau : ndarray
        Standard deviation between groups of the reference size, as a share of expected cost.
    exponent : ndarray
        alpha: at N people the standard deviation is tau (N / reference)^-alpha.
    k_position : ndarray
        Where k lies among what was known of it before, from 0 (the least) to 1.
    slope : ndarray
        Change of a group's relative cost when its size grows e-fold; no part of tau.
    reference, smallest, largest : float
        Sizes in person-years: the groups' geometric mean, and the ends of what was seen.
    """

    tau: np.ndarray
    exponent: np.ndarray
    k_position: np.ndarray
    slope: np.ndarray
    reference: float
    smallest: float
    largest: float

    def at(self, people: float | np.ndarray) -> np.ndarray:
        """Return draws of the standard deviation between groups of some size, shape (draw,).

        The size is one number, or one for each draw. Outside the sizes that were seen it rests on
        the form of the curve alone.
        """
        return self.tau * (people / self.reference) ** -self.exponent


def spread_posterior(
    seen: GroupRatios,
    squared_k: np.ndarray,
    priors: GroupPriors,
    draws: int,
    generator: np.random.Generator,
) -> GroupSpread:
    """Return draws of the spread between groups.

    Parameters
    ----------
    squared_k : ndarray, shape (value,)
        Draws of squared k from the scatter of cells, or from its prior where there are none.
    """
    alpha = np.linspace(0.0, priors.steepest, EXPONENTS)
    axes = (TAU, alpha, np.linspace(0.0, 1.0, POSITIONS))
    likelihood = _Likelihood(seen, np.sort(squared_k), priors.spread)
    best = np.unravel_index(np.argmax(likelihood(*axes)), [len(axis) for axis in axes])
    weight = likelihood.counts_as(*(axis[at] for axis, at in zip(axes, best, strict=True)))

    def log_density(tau: np.ndarray, alpha: np.ndarray, position: np.ndarray) -> np.ndarray:
        prior = -0.5 * (tau / priors.spread) ** 2
        return weight * likelihood(tau, alpha, position) + prior[:, None, None]

    tau, exponent, position = grid_draws(log_density, axes, draws, generator)
    centre, error = likelihood.slope(tau, exponent, position)
    slope = centre + error / np.sqrt(weight) * generator.standard_normal(draws)
    ends = float(seen.people.min()), float(seen.people.max())
    return GroupSpread(tau, exponent, position, slope, seen.reference, *ends)


@dataclass(frozen=True)
class _Likelihood:
    """Normal likelihood of the ratios; level and slope are averaged over.

    The level may be anything, the slope is 0 give or take `slope_scale`.
    """

    seen: GroupRatios
    squared_k: np.ndarray
    slope_scale: float

    def __call__(self, tau: np.ndarray, alpha: np.ndarray, position: np.ndarray) -> np.ndarray:
        """Log likelihood, shape (tau, alpha, position)."""
        # One value of tau at a time: thousands of groups would fill the memory.
        rows = []
        for each in tau:
            variance = self.variance(np.array(each), alpha[:, None], position)
            line = _Line.of(self.seen, variance.reshape(-1, variance.shape[-1]), self.slope_scale)
            rows.append(line.log_likelihood.reshape(len(alpha), len(position)))
        return np.stack(rows)

    def variance(self, tau: np.ndarray, alpha: np.ndarray, position: np.ndarray) -> np.ndarray:
        """Variance of each group's ratio, shape (..., group)."""
        places = np.linspace(0.0, 1.0, len(self.squared_k))
        chance = np.interp(position, places, self.squared_k)[..., None] * self.seen.chance
        fall = np.exp(-2 * alpha[..., None] * self.seen.log_size)
        return np.maximum(tau[..., None] ** 2 * fall + chance, 1e-12)

    def slope(self, *point: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Mean and standard error of the slope at each point."""
        parts = zip(*(np.array_split(axis, SLOPE_PARTS) for axis in point), strict=True)
        lines = [_Line.of(self.seen, self.variance(*part), self.slope_scale) for part in parts]
        ends = ((line.slope, line.slope_error) for line in lines)
        slope, error = (np.concatenate(values) for values in zip(*ends, strict=True))
        return slope, error

    def counts_as(self, *point: float) -> float:
        """How much one group counts: 2 over the variance of its squared, standardised distance."""
        variance = self.variance(*(np.array([value]) for value in point))
        line = _Line.of(self.seen, variance, self.slope_scale)
        distance = self.seen.ratio - line.level - line.slope * self.seen.log_size
        squared = distance**2 / variance[0]
        return float(min(1.0, 2 / max(np.mean((squared / squared.mean() - 1) ** 2), 1e-9)))


@dataclass(frozen=True)
class _Line:
    """The line through the ratios at points with given variances, each of shape (point,)."""

    level: np.ndarray
    slope: np.ndarray
    slope_error: np.ndarray
    log_likelihood: np.ndarray

    @classmethod
    def of(cls, seen: GroupRatios, variance: np.ndarray, slope_scale: float) -> "_Line":
        size, ratio = seen.log_size, seen.ratio - 1
        terms = np.stack([np.ones_like(size), size, size**2, ratio, size * ratio, ratio**2])
        one, x, xx, y, xy, yy = (terms @ (1 / variance).T).reshape(6, -1)
        xx = xx + slope_scale**-2
        determinant = one * xx - x**2
        slope = (one * xy - x * y) / determinant
        level = (xx * y - x * xy) / determinant
        misfit = yy - level * y - slope * xy
        log_likelihood = -0.5 * (np.log(variance).sum(axis=1) + np.log(determinant) + misfit)
        return cls(1 + level, slope, np.sqrt(one / determinant), log_likelihood)
