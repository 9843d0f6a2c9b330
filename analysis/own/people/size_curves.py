"""What the book draws of minimum size and lasting differences, for a reader's people."""

import numpy as np
import pandas as pd

from analysis.evidence.assumed_draws import assumed_draws
from analysis.evidence.assumptions import assumption
from analysis.intervals import median_and_interval
from analysis.own.people.fitting import OwnFit
from analysis.own.people.measures import FEWEST_DRAWS, exact_costs
from analysis.own.people.settings import LASTING, Settings
from analysis.risk.adjustment import variation
from analysis.risk.bearable_overspend import bearable_by_size
from analysis.risk.minimum_size import overspend_probability, smallest_covered_pool, smallest_pool
from analysis.risk.stop_loss import stop_loss

ROUND_SIZES = [first * 10.0**power for power in range(2, 9) for first in (1, 2, 5)]

COVER = 25.0
"""Attachment point of the one cover that is compared with none, in multiples of the mean cost."""


def size_bands(fitted: OwnFit, settings: Settings, people: float) -> pd.DataFrame:
    """Return for which readings of *safe* pools of a few round sizes are just large enough.

    Parameters
    ----------
    people : float
        The size that is needed at the reader's own reading: round sizes about it are shown.

    Returns
    -------
    DataFrame, one row a size and tolerance
        ``people``, ``tolerance_percent``, ``probability_percent``, ``low``, ``high``.
    """
    lines = [int(size) for size in ROUND_SIZES if 0.12 * people <= size <= 9 * people]
    lines = [size for size in lines if size >= 50] or [1_000]
    ends = min(0.0075, settings.tolerance / 1.5), max(0.05, 1.5 * settings.tolerance)
    tolerances = np.geomspace(*ends, 21)
    costs = exact_costs(fitted, settings, FEWEST_DRAWS)
    percent = 100 * median_and_interval(
        overspend_probability(costs, list(tolerances), lines), axis=0
    )
    columns = ["probability_percent", "low", "high"]
    return pd.concat(
        pd.DataFrame(
            {"people": size, "tolerance_percent": 100 * tolerances}
            | dict(zip(columns, percent[:, index], strict=True))
        )
        for index, size in enumerate(lines)
    ).reset_index(drop=True)


def chance_by_size(fitted: OwnFit, settings: Settings) -> pd.DataFrame:
    """Return the standard deviation of a pool's cost from chance, by size, with and without cover.

    Returns
    -------
    DataFrame, one row a size and case
        ``whose``, ``people``, ``percent`` (of the budget), ``low``, ``high``.
    """
    costs = fitted.costs(settings.maximum)
    sizes = np.geomspace(1_000, 1_000_000, 31)
    cases = {
        "without cover": variation(costs, adjusted=True),
        f"cover above {COVER:g} times the mean": stop_loss(costs, COVER).residual_variation,
    }
    return pd.concat(
        pd.DataFrame(
            {"whose": whose, "people": sizes}
            | {
                name: 100 * value / np.sqrt(sizes)
                for name, value in zip(
                    ("percent", "low", "high"), median_and_interval(k, axis=0), strict=True
                )
            }
        )
        for whose, k in cases.items()
    ).reset_index(drop=True)


def designs(fitted: OwnFit, settings: Settings) -> pd.DataFrame:
    """Return the smallest pool under other tolerances, budgets and protection.

    Returns
    -------
    DataFrame, one row a design
        ``design``, ``people``, ``low``, ``high``.
    """
    costs, limit = exact_costs(fitted, settings, FEWEST_DRAWS), settings.probability
    own = settings.tolerance
    needed = {
        tolerance: smallest_pool(costs, tolerance, limit) for tolerance in sorted({0.01, own, 0.03})
    }
    ratio = (variation(costs, adjusted=False) / variation(costs, adjusted=True)) ** 2
    cover = stop_loss(costs, COVER)
    covered = smallest_covered_pool(cover, own, limit)
    rows = {f"over {100 * tolerance:g}%": draws for tolerance, draws in needed.items()}
    rows |= {
        f"over {100 * own:g}%, one budget for all": needed[own] * ratio,
        f"over {100 * own:g}%, cover above {COVER:g} × mean": covered,
    }
    table = [(name, *median_and_interval(draws, axis=0)) for name, draws in rows.items()]
    return pd.DataFrame(table, columns=["design", "people", "low", "high"])


def assumed_persistent(settings: Settings) -> tuple[float, float, float]:
    """Return how far pools are taken to differ lastingly, with its range where there is one.

    Returns
    -------
    tuple of float
        Value, low and high, percent of the budget; all the same if the reader asked for one.
    """
    usual = assumption(LASTING)
    ends = (usual.low, usual.high) if settings.lasting == usual.value else (settings.lasting,) * 2
    return 100 * settings.lasting, 100 * float(ends[0]), 100 * float(ends[1])


def bearable(fitted: OwnFit, settings: Settings) -> pd.DataFrame:
    """Return the overspend that must be borne, for chance and with lasting differences, by size.

    Returns
    -------
    DataFrame, one row a size
        ``people``, and ``chance`` and ``together`` with ``_low`` and ``_high``; percent of the
        budget.
    """
    k = variation(fitted.costs(settings.maximum), adjusted=True)
    between = lasting_draws(settings, len(k))
    people = np.geomspace(3_000, 6_000_000, 31)
    return bearable_by_size(k, lambda _: between, people, settings.probability)


def lasting_draws(settings: Settings, draws: int) -> np.ndarray:
    """Return draws of how far pools differ lastingly, share of the budget, shape (draw,).

    They spread over the range of `assumed_persistent`, or are all what the reader asked for.
    """
    value, low, high = (percent / 100 for percent in assumed_persistent(settings))
    if low == high:
        return np.full(draws, value)
    return assumed_draws([LASTING], draws)[LASTING]
