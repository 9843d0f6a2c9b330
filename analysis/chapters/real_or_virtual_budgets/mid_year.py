"""What a group believes half-way through the year, and what is true: over many simulated years."""

from collections.abc import Callable, Sequence
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

METHODS: dict[str, Callable[[np.ndarray, np.ndarray, int], np.ndarray]] = {
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
        """Return how often a surplus that is shown is really a deficit, by world.

        Worlds in which the method never shows a surplus are left out.
        """
        surplus_shown = self.shown[method] <= 0
        return _share_of_years((self.true > 0) & surplus_shown, surplus_shown)

    def unseen_probability(self, method: str) -> np.ndarray:
        """Return how often a real deficit is shown as a surplus, by world.

        Worlds without any deficit are left out.
        """
        deficit = self.true > 0
        return _share_of_years((self.shown[method] <= 0) & deficit, deficit)

    def surplus_probability(self, method: str) -> np.ndarray:
        """Return how often a surplus is shown, by world."""
        return np.asarray((self.shown[method] <= 0).mean(axis=1))


def _share_of_years(happens: np.ndarray, among: np.ndarray) -> np.ndarray:
    """Return in which share of some years something happens, by world that has such years."""
    years = among.sum(axis=1)
    return happens.sum(axis=1)[years > 0] / years[years > 0]


def mid_year_reviews(
    worlds: Sequence[World],
    situation: Situation,
    years: int,
    months_faster: Sequence[int] = (0,),
) -> dict[int, Reviews]:
    """Simulate years, and review each half-way through with data of different speeds.

    The simulated years are the same at each speed.

    Parameters
    ----------
    situation : Situation
        Its own speed of data is not used.
    years : int
        In each world.
    months_faster : sequence of int
        See `Situation`.
    """
    # Another trend moves the same years: what it does is a difference without noise of its own.
    generator = np.random.default_rng(seed_for(f"mid-year-{replace(situation, trend=0.0)}"))
    by_speed: dict[int, list[dict[str, np.ndarray]]] = {speed: [] for speed in months_faster}
    months = situation.history + REVIEWED
    for world in worlds:
        paid = simulate(world, situation, years, generator)[:, :months]
        planned = planned_cost(replace(world.process, history=situation.history))[:months]
        for speed, overspends in by_speed.items():
            overspends.append(_overspend(paid, planned, replace(situation, months_faster=speed)))
    return {speed: _reviews(overspends) for speed, overspends in by_speed.items()}


def _overspend(
    paid: np.ndarray, planned: np.ndarray, situation: Situation
) -> dict[str, np.ndarray]:
    """Return cost above budget, by year: by method, and what is ``true``."""
    costs = {name: method(paid, planned, situation.closed) for name, method in METHODS.items()}
    costs["true"] = paid.sum(axis=-1)
    window = reviewed_months(situation)
    budget = planned[window].sum()
    return {name: cost[:, window].sum(axis=1) / budget - 1 for name, cost in costs.items()}


def _reviews(overspends: Sequence[dict[str, np.ndarray]]) -> Reviews:
    """Stack the worlds' overspends."""
    stacked = {name: np.stack([world[name] for world in overspends]) for name in overspends[0]}
    return Reviews(stacked.pop("true"), stacked)


def cash_flows(
    worlds: Sequence[World], situation: Situation, years: int
) -> tuple[np.ndarray, np.ndarray]:
    """Simulate the bills of a budget year, and the surplus that shows half-way through it.

    Returns
    -------
    bills : ndarray, shape (world, year, calendar month)
        For the care of the budget year, by month of payment; share of the annual budget.
    surplus : ndarray, shape (world, year)
        Budget of the reviewed months less what is paid so far, at least 0; share of the annual
        budget.
    """
    generator = np.random.default_rng(seed_for(f"cash-flows-{situation}"))
    window = reviewed_months(situation)
    bills, surplus = [], []
    for world in worlds:
        paid = simulate(world, situation, years, generator)
        planned = planned_cost(replace(world.process, history=situation.history))
        visible = visible_cost(paid[:, : window.stop], situation.closed)[:, window].sum(axis=1)
        bills.append(bills_by_month(paid[:, -MONTHS:]))
        surplus.append(np.maximum(planned[window].sum() - visible, 0))
    return np.stack(bills), np.stack(surplus)
