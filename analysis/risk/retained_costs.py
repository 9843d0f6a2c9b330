"""What a pool keeps of one person's cost under stop-loss cover, coinsurance or a carve-out.

Each class has limited moments in closed form, so that a pool's total is as exact under cover as
without (`analysis.risk.pooled_loss`).
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from analysis.risk.annual_cost import AnnualCost, CostBeforeCover


@dataclass(frozen=True)
class CoinsuredCosts(AnnualCost):
    """The cost up to an attachment point, and a share of what lies above it.

    Attributes
    ----------
    gross : AnnualCost
        Before cover.
    attachment : ndarray, shape (draw, 1)
        In the currency of the costs, at least 0.
    share_kept : ndarray, shape (draw, 1)
        Share of the excess that the pool keeps, 0 to 1.
    """

    gross: AnnualCost
    attachment: np.ndarray
    share_kept: np.ndarray

    BY_DRAW: ClassVar[tuple[str, ...]] = ("gross", "attachment", "share_kept", "limit")

    @property
    def draws(self) -> int:
        """Number of posterior draws."""
        return self.gross.draws

    def limited_mean(self, amount: np.ndarray | float) -> np.ndarray:
        """Return E[min(retained, amount)], see `AnnualCost.limited_mean`."""
        cost = self._cost_behind(amount)
        below = self.gross.limited_mean(np.minimum(cost, self.attachment))
        return below + self.share_kept * (self.gross.limited_mean(cost) - below)

    def limited_square(self, amount: np.ndarray | float) -> np.ndarray:
        """Return E[min(retained, amount)²], see `AnnualCost.limited_square`."""
        cost = self._cost_behind(amount)
        base = np.minimum(cost, self.attachment)
        # With U = min(cost, attachment) and the excess V = cost - U, U V = attachment V.
        excess = self.gross.limited_mean(cost) - self.gross.limited_mean(base)
        low_square = self.gross.limited_square(base)
        cross = self.attachment * excess
        excess_square = self.gross.limited_square(cost) - low_square - 2 * cross
        return low_square + 2 * self.share_kept * cross + self.share_kept**2 * excess_square

    def _cost_behind(self, amount: np.ndarray | float) -> np.ndarray:
        """Return the cost before cover of which the pool keeps this amount."""
        share = np.maximum(self.share_kept, 1e-300)  # without coinsurance nothing lies beyond
        beyond = np.maximum(amount - self.attachment, 0.0) / share
        return np.minimum(np.minimum(amount, self.attachment) + beyond, self.gross.limit)


@dataclass(frozen=True)
class CarvedOutPeople(AnnualCost):
    """The cost of people who stay at or below an amount; whoever exceeds it leaves with all cost.

    Attributes
    ----------
    gross : CostBeforeCover
        Before the carve-out.
    leaving : ndarray, shape (draw, cell)
        Share of people who leave: whose cost exceeds `limit`, above which nobody stays.
    """

    gross: CostBeforeCover
    leaving: np.ndarray

    BY_DRAW: ClassVar[tuple[str, ...]] = ("gross", "leaving", "limit")

    @property
    def draws(self) -> int:
        """Number of posterior draws."""
        return self.gross.draws

    def limited_mean(self, amount: np.ndarray | float) -> np.ndarray:
        """Return E[min(retained, amount)], see `AnnualCost.limited_mean`."""
        cut = np.minimum(amount, self.limit)
        # P(retained > t) = P(cost > t) - P(leaving), integrated up to the amount.
        return self.gross.limited_mean(cut) - cut * self.leaving

    def limited_square(self, amount: np.ndarray | float) -> np.ndarray:
        """Return E[min(retained, amount)²], see `AnnualCost.limited_square`."""
        cut = np.minimum(amount, self.limit)
        return self.gross.limited_square(cut) - cut**2 * self.leaving


def coinsured(
    costs: AnnualCost, attachment: np.ndarray | float, share_kept: np.ndarray | float
) -> AnnualCost:
    """Return what a pool keeps under stop-loss cover with coinsurance.

    Parameters
    ----------
    costs : AnnualCost
        Before cover.
    attachment : ndarray, shape (draw, 1), or float
        In the currency of the costs, at least 0; infinite for no cover.
    share_kept : ndarray, shape (draw, 1), or float
        Share of the excess that the pool keeps, 0 (full cover) to 1 (no cover).

    Returns
    -------
    AnnualCost
        Without coinsurance the same costs with a limit.

    Raises
    ------
    ValueError
        If an attachment point is negative, or a share is outside 0 to 1.
    """
    largest = costs.limit_by_draw()
    by_draw = (costs.draws, 1)
    at = np.minimum(np.broadcast_to(np.asarray(attachment, float), by_draw), largest)
    share = np.broadcast_to(np.asarray(share_kept, float), by_draw)
    if not (at >= 0).all():
        raise ValueError(f"attachment: {at.min()} is below 0")
    if not ((share >= 0) & (share <= 1)).all():
        raise ValueError(f"share_kept: {share.min()} to {share.max()} is not inside 0 to 1")
    if not share.any():
        return costs.limited_at(at)
    limit = at + share * (largest - at)
    return CoinsuredCosts(costs, at, share, limit=limit, share=costs.share)


def carved_out_people(costs: CostBeforeCover, limit: np.ndarray | float) -> CarvedOutPeople:
    """Return what a pool keeps when people above a limit leave its budget with their whole cost.

    Parameters
    ----------
    costs : CostBeforeCover
        Before the carve-out.
    limit : ndarray, shape (draw, 1), or float
        In the currency of the costs, above 0.

    Raises
    ------
    ValueError
        If a limit is not above 0, or `costs` do not know how many people exceed an amount.
    """
    if not isinstance(costs, CostBeforeCover):
        raise ValueError(
            f"costs: {type(costs).__name__} cannot be carved; start from costs before any cover"
        )
    largest = costs.limit_by_draw()
    cut = np.minimum(np.broadcast_to(np.asarray(limit, float), largest.shape), largest)
    if not (cut > 0).all():
        raise ValueError(f"limit: {cut.min()} is not above 0")
    # Nobody costs more than the largest cost, so a carve-out there takes nobody.
    leaving = np.where(cut < largest, costs.survival_by_cell(cut), 0.0)
    staying = np.minimum(costs.largest_up_to(cut), largest)
    return CarvedOutPeople(costs, leaving, limit=staying, share=costs.share)
