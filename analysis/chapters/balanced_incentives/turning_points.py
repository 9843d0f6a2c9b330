"""Where the chapter's answers turn: the flip points that its numbers state."""

from collections.abc import Callable, Mapping

import numpy as np
from scipy.optimize import brentq

from analysis.chapters.balanced_incentives.payments import Payment
from analysis.chapters.balanced_incentives.responses import Outcome, outcome
from analysis.chapters.balanced_incentives.sensitivity import turning_value
from analysis.evidence.assumptions import assumption
from analysis.report.checks import FlipPoint
from analysis.report.monte_carlo import Simulated, over_draws
from analysis.risk.incentivised_groups import group

WEIGHT = "doctors_weight_on_patients"
"""Primitive: doctors' weight on what patients gain, pounds per pound."""

RESPONSE_POINTS, LUCK_POINTS = 16, 256
"""Noise points where luck is not asked for, and where it is."""


def flip_point(assumption: str, value: float, unit: str, meaning: str) -> FlipPoint | None:
    """Return a flip point; none where `value` is not finite, for then nothing turns the answer."""
    if not np.isfinite(value):
        return None
    return FlipPoint(assumption=assumption, value=value, unit=unit, meaning=meaning)


def weight_flip(value: float, meaning: str) -> FlipPoint | None:
    """Return a flip point in doctors' weight on patients, pounds per pound."""
    words = "doctors' weight on what patients gain"
    return flip_point(words, round(value, 2), "pounds per pound", meaning)


def weight_where_balance_turns(
    primitives: Mapping[str, np.ndarray], people: float, mixed: np.ndarray, alone: np.ndarray
) -> Simulated:
    """Return the weight on patients at which the median gain from a quality reward is nothing.

    Parameters
    ----------
    mixed, alone : ndarray, shape (measure,)
        Fixed payments for all three measures, and for savings alone.
    """
    low = assumption(WEIGHT).low

    def median_gain(weight: float, some: Mapping[str, np.ndarray], draws: int) -> float:
        situation = group({**some, WEIGHT: np.full(draws, weight)}, people)
        return float(np.median(situation.surplus(mixed) - situation.surplus(alone)))

    def turning(places: np.ndarray) -> float:
        some = {name: values[places] for name, values in primitives.items()}
        return float(brentq(median_gain, low, 1.0, args=(some, len(places))))

    return over_draws(turning, len(primitives[WEIGHT]))


def weight_where_terms_tie(
    primitives: Mapping[str, np.ndarray], people: float, first: np.ndarray, second: np.ndarray
) -> float:
    """Return the weight on patients at which two fixed payments gain as much at the median.

    Returns
    -------
    float
        Pounds per pound; nan if no weight within its distribution does it.
    """

    def surplus_moved(moved: Mapping[str, np.ndarray]) -> np.ndarray:
        situation = group(moved, people)
        return np.subtract(situation.surplus(first), situation.surplus(second))

    return turning_value(WEIGHT, primitives, surplus_moved, 0.0)


def value_where_gain_turns(
    name: str,
    primitives: Mapping[str, np.ndarray],
    people: float,
    payment: Payment,
    gain_of: Callable[[Outcome], np.ndarray],
) -> float:
    """Return the value of a primitive at which somebody's median gain under a payment is nothing.

    Parameters
    ----------
    name : str
        Of `primitives.NAMES`.
    gain_of : callable
        From an outcome to the gain by draw, as of the patients.

    Returns
    -------
    float
        In the unit of the primitive; nan if no value within its distribution does it.
    """

    def gain(moved: Mapping[str, np.ndarray]) -> np.ndarray:
        return gain_of(outcome(group(moved, people), payment, points=RESPONSE_POINTS))

    return turning_value(name, primitives, gain, 0.0)


def size_for_half_luck(primitives: Mapping[str, np.ndarray], payment: Payment) -> float:
    """Return the size of a group, in people, at which half of the median bonus pays for luck."""

    def excess(log_people: float) -> float:
        situation = group(primitives, np.exp(log_people))
        return float(np.median(outcome(situation, payment, points=LUCK_POINTS).luck_share) - 0.5)

    return float(np.exp(brentq(excess, np.log(500), np.log(1e6), xtol=0.01)))
