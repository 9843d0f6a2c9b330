"""Stop-loss cover: what the pool keeps, and what the cover costs."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from analysis.risk.adjustment import variation
from analysis.risk.annual_cost import AnnualCost
from analysis.risk.pooled_loss import PooledLoss
from analysis.risk.retained_costs import coinsured


@dataclass(frozen=True)
class StopLoss:
    """A pool's costs under stop-loss cover of each person's annual cost.

    Attributes
    ----------
    retained : AnnualCost
        What the pool pays for a person: the cost up to the attachment point, and its share of the
        excess; the insurer pays the rest.
    premium_share : ndarray, shape (draw,)
        Pure premium, without loading, over the mean cost without cover.
    """

    retained: AnnualCost
    premium_share: np.ndarray

    @property
    def budget_ratio(self) -> np.ndarray:
        """Whole budget, premium included, over expected retained cost, shape (draw, 1)."""
        return 1 / (1 - self.premium_share[:, None])

    @property
    def residual_variation(self) -> np.ndarray:
        """Standard deviation of retained cost over the *whole* mean cost, shape (draw,).

        The k that decides a pool's size: the premium is certain, so what varies is weighed
        against the whole budget, premium included.
        """
        return variation(self.retained, adjusted=True) * (1 - self.premium_share)


def stop_loss(costs: AnnualCost, attachment_multiple: float, share_kept: float = 0.0) -> StopLoss:
    """Return the effect of stop-loss cover with one attachment point.

    Parameters
    ----------
    attachment_multiple : float
        Attachment point in multiples of the mean annual cost, above 0; infinite for no cover.
        Multiples, because what is fitted to dollars of the 1970s is applied to pounds of today.
    share_kept : float
        Coinsurance: share of the excess that the pool keeps, 0 (full cover) to 1 (no cover).

    Raises
    ------
    ValueError
        If the attachment point is not above 0, or the share is outside 0 to 1.
    """
    if not attachment_multiple > 0:
        raise ValueError(f"attachment_multiple: {attachment_multiple} is not above 0")
    mean = costs.population_mean()
    retained = coinsured(costs, attachment_multiple * mean, share_kept)
    premium = 1 - (retained.population_mean() / mean)[:, 0]
    return StopLoss(retained=retained, premium_share=premium)


def aggregate_premium(
    loss: PooledLoss,
    overspend: float,
    *,
    persistent_sd: np.ndarray | float = 0.0,
    points: int = 4096,
) -> np.ndarray:
    """Return the pure premium of cover of a whole pool's overspend.

    Aggregate stop-loss, or a one-sided risk corridor, pays what the pool costs beyond a stated
    overspend, whoever caused it.

    Parameters
    ----------
    loss : PooledLoss
        Of the pool, over its expected cost.
    overspend : float
        Overspend at which cover begins, as a share of the budget; at least 0.
    persistent_sd : ndarray, shape (draw,), or float
        tau: standard deviation of normal lasting differences between pools, as a share of the
        budget; then the premium is the mean over all pools.
    points : int
        Points across the window, at least twice the number of frequencies.

    Returns
    -------
    ndarray, shape (draw,)
        Share of the expected cost: E[(ratio - 1 - overspend)+].

    References
    ----------
    Klugman, Panjer & Willmot (2012), Loss Models, section 9.3, stop-loss insurance.
    """
    ratios, density = loss.density(points)
    above = ratios - 1 - overspend
    persistent = np.broadcast_to(np.asarray(persistent_sd, float), (len(ratios),))[:, None]
    scale = np.maximum(persistent, 1e-12)
    # E[(a + tau Z)+] of a standard normal Z.
    score = above / scale
    excess = above * ndtr(score) + scale * np.exp(-(score**2) / 2) / np.sqrt(2 * np.pi)
    return (excess * density).sum(axis=1) * loss.width[:, 0] / points
