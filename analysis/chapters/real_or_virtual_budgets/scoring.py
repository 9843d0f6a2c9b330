"""One simulated year, reviewed by every method, beside what later turned out to be true."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.chapters.real_or_virtual_budgets.chain_ladder import bootstrap_unpaid, chain_ladder
from analysis.chapters.real_or_virtual_budgets.estimates import (
    cape_cod_cost,
    chain_ladder_cost,
    known_cells,
    visible_cost,
)
from analysis.chapters.real_or_virtual_budgets.incurred import MONTHS, planned_cost
from analysis.chapters.real_or_virtual_budgets.years import (
    REVIEWED,
    Situation,
    World,
    model_data,
    reviewed_months,
    simulate,
)
from analysis.intervals import median_and_interval
from analysis.models.run_off.laplace_approximation import approximate_future
from analysis.risk.interval_score import interval_score

PERCENT = 100
BOOTSTRAP_DRAWS = 500

SCENARIOS = {
    "usual": (Situation(), 240),
    "20,000 people": (Situation(people=20_000), 60),
    "cost rises 5% faster": (Situation(trend=0.05), 60),
    "data a month slower": (Situation(months_faster=-1), 60),
    "data a month faster": (Situation(months_faster=1), 60),
    "no history": (Situation(history=0), 60),
    "bills slow down": (Situation(slower_from=3), 60),
}
"""Situations that are scored, and the number of simulated years of each."""


def reviewed_year(world: World, situation: Situation, seed: int) -> list[dict[str, Any]]:
    """Simulate a year, let every method review it, and compare with the truth.

    Parameters
    ----------
    seed : int
        At least 1.

    Returns
    -------
    list of dict
        One for each method: ``method``; ``unpaid_true``, ``unpaid_median``, ``unpaid_low`` and
        ``unpaid_high``, payments still to come for all months of care on the books, percent of
        the annual budget; ``overspend_true`` and ``overspend_estimate``, cost of the reviewed
        months above their budget, percent of it; ``deficit_probability``. None where a method
        does not say.
    """
    generator = np.random.default_rng(seed)
    by_service = simulate(world, situation, 1, generator, by_service=True)[0]
    months = situation.history + REVIEWED
    paid = by_service.sum(axis=0)[:months]
    planned = planned_cost(replace(world.process, history=situation.history))[:months]
    budget = planned[reviewed_months(situation)].sum()
    visible = visible_cost(paid, situation.closed)
    truth = {
        "unpaid_true": PERCENT * (paid.sum() - visible.sum()),
        "overspend_true": PERCENT * (paid[reviewed_months(situation)].sum() / budget - 1),
    }
    future = approximate_future(model_data(by_service, situation), seed=seed)
    unpaid_by_method: dict[str, np.ndarray] = {
        "paid so far": np.zeros(months),
        "Cape Cod": cape_cod_cost(paid, planned, situation.closed) - visible,
        "chain ladder": chain_ladder_cost(paid, planned, situation.closed) - visible,
        "model": future.sum(axis=1) / MONTHS,  # in units of a month's budget
    }
    rows = {
        name: _summary(unpaid, visible, budget, situation)
        for name, unpaid in unpaid_by_method.items()
    }
    if situation.months_faster == 0:  # the package has no months of which nothing is visible
        known = known_cells(months, paid.shape[1], situation.closed)
        low, high = chain_ladder(paid, known).interval()
        rows["chain ladder"] |= {"unpaid_low": PERCENT * low, "unpaid_high": PERCENT * high}
        bootstrapped = bootstrap_unpaid(paid, known, draws=BOOTSTRAP_DRAWS, seed=seed)
        rows["bootstrap"] = _summary(bootstrapped, visible, budget, situation)
    return [{"method": name, **truth, **row} for name, row in rows.items()]


def _summary(
    unpaid: np.ndarray, visible: np.ndarray, budget: float, situation: Situation
) -> dict[str, float | None]:
    """Summarise an estimate by month, or draws of it (then with interval and probability)."""
    cost = (unpaid + visible)[..., reviewed_months(situation)].sum(axis=-1)
    certain = unpaid.ndim == 1
    median, low, high = median_and_interval(unpaid.sum(axis=-1))
    return {
        "unpaid_median": PERCENT * median,
        "unpaid_low": None if certain else PERCENT * low,
        "unpaid_high": None if certain else PERCENT * high,
        "overspend_estimate": PERCENT * float(np.median(cost) / budget - 1),
        "deficit_probability": None if certain else float((cost > budget).mean()),
    }


def score_table(years: pd.DataFrame) -> pd.DataFrame:
    """Return how well each method's intervals and estimates of unpaid bills did.

    Parameters
    ----------
    years : DataFrame
        Rows of `reviewed_year`, with a column ``scenario``.

    Returns
    -------
    DataFrame
        Index ``scenario, method``; ``years``, ``held`` (years whose truth lies in the interval),
        ``interval_score`` and ``width`` (mean), ``bias`` (mean of estimate less truth),
        ``error`` (root mean square); percent of the annual budget. Intervals are missing where a
        method has none.
    """
    truth, low, high = (years[f"unpaid_{name}"] for name in ("true", "low", "high"))
    error = years["unpaid_median"] - truth
    rated = years.assign(
        held=((truth >= low) & (truth <= high)).where(low.notna()).astype(float),
        interval_score=interval_score(truth.to_numpy(), low.to_numpy(), high.to_numpy()),
        width=high - low,
        bias=error,
        squared=error**2,
    )
    grouped = rated.groupby(["scenario", "method"], sort=False)
    table = grouped[["interval_score", "width", "bias"]].mean()
    table.insert(0, "years", grouped.size())
    table.insert(1, "held", grouped["held"].sum(min_count=1))
    return table.assign(error=np.sqrt(grouped["squared"].mean()))


def surplus_shown(years: pd.DataFrame) -> pd.DataFrame:
    """Count, for each method, how often a surplus that it shows at mid-year is really a deficit.

    Parameters
    ----------
    years : DataFrame
        Rows of `reviewed_year`, with a column ``scenario``.

    Returns
    -------
    DataFrame
        Index ``scenario, method``; ``surpluses`` shown, ``deficits`` that are real, and
        ``illusions``: real deficits that are shown as a surplus.
    """
    surplus = years["overspend_estimate"] <= 0
    deficit = years["overspend_true"] > 0
    flags = years.assign(surpluses=surplus, deficits=deficit, illusions=surplus & deficit)
    columns = ["surpluses", "deficits", "illusions"]
    return flags.groupby(["scenario", "method"], sort=False)[columns].sum()
