"""What a group does under a payment with gates, and who gains by it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri
from scipy.stats import qmc

from analysis.chapters.balanced_incentives.payments import (
    Payment,
    Signals,
    certain_equivalent,
    certain_equivalent_on_grid,
    expected_payment,
)
from analysis.risk.multitask import COMMISSIONER_VALUE, Multitask
from analysis.seeds import seed_for

COARSE, FINE, ZOOMS = 25, 9, 6
"""Points a side of the first grid and of the later ones, and how many later ones there are."""

NOISE_POINTS = 1024
"""Points of the two noises for the share of luck; a power of 2."""


@dataclass(frozen=True)
class Outcome:
    """What a payment brings about; all in per cent of the budget but `luck_share`, by draw.

    Attributes
    ----------
    savings : ndarray
        Fall in cost, without harm and by withholding, before payments.
    quality, experience : ndarray
        Improvements, by what they are worth to patients.
    withheld : ndarray
        Care withheld beyond the point where it is worth its cost; 0 where none is.
    payment : ndarray
        Mean payment to the group.
    luck_share : ndarray
        Share of bonuses paid that noise-free measures would not have earned, 0 to 1.
    commissioner, group, patients : ndarray
        Gain of each: savings less payment; payment less effort and risk; improvements less harm.
    """

    savings: np.ndarray
    quality: np.ndarray
    experience: np.ndarray
    withheld: np.ndarray
    payment: np.ndarray
    luck_share: np.ndarray
    commissioner: np.ndarray
    group: np.ndarray
    patients: np.ndarray

    @property
    def together(self) -> np.ndarray:
        """Return the gain of commissioner, group and patients together, shape (draw,)."""
        return self.commissioner + self.group + self.patients


def best_response(model: Multitask, payment: Payment) -> np.ndarray:
    """Return the slopes of a linear payment that would make the group do the same.

    The group chooses mean savings and mean score, and for them the cheapest efforts, which are
    those of a linear payment. The search starts from a grid because a gate can make both *try* and
    *give up* locally best. A payment without gates is linear, and its slopes are the answer.

    Returns
    -------
    ndarray, shape (draw, 2)
        For savings and score: what a unit is worth to the group at its best choice.
    """
    if not payment.kinked:
        linear = np.array([payment.savings_slope, payment.score_slope])
        return np.tile(linear, (len(model.altruism), 1))
    response, sds = _measure_response(model), np.sqrt(_signal_variance(model))
    inverse_response = np.linalg.inv(response)
    low, high = _bounds(payment, response, sds)
    for zoom in range(1 + ZOOMS):
        side = np.linspace(0, 1, FINE if zoom else COARSE)
        grid = low[:, :, None] + (high - low)[:, :, None] * side
        means = grid[:, 0], grid[:, 1]
        worth = _objective(model, payment, inverse_response, sds, *means).reshape(len(low), -1)
        at = np.unravel_index(worth.argmax(axis=1), (len(side), len(side)))
        best = np.stack([m[np.arange(len(m)), i] for m, i in zip(means, at, strict=True)], axis=-1)
        half = 1.5 * (high - low) * (side[1] - side[0])
        low, high = best - half, best + half
    return np.einsum("dij,dj->di", inverse_response, best)


def outcome(model: Multitask, payment: Payment, *, points: int = NOISE_POINTS) -> Outcome:
    """Return what a payment brings about; `points` as in `luck_share`."""
    slopes = best_response(model, payment)
    change = model.effort_change(slopes[:, [0, 1, 1]])
    means = np.einsum("dij,dj->di", _measure_response(model), slopes)
    sds = np.sqrt(_signal_variance(model))
    signals = Signals(means[:, 0], means[:, 1], sds[:, 0], sds[:, 1])
    pay = expected_payment(payment, signals)
    certain = certain_equivalent(payment, signals, model.risk_aversion)
    return Outcome(
        savings=change @ COMMISSIONER_VALUE,
        quality=change[:, 2],
        experience=change[:, 3],
        withheld=np.maximum(model.unpaid()[:, 1] + change[:, 1], 0.0),
        payment=pay,
        luck_share=luck_share(payment, signals, points),
        commissioner=change @ COMMISSIONER_VALUE - pay,
        group=certain - model.added_effort_cost(change),
        patients=model.patient_gain(change),
    )


def luck_share(payment: Payment, signals: Signals, points: int = NOISE_POINTS) -> np.ndarray:
    """Return the share of bonuses that measures without noise would not have earned.

    Parameters
    ----------
    points : int
        Points of a Sobol sequence in the two noises; a power of 2.

    Returns
    -------
    ndarray, shape (draw,)
        E[max(pay - deserved, 0)] / E[max(pay, 0)], 0 to 1; 0 where nothing is ever paid.
    """
    uniform = qmc.Sobol(2, rng=seed_for("payments-for-luck")).random(points)
    noise = ndtri(uniform.clip(1e-9, 1 - 1e-9))
    savings = signals.savings[:, None] + signals.savings_sd[:, None] * noise[:, 0]
    score = signals.score[:, None] + signals.score_sd[:, None] * noise[:, 1]
    deserved = np.maximum(payment.paid(signals.savings, signals.score), 0.0)
    bonus = np.maximum(payment.paid(savings, score), 0.0)
    total = bonus.mean(axis=1)
    unearned = np.maximum(bonus - deserved[:, None], 0.0).mean(axis=1)
    return np.divide(unearned, total, out=np.zeros_like(total), where=total > 0)


def compare(
    model: Multitask, designs: Mapping[str, Payment], *, points: int = NOISE_POINTS
) -> dict[str, Outcome]:
    """Return what each of several payments brings about; `points` as in `luck_share`."""
    return {name: outcome(model, payment, points=points) for name, payment in designs.items()}


def _signal_loadings(model: Multitask) -> np.ndarray:
    """Return how efforts show in savings and in the score, shape (draw, 2, task)."""
    savings, quality, experience = np.moveaxis(model.measure_loadings, 1, 0)
    return np.stack([savings, quality + experience], axis=1)


def _signal_variance(model: Multitask) -> np.ndarray:
    """Return the variance of savings and of the score, shape (draw, 2)."""
    savings, quality, experience = model.noise_variance.T
    return np.stack([savings, quality + experience], axis=-1)


def _measure_response(model: Multitask) -> np.ndarray:
    """Return how far slopes move the mean measures, shape (draw, 2, 2)."""
    loadings = _signal_loadings(model)
    return loadings @ model.effort_response @ loadings.transpose(0, 2, 1)


def _objective(
    model: Multitask,
    payment: Payment,
    inverse_response: np.ndarray,
    sds: np.ndarray,
    savings: np.ndarray,
    score: np.ndarray,
) -> np.ndarray:
    """Return what the group gains, altruism included, at every pair of means.

    Of the efforts that bring about means m the cheapest lose m'Q^-1 m / 2, with Q the response of
    the measures.
    """
    signals = Signals(savings, score, sds[:, :1], sds[:, 1:])
    gain = certain_equivalent_on_grid(payment, signals, model.risk_aversion[:, None])
    a, b, c = (inverse_response[:, i, j, None, None] for i, j in ((0, 0), (0, 1), (1, 1)))
    x, y = savings[:, :, None], score[:, None, :]
    return gain - (a * x**2 + 2 * b * x * y + c * y**2) / 2


def _bounds(
    payment: Payment, response: np.ndarray, sds: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return means between which every best choice lies, shape (draw, 2) each.

    More of a measure never pays less, so that slopes at a best choice are not negative; and the
    cost of a leap to a gate must not exceed its prize.
    """
    slopes = np.array([payment.savings_slope, payment.score_slope])
    own = np.einsum("dii->di", response)
    prize = (slopes * (slopes * own + sds))[:, ::-1]
    largest = slopes + np.sqrt(2 * prize / own)
    corners = [np.einsum("dij,dj->di", response, largest * corner) for corner in ((1, 0), (0, 1))]
    low = np.minimum(corners[0], 0) + np.minimum(corners[1], 0)
    return low, np.maximum(corners[0], 0) + np.maximum(corners[1], 0)
