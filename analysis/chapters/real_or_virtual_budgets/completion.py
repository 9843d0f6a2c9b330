"""How fast the bills for a month's care arrive: published completion curves, and their uncertainty.

Medicare's curves say what share of claims is settled 1, 2, 5 and 12 months after the end of a
service. Between these ages the unsettled share is taken to fall at a steady rate; what is left
after 12 months is settled evenly during the thirteenth. A month's care is spread over its days, so
that at the end of the month itself (lag 0) the oldest claims are a month old and the youngest new.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
from scipy.special import expit, logit

from analysis.errors import InputError
from analysis.evidence.facts import fact

PUBLISHED_MONTHS = (1, 2, 5, 12)
"""Ages, in months since the end of the service, at which the share settled is published."""

LAST_MONTH = 13
"""Age at which every claim is settled."""

LAGS = LAST_MONTH + 1
"""Lags of a triangle in which every claim is paid in the end."""

SERVICES = {
    "hospital inpatient": "G-MAT-Inp",
    "outpatient and community": "G-MAT-Hom",
    "billed late": "G-MAT-Hos",
}
"""Services and the published curve each is paid by: inpatient, home health and hospice claims.
No curve of outpatient or doctors' claims was found; they are taken to be paid like home health."""

_DAYS = 30
"""Days of a month on which its care is given."""


@cache
def published_completion() -> np.ndarray:
    """Return the published shares of claims settled, shape (service, age).

    Services as in `SERVICES`, ages as in `PUBLISHED_MONTHS`.

    References
    ----------
    CCW Medicare Claims Maturity white paper (2017), as reproduced by Kassner (2018): facts G-MAT.
    """
    shares = np.array(
        [
            [(fact(f"{prefix}-{month}").value or 0) / 100 for month in PUBLISHED_MONTHS]
            for prefix in SERVICES.values()
        ]
    )
    shares.flags.writeable = False  # every caller gets the same array
    return shares


def varied_completion(
    settled: np.ndarray, spread: np.ndarray | float, generator: np.random.Generator, draws: int
) -> np.ndarray:
    """Return curves of organisations that pay faster or slower than the published ones.

    The chance that a claim still open is settled by the next published age varies on the logit
    scale: half of the variance is common to a whole curve, half is new at each age.

    Parameters
    ----------
    settled : ndarray, shape (service, age)
        From `published_completion`.
    spread : ndarray, shape (draw,), or float
        Standard deviation of the logits between organisations, at least 0.
    """
    before = np.concatenate([np.zeros((len(settled), 1)), settled[:, :-1]], axis=1)
    chance = (settled - before) / (1 - before)
    part_sd = np.reshape(np.broadcast_to(spread, (draws,)), (draws, 1, 1)) * np.sqrt(0.5)
    of_curve = generator.standard_normal((draws, len(settled), 1))
    of_age = generator.standard_normal((draws, *settled.shape))
    varied_chance = expit(logit(chance) + part_sd * (of_curve + of_age))
    return 1 - np.cumprod(1 - varied_chance, axis=-1)


def settled_by_age(settled: np.ndarray, months: np.ndarray) -> np.ndarray:
    """Return the share of claims settled at any age.

    Parameters
    ----------
    settled : ndarray, shape (..., age)
        Shares at `PUBLISHED_MONTHS`, increasing and below 1.
    months : ndarray, shape (point,)
        Months since the end of the service; nothing is settled before 0.

    Returns
    -------
    ndarray, shape (..., point)
        0-1; 1 from `LAST_MONTH` on.
    """
    knots = np.array([0.0, *PUBLISHED_MONTHS])
    open_at_knots = np.concatenate([np.zeros((*settled.shape[:-1], 1)), settled], axis=-1)
    log_open = np.log1p(-open_at_knots)
    at = np.clip(np.searchsorted(knots, months, side="right") - 1, 0, len(knots) - 2)
    weight = np.clip((months - knots[at]) / (knots[at + 1] - knots[at]), 0, 1)
    before_last = 1 - np.exp(log_open[..., at] * (1 - weight) + log_open[..., at + 1] * weight)
    of_last_month = np.clip((months - knots[-1]) / (LAST_MONTH - knots[-1]), 0, 1)
    return before_last + (1 - before_last) * of_last_month


def completion_by_lag(settled: np.ndarray, lags: int = LAGS) -> np.ndarray:
    """Return the share of a month's cost that is paid by the end of each month from then on.

    Lag 0 is the month of the care itself; at the last of `LAGS` lags the share is 1.

    Parameters
    ----------
    settled : ndarray, shape (..., age)
        Shares of claims settled at `PUBLISHED_MONTHS`.
    """
    day = (np.arange(_DAYS) + 0.5) / _DAYS
    ages = (np.arange(lags)[:, None] + day).ravel()
    shares = settled_by_age(settled, ages)
    return shares.reshape(*settled.shape[:-1], lags, _DAYS).mean(axis=-1)


def paid_by_lag(completion: np.ndarray) -> np.ndarray:
    """Return the share of a month's cost paid at each lag, from `completion_by_lag`."""
    return np.diff(completion, axis=-1, prepend=0.0)


def logit_chances(completion: np.ndarray) -> np.ndarray:
    """Return the chance, by lag, that a claim still open is paid: on the logit scale.

    Of all lags but the last, which takes what is left. The completion, by lag, increases and lies
    above 0 and, but for the last lag, below 1.
    """
    before = np.concatenate([0 * completion[..., :1], completion[..., :-2]], axis=-1)
    return np.asarray(logit((completion[..., :-1] - before) / (1 - before)))


def mixed(curves: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Return the curve of all services together, shape (..., lag).

    Parameters
    ----------
    curves : ndarray, shape (..., service, lag)
    shares : ndarray, shape (..., service)
        Share of the cost by service, adding up to 1.
    """
    return np.einsum("...sl,...s->...l", curves, shares)


def hidden_share(
    completion: np.ndarray, monthly_cost: Sequence[float] | np.ndarray, months_faster: int = 0
) -> np.ndarray:
    """Return the share of the cost of some months that is not on the books at their end.

    Parameters
    ----------
    completion : ndarray, shape (..., lag)
        Of all services together.
    monthly_cost : sequence of float
        Expected cost of each month, the first month first, in any unit.
    months_faster : int
        Months by which payments reach the books sooner than `completion` says; below 0: later.

    Raises
    ------
    InputError
        If there is no month or a cost is negative.

    Examples
    --------
    >>> hidden_share(np.array([0.5, 1.0]), [1, 1])  # the last month is half visible
    array(0.25)
    """
    cost = np.asarray(monthly_cost, float)
    if cost.size == 0 or (cost < 0).any() or not cost.sum() > 0:
        raise InputError(f"monthly_cost must be positive costs, found {cost.tolist()}.")
    lag = np.arange(len(cost))[::-1] + months_faster
    by_lag = completion[..., np.clip(lag, 0, completion.shape[-1] - 1)] * (lag >= 0)
    return np.asarray(1 - (by_lag * cost).sum(axis=-1) / cost.sum())
