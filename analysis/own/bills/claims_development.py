r"""How far the chain ladder's estimate may move within a stated time: the one-year view.

A year from now a new chain ladder will be made of the same months of care. The claims development
result is how much it will differ. For lag :math:`j`, with factor :math:`f_j`, variance
:math:`\sigma_j^2`, relative variance :math:`v_j = \sigma_j^2 / f_j^2`, :math:`S_j` the payments
that the factor rests on today and :math:`S_j'` on that day, months :math:`i, k` share

.. math:: \hat C_i \hat C_k \sum_j v_j \cdot \begin{cases}
    1 / S_j & \text{if one of them passes lag } j \text{ by then} \\
    1 / S_j - 1 / S_j' & \text{if neither does} \end{cases}

and a month has :math:`\hat C_i^2 v_j / \hat C_{ij}` of its own at each lag that it passes. For one
period this is the formula of Merz and Wüthrich; for as many as there are lags, Mack's.
"""

import numpy as np

from analysis.chapters.real_or_virtual_budgets.chain_ladder import ChainLadder, recent_months


def development_error(
    paid: np.ndarray, known: np.ndarray, ladder: ChainLadder, periods: int
) -> float:
    """Return the standard deviation of the claims development result, all months together.

    Parameters
    ----------
    paid : ndarray, shape (month, lag)
        Payments of one month at one lag, not cumulated; any unit.
    known : ndarray of bool, shape (month, lag)
        Which of them are known.
    ladder : ChainLadder
        Of these payments.
    periods : int
        Months from now, at least 1.

    Returns
    -------
    float
        In the unit of `paid`.

    References
    ----------
    Merz M, Wüthrich MV (2008) Modelling the claims development result for solvency purposes. CAS
    E-Forum, Fall 2008, results 3.2 and 3.3. Over several periods: the same authors (2014), Claims
    run-off uncertainty: the full picture. Swiss Finance Institute Research Paper 14-69.
    """
    recent = slice(recent_months(paid), None)
    paid, known = paid[recent], known[recent]
    expected, age = _projected(paid, known, ladder.factors)
    lag, now = np.arange(len(ladder.factors)), expected[:, :-1]
    to_come = lag >= age[:, None]
    passed = to_come & (lag < age[:, None] + periods)
    today = (now * ~to_come).sum(axis=0)
    then = today + (now * passed).sum(axis=0)
    relative = (ladder.sigma / ladder.factors) ** 2
    both = to_come[:, None] & to_come[None]
    learnt = np.where(passed[:, None] | passed[None], 1 / today, 1 / today - 1 / then)
    shared = (both * learnt * relative).sum(axis=-1)
    own = (passed * relative / np.where(passed, now, 1.0)).sum(axis=1)
    ultimate = expected[:, -1]
    return float(np.sqrt(ultimate @ (shared + np.diag(own)) @ ultimate))


def _projected(
    paid: np.ndarray, known: np.ndarray, factors: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Cumulated payments, multiplied up where they are not known, and the last known lags."""
    cumulated, age = np.cumsum(paid * known, axis=1), known.sum(axis=1) - 1
    for lag, factor in enumerate(factors):
        ahead = lag >= age
        cumulated[ahead, lag + 1] = cumulated[ahead, lag] * factor
    return cumulated, age
