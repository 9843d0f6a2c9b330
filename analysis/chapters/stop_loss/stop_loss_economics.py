"""What stop-loss cover costs a pool, and which attachment point costs it least.

Cover takes money in two ways and gives it back in one. The loading is paid on every pound that is
expected above the attachment point. Control is lost over those pounds: who does not pay a cost
does not manage it. In return the pool needs a smaller reserve against overspending. All amounts
are shares of the whole mean cost, so that they add up.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.risk.annual_cost import AnnualCost
from analysis.risk.minimum_size import smallest_covered_pool
from analysis.risk.pooled_loss import PoolCalculator
from analysis.risk.stop_loss import StopLoss, stop_loss


@dataclass(frozen=True)
class StopLossTerms:
    """What enters the cost of cover.

    Attributes
    ----------
    loading : float
        Premium over expected payments, less one; at least 0.
    cost_of_capital : float
        Price of one pound of reserve a year; at least 0.
    reserve_breach : float
        Probability of a year whose overspend exceeds the reserve, between 0 and 0.5.
    saving_lost : float
        Savings that managing a pound would bring, and that are lost when cover pays it; at least 0.
    """

    loading: float
    cost_of_capital: float
    reserve_breach: float
    saving_lost: float = 0.0

    def __post_init__(self) -> None:
        """Refuse terms outside their range."""
        for name in ("loading", "cost_of_capital", "saving_lost"):
            if not getattr(self, name) >= 0:
                raise ValueError(f"{name}: {getattr(self, name)} is below 0")
        if not 0 < self.reserve_breach < 0.5:
            raise ValueError(f"reserve_breach: {self.reserve_breach} is not between 0 and 0.5")


def reserve_share(
    cover: StopLoss, people: int | Sequence[int], breach: float | Sequence[float]
) -> np.ndarray:
    """Return the reserve that a pool needs beside its cover.

    Parameters
    ----------
    cover : StopLoss
        With an infinite attachment point for a pool without cover.
    people : int or sequence of int
        Sizes of pools, each at least 50.
    breach : float or sequence of float
        Probability of a year whose overspend exceeds the reserve, between 0 and 0.5.

    Returns
    -------
    ndarray, shape (people, breach, draw)
        Share of the whole mean cost; without the axes of what was given as one number.
    """
    calculator = PoolCalculator(cover.retained)
    ratios = []
    for size in np.atleast_1d(people):
        loss = calculator.loss(int(size))
        ratios.append([loss.quantile(1 - probability) for probability in np.atleast_1d(breach)])
    reserve = (np.array(ratios) - 1) * (1 - cover.premium_share)
    return reserve.reshape(*np.shape(people), *np.shape(breach), -1)


def cost_of_stop_loss(
    premium_share: np.ndarray, reserve: np.ndarray, terms: StopLossTerms
) -> np.ndarray:
    """Return what bearing and ceding risk costs a pool in a year.

    Parameters
    ----------
    premium_share : ndarray, shape (..., draw)
        Pure premium over the mean cost.
    reserve : ndarray, shape (..., draw)
        From `reserve_share`.

    Returns
    -------
    ndarray, shape (..., draw)
        Share of the whole mean cost: loading and lost control on what is ceded, and the price of
        the reserve for what is kept.
    """
    ceded = (terms.loading + terms.saving_lost) * premium_share
    return ceded + terms.cost_of_capital * reserve


def best_attachment(total: np.ndarray, attachments: Sequence[float]) -> np.ndarray:
    """Return the attachment point with the lowest cost, shape (draw,), in the unit they have.

    Parameters
    ----------
    total : ndarray, shape (attachment, draw)
        From `cost_of_stop_loss`.
    attachments : sequence of float
        In any unit; infinite for no cover.
    """
    return np.asarray(attachments, float)[np.argmin(total, axis=0)]


def break_even_loading(
    premium_share: np.ndarray,
    reserve_with: np.ndarray,
    reserve_without: np.ndarray,
    cost_of_capital: np.ndarray | float,
) -> np.ndarray:
    """Return the loading at which cover saves in reserve what it costs.

    Parameters
    ----------
    premium_share : ndarray, shape (draw,)
        Pure premium over the mean cost, at least 0.
    reserve_with, reserve_without : ndarray, shape (draw,)
        Reserves beside the cover and without it, as shares of the mean cost.
    cost_of_capital : ndarray, shape (draw,), or float
        Price of one pound of reserve a year.

    Returns
    -------
    ndarray, shape (draw,)
        Loading and lost control together; any dearer, and a reserve is the cheaper way. Infinite
        where nothing is ceded.
    """
    saved = cost_of_capital * (reserve_without - reserve_with)
    free = np.full(saved.shape, np.inf)
    return np.asarray(np.divide(saved, premium_share, out=free, where=premium_share > 0))


def attachment_needed(
    costs: AnnualCost,
    attachment_multiples: Sequence[float],
    people: Sequence[float],
    tolerance: float,
    limit: float,
) -> np.ndarray:
    """Return the highest attachment point at which pools of given sizes are large enough.

    Parameters
    ----------
    attachment_multiples : sequence of float
        Increasing, in multiples of the mean cost: where the smallest pool is computed; between
        them it is interpolated, on logarithms.
    people : sequence of float
        Sizes of the pools.
    tolerance, limit : float
        See `analysis.risk.minimum_size.smallest_pool`.

    Returns
    -------
    ndarray, shape (people, draw)
        Multiples of the mean cost; not a number below the lowest attachment point that was
        computed, infinite where not even cover at the highest is needed.
    """
    smallest = [
        smallest_covered_pool(stop_loss(costs, multiple), tolerance, limit)
        for multiple in attachment_multiples
    ]
    log_multiples, log_sizes = np.log(attachment_multiples), np.log(people)
    log_attachments = [
        np.interp(log_sizes, log_smallest, log_multiples, left=np.nan, right=np.inf)
        for log_smallest in np.log(np.stack(smallest)).T
    ]
    return np.exp(np.stack(log_attachments, axis=1))
