"""Stop-loss cover: what the pool keeps, and what the cover costs."""

from dataclasses import dataclass

import numpy as np

from analysis.risk.severity import CostDistribution


@dataclass(frozen=True)
class StopLoss:
    """A pool's costs under stop-loss cover of each person's annual cost.

    Attributes
    ----------
    retained : CostDistribution
        What the pool pays for a person: the cost up to the attachment point.
    premium_share : ndarray, shape (draw,)
        Pure premium, without loading, over the mean cost without cover.
    """

    retained: CostDistribution
    premium_share: np.ndarray

    @property
    def budget_ratio(self) -> np.ndarray:
        """Whole budget, premium included, over expected retained cost, shape (draw, 1)."""
        return 1 / (1 - self.premium_share[:, None])


def stop_loss(costs: CostDistribution, attachment_multiple: float) -> StopLoss:
    """Return the effect of stop-loss cover with one attachment point.

    Parameters
    ----------
    costs : CostDistribution
    attachment_multiple : float
        Attachment point in multiples of the mean annual cost, above 0. Multiples, because what is
        fitted to dollars of the 1970s is applied to pounds of today.

    Returns
    -------
    StopLoss

    Raises
    ------
    ValueError
        If the attachment point is not above 0.
    """
    if not attachment_multiple > 0:
        raise ValueError(f"attachment_multiple: {attachment_multiple} is not above 0")
    mean = costs.population_mean()
    retained = costs.limited_at(attachment_multiple * mean)
    premium = 1 - (retained.population_mean() / mean)[:, 0]
    return StopLoss(retained=retained, premium_share=premium)
