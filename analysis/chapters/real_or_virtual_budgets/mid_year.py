"""What a group believes half-way through the year, and what is true: over many simulated years."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from analysis.chapters.real_or_virtual_budgets.cash import bills_by_month
from analysis.chapters.real_or_virtual_budgets.estimates import (
    cape_cod_cost,
    chain_ladder_cost,
    visible_cost,
)
from analysis.chapters.real_or_virtual_budgets.incurred import MONTHS, planned_cost
from analysis.chapters.real_or_virtual_budgets.years import (
    REVIEWED,
    Situation,
    World,
    reviewed_months,
    simulate,
)
from analysis.seeds import seed_for

METHODS = {
    "paid so far": lambda paid, _, closed: visible_cost(paid, closed),
    "chain ladder": chain_ladder_cost,
    "Cape Cod": cape_cod_cost,
}
"""Estimates of incurred cost that are fast enough for many years."""


@dataclass(frozen=True)
class Reviews:
    """Cost of the reviewed months above their budget: true, and as each method shows it.

    Attributes
    ----------
    true : ndarray, shape (world, year)
        Share of the budget of the reviewed months; below 0 is a surplus.
    shown : dict of str to ndarray, shape (world, year)
        By method.
    """

    true: np.ndarray
    shown: dict[str, np.ndarray]

    def illusion_probability(self, method: str) -> np.ndarray:
        """Return how often a surplus that is shown is really a deficit.

        Returns
        -------
        ndarray, shape (world,)
            Worlds in which the method never shows a surplus are left out.
        """
        surplus = self.shown[method] <= 0
        number = surplus.sum(axis=1)
        return ((self.true > 0) & surplus).sum(axis=1)[number > 0] / number[number > 0]

    def unseen_probability(self, method: str) -> np.ndarray:
        """Return how often a real deficit is shown as a surplus.

        Returns
        -------
        ndarray, shape (world,)
            Worlds without any deficit are left out.
        """
        deficit = self.true > 0
        number = deficit.sum(axis=1)
        return ((self.shown[method] <= 0) & deficit).sum(axis=1)[number > 0] / number[number > 0]

    def surplus_probability(self, method: str) -> np.ndarray:
        """Return how often a surplus is shown.

        Returns
        -------
        ndarray, shape (world,)
        """
        return np.asarray((self.shown[method] <= 0).mean(axis=1))


def mid_year_reviews(
    worlds: Sequence[World],
    situation: Situation,
    years: int,
    months_faster: Sequence[int] = (0,),
) -> dict[int, Reviews]:
    """Simulate years, and review each half-way through with data of different speeds.

    Parameters
    ----------
    situation : Situation
        Its own speed of data is not used.
    years : int
        In each world.
    months_faster : sequence of int
        See `Situation`.

    Returns
    -------
    dict of int to Reviews
        By `months_faster`; the simulated years are the same.
    """
    # Another trend moves the same years: what it does is a difference without noise of its own.
    generator = np.random.default_rng(seed_for(f"mid-year-{replace(situation, trend=0.0)}"))
    rows: dict[int, list[dict[str, np.ndarray]]] = {speed: [] for speed in months_faster}
    months = situation.history + REVIEWED
    for world in worlds:
        paid = simulate(world, situation, years, generator)[:, :months]
        planned = planned_cost(replace(world.process, history=situation.history))[:months]
        for speed, found in rows.items():
            closed = replace(situation, months_faster=speed).closed
            costs = {name: method(paid, planned, closed) for name, method in METHODS.items()}
            costs["true"] = paid.sum(axis=-1)
            months_seen = reviewed_months(situation)
            budget = planned[months_seen].sum()
            found.append(
                {name: c[:, months_seen].sum(axis=1) / budget - 1 for name, c in costs.items()}
            )
    stacked = {
        speed: {name: np.stack([row[name] for row in found]) for name in found[0]}
        for speed, found in rows.items()
    }
    return {speed: Reviews(found.pop("true"), found) for speed, found in stacked.items()}


def cash_flows(
    worlds: Sequence[World], situation: Situation, years: int
) -> tuple[np.ndarray, np.ndarray]:
    """Simulate the bills of a budget year, and the surplus that shows half-way through it.

    Parameters
    ----------
    years : int
        In each world.

    Returns
    -------
    bills : ndarray, shape (world, year, calendar month)
        For the care of the budget year, by month of payment; share of the annual budget.
    surplus : ndarray, shape (world, year)
        Budget of the reviewed months less what is paid so far, at least 0; share of the annual
        budget.
    """
    generator = np.random.default_rng(seed_for(f"cash-flows-{situation}"))
    bills, surplus = [], []
    for world in worlds:
        paid = simulate(world, situation, years, generator)
        planned = planned_cost(replace(world.process, history=situation.history))
        window = reviewed_months(situation)
        seen = visible_cost(paid[:, : window.stop], situation.closed)[:, window].sum(axis=1)
        bills.append(bills_by_month(paid[:, -MONTHS:]))
        surplus.append(np.maximum(planned[window].sum() - seen, 0))
    return np.stack(bills), np.stack(surplus)
