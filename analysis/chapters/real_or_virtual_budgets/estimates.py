"""Simple estimates of incurred cost, for many simulated triangles at once.

The last axes of every array are month of care and lag; a payment is known if month + lag does not
exceed `closed`, the last calendar month on the books (the first month of care is 0).
"""

import numpy as np

RECENT_MONTHS = 12
"""Months from which the Cape Cod method takes the level of cost."""


def known_cells(months: int, lags: int, closed: int) -> np.ndarray:
    """Return which payments of a triangle are known, shape (month, lag)."""
    return np.add.outer(np.arange(months), np.arange(lags)) <= closed


def visible_cost(paid: np.ndarray, closed: int) -> np.ndarray:
    """Return what is paid so far, by month: the estimate of whoever ignores bills to come."""
    months, lags = paid.shape[-2:]
    return (paid * known_cells(months, lags, closed)).sum(axis=-1)


def estimated_completion(paid: np.ndarray, closed: int) -> np.ndarray:
    """Return the completion curve that the chain ladder estimates.

    Returns
    -------
    ndarray, shape (..., lag)
        Share paid by each lag, 1 at the last lag that any month has reached; 0 at lags at which
        nothing was ever paid.

    References
    ----------
    Mack T (1993) ASTIN Bulletin 23:213, equation 2: volume-weighted factors.
    """
    months, lags = paid.shape[-2:]
    cumulated = np.cumsum(paid, axis=-1)
    next_known = known_cells(months, lags, closed)[:, 1:]
    earlier = (cumulated[..., :-1] * next_known).sum(axis=-2)
    later = (cumulated[..., 1:] * next_known).sum(axis=-2)
    inverse_factors = np.divide(earlier, later, out=np.ones_like(later), where=later > 0)
    backwards = np.cumprod(inverse_factors[..., ::-1], axis=-1)[..., ::-1]
    return np.concatenate([backwards, np.ones((*backwards.shape[:-1], 1))], axis=-1)


def _completion_of_months(completion: np.ndarray, months: int, closed: int) -> np.ndarray:
    lag = np.clip(closed - np.arange(months), 0, completion.shape[-1] - 1)
    return completion[..., lag]


def chain_ladder_cost(paid: np.ndarray, planned: np.ndarray, closed: int) -> np.ndarray:
    """Return the chain ladder's estimate of incurred cost: what is paid over the share paid.

    Parameters
    ----------
    paid : ndarray, shape (..., month, lag)
    planned : ndarray, shape (month,)
        Planned cost of each month: stands in, at the level of the other months, for months of
        which nothing is visible.

    Returns
    -------
    ndarray, shape (..., month)
        In the unit of `paid`; months after the books were closed count as nothing visible.
    """
    paid_so_far = visible_cost(paid, closed)
    share_paid = _completion_of_months(estimated_completion(paid, closed), paid.shape[-2], closed)
    usable = (share_paid > 0) & (np.arange(paid.shape[-2]) <= closed)
    estimate = np.divide(paid_so_far, share_paid, out=np.zeros_like(paid_so_far), where=usable)
    level = estimate.sum(axis=-1) / (planned * usable).sum(axis=-1)
    return np.where(usable, estimate, level[..., None] * planned)


def cape_cod_cost(paid: np.ndarray, planned: np.ndarray, closed: int) -> np.ndarray:
    """Return the Cape Cod estimate: what is paid, and the expected cost of what is not.

    The level of expected cost is that of recent months; unlike the chain ladder, a month of which
    little is visible is not multiplied up.

    Parameters
    ----------
    paid : ndarray, shape (..., month, lag)
    planned : ndarray, shape (month,)
        Planned cost of each month, with its season and growth.

    Returns
    -------
    ndarray, shape (..., month)
        In the unit of `paid`.

    References
    ----------
    Bühlmann H, Straub E (1983) Mitteilungen der Vereinigung schweizerischer
    Versicherungsmathematiker, as the Cape Cod method of Stanard.
    """
    months = paid.shape[-2]
    paid_so_far = visible_cost(paid, closed)
    completion = _completion_of_months(estimated_completion(paid, closed), months, closed)
    share_paid = completion * (np.arange(months) <= closed)
    latest = min(closed, months - 1)
    recent = (np.arange(months) > latest - RECENT_MONTHS) & (np.arange(months) <= latest)
    level = (paid_so_far * recent).sum(axis=-1) / (planned * share_paid * recent).sum(axis=-1)
    return paid_so_far + level[..., None] * planned * (1 - share_paid)
