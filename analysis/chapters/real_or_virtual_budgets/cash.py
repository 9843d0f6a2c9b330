"""Cash of a real budget: income in twelfths, bills as they come, until the last one is paid.

With a virtual budget the NHS pays the bills, and a group cannot run out of cash. The cost is the
same, and so is what is hidden at mid-year. All amounts are shares of the annual budget.
"""

import numpy as np

from analysis.chapters.real_or_virtual_budgets.incurred import MONTHS


def bills_by_month(paid: np.ndarray) -> np.ndarray:
    """Return what is paid in each calendar month for the care of one budget year.

    From the first month of the year until the last bill; lags beyond the year's end included.

    Parameters
    ----------
    paid : ndarray, shape (..., 12, lag)
        By month of care and lag.
    """
    months, lags = paid.shape[-2:]
    bills = np.zeros((*paid.shape[:-2], months + lags - 1))
    for month in range(months):
        bills[..., month : month + lags] += paid[..., month, :]
    return bills


def cash_balance(
    bills: np.ndarray, spent: np.ndarray | float = 0.0, spent_in: int = 0, late: int = 0
) -> np.ndarray:
    """Return the cash that a group holds at the end of each month, without reserves.

    Below 0: debts. Shape of the bills.

    Parameters
    ----------
    bills : ndarray, shape (..., calendar month)
        From `bills_by_month`.
    spent : ndarray, shape (...), or float
        What is taken out at the end of month `spent_in`.
    spent_in : int
        0 is the first month of the year.
    late : int
        Months by which each twelfth of the budget comes late.
    """
    month = np.arange(bills.shape[-1])
    received = np.clip(month + 1 - late, 0, MONTHS) / MONTHS
    taken_out = np.multiply.outer(np.asarray(spent, float), month >= spent_in)
    return received - np.cumsum(bills, axis=-1) - taken_out


def ruin_probability(balance: np.ndarray, reserve: float = 0.0) -> np.ndarray:
    """Return how probable it is that cash has run out by the end of each month.

    Parameters
    ----------
    balance : ndarray, shape (..., year, calendar month)
        From `cash_balance`.
    reserve : float
        Held at the beginning.
    """
    return np.asarray((np.minimum.accumulate(balance, axis=-1) < -reserve).mean(axis=-2))


def _largest_debt(balance: np.ndarray) -> np.ndarray:
    return np.maximum(-balance.min(axis=-1), 0)


def reserve_needed(balance: np.ndarray, probability: float) -> np.ndarray:
    """Return the reserve, at the beginning of the year, with which cash never runs out.

    Parameters
    ----------
    balance : ndarray, shape (..., year, calendar month)
        From `cash_balance`.
    probability : float
        That it never does; 0.99 for 99% solvency.
    """
    return np.asarray(np.quantile(_largest_debt(balance), probability, axis=-1))


def shared_reserve(
    balance: np.ndarray, groups: int, probability: float, generator: np.random.Generator
) -> np.ndarray:
    """Return the reserve a group, if many groups share one and keep their surpluses, by world.

    Parameters
    ----------
    balance : ndarray, shape (world, year, calendar month)
        From `cash_balance`; the years of one world stand for groups that know nothing of each
        other, apart from what they have in common.
    probability : float
        That the shared reserve is enough.
    """
    debt = _largest_debt(balance)
    pools = generator.integers(debt.shape[1], size=(1000, groups))
    mean_debt = debt[:, pools].mean(axis=-1)
    return np.asarray(np.quantile(mean_debt, probability, axis=-1))
