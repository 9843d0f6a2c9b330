r"""The hurdle model's posterior in four parts, as plain functions with their slopes.

Given the cells, use, the share of large costs, the body and the tail have priors and likelihoods
of their own (`analysis.models.hurdle.model`), so the posterior is the product of four. Each is
small, and its density and slope are a few sums over cells: nothing has to be compiled, which is
what takes the time on a user's table. A test holds these densities to those of the PyMC model.
"""

from collections.abc import Callable
from math import exp, log, log1p

import numpy as np
from scipy.special import expit, log_expit, log_ndtr

from analysis.models.contrasts import Contrasts
from analysis.models.hurdle.data import HurdleData
from analysis.models.hurdle.priors import HurdlePriors

PARTS: dict[str, tuple[str, ...]] = {
    "use": ("use",),
    "exceed": ("exceed",),
    "body": ("location", "log_scale"),
    "tail": ("log_tail_scale",),
}
"""Parts of the posterior, and the cell quantities that each knows about."""

LARGEST_SHAPE = 0.95
"""Upper end of the tail's shape, as in the model."""

_HALF_LOG_TWO_PI = 0.5 * np.log(2 * np.pi)

type Likelihood = Callable[[np.ndarray, float], tuple[float, np.ndarray, float]]
"""From quantities by cell and the tail's shape to a log-likelihood and its slopes."""


class PosteriorPart:
    """One part of the posterior, over an unconstrained vector.

    The vector holds, quantity by quantity, the intercept and the contrasts (in units of their
    spread where they are not centred); then the logs of the spreads that are learned, quantity by
    quantity; then, for the tail, the logit of its shape over `LARGEST_SHAPE`.

    Parameters
    ----------
    name : str
        One of `PARTS`.
    likelihood : callable
        See `Likelihood`.
    """

    def __init__(
        self, name: str, cells: Contrasts, priors: HurdlePriors, likelihood: Likelihood
    ) -> None:
        self.centred = np.ones((len(PARTS[name]), 1), bool)
        self.name, self.quantities = name, PARTS[name]
        self._likelihood, self._tail_shape = likelihood, priors.tail_shape
        # Everything that does not change is made here: a density is asked for 10,000 times.
        self._design, number = cells.design, len(self.quantities)
        self._mean, self._sd = np.array([getattr(priors, name) for name in self.quantities]).T
        typical = np.array([[priors.effect_scale[name]] for name in self.quantities])
        self.learned = cells.factors[cells.learned]
        self._fixed_scale = (typical * ~cells.learned) @ cells.factors
        self._typical, self.rate = typical, 2 / typical  # gamma with shape 2
        self._shapes = [(number, 1 + cells.design.shape[1]), (number, len(self.learned))]
        self._ends = np.cumsum([rows * columns for rows, columns in self._shapes])
        self.size = int(self._ends[-1]) + (name == "tail")

    def split(self, vector: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the linear terms and the logs of the spreads, as views.

        Shapes (quantity, 1 + contrast) and (quantity, learned factor).
        """
        linear, spreads = vector[: self._ends[0]], vector[self._ends[0] : self._ends[1]]
        return linear.reshape(self._shapes[0]), spreads.reshape(self._shapes[1])

    def scale(self, spreads: np.ndarray) -> np.ndarray:
        """Return the spread of every contrast, learned or fixed, shape (quantity, contrast)."""
        return np.exp(spreads) @ self.learned + self._fixed_scale

    def by_cell(self, vector: np.ndarray) -> np.ndarray:
        """Return the quantities of every cell, shape (quantity, cell)."""
        linear, spreads = self.split(vector)
        effects = linear[:, 1:] * np.where(self.centred, 1.0, self.scale(spreads))
        return linear[:, :1] + effects @ self._design.T

    def shape(self, vector: np.ndarray) -> float:
        """Return the tail's shape; only the tail's part has one."""
        if self.name != "tail":
            return 0.0
        # A sampler's first steps may reach anywhere.
        return LARGEST_SHAPE / (1 + exp(-min(max(float(vector[-1]), -30.0), 30.0)))

    def start(self) -> np.ndarray:
        """Return the vector of the priors' middle, shape (size,)."""
        linear = np.zeros(self._shapes[0])
        linear[:, 0] = self._mean
        spreads = np.log(np.broadcast_to(self._typical, self._shapes[1]))
        ratio = self._tail_shape[0] / LARGEST_SHAPE
        tail = [np.log(ratio / (1 - ratio))] if self.name == "tail" else []
        return np.concatenate([linear.ravel(), spreads.ravel(), tail])

    def log_density(self, vector: np.ndarray) -> tuple[float, np.ndarray]:
        """Return the log posterior density of a vector, up to a constant, and its slope."""
        linear, spreads = self.split(vector)
        scale, width = self.scale(spreads), np.exp(spreads)
        unit = np.where(self.centred, 1.0, scale)
        effects, shape = linear[:, 1:] * unit, self.shape(vector)
        values = linear[:, :1] + effects @ self._design.T
        fit, by_value, by_shape = self._likelihood(values, shape)
        from_mean, score = (linear[:, 0] - self._mean) / self._sd, effects / scale
        total = fit - 0.5 * (from_mean @ from_mean + (score * score).sum())
        total += (2 * spreads - self.rate * width).sum() - (self.centred * np.log(scale)).sum()
        by_effect = by_value @ self._design
        slope = np.empty(self.size)
        towards = slope[: self._ends[0]].reshape(self._shapes[0])
        towards[:, 0] = by_value.sum(axis=1) - from_mean / self._sd
        # In units of its spread an effect meets a standard normal prior.
        towards[:, 1:] = by_effect * unit - np.where(self.centred, score / scale, score)
        by_spread = np.where(self.centred, score**2 - 1, by_effect * effects)
        slope[self._ends[0] : self._ends[1]] = (
            by_spread @ self.learned.T + 2 - self.rate * width
        ).ravel()
        if self.name == "tail":
            mean, sd = self._tail_shape
            part = shape / LARGEST_SHAPE
            total += -0.5 * ((shape - mean) / sd) ** 2 + log(part) + log1p(-part)
            slope[-1] = (by_shape - (shape - mean) / sd**2) * shape * (1 - part) + 1 - 2 * part
        return float(total), slope


def blocks(data: HurdleData, cells: Contrasts, priors: HurdlePriors) -> list[PosteriorPart]:
    """Return the four parts of the posterior of a set of cells."""
    n_body = data.n_positive - data.n_tail
    likelihoods: dict[str, Likelihood] = {
        "use": _binomial(data.n_positive, data.n),
        "exceed": _binomial(data.n_tail, data.n_positive),
        "body": _body(n_body, data.sum_log_body, data.sum_log_squared_body),
        "tail": _tail(data),
    }
    return [PosteriorPart(name, cells, priors, likelihoods[name]) for name in PARTS]


def _binomial(successes: np.ndarray, trials: np.ndarray) -> Likelihood:
    def likelihood(values: np.ndarray, _: float) -> tuple[float, np.ndarray, float]:
        logit = values[0]
        total = successes @ logit + trials @ log_expit(-logit)
        return total, (successes - trials * expit(logit))[None, :], 0.0

    return likelihood


def _body(n: np.ndarray, sum_log: np.ndarray, sum_squares: np.ndarray) -> Likelihood:
    def likelihood(values: np.ndarray, _: float) -> tuple[float, np.ndarray, float]:
        location, scale = values[0], np.exp(values[1])
        score = -location / scale
        log_mass = log_ndtr(score)
        squares = (sum_squares - 2 * location * sum_log + n * location**2) / scale**2
        total = -(n * (values[1] + log_mass)).sum() - 0.5 * squares.sum()
        # Inverse Mills ratio: the slope of the mass below the threshold.
        mills = np.exp(-0.5 * score**2 - _HALF_LOG_TWO_PI - log_mass)
        by_location = n * mills / scale + (sum_log - n * location) / scale**2
        by_scale = -n * (1 - mills * score) + squares
        return total, np.stack([by_location, by_scale]), 0.0

    return likelihood


def _tail(data: HurdleData) -> Likelihood:
    occupied = data.tail_count > 0
    cell, count = data.tail_cell[occupied], data.tail_count[occupied]
    ends = np.stack([data.tail_lower[occupied], data.tail_upper[occupied]])
    number = len(data.n)

    # A sampler's first steps may reach anywhere; where nothing is finite it turns back by itself.
    @np.errstate(over="ignore", divide="ignore", invalid="ignore")
    def likelihood(values: np.ndarray, shape: float) -> tuple[float, np.ndarray, float]:
        reach = ends / np.exp(values[0])[cell]
        growth = np.log1p(shape * reach)
        # Log survival at both ends, and its slopes by the log of the scale and by the shape.
        log_survival, part = -growth / shape, reach / (1 + shape * reach)
        by_shape = (growth / shape - part) / shape
        gap = log_survival[0] - log_survival[1]
        odds = 1 / np.expm1(np.minimum(gap, 700.0))
        total = count @ (log_survival[0] + np.log(-np.expm1(-gap)))
        slope = count * ((1 + odds) * part[0] - odds * part[1])
        slope_shape = count @ ((1 + odds) * by_shape[0] - odds * by_shape[1])
        return total, np.bincount(cell, slope, number)[None, :], float(slope_shape)

    return likelihood
