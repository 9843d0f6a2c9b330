"""What a pool keeps of one person's cost under cover, coinsurance or a carve-out.

Each class is a cost distribution in its own right, with limited moments in closed form, so that
a pool's total is as exact under cover as without (`analysis.risk.pooled_loss`).
"""

from dataclasses import dataclass, fields, replace
from typing import Any, cast

import numpy as np

from analysis.risk.cost_distribution import CostDistribution


@dataclass(frozen=True)
class CoinsuredCosts:
    """The cost up to an attachment point, and a share of what lies above it.

    Serves wherever a `CostDistribution` does that only asks for limited moments, and may be made
    from anything that does.

    Attributes
    ----------
    gross : CostDistribution
        Before cover.
    attachment : ndarray, shape (draw, 1)
        In the currency of the costs, at least 0.
    share_kept : ndarray, shape (draw, 1)
        Share of the excess that the pool keeps, 0 to 1.
    limit : ndarray, shape (draw, 1), or float
        Largest amount that the pool can be left with for one person.
    """

    gross: CostDistribution
    attachment: np.ndarray
    share_kept: np.ndarray
    limit: np.ndarray | float

    mean = CostDistribution.mean
    variance = CostDistribution.variance
    population_mean = CostDistribution.population_mean
    discretise = CostDistribution.discretise

    @property
    def draws(self) -> int:
        """Number of draws."""
        return self.gross.draws

    @property
    def share(self) -> np.ndarray:
        """Share of people in each cell, shape (cell,)."""
        return self.gross.share

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
        below = self.gross.limited_mean(np.minimum(cost, self.attachment))
        return below + self.share_kept * (self.gross.limited_mean(cost) - below)

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
) -> CostDistribution:
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
    CostDistribution
        Without coinsurance the same costs with a limit; else a `CoinsuredCosts`, which serves for
        its limited moments.

    Raises
    ------
    ValueError
        If an attachment point is negative, or a share is outside 0 to 1.
    """
    whole = np.broadcast_to(np.asarray(costs.limit, float), (costs.draws, 1))
    at = np.minimum(np.broadcast_to(np.asarray(attachment, float), (costs.draws, 1)), whole)
    kept = np.broadcast_to(np.asarray(share_kept, float), (costs.draws, 1))
    if not (at >= 0).all():
        raise ValueError(f"attachment: {at.min()} is below 0")
    if not ((kept >= 0) & (kept <= 1)).all():
        raise ValueError(f"share_kept: {kept.min()} to {kept.max()} is not inside 0 to 1")
    if not kept.any():
        return costs.limited_at(at)
    made = CoinsuredCosts(costs, at, kept, at + kept * (whole - at))
    return cast("CostDistribution", made)


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
        If a limit is not above 0, or `costs` are not a plain `CostDistribution`.
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
    found = {field.name: getattr(costs, field.name) for field in fields(costs)}
    if "gross" in found:
        found["gross"] = some_draws(found["gross"], chosen)
    by_draw = {
        name: value[chosen]
        for name, value in found.items()
        if isinstance(value, np.ndarray) and value.ndim > 1
    }
    return replace(costs, **(found | by_draw))


def _fields(costs: CostDistribution, limit: np.ndarray) -> dict[str, Any]:
    if type(costs) is not CostDistribution:
        raise ValueError(
            f"costs: {type(costs).__name__} cannot be carved; start from a CostDistribution"
        )
    known = {field.name: getattr(costs, field.name) for field in fields(CostDistribution)}
    return known | {"limit": limit}
