"""Payments with gates: what a group can expect from them, in closed form.

A payment depends on two measured things: savings, and a score that adds quality and experience by
what they are worth. It is linear inside rectangles of the two, so that its mean and its value to a
group that dislikes risk are sums of integrals of normal distributions, one a rectangle.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.special import logsumexp, ndtr

from analysis.errors import InputError


@dataclass(frozen=True)
class Payment:
    """Terms of a payment.

    Attributes
    ----------
    savings_slope, score_slope : float
        Paid for a pound of measured savings and for a pound's worth of measured score; at least 0.
    score_needed : float or None
        Savings are rewarded only if the score is at least this, per cent of the budget.
    savings_needed : float or None
        The score is rewarded only if savings are at least this, per cent of the budget.
    bears_losses : bool
        Whether the group also pays its share when a measure is below zero, gate or no gate.
    """

    savings_slope: float
    score_slope: float
    score_needed: float | None = None
    savings_needed: float | None = None
    bears_losses: bool = True

    def __post_init__(self) -> None:
        """Refuse slopes below zero: the response is sought where more of a measure pays more."""
        for name in ("savings_slope", "score_slope"):
            if not getattr(self, name) >= 0:
                raise InputError(f"{name} must be at least 0, found {getattr(self, name)}.")

    @property
    def kinked(self) -> bool:
        """Whether the payment is anything but linear."""
        gated = self.score_needed is not None or self.savings_needed is not None
        return gated or not self.bears_losses

    def rates(self, savings: np.ndarray, score: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return what is paid for a unit of measured savings and of score, pounds per pound.

        Savings and score are in per cent of the budget, and broadcast together.
        """
        savings, score = np.broadcast_arrays(savings, score)
        open_to_savings = self.score_needed is None or score >= self.score_needed
        open_to_score = self.savings_needed is None or savings >= self.savings_needed
        savings_paid = np.where(savings > 0, open_to_savings, self.bears_losses)
        score_paid = np.where(score > 0, open_to_score, self.bears_losses)
        return self.savings_slope * savings_paid, self.score_slope * score_paid

    def paid(self, savings: np.ndarray, score: np.ndarray) -> np.ndarray:
        """Return the payment for measured savings and score, all in per cent of the budget."""
        for_savings, for_score = self.rates(savings, score)
        return for_savings * savings + for_score * score

    def rectangles(self) -> Iterator[tuple[tuple[float, float], tuple[float, float], float, float]]:
        """Yield where the payment is linear: intervals of savings and score, and their rates."""
        for low, high in _intervals(self.savings_needed, kinked=self.kinked):
            for bottom, top in _intervals(self.score_needed, kinked=self.kinked):
                inside = np.array(_inside(low, high)), np.array(_inside(bottom, top))
                rates = self.rates(*inside)
                yield (low, high), (bottom, top), float(rates[0]), float(rates[1])


@dataclass(frozen=True)
class Signals:
    """Normal distribution of what is measured of a group: independent savings and score.

    Attributes
    ----------
    savings, score : ndarray
        Means, per cent of the budget, shape (draw, ...).
    savings_sd, score_sd : ndarray
        Standard deviations, above 0, shape (draw, ...) or broadcast to it.
    """

    savings: np.ndarray
    score: np.ndarray
    savings_sd: np.ndarray
    score_sd: np.ndarray


def expected_payment(payment: Payment, signals: Signals) -> np.ndarray:
    """Return the mean payment, of the signals' shape, in per cent of the budget."""
    total = np.zeros(np.broadcast_shapes(np.shape(signals.savings), np.shape(signals.score)))
    for savings_interval, score_interval, for_savings, for_score in payment.rectangles():
        p_savings, mean_savings = _moments(savings_interval, signals.savings, signals.savings_sd)
        p_score, mean_score = _moments(score_interval, signals.score, signals.score_sd)
        total += for_savings * mean_savings * p_score + for_score * mean_score * p_savings
    return total


def certain_equivalent(payment: Payment, signals: Signals, risk_aversion: np.ndarray) -> np.ndarray:
    """Return the certain payment that a group likes as much as this uncertain one.

    With constant absolute risk aversion r it is -log E[exp(-r pay)] / r, per cent of the budget.

    Parameters
    ----------
    risk_aversion : ndarray
        Above 0, per one per cent of the budget; broadcasts with the signals.
    """
    log_utility = [
        _log_partial(
            savings_interval, signals.savings, signals.savings_sd, risk_aversion * for_savings
        )
        + _log_partial(score_interval, signals.score, signals.score_sd, risk_aversion * for_score)
        for savings_interval, score_interval, for_savings, for_score in payment.rectangles()
    ]
    return -logsumexp(np.stack(log_utility), axis=0) / risk_aversion


def certain_equivalent_on_grid(
    payment: Payment, signals: Signals, risk_aversion: np.ndarray
) -> np.ndarray:
    """Return certain equivalents at every pair of a mean of savings and a mean of the score.

    As `certain_equivalent`, but integrals are taken along the two sides of the grid only: inside a
    rectangle the two measures are independent.

    Parameters
    ----------
    signals : Signals
        Means of shape (draw, side); standard deviations of shape (draw, 1).
    risk_aversion : ndarray, shape (draw, 1)

    Returns
    -------
    ndarray, shape (draw, side of savings, side of the score)
        Per cent of the budget.
    """
    total: np.ndarray | float = 0.0
    for savings_interval, score_interval, for_savings, for_score in payment.rectangles():
        along_savings = np.exp(
            _log_partial(
                savings_interval, signals.savings, signals.savings_sd, risk_aversion * for_savings
            )
        )
        along_score = np.exp(
            _log_partial(score_interval, signals.score, signals.score_sd, risk_aversion * for_score)
        )
        total = total + along_savings[:, :, None] * along_score[:, None, :]
    return -np.log(total) / risk_aversion[:, :, None]


def _intervals(needed: float | None, *, kinked: bool) -> list[tuple[float, float]]:
    """Return the intervals between minus infinity, zero, the gate and infinity."""
    cuts = sorted({0.0, *([] if needed is None else [needed])}) if kinked else []
    return list(pairwise([-np.inf, *cuts, np.inf]))


def _inside(low: float, high: float) -> float:
    """Return a point inside an interval."""
    if np.isinf(low) and np.isinf(high):
        return 0.0
    if np.isinf(low):
        return high - 1
    return low + 1 if np.isinf(high) else (low + high) / 2


def _moments(
    interval: tuple[float, float], mean: np.ndarray, sd: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the probability of an interval, and the mean of a normal counted only inside it."""
    low, high = ((end - mean) / sd for end in interval)
    share = ndtr(high) - ndtr(low)
    return share, mean * share - sd * (_density(high) - _density(low))


def _density(z: np.ndarray) -> np.ndarray:
    return np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)


def _log_partial(
    interval: tuple[float, float], mean: np.ndarray, sd: np.ndarray, rate: np.ndarray
) -> np.ndarray:
    """Return log E[exp(-rate z); z inside] of a normal z: the normal shifted by rate x variance."""
    low, high = ((end - mean) / sd + rate * sd for end in interval)
    with np.errstate(divide="ignore"):
        share = np.log(_share_between(low, high))
    return -rate * mean + (rate * sd) ** 2 / 2 + share


def _share_between(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Return the probability between two scores, exact in the upper tail too."""
    upper = low > 0
    return np.where(upper, ndtr(-low) - ndtr(-high), ndtr(high) - ndtr(low))
