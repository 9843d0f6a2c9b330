"""Who buys voluntary cover when pools know more about themselves than the premium does.

A community premium is the same for all. A pool that expects to claim less than the premium gains
from staying out; its leaving makes the rest dearer, and more leave (Akerlof 1970, Quarterly
Journal of Economics 84:488; for the equilibrium, Einav & Finkelstein 2011, Journal of Economic
Perspectives 25(1):115-138). What holds a pool in is what cover is worth to it beyond its claims.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from analysis.risk.annual_cost import AnnualCost
from analysis.risk.stop_loss import stop_loss


@dataclass(frozen=True)
class Spiral:
    """A market for voluntary cover, round by round, until nobody else leaves.

    Attributes
    ----------
    premiums : ndarray, shape (round, ...)
        Premium announced in each round, in the unit of the expected claims; infinite once nobody
        is left to pay it.
    shares : ndarray, shape (round, ...)
        Share of pools that accept the premium of that round.
    insured : ndarray of bool, shape (..., pool)
        Who is left in the end.
    """

    premiums: np.ndarray
    shares: np.ndarray
    insured: np.ndarray


def premium_spiral(
    expected_claims: np.ndarray, value_of_stop_loss: np.ndarray | float, loading: float = 0.0
) -> Spiral:
    """Return who buys cover at a community premium, beginning with everybody.

    Each round the premium is the mean expected claim of those still in, loaded; those for whom it
    exceeds their own expected claim and the worth of being covered leave, for good.

    Parameters
    ----------
    expected_claims : ndarray, shape (..., pool)
        What each pool expects to claim, known to the pool alone; at least 0. Pools of one size.
    value_of_stop_loss : ndarray, shape (...,), or float
        What cover is worth beyond the claims, in the same unit; at least 0.
    loading : float
        Premium over expected claims, less one; at least 0.

    Raises
    ------
    ValueError
        If a claim, value or loading is negative.
    """
    claims = np.asarray(expected_claims, float)
    if min(claims.min(), np.min(value_of_stop_loss), loading) < 0:
        raise ValueError("expected claims, the value of cover and the loading must be at least 0")
    worth = claims + np.asarray(value_of_stop_loss, float)[..., None]
    insured = np.ones(claims.shape, bool)
    premiums, shares = [], []
    while True:
        members = insured.sum(axis=-1)
        mean = np.where(insured, claims, 0.0).sum(axis=-1) / np.maximum(members, 1)
        premium = np.where(members > 0, (1 + loading) * mean, np.inf)
        # The last pool compares its claim with itself; rounding must not drive it out.
        staying = insured & (worth >= premium[..., None] * (1 - 1e-12))
        premiums.append(premium)
        shares.append(staying.mean(axis=-1))
        if (staying == insured).all():
            return Spiral(np.stack(premiums), np.stack(shares), insured)
        insured = staying


def normal_pools(spread: np.ndarray | float, pools: int = 200) -> np.ndarray:
    """Return expected claims of pools that differ normally, at evenly spaced probabilities.

    Parameters
    ----------
    spread : ndarray, shape (...,), or float
        Standard deviation of expected claims over their mean.
    pools : int
        Number of pools.

    Returns
    -------
    ndarray, shape (..., pool)
        Over the mean of all pools, at least 0.
    """
    scores = ndtri((np.arange(pools) + 0.5) / pools)
    return np.maximum(1 + np.asarray(spread, float)[..., None] * scores, 0.0)


def claims_elasticity(costs: AnnualCost, retained: AnnualCost, groups: np.ndarray) -> np.ndarray:
    """Return the percent rise of expected claims when sickness makes a pool one percent dearer.

    The mix of a sicker pool is tilted, within each budget group, towards cells with a higher
    expected cost; the result is the ratio of the two relative rises for a small tilt.

    Parameters
    ----------
    costs, retained : AnnualCost
        From a model whose cells know sickness: before cover, and what the pool keeps.
    groups : ndarray, shape (cell,)
        Label of the budget group of each cell, for example its age and sex.

    Returns
    -------
    ndarray, shape (draw,)
    """
    mean, share = costs.mean(), costs.share
    claims = mean - retained.mean()
    tilt = np.zeros_like(mean)
    for group in np.unique(groups):
        inside = groups == group
        centre = (mean[:, inside] * share[inside]).sum(axis=1) / share[inside].sum()
        tilt[:, inside] = mean[:, inside] / centre[:, None] - 1
    rise_of_cost = (mean * tilt * share).sum(axis=1) / (mean * share).sum(axis=1)
    rise_of_claims = (claims * tilt * share).sum(axis=1) / (claims * share).sum(axis=1)
    return rise_of_claims / rise_of_cost


def rise_of_claims(
    costs: AnnualCost, labels: Sequence[str], attachment_multiple: float
) -> np.ndarray:
    """Return `claims_elasticity` of cover above a multiple of the mean cost, shape (draw,).

    Parameters
    ----------
    labels : sequence of str
        Of the cells: the budget group, `` · ``, and what the budget does not know.
    attachment_multiple : float
        See `analysis.risk.stop_loss.stop_loss`.
    """
    groups = np.array([label.split(" · ")[0] for label in labels])
    return claims_elasticity(costs, stop_loss(costs, attachment_multiple).retained, groups)
