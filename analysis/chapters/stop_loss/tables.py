"""What the chapter's tables list: attachment points, what is ceded, and cover by its terms."""

from dataclasses import dataclass

import numpy as np

from analysis.chapters.stop_loss.stop_loss_economics import break_even_loading, reserve_share
from analysis.report.draws_text import interval_text, median_text, rounded_text
from analysis.risk.annual_cost import AnnualCost
from analysis.risk.minimum_size import smallest_covered_pool
from analysis.risk.stop_loss import stop_loss


def attachment_text(needed_gbp: np.ndarray, lowest_gbp: float) -> str:
    """Return the median of attachment points that are needed, in words at its limits.

    Parameters
    ----------
    needed_gbp : ndarray, shape (draw,)
        Infinite where no cover is needed, NaN where even the lowest point is too high.
    """
    middle = np.median(needed_gbp)
    if np.isinf(middle):
        return "none needed"
    if np.isnan(middle):
        return f"below {rounded_text(lowest_gbp, 'GBP', digits=2)}"
    return rounded_text(float(middle), "GBP", digits=2)


def ceded_percent(costs: AnnualCost, needed_multiple: np.ndarray) -> np.ndarray:
    """Return the share of the budget ceded at the median attachment point, percent, by draw."""
    middle = float(np.median(needed_multiple))
    if not np.isfinite(middle):
        return np.zeros(costs.draws)
    return np.asarray(100 * stop_loss(costs, middle).premium_share)


@dataclass(frozen=True)
class Cover:
    """Cover above an attachment point, as a table judges it.

    Attributes
    ----------
    multiple : float
        Attachment point in multiples of the mean annual cost.
    mean_cost : float
        Pounds.
    tolerance, limit : float
        Overspend over budget, and the probability with which it may be exceeded.
    """

    multiple: float
    mean_cost: float
    tolerance: float
    limit: float

    def by_share_kept(self, costs: AnnualCost, share_kept: float) -> dict[str, str]:
        """Return premium, k and size where the pool keeps a share of the excess."""
        terms = stop_loss(costs, self.multiple, share_kept)
        size = smallest_covered_pool(terms, self.tolerance, self.limit)
        return {
            "The group keeps": f"{share_kept:.0%}" if share_kept else "nothing",
            "Premium, £ a head": median_text(self.mean_cost * terms.premium_share),
            "k": median_text(terms.residual_variation, decimals=2),
            "Smallest group": interval_text(size, "people"),
        }

    def by_costs(self, costs: AnnualCost, people: int, price_of_reserve: float) -> dict[str, str]:
        """Return premium, k, size and break-even loading under one distribution of cost."""
        terms, bare = stop_loss(costs, self.multiple), stop_loss(costs, np.inf)
        worthwhile = break_even_loading(
            terms.premium_share,
            reserve_share(terms, people, self.limit),
            reserve_share(bare, people, self.limit),
            price_of_reserve,
        )
        size = smallest_covered_pool(terms, self.tolerance, self.limit)
        return {
            "Premium, £ a head": interval_text(self.mean_cost * terms.premium_share),
            "k": interval_text(terms.residual_variation, decimals=2),
            "Smallest group": interval_text(size, "people"),
            f"Break-even at {people:,}, %": interval_text(100 * worthwhile, decimals=1),
        }
