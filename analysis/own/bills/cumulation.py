"""Amounts that add up from lag to lag, and amounts of one lag alone: told apart, and turned."""

import numpy as np
import pandas as pd

from analysis.errors import InputError

FEWEST_LAGS = 3
"""Months of care with fewer known lags tell nothing: the second payment may well be the larger."""

NEAR_THE_LARGEST = 0.9
"""Cumulated amounts end near their largest, also where money came back; payments do not."""

FAR_BELOW = 0.5


def refuse_misread(
    amounts: np.ndarray, known: np.ndarray, months: tuple[str, ...], *, cumulative: bool
) -> None:
    """Refuse amounts that are cumulated and said not to be, or the other way round.

    Parameters
    ----------
    amounts : ndarray, shape (month, lag)
        As they stand in the file, all services together.
    known : ndarray of bool, shape (month, lag)
    cumulative : bool
        What the user says.

    Raises
    ------
    InputError
        If every month of care that is known long enough says otherwise.
    """
    last_lag = known.sum(axis=1) - 1
    last = amounts[np.arange(len(amounts)), last_lag]
    first, largest = amounts[:, 0], np.where(known, amounts, -np.inf).max(axis=1)
    telling = (last_lag >= FEWEST_LAGS - 1) & (largest > 0)
    if telling.sum() < 2:
        return
    rises = (last >= NEAR_THE_LARGEST * largest) & (last >= first)
    at = int(np.flatnonzero(telling)[0])
    shown = f"month {months[at]} goes from {first[at]:,.0f} to {last[at]:,.0f}"
    if not cumulative and rises[telling].all() and (last > first)[telling].any():
        raise InputError(
            f"the amounts rise from lag to lag in every month of care ({shown} at lag "
            f"{last_lag[at]}), so they look cumulative; add --cumulative. If each was paid at its "
            "lag alone, the payments have not begun to fall, and those to come cannot be told: "
            "give more lags"
        )
    # Payments may rise at first, so only the months with most lags can show that they fall.
    longest = telling & (last_lag == last_lag.max())
    if cumulative and (last < FAR_BELOW * largest)[longest].all():
        raise InputError(
            f"the amounts fall by the last lag in every month of care ({shown} at lag "
            f"{last_lag[at]}), so they are not cumulative; leave --cumulative out"
        )


def payments_of(cumulated: np.ndarray, named: np.ndarray) -> np.ndarray:
    """Return the payments of each lag, from amounts that add up from lag to lag.

    Parameters
    ----------
    cumulated : ndarray, shape (service, month, lag)
    named : ndarray of bool, shape (service, month, lag)
        Which of them the file holds; at the others nothing was added.
    """
    rows = pd.DataFrame(np.where(named, cumulated, np.nan).reshape(-1, cumulated.shape[-1]))
    filled = rows.ffill(axis=1).fillna(0.0).to_numpy().reshape(cumulated.shape)
    return np.diff(filled, axis=-1, prepend=0.0)
