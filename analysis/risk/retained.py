"""What a pool keeps of one person's cost under cover, coinsurance or a carve-out.

Each class is a cost distribution in its own right, with limited moments in closed form, so that
a pool's total is as exact under cover as without (`analysis.risk.pooled_loss`).
"""

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from analysis.risk.severity import CostDistribution


@dataclass(frozen=True)
class CoinsuredCosts(CostDistribution):
    """The cost up to an attachment point, and a share of what lies above it.

    `limit` is the largest amount the pool can be left with for one person.

    Attributes
    ----------
    attachment : ndarray, shape (draw, 1)
        In the currency of the costs, at least 0.
    share_kept : ndarray, shape (draw, 1)
        Share of the excess that the pool keeps, 0 to 1.
    largest_cost : ndarray, shape (draw, 1)
        Largest cost of one person before cover.
    """

    attachment: np.ndarray
    share_kept: np.ndarray
    largest_cost: np.ndarray

    def limited_mean(self, amount: np.ndarray | float) -> np.ndarray:
        """Return E[min(kept, amount)].

        Parameters
        ----------
        amount : ndarray, shape (draw, 1), or float
            Of what the pool keeps, at least 0.

        Returns
        -------
        ndarray, shape (draw, cell)
        """
        cost = self._cost_behind(amount)
        below = super().limited_mean(np.minimum(cost, self.attachment))
        return below + self.share_kept * (super().limited_mean(cost) - below)

    def limited_square(self, amount: np.ndarray | float) -> np.ndarray:
        """Return E[min(kept, amount)²].

        Parameters
        ----------
        amount : ndarray, shape (draw, 1), or float
            Of what the pool keeps, at least 0.

        Returns
        -------
        ndarray, shape (draw, cell)
        """
        cost = self._cost_behind(amount)
        base = np.minimum(cost, self.attachment)
        # With U = min(cost, attachment) and the excess V = cost - U, U V = attachment V.
        excess = super().limited_mean(cost) - super().limited_mean(base)
        low_square = super().limited_square(base)
        cross = self.attachment * excess
        excess_square = super().limited_square(cost) - low_square - 2 * cross
        return low_square + 2 * self.share_kept * cross + self.share_kept**2 * excess_square

    def _cost_behind(self, amount: np.ndarray | float) -> np.ndarray:
        """Return the cost before cover of which the pool keeps this amount."""
        share = np.maximum(self.share_kept, 1e-300)  # without coinsurance nothing lies beyond
        beyond = np.maximum(amount - self.attachment, 0.0) / share
        return np.minimum(np.minimum(amount, self.attachment) + beyond, self.largest_cost)


@dataclass(frozen=True)
class CarvedOutPeople(CostDistribution):
    """The cost of people who stay at or below a limit; whoever exceeds it leaves with all cost.

    `limit` is that limit.

    Attributes
    ----------
    largest_cost : ndarray, shape (draw, 1)
        Largest cost of one person before the carve-out.
    """

    largest_cost: np.ndarray

    def limited_mean(self, amount: np.ndarray | float) -> np.ndarray:
        """Return E[min(kept, amount)].

        Parameters
        ----------
        amount : ndarray, shape (draw, 1), or float
            Of what the pool keeps, at least 0.

        Returns
        -------
        ndarray, shape (draw, cell)
        """
        cut = np.minimum(amount, self.limit)
        # P(kept > t) = P(cost > t) - P(cost > limit), integrated up to the amount.
        return super().limited_mean(cut) - cut * self._leaving()

    def limited_square(self, amount: np.ndarray | float) -> np.ndarray:
        """Return E[min(kept, amount)²].

        Parameters
        ----------
        amount : ndarray, shape (draw, 1), or float
            Of what the pool keeps, at least 0.

        Returns
        -------
        ndarray, shape (draw, cell)
        """
        cut = np.minimum(amount, self.limit)
        return super().limited_square(cut) - cut**2 * self._leaving()

    def _leaving(self) -> np.ndarray:
        """Return P(cost > limit), shape (draw, cell)."""
        # Nobody costs more than the largest cost, so a limit there carves nobody out.
        return np.where(self.limit < self.largest_cost, self._survival_by_cell(self.limit), 0.0)


def coinsured(
    costs: CostDistribution, attachment: np.ndarray | float, share_kept: np.ndarray | float
) -> CoinsuredCosts:
    """Return what a pool keeps under stop-loss cover with coinsurance.

    Parameters
    ----------
    costs : CostDistribution
        Before cover.
    attachment : ndarray, shape (draw, 1), or float
        In the currency of the costs, at least 0; infinite for no cover.
    share_kept : ndarray, shape (draw, 1), or float
        Share of the excess that the pool keeps, 0 (full cover) to 1 (no cover).

    Returns
    -------
    CoinsuredCosts

    Raises
    ------
    ValueError
        If an attachment point is negative, a share is outside 0 to 1, or `costs` are already
        under cover.
    """
    whole = np.broadcast_to(np.asarray(costs.limit, float), (costs.draws, 1))
    at = np.minimum(np.broadcast_to(np.asarray(attachment, float), (costs.draws, 1)), whole)
    kept = np.broadcast_to(np.asarray(share_kept, float), (costs.draws, 1))
    if not (at >= 0).all():
        raise ValueError(f"attachment: {at.min()} is below 0")
    if not ((kept >= 0) & (kept <= 1)).all():
        raise ValueError(f"share_kept: {kept.min()} to {kept.max()} is not inside 0 to 1")
    limit = at + kept * (whole - at)
    return CoinsuredCosts(
        **_fields(costs, limit), attachment=at, share_kept=kept, largest_cost=whole
    )


def carved_out_people(costs: CostDistribution, limit: np.ndarray | float) -> CarvedOutPeople:
    """Return what a pool keeps when people above a limit leave its budget with their whole cost.

    Parameters
    ----------
    costs : CostDistribution
        Before the carve-out.
    limit : ndarray, shape (draw, 1), or float
        In the currency of the costs, above 0.

    Returns
    -------
    CarvedOutPeople

    Raises
    ------
    ValueError
        If a limit is not above 0, or `costs` are already under cover.
    """
    whole = np.broadcast_to(np.asarray(costs.limit, float), (costs.draws, 1))
    cut = np.minimum(np.broadcast_to(np.asarray(limit, float), (costs.draws, 1)), whole)
    if not (cut > 0).all():
        raise ValueError(f"limit: {cut.min()} is not above 0")
    return CarvedOutPeople(**_fields(costs, cut), largest_cost=whole)


def some_draws(costs: CostDistribution, chosen: np.ndarray) -> CostDistribution:
    """Return the same costs with some of their draws.

    Parameters
    ----------
    costs : CostDistribution
        Before or under cover.
    chosen : ndarray of bool, shape (draw,), or of int
        Which draws to keep.

    Returns
    -------
    CostDistribution
        Of the same class.
    """
    by_draw = {
        field.name: value[chosen]
        for field in fields(costs)
        if isinstance(value := getattr(costs, field.name), np.ndarray) and value.ndim == 2
    }
    return replace(costs, **by_draw)


def _fields(costs: CostDistribution, limit: np.ndarray) -> dict[str, Any]:
    if type(costs) is not CostDistribution:
        raise ValueError(
            f"costs: {type(costs).__name__} are already under cover; start from the costs before it"
        )
    known = {field.name: getattr(costs, field.name) for field in fields(CostDistribution)}
    return known | {"limit": limit}
