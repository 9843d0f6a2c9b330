"""Log densities of the four parts of the hurdle model's posterior, with their slopes.

Loops over cells that Numba compiles once for any shape, and keeps; a test holds them to the
densities of the PyMC model. `analysis.models.hurdle.independent_parts` says why there are four.
"""

from collections.abc import Callable
from math import erfc, exp, expm1, log, log1p, pi, sqrt
from typing import NamedTuple

import numpy as np
from numba import njit

LARGEST_SHAPE = 0.95
"""Upper end of the tail's shape, as in the model."""

_HALF_LOG_TWO_PI = 0.5 * log(2 * pi)

_FARTHEST = -35.0
"""Below it the normal distribution function nears the smallest number that a computer holds."""


def compiled[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function of numbers and arrays; kept for the next process where files can be kept.

    Division by zero gives infinity, as in NumPy: a sampler's first steps may reach anywhere, and
    where nothing is finite it turns back by itself.
    """
    try:
        function_compiled = njit(cache=True, error_model="numpy")(function)
    except RuntimeError:  # neither beside the source nor in the home folder can files be written
        function_compiled = njit(error_model="numpy")(function)
    return function_compiled


class PartPriors(NamedTuple):
    """What the density of a part needs besides the data; C-contiguous.

    Attributes
    ----------
    design : ndarray, shape (cell, contrast)
    design_by_contrast : ndarray, shape (contrast, cell)
        The same, for sums that run over cells.
    learned : ndarray, shape (learned factor, contrast)
        1 where the contrast is one of the factor.
    fixed_scale : ndarray, shape (quantity, contrast)
        Spread of contrasts whose spread is not learned, else 0.
    mean, sd : ndarray, shape (quantity,)
        Of the intercept.
    rate : ndarray, shape (quantity,)
        Of the gamma prior, of shape 2, of a learned spread.
    tail_shape : tuple of float
        Mean and standard deviation.
    """

    design: np.ndarray
    design_by_contrast: np.ndarray
    learned: np.ndarray
    fixed_scale: np.ndarray
    mean: np.ndarray
    sd: np.ndarray
    rate: np.ndarray
    tail_shape: tuple[float, float]


class CellValues(NamedTuple):
    """What a vector says of contrasts and cells: `scale` and `effects` by contrast.

    Attributes
    ----------
    scale, effects : ndarray, shape (quantity, contrast)
    by_cell : ndarray, shape (quantity, cell)
    tail_shape : float
        0 where the part has none.
    """

    scale: np.ndarray
    effects: np.ndarray
    by_cell: np.ndarray
    tail_shape: float


class Fitted(NamedTuple):
    """A log-likelihood, with its slopes by the quantities of cells and by the tail's shape."""

    log_likelihood: float
    by_value: np.ndarray
    by_shape: float


@compiled
def _cell_values(vector: np.ndarray, priors: PartPriors, centred: np.ndarray) -> CellValues:
    # Loops throughout: they compile in a fraction of the time that array expressions take.
    quantities, contrasts = priors.fixed_scale.shape
    factors, width, cells = len(priors.learned), 1 + contrasts, len(priors.design)
    scale, effects = priors.fixed_scale.copy(), np.empty((quantities, contrasts))
    by_cell = np.empty((quantities, cells))
    for quantity in range(quantities):
        first_spread = quantities * width + quantity * factors
        for cell in range(cells):
            by_cell[quantity, cell] = vector[quantity * width]
        for contrast in range(contrasts):
            for factor in range(factors):
                learned = priors.learned[factor, contrast]
                scale[quantity, contrast] += exp(vector[first_spread + factor]) * learned
            unit = 1.0 if centred[quantity, 0] else scale[quantity, contrast]
            effect = unit * vector[quantity * width + 1 + contrast]
            effects[quantity, contrast] = effect
            for cell in range(cells):
                by_cell[quantity, cell] += effect * priors.design_by_contrast[contrast, cell]
    has_shape = len(vector) > quantities * (width + factors)
    logit = min(max(vector[-1], -30.0), 30.0)
    tail_shape = LARGEST_SHAPE / (1 + exp(-logit)) if has_shape else 0.0
    return CellValues(scale, effects, by_cell, tail_shape)


@compiled
def _posterior(
    vector: np.ndarray, priors: PartPriors, centred: np.ndarray, cells: CellValues, fit: Fitted
) -> tuple[float, np.ndarray]:
    """Add the priors, and turn slopes by cell into slopes by the vector."""
    quantities, contrasts = priors.fixed_scale.shape
    factors, width = len(priors.learned), 1 + contrasts
    total, slope = fit.log_likelihood, _slope_by_effect(len(vector), priors, fit.by_value)
    by_spread = np.empty(contrasts)
    for quantity in range(quantities):
        start = quantity * width
        from_mean = (vector[start] - priors.mean[quantity]) / priors.sd[quantity]
        total -= 0.5 * from_mean**2
        slope[start] -= from_mean / priors.sd[quantity]
        for contrast in range(contrasts):
            scale, effect = cells.scale[quantity, contrast], cells.effects[quantity, contrast]
            score, by_effect = effect / scale, slope[start + 1 + contrast]
            total -= 0.5 * score**2
            if centred[quantity, 0]:
                total -= log(scale)
                slope[start + 1 + contrast] = by_effect - score / scale
                by_spread[contrast] = score**2 - 1
            else:
                # In units of its spread an effect meets a standard normal prior.
                slope[start + 1 + contrast] = by_effect * scale - score
                by_spread[contrast] = by_effect * effect
        for factor in range(factors):
            place = quantities * width + quantity * factors + factor
            pull = priors.rate[quantity] * exp(vector[place])
            total += 2 * vector[place] - pull
            slope[place] = 2 - pull
            for contrast in range(contrasts):
                slope[place] += priors.learned[factor, contrast] * by_spread[contrast]
    if len(vector) > quantities * (width + factors):
        log_prior, slope[-1] = _tail_prior(cells.tail_shape, priors.tail_shape, fit.by_shape)
        total += log_prior
    return total, slope


@compiled
def _slope_by_effect(size: int, priors: PartPriors, by_value: np.ndarray) -> np.ndarray:
    """Slopes of the likelihood by intercepts and effects; 0 for the rest of the vector."""
    slope, width = np.zeros(size), 1 + priors.design.shape[1]
    for quantity in range(len(by_value)):
        start = quantity * width
        for cell in range(len(priors.design)):
            slope[start] += by_value[quantity, cell]
            for contrast in range(width - 1):
                slope_of_cell = by_value[quantity, cell] * priors.design[cell, contrast]
                slope[start + 1 + contrast] += slope_of_cell
    return slope


@compiled
def _tail_prior(
    shape: float, mean_and_sd: tuple[float, float], by_shape: float
) -> tuple[float, float]:
    """Log prior of the logit of the tail's shape, and the slope of the posterior by it."""
    mean, sd = mean_and_sd
    share = shape / LARGEST_SHAPE
    log_prior = -0.5 * ((shape - mean) / sd) ** 2 + log(share) + log1p(-share)
    slope = (by_shape - (shape - mean) / sd**2) * shape * (1 - share) + 1 - 2 * share
    return log_prior, slope


@compiled
def binomial_density(
    vector: np.ndarray,
    priors: PartPriors,
    centred: np.ndarray,
    successes: np.ndarray,
    trials: np.ndarray,
) -> tuple[float, np.ndarray]:
    """Return log density and slope of the parts *use* and *exceed*."""
    cells = _cell_values(vector, priors, centred)
    total, by_value = 0.0, np.empty_like(cells.by_cell)
    for cell in range(len(trials)):
        logit = cells.by_cell[0, cell]
        small = exp(-abs(logit))
        chance = (1.0 if logit > 0 else small) / (1 + small)
        total += successes[cell] * logit - trials[cell] * (max(logit, 0.0) + log1p(small))
        by_value[0, cell] = successes[cell] - trials[cell] * chance
    return _posterior(vector, priors, centred, cells, Fitted(total, by_value, 0.0))


@compiled
def _log_ndtr(score: float) -> float:
    if score > _FARTHEST:
        return log(0.5 * erfc(-score / sqrt(2.0)))
    inverse = 1 / score**2
    series = inverse * (-1 + inverse * (3 + inverse * (-15 + inverse * 105)))
    return -0.5 * score**2 - log(-score) - _HALF_LOG_TWO_PI + log1p(series)


@compiled
def body_density(
    vector: np.ndarray,
    priors: PartPriors,
    centred: np.ndarray,
    n: np.ndarray,
    sum_log: np.ndarray,
    sum_squares: np.ndarray,
) -> tuple[float, np.ndarray]:
    """Return log density and slope of a normal cut off at zero, of log costs over the threshold."""
    cells = _cell_values(vector, priors, centred)
    total, by_value = 0.0, np.empty_like(cells.by_cell)
    for cell in range(len(n)):
        location, log_scale = cells.by_cell[0, cell], cells.by_cell[1, cell]
        scale = exp(log_scale)
        score = -location / scale
        log_mass = _log_ndtr(score)
        squares = sum_squares[cell] - 2 * location * sum_log[cell] + n[cell] * location**2
        squares /= scale**2
        total -= n[cell] * (log_scale + log_mass) + 0.5 * squares
        # Inverse Mills ratio: the slope of the mass below the threshold.
        mills = exp(-0.5 * score**2 - _HALF_LOG_TWO_PI - log_mass)
        from_location = (sum_log[cell] - n[cell] * location) / scale**2
        by_value[0, cell] = n[cell] * mills / scale + from_location
        by_value[1, cell] = squares - n[cell] * (1 - mills * score)
    return _posterior(vector, priors, centred, cells, Fitted(total, by_value, 0.0))


@compiled
def tail_density(
    vector: np.ndarray,
    priors: PartPriors,
    centred: np.ndarray,
    tail_cell: np.ndarray,
    count: np.ndarray,
    lower: np.ndarray,
    upper: np.ndarray,
) -> tuple[float, np.ndarray]:
    """Return log density and slope of a generalised Pareto; data by entry of the tail."""
    cells = _cell_values(vector, priors, centred)
    shape = cells.tail_shape
    total, total_by_shape, by_value = 0.0, 0.0, np.zeros_like(cells.by_cell)
    log_survival, reach_left, by_shape = np.empty(2), np.empty(2), np.empty(2)
    for entry in range(len(tail_cell)):
        cell = tail_cell[entry]
        for end in range(2):
            reach = (upper[entry] if end else lower[entry]) / exp(cells.by_cell[0, cell])
            growth = log1p(shape * reach)
            # Log survival, and its slopes by the log of the scale and by the shape.
            log_survival[end] = -growth / shape
            reach_left[end] = reach / (1 + shape * reach)
            by_shape[end] = (growth / shape - reach_left[end]) / shape
        gap = log_survival[0] - log_survival[1]
        odds = 1 / expm1(gap if gap < 700.0 else 700.0)
        total += count[entry] * (log_survival[0] + log(-expm1(-gap)))
        slope = (1 + odds) * reach_left[0] - odds * reach_left[1]
        by_value[0, cell] += count[entry] * slope
        total_by_shape += count[entry] * ((1 + odds) * by_shape[0] - odds * by_shape[1])
    return _posterior(vector, priors, centred, cells, Fitted(total, by_value, total_by_shape))
