"""What a carve-out takes from a budget, and what it leaves to chance.

A carve-out removes care from a pool's budget and responsibility; the budget shrinks by what that
care is expected to cost. Two kinds are measured: by cost (people or amounts above a limit) and by
service, where an assumption says over which people the service's cost is spread.
"""

from dataclasses import dataclass

import numpy as np

from analysis.risk.adjustment import variation
from analysis.risk.annual_cost import AnnualCost, CostBeforeCover
from analysis.risk.retained_costs import carved_out_people, coinsured


@dataclass(frozen=True)
class CarveOut:
    """A budget after a carve-out.

    Attributes
    ----------
    retained : AnnualCost
        Cost of one person that stays in the budget.
    share_removed : ndarray, shape (draw,)
        Expected cost that leaves, over all expected cost.
    variation_before, variation_after : ndarray, shape (draw,)
        k of the whole budget, and k of what remains over its own mean.
    """

    retained: AnnualCost
    share_removed: np.ndarray
    variation_before: np.ndarray
    variation_after: np.ndarray

    @property
    def reduction(self) -> np.ndarray:
        """Fall of k, as a share of k before, shape (draw,); below 0 where k rises."""
        return 1 - self.variation_after / self.variation_before


def carve_out_excess(costs: AnnualCost, limit_multiple: float) -> CarveOut:
    """Return the effect of removing what each person costs beyond a multiple of the mean cost."""
    return _carved(costs, coinsured(costs, limit_multiple * costs.population_mean(), 0.0))


def carve_out_people(costs: CostBeforeCover, limit_multiple: float) -> CarveOut:
    """Return the effect of removing people above a multiple of the mean with all their cost."""
    return _carved(costs, carved_out_people(costs, limit_multiple * costs.population_mean()))


def carve_out_service(
    costs: CostBeforeCover, share_of_cost: np.ndarray | float, share_of_people: np.ndarray | float
) -> CarveOut:
    """Return the effect of removing a service whose cost falls on the costliest people.

    The service is the same fraction of every pound above the amount that the costliest
    `share_of_people` exceed. With everybody in that share, the service is a fraction of every
    pound and k stays. Where the pounds above the amount are fewer than the service costs, it
    falls on the smallest group of people whose excess can hold it, and takes all of that excess.

    Parameters
    ----------
    share_of_cost : ndarray, shape (draw,), or float
        Expected cost of the service over all expected cost, between 0 and 1.
    share_of_people : ndarray, shape (draw,), or float
        Above 0 and at most 1.

    Raises
    ------
    ValueError
        If a share is outside its range.
    """
    cost = np.broadcast_to(np.asarray(share_of_cost, float), (costs.draws,))
    people = np.broadcast_to(np.asarray(share_of_people, float), (costs.draws,))
    if not ((cost > 0) & (cost < 1)).all():
        raise ValueError("share_of_cost: must lie between 0 and 1")
    if not ((people > 0) & (people <= 1)).all():
        raise ValueError("share_of_people: must be above 0 and at most 1")
    amounts, beyond, excess = excess_curve(costs)
    falls_above = np.empty((costs.draws, 1))
    share_removed = np.empty((costs.draws, 1))
    for draw in range(costs.draws):
        # Both curves fall with the amount; np.interp wants rising abscissae.
        by_people = np.interp(people[draw], beyond[::-1, draw], amounts[::-1, draw], right=0.0)
        by_cost = np.interp(cost[draw], excess[::-1, draw], amounts[::-1, draw])
        falls_above[draw] = min(by_people, by_cost)
        available = np.interp(falls_above[draw, 0], amounts[:, draw], excess[:, draw])
        share_removed[draw] = cost[draw] / available
    return _carved(costs, coinsured(costs, falls_above, 1 - np.minimum(share_removed, 1.0)))


def excess_curve(
    costs: CostBeforeCover, points: int = 200
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return how many people exceed an amount, and how much of all cost lies beyond it.

    Parameters
    ----------
    points : int
        Number of amounts, from 0 and then log-spaced from a thousandth of the mean to the
        largest cost.

    Returns
    -------
    amounts : ndarray, shape (point, draw)
        In the currency of the costs.
    share_of_people : ndarray, shape (point, draw)
        P(cost > amount); 1 at 0, so that everybody can share in a service.
    share_of_cost : ndarray, shape (point, draw)
        E[(cost - amount)+] over the mean cost.
    """
    mean = costs.population_mean()
    # A hair below the largest cost: there, the share of people falls to nothing at once.
    steps = np.linspace(0.0, 1.0 - 1e-9, points - 1)
    amounts = mean * 1e-3 * (costs.limit_by_draw() / (1e-3 * mean)) ** steps
    amounts = np.concatenate([np.zeros_like(mean), amounts], axis=1)
    limited = [(costs.limited_mean(a[:, None]) * costs.share).sum(axis=1) for a in amounts.T]
    beyond = [costs.survival(a[:, None]) for a in amounts.T]
    share_of_people = np.stack(beyond)
    share_of_people[0] = 1.0
    return amounts.T, share_of_people, 1 - np.stack(limited) / mean[:, 0]


def top_share(costs: CostBeforeCover, share_of_people: float) -> np.ndarray:
    """Return the share of all cost that falls on the costliest share of people, shape (draw,)."""
    amounts, people, excess = excess_curve(costs)
    rising = people[::-1].T
    exceeded = np.array(
        [np.interp(share_of_people, *curve) for curve in zip(rising, amounts[::-1].T, strict=True)]
    )
    beyond = np.array(
        [np.interp(share_of_people, *curve) for curve in zip(rising, excess[::-1].T, strict=True)]
    )
    # The costliest cost what lies beyond the amount that they exceed, and that amount each.
    return beyond + share_of_people * exceeded / costs.population_mean()[:, 0]


def users_share(costs: CostBeforeCover, carved: CarveOut, share_of_people: float) -> np.ndarray:
    """Return the share of what remains that falls on the people whom a service was carved out for.

    Parameters
    ----------
    costs : CostBeforeCover
        Before the carve-out.
    carved : CarveOut
        From `carve_out_service` with the same costs.
    share_of_people : float
        The share of people that the service falls on.

    Returns
    -------
    ndarray, shape (draw,)
    """
    remaining = top_share(costs, share_of_people) - carved.share_removed
    return remaining / (1 - carved.share_removed)


def _carved(costs: AnnualCost, retained: AnnualCost) -> CarveOut:
    return CarveOut(
        retained=retained,
        share_removed=1 - (retained.population_mean() / costs.population_mean())[:, 0],
        variation_before=variation(costs, adjusted=True),
        variation_after=variation(retained, adjusted=True),
    )
