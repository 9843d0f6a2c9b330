"""One sample of people sent the way of a user's own: release, file, fit, smallest pool."""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.chapters.gate.truths import FACTORS, Truth
from analysis.evidence.assumptions import assumption
from analysis.fits.annual_costs import fit_annual_costs
from analysis.fits.tail_evidence import shape_beside
from analysis.intervals import HIGH, LOW, median_and_interval
from analysis.population.cell_files import cells_parquet, manifest, read_cells
from analysis.population.disclosure.release import release_source
from analysis.population.risk_cells import RiskCells
from analysis.risk.adjustment import variation
from analysis.risk.annual_cost import AnnualCost, fewer_draws
from analysis.risk.minimum_size import smallest_pool
from analysis.seeds import seed_for
from analysis.tables.people_tables import open_people

SIZE_DRAWS = 300
"""Draws on which the smallest pool is computed: the ends of an interval are then known to a tenth
of its width, which hardly matters to how often it holds the truth."""

RESAMPLES = 100
"""Resamples of the people, for the interval of the bootstrap beside that of the model."""


def smallest(costs: AnnualCost) -> np.ndarray:
    """Return the smallest pool that rarely overspends by the higher tolerance, shape (draw,)."""
    tolerance = assumption("overspend_tolerance_high").value
    limit = assumption("overspend_probability_limit").value
    return smallest_pool(costs, tolerance, limit)


def released_cells(people: pd.DataFrame, factors: tuple[str, ...]) -> RiskCells:
    """Return the cells of people as they come out of a released file."""
    with tempfile.TemporaryDirectory() as folder:
        table, cells = Path(folder) / "people.parquet", Path(folder) / "cells.parquet"
        people.to_parquet(table)
        source = open_people(str(table), "cost", factors)
        release = release_source(source, factors, "cost")
        cells.write_bytes(cells_parquet(release.cells, manifest(source, "cost", release)))
        return read_cells(cells)[0]


def trial(truth: Truth, people: int, sample: int, exact: dict[str, float]) -> list[dict[str, Any]]:
    """Return what the model says of one sample, under a short and the full budget formula.

    Parameters
    ----------
    sample : int
        Its number: the same number, size and truth give the same people.
    exact : dict of str to float
        ``k`` and ``size`` of the truth under the full formula.

    Returns
    -------
    list of dict
        One row for each of ``k``, ``size`` and ``k with fewer factors``: ``truth``, ``people``,
        ``sample``, ``quantity``, ``exact``, ``median``, ``low``, ``high``, and the ends of the
        bootstrap's interval of k.
    """
    generator = np.random.default_rng(seed_for(f"gate-{truth.name}-{people}-{sample}"))
    drawn = truth.draw(people, generator)
    maximum = assumption("maximum_annual_cost_multiple").value
    costs = [
        fit_annual_costs(released_cells(drawn, factors), shape_beside(*truth.own), maximum)
        for factors in (FACTORS, FACTORS[:1])
    ]
    size_draws = smallest(fewer_draws(costs[0], SIZE_DRAWS))
    quantities = {
        "k": (variation(costs[0], adjusted=True), exact["k"]),
        "size": (size_draws, exact["size"]),
        "k with fewer factors": (variation(costs[1], adjusted=True), np.nan),
    }
    resampled = _bootstrap(drawn["cost"].to_numpy(), generator)
    named = {"truth": truth.name, "people": people, "sample": sample}
    rows = []
    for quantity, (draws, value) in quantities.items():
        median, low, high = median_and_interval(draws, axis=0)
        rows.append(
            {
                **named,
                "quantity": quantity,
                "exact": value,
                "median": median,
                "low": low,
                "high": high,
                "bootstrap_low": resampled[0] if quantity == "k" else np.nan,
                "bootstrap_high": resampled[1] if quantity == "k" else np.nan,
            }
        )
    return rows


def exact_answers(truth: Truth) -> dict[str, float]:
    """Return ``k`` and ``size`` of a truth when the budget knows all factors."""
    k = float(variation(truth.costs, adjusted=True)[0])
    return {"k": k, "size": float(smallest(truth.costs)[0])}


def _bootstrap(cost: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Ends of the bootstrap's interval of k, without adjustment (Efron & Tibshirani 1993)."""
    values = np.empty(RESAMPLES)
    for index in range(RESAMPLES):
        chosen = cost[generator.integers(0, len(cost), len(cost))]
        values[index] = chosen.std() / chosen.mean()
    return np.quantile(values, [LOW, HIGH])
