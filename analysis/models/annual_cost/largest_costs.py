r"""The posterior of the tail: a generalised Pareto above a threshold, up to a largest cost.

Above a high threshold excesses are nearly generalised Pareto with scale :math:`\sigma` and shape
:math:`\xi` (Pickands 1975). A year's care cannot cost without limit, so the tail ends at a largest
cost *M*. Nobody knows *M*: three quarters of its prior say that it lies at the limit, a stated
multiple of the mean; a quarter, anywhere between the costliest person and that limit, each amount
alike. The shares were chosen by the gate (`analysis.chapters.gate`).
With three unknowns the posterior is a table, and its draws are exact.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp

from analysis.models.annual_cost.truncated_pareto import TruncatedPareto

SHAPES = np.linspace(0.01, 0.95, 48)
"""Shapes at which the posterior is tabulated."""

_LOG_SCALES = np.linspace(-2.0, 1.4, 72)
"""Logs of the scale over the mean excess."""

_LARGEST_STEPS = 8
AT_THE_LIMIT = 0.75
"""Prior probability that costs may reach the limit."""


@dataclass(frozen=True)
class LargestCosts:
    """People above a threshold, as points.

    Attributes
    ----------
    start : float
        Threshold, in the currency of the costs.
    cost : ndarray, shape (point,)
        Above `start`.
    people : ndarray, shape (point,)
        Effective number at each point; repeated years of the same people count less than one each.
    costliest : float
        What the costliest person is thought to have cost, where the points do not show it.
    """

    start: float
    cost: np.ndarray
    people: np.ndarray
    costliest: float = 0.0

    @classmethod
    def of_bins(
        cls,
        start: float,
        mean_log: np.ndarray,
        variance_log: np.ndarray,
        people: np.ndarray,
        costliest: float = 0.0,
    ) -> "LargestCosts":
        """Return the people of bins, each bin as two points with its mean and variance.

        Parameters
        ----------
        mean_log, variance_log, people : ndarray, shape (bin,)
            Of natural log cost, and effective numbers.
        """
        spread = np.sqrt(variance_log)
        cost = np.exp(np.concatenate([mean_log - spread, mean_log + spread]))
        points = np.maximum(cost, start * (1 + 1e-9))
        return cls(start, points, np.tile(people / 2, 2), costliest)


def log_likelihood(data: LargestCosts, log_scale: np.ndarray) -> np.ndarray:
    """Return the log-likelihood of a tail without an end, shape (scale, shape of `SHAPES`).

    Parameters
    ----------
    log_scale : ndarray, shape (scale,)
        Logs of amounts in the currency.
    """
    excess = data.cost - data.start
    scale, shape = np.exp(log_scale)[:, None, None], SHAPES[None, :, None]
    logs = -np.log(scale) - (1 + 1 / shape) * np.log1p(shape * excess / scale)
    return np.asarray(logs @ data.people)


@dataclass(frozen=True)
class TailTable:
    """The posterior of a tail as a table.

    Attributes
    ----------
    log_density : ndarray, shape (largest, scale, shape of `SHAPES`)
        Log posterior, up to a constant.
    largest, log_scale : ndarray
        Values of the first two axes: amounts, and logs of amounts.
    width : ndarray, shape (largest,)
        Of the step around each largest cost, natural logarithm; 0 at the limit.
    """

    data: LargestCosts
    log_density: np.ndarray
    largest: np.ndarray
    log_scale: np.ndarray
    width: np.ndarray

    def log_of_shape(self) -> np.ndarray:
        """Return the log density of the shape alone, shape of `SHAPES`, up to a constant."""
        return np.asarray(logsumexp(self.log_density, axis=(0, 1)))

    def draws(self, number: int, generator: np.random.Generator) -> TruncatedPareto:
        """Return draws of the tail, fields of shape (draw, 1)."""
        density = np.exp(self.log_density - self.log_density.max())
        at = _drawn(density, number, generator)
        jitter = generator.uniform(-0.5, 0.5, size=(3, number))
        return TruncatedPareto(
            start=np.full((number, 1), self.data.start),
            scale=np.exp(self.log_scale[at[1]] + jitter[0] * np.diff(_LOG_SCALES)[0])[:, None],
            shape=(SHAPES[at[2]] + jitter[1] * np.diff(SHAPES)[0])[:, None],
            largest=(self.largest[at[0]] * np.exp(jitter[2] * self.width[at[0]]))[:, None],
        )


def tail_table(data: LargestCosts, log_prior: np.ndarray, limit: float) -> TailTable:
    """Return the posterior of a tail.

    Parameters
    ----------
    log_prior : ndarray, shape of `SHAPES`
        Log prior of the shape (`analysis.models.annual_cost.tail_shapes`), up to a constant.
    limit : float
        Most that a year's care of one person may cost, in the currency.
    """
    log_scale = np.log(np.average(data.cost - data.start, weights=data.people)) + _LOG_SCALES
    largest, width, log_prior_largest = _largest_grid(
        max(float(data.cost.max()), data.costliest), limit
    )
    scale, shape = np.exp(log_scale)[:, None], SHAPES[None, :]
    without_end = log_likelihood(data, log_scale) + log_prior
    beyond = -np.log1p(shape * (largest[:, None, None] - data.start) / scale) / shape
    # At the limit the tail ends too, so far out that it hardly matters.
    ended = -data.people.sum() * np.log(-np.expm1(beyond))
    log_density = without_end + ended + log_prior_largest[:, None, None]
    return TailTable(data, log_density, largest, log_scale, width)


def _largest_grid(top: float, limit: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Largest costs, the width of each step (log) and its log prior; the last is the limit."""
    limit = max(limit, 1.1 * top)
    step = np.log(limit / top) / _LARGEST_STEPS
    between = top * np.exp((np.arange(_LARGEST_STEPS) + 0.5) * step)
    prior = np.append((1 - AT_THE_LIMIT) * between / between.sum(), AT_THE_LIMIT)
    width = np.append(np.full(_LARGEST_STEPS, step), 0.0)
    return np.append(between, limit), width, np.log(prior)


def _drawn(
    density: np.ndarray, draws: int, generator: np.random.Generator
) -> tuple[np.ndarray, ...]:
    """Cells of a table, drawn in proportion to its entries, systematically and shuffled."""
    cumulative = np.cumsum(density.ravel())
    points = (np.arange(draws) + generator.random()) / draws * cumulative[-1]
    flat = np.searchsorted(cumulative, points, side="right")
    return np.unravel_index(generator.permutation(flat), density.shape)
