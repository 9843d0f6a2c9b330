"""Cash of a real budget: income in twelfths, bills as they come, until the last one is paid.

With a virtual budget the NHS pays the bills, and a group cannot run out of cash. The cost is the
same, and so is what is hidden at mid-year.
"""

import numpy as np

from analysis.chapters.real_or_virtual_budgets.incurred import MONTHS


def bills_by_month(paid: np.ndarray) -> np.ndarray:
    """Return what is paid in each calendar month for the care of one budget year.

    Parameters
    ----------
    paid : ndarray, shape (..., 12, lag)
        By month of care and lag.

    Returns
    -------
    ndarray, shape (..., calendar month)
        From the first month of the year until the last bill; lags beyond the year's end included.
    """
    months, lags = paid.shape[-2:]
    out = np.zeros((*paid.shape[:-2], months + lags - 1))
    for month in range(months):
        out[..., month : month + lags] += paid[..., month, :]
    return out


def cash_balance(
    bills: np.ndarray, spent: np.ndarray | float = 0.0, spent_in: int = 0, late: int = 0
) -> np.ndarray:
    """Return the cash that a group holds at the end of each month, without reserves.

    Parameters
    ----------
    bills : ndarray, shape (..., calendar month)
        From `bills_by_month`, in shares of the annual budget.
    spent : ndarray, shape (...), or float
        What is taken out at the end of month `spent_in`, share of the annual budget.
    spent_in : int
        0 is the first month of the year.
    late : int
        Months by which each twelfth of the budget comes late.

    Returns
    -------
    ndarray, shape (..., calendar month)
        Below 0: debts. Share of the annual budget.
    """
    month = np.arange(bills.shape[-1])
    received = np.clip(month + 1 - late, 0, MONTHS) / MONTHS
    taken = np.multiply.outer(np.asarray(spent, float), month >= spent_in)
    return received - np.cumsum(bills, axis=-1) - taken


def ruin_probability(balance: np.ndarray, reserve: float = 0.0) -> np.ndarray:
    """Return how probable it is that cash has run out by the end of each month.

    Parameters
    ----------
    balance : ndarray, shape (..., year, calendar month)
        From `cash_balance`.
    reserve : float
        Held at the beginning, share of the annual budget.

    Returns
    -------
    ndarray, shape (..., calendar month)
        Never falling.
    """
    return np.asarray((np.minimum.accumulate(balance, axis=-1) < -reserve).mean(axis=-2))


def reserve_needed(balance: np.ndarray, probability: float) -> np.ndarray:
    """Return the reserve with which cash never runs out, with a given probability.

    Parameters
    ----------
    balance : ndarray, shape (..., year, calendar month)
        From `cash_balance`.
    probability : float
        0.99 for 99% solvency.

    Returns
    -------
    ndarray, shape (...)
        At the beginning of the year; share of the annual budget, at least 0.
    """
    worst = np.maximum(-balance.min(axis=-1), 0)
    return np.asarray(np.quantile(worst, probability, axis=-1))


def shared_reserve(
    balance: np.ndarray, groups: int, probability: float, generator: np.random.Generator
) -> np.ndarray:
    """Return the reserve a group, if many groups share one and keep their surpluses.

    Parameters
    ----------
    balance : ndarray, shape (world, year, calendar month)
        From `cash_balance`; the years of one world stand for groups that know nothing of each
        other, apart from what they have in common.
    probability : float
        That the shared reserve is enough.

    Returns
    -------
    ndarray, shape (world,)
        Share of the annual budget of one group.
    """
    worst = np.maximum(-balance.min(axis=-1), 0)
    pools = generator.integers(worst.shape[1], size=(1000, groups))
    means = worst[:, pools].mean(axis=-1)
    return np.asarray(np.quantile(means, probability, axis=-1))
