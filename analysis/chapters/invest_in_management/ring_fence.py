"""Ten years of a group's capability, with and without ring-fenced money in the first ones."""

from dataclasses import dataclass, replace

import numpy as np

from analysis.chapters.invest_in_management.capability import (
    InvestmentProblem,
    chosen_capability,
    saving_share,
)


@dataclass(frozen=True)
class CapabilityPath:
    """What happens over the years; arrays of shape (year, draw).

    Attributes
    ----------
    capability : ndarray
        After the year's investment, pounds a head.
    invested : ndarray
        By the group and from the ring-fence together, pounds a head.
    saved : ndarray
        Pounds a head.
    net_value : ndarray, shape (draw,)
        Savings minus investment, discounted to the start, pounds a head. Whoever pays and
        whoever keeps: what it is worth to the public purse and the group together.
    """

    capability: np.ndarray
    invested: np.ndarray
    saved: np.ndarray
    net_value: np.ndarray


def ring_fence_payments(amount: np.ndarray, years: int, full: int, taper: int) -> np.ndarray:
    """Return ring-fenced money by year and draw: full for some years, then reduced to nothing.

    Parameters
    ----------
    amount : ndarray, shape (draw,)
        Pounds a head and year while it is full.
    full, taper : int
        Years of full payment, and years over which it is then reduced in equal steps.
    """
    year = np.arange(years)
    share = np.clip((full + taper + 1 - (year + 1)) / (taper + 1), 0, 1)
    return share[:, None] * np.asarray(amount)[None, :]


def follow(
    problem: InvestmentProblem, ring_fence: np.ndarray, learning: np.ndarray | float = 0.0
) -> CapabilityPath:
    """Follow a group's capability through the years.

    Each year the ring-fenced money is invested first; then the group tops up to the capability
    that it thinks worth having. After the years of full ring-fence it knows better: part of the
    gap between what it believes and what is true is closed.

    Parameters
    ----------
    ring_fence : ndarray, shape (year, draw)
        From `ring_fence_payments`; zeros for none.
    learning : ndarray or float
        Share of the gap closed by having had the ring-fence, 0 to 1.
    """
    target_before = chosen_capability(problem)
    wiser = replace(problem, perceived=problem.perceived + learning * (1 - problem.perceived))
    target_after_learning = chosen_capability(wiser)
    stock = np.zeros(ring_fence.shape[1])
    capability, invested, saved = (np.zeros(ring_fence.shape) for _ in range(3))
    for year, ring_fenced in enumerate(ring_fence):
        saved[year] = problem.budget * saving_share(problem, stock)
        before_topping_up = stock * (1 - problem.wear) + ring_fenced
        full_years_over = ring_fenced < ring_fence[0]
        target = np.where(full_years_over, target_after_learning, target_before)
        own_investment = np.maximum(target - before_topping_up, 0)
        stock = before_topping_up + own_investment
        capability[year], invested[year] = stock, own_investment + ring_fenced
    discount_factor = problem.discount ** np.arange(len(ring_fence))[:, None]
    net_value = (discount_factor * (saved - invested)).sum(axis=0)
    return CapabilityPath(capability, invested, saved, net_value)
