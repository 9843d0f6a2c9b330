"""The costs of the people of some cells only, such as those below an age."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from analysis.risk.annual_cost import AnnualCost


@dataclass(frozen=True)
class SomeCells(AnnualCost):
    """Annual cost of a person of some cells; `limit` is that of everybody.

    Attributes
    ----------
    everybody : AnnualCost
    member : ndarray of bool, shape (cell of everybody,)
    """

    everybody: AnnualCost
    member: np.ndarray

    BY_DRAW: ClassVar[tuple[str, ...]] = ("everybody", "limit")

    @classmethod
    def of(cls, everybody: AnnualCost, member: np.ndarray) -> "SomeCells":
        """Return the costs of the cells of a mask of shape (cell,)."""
        share = everybody.share[member]
        return cls(everybody, member, limit=everybody.limit, share=share / share.sum())

    @property
    def draws(self) -> int:
        """Number of posterior draws."""
        return self.everybody.draws

    def limited_mean(self, amount: np.ndarray | float) -> np.ndarray:
        """Return E[min(cost, amount)], see `AnnualCost.limited_mean`."""
        return self.everybody.limited_mean(amount)[:, self.member]

    def limited_square(self, amount: np.ndarray | float) -> np.ndarray:
        """Return E[min(cost, amount)²], see `AnnualCost.limited_square`."""
        return self.everybody.limited_square(amount)[:, self.member]
