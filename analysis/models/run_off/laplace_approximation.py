"""The run-off model without sampling: fast enough for thousands of simulated years.

The posterior of `analysis.models.run_off.model`, approximated. Given how far the monthly cost
wanders and how unevenly bills are processed, everything else is nearly normal around its mode,
which Fisher scoring finds in a few steps; those two are summed over a grid (integrated nested
Laplace approximation; Rue, Martino & Chopin 2009, JRSS B 71:319).
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve, solve_triangular
from scipy.special import expit, log_expit, softmax

from analysis.errors import InputError
from analysis.models.run_off.data import (
    RunOffData,
    RunOffPriors,
    curve_covariance,
    payment_months,
    trend_prior,
    trends,
)

WALK_GRID = (0.05, 0.2, 0.4, 0.7, 1.1, 1.6, 2.3)
SPEED_GRID = (0.05, 0.15, 0.3, 0.45, 0.65, 0.9, 1.3, 1.9)
"""Values of the two scales that are summed over, in multiples of the scale of their prior."""

PRIORS = RunOffPriors()

_STEPS = 40
_CLOSE = 1e-3
_LONGEST = 1.5
"""Longest step on any of the scales, all of them logarithmic: farther the slope means nothing."""


@dataclass(frozen=True)
class RunOffDesign:
    """The linear parts of the model, its prior, and where each part of the state stands."""

    data: RunOffData
    over_time: np.ndarray  # (month, column): growth, season, steps of the walk
    calendar: np.ndarray  # (month, open lag, payment month)
    curve_precision: np.ndarray
    prior_mean: np.ndarray
    priors: RunOffPriors

    @cached_property
    def ends(self) -> np.ndarray:
        """Where levels and trends, steps, curves, speeds and the log dispersion end in a state."""
        services, months, lags = self.data.paid.shape
        open_lags = lags - 1
        return np.cumsum([services + 3, months, services * open_lags, months + open_lags - 1, 1])

    @property
    def steps(self) -> slice:
        """Steps of the walk, one a month of care."""
        return slice(self.ends[0], self.ends[1])

    @property
    def curve(self) -> slice:
        """Shifts of the completion curves, service by service."""
        return slice(self.ends[1], self.ends[2])

    @property
    def speed(self) -> slice:
        """How fast bills were processed, one a month of payment."""
        return slice(self.ends[2], self.ends[3])


def run_off_design(data: RunOffData, priors: RunOffPriors) -> RunOffDesign:
    """Return the linear parts of the model for some payments."""
    services, months, lags = data.paid.shape
    over_time = np.column_stack([trends(data.calendar_month), np.tril(np.ones((months, months)))])
    calendar = payment_months(months, lags - 1).reshape(months, lags - 1, -1)
    precision = np.linalg.inv(curve_covariance(services, lags - 1, priors))
    design = RunOffDesign(data, over_time, calendar, precision, np.empty(0), priors)
    mean = np.zeros(design.ends[-1])
    mean[services : services + 3] = trend_prior(priors)[0]
    mean[-1] = priors.log_dispersion[0]
    return replace(design, prior_mean=mean)


def prior_precision(design: RunOffDesign, walk_sd: float, speed_sd: float) -> np.ndarray:
    """Return the precision matrix of the state's prior, given the two scales."""
    priors, services = design.priors, len(design.data.services)
    sd = np.ones(len(design.prior_mean))
    sd[:services] = priors.level_sd
    sd[services : services + 3] = trend_prior(priors)[1]
    sd[design.steps], sd[design.speed] = walk_sd, speed_sd
    sd[-1] = priors.log_dispersion[1]
    precision = np.diag(sd**-2.0)
    precision[design.curve, design.curve] = design.curve_precision
    return precision


def log_mean_payments(design: RunOffDesign, state: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the log mean of every cell, and the chance that an open claim is paid.

    The state may have any leading axes.
    """
    services, _, lags = design.data.paid.shape
    level = np.log(design.data.service_share) + state[..., :services]
    over_time = state[..., services : design.steps.stop] @ design.over_time.T
    curve = state[..., design.curve].reshape(*state.shape[:-1], services, lags - 1)
    speed = np.einsum("mlp,...p->...ml", design.calendar, state[..., design.speed])
    logits = (design.data.published + curve)[..., :, None, :] + speed[..., None, :, :]
    nothing = np.zeros((*logits.shape[:-1], 1))
    log_open = np.concatenate([nothing, np.cumsum(log_expit(-logits), axis=-1)], axis=-1)
    log_split = np.concatenate([log_expit(logits), nothing], axis=-1) + log_open
    log_cost = level[..., :, None] + over_time[..., None, :]
    return log_cost[..., None] + log_split, expit(logits)


def _jacobian(design: RunOffDesign, chance: np.ndarray) -> np.ndarray:
    """Derivative of the log mean of every cell, shape (cell, parameter but the dispersion)."""
    services, months, lags = design.data.paid.shape
    jacobian = np.zeros((services, months, lags, design.ends[-1] - 1))
    lag, at = np.arange(lags)[:, None], np.arange(lags - 1)
    own = np.where(at == lag, 1 - chance[:, :, None, :], 0.0)
    by_logit = own - np.where(at < lag, chance[:, :, None, :], 0.0)
    for service in range(services):
        jacobian[service, :, :, service] = 1
        start = design.curve.start + service * (lags - 1)
        jacobian[service, :, :, start : start + lags - 1] = by_logit[service]
    jacobian[..., services : design.steps.stop] = design.over_time[:, None, :]
    for month in range(months):
        start = design.speed.start + month
        jacobian[:, month, :, start : start + lags - 1] = by_logit[:, month]
    return jacobian.reshape(-1, jacobian.shape[-1])


@dataclass(frozen=True)
class _Mode:
    """Mode of the state, lower Cholesky factor of its precision, log marginal density."""

    state: np.ndarray
    root: np.ndarray
    log_density: float


def _mode(design: RunOffDesign, walk_sd: float, speed_sd: float, start: np.ndarray) -> _Mode:
    precision = prior_precision(design, walk_sd, speed_sd)
    state, value = start, log_density(design, precision, start)
    for _ in range(_STEPS):
        gradient, information = score(design, precision, state)
        factor = _factor(information)
        step = cho_solve(factor, gradient)
        step *= min(1.0, _LONGEST / np.abs(step).max())
        for _ in range(8):
            moved_value = log_density(design, precision, state + step)
            if moved_value >= value:
                break
            step = step / 2
        else:
            break
        state, value = state + step, moved_value
        if np.abs(step).max() < _CLOSE:
            break
    root = np.tril(_factor(score(design, precision, state)[1])[0])
    log_prior = np.linalg.slogdet(precision)[1]
    return _Mode(state, root, value + 0.5 * log_prior - np.log(np.diag(root)).sum())


def _factor(information: np.ndarray) -> tuple[np.ndarray, bool]:
    try:
        return cho_factor(information, lower=True)
    except LinAlgError as error:
        raise InputError(
            "The payments follow one curve to the last digit, so nothing can be said about chance. "
            "Give payments as they were booked, not fitted or projected ones."
        ) from error


def log_density(design: RunOffDesign, precision: np.ndarray, state: np.ndarray) -> float:
    """Return the log density of a state given the two scales, up to a constant."""
    apart, data = state - design.prior_mean, design.data
    log_mean, _ = log_mean_payments(design, state)
    log_variance = log_mean + state[-1]
    squared = (data.paid - np.exp(log_mean)) ** 2 * np.exp(-log_variance)
    misfit = (data.known * (log_variance + squared)).sum()
    return float(-0.5 * (misfit + apart @ precision @ apart))


def score(
    design: RunOffDesign, precision: np.ndarray, state: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the slope of the log density, and expected information with the prior's precision."""
    paid_already = design.data.known.ravel() > 0
    log_mean, chance = log_mean_payments(design, state)
    mean = np.exp(log_mean.ravel()[paid_already])
    error = (design.data.paid.ravel()[paid_already] - mean) * np.exp(-state[-1])
    jacobian = _jacobian(design, chance)[paid_already]
    # Mean and dispersion both make the variance, so the terms of 1/2 fall on both.
    spread = 0.5 * (error * (error * np.exp(state[-1])) / mean - 1)
    wide = np.column_stack([jacobian, np.ones(len(mean))])
    gradient = wide.T @ spread - precision @ (state - design.prior_mean)
    gradient[:-1] += jacobian.T @ error
    information = 0.5 * wide.T @ wide + precision
    information[:-1, :-1] += jacobian.T @ (mean[:, None] * np.exp(-state[-1]) * jacobian)
    return gradient, information


def approximate_future(
    data: RunOffData,
    priors: RunOffPriors = PRIORS,
    *,
    draws: int = 1000,
    seed: int = 0,
) -> np.ndarray:
    """Return draws of the payments still to come, from the approximate posterior.

    Returns
    -------
    ndarray, shape (draw, service, month)
        Sum over the lags that are not known yet, in units of a typical month.

    Raises
    ------
    InputError
        If the payments show no chance at all.
    """
    design, generator = run_off_design(data, priors), np.random.default_rng(seed)
    modes, log_weights = [], []
    state = design.prior_mean
    for walk in WALK_GRID:
        for speed in SPEED_GRID:
            mode = _mode(design, walk * priors.walk_scale, speed * priors.speed_scale, state)
            state = mode.state
            modes.append(mode)
            # Half-normal priors on a grid that is even in the logarithm.
            log_weights.append(mode.log_density - (walk**2 + speed**2) / 2 + np.log(walk * speed))
    weights = softmax(log_weights)
    chosen = generator.choice(len(modes), size=draws, p=weights)
    noise = generator.standard_normal((draws, len(state)))
    states = np.stack(
        [
            modes[at].state + solve_triangular(modes[at].root, each, lower=True, trans="T")
            for at, each in zip(chosen, noise, strict=True)
        ]
    )
    log_mean, _ = log_mean_payments(design, states)
    expected = (np.exp(log_mean) * (1 - data.known)).sum(axis=-1)
    return future_payments(expected, np.exp(states[:, -1]), generator)


def future_payments(
    expected: np.ndarray, dispersion: np.ndarray, generator: np.random.Generator
) -> np.ndarray:
    """Return random payments with a variance in proportion to their mean: gamma distributed.

    Expected payments, at least 0, have draws as their first axis; the dispersion, above 0, is their
    variance over their mean, shape (draw,).
    """
    scale = dispersion.reshape(-1, *[1] * (expected.ndim - 1))
    return generator.standard_gamma(np.maximum(expected, 0) / scale) * scale
