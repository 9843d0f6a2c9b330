"""Large costs as observed and as the model has them, and what k rests on."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import beta

from analysis.evidence.assumptions import assumption
from analysis.intervals import HIGH, LOW, median_and_interval
from analysis.own.people.measures import FEWEST_DRAWS, exact_costs
from analysis.own.people.own_fit import OwnFit
from analysis.own.people.settings import Settings
from analysis.population.risk_cells import BINS_PER_DECADE
from analysis.risk.adjustment import variation
from analysis.risk.cost_distribution import lognormal_without_tail

WIDEST = 10.0
"""An observed number whose interval has ends further apart than this factor says nothing."""


def other_assumptions(fitted: OwnFit, settings: Settings) -> pd.DataFrame:
    """Return k under other assumptions about the largest costs.

    Returns
    -------
    DataFrame, one row an assumption
        ``assumption``, ``value``, ``low``, ``high``; the first is that of the report.
    """
    usual = assumption("maximum_annual_cost_multiple")
    rows = [("As in this report", *_k_at(fitted, settings.maximum))]
    rows += [
        (f"Largest cost {multiple:,.0f} × the mean", *_k_at(fitted, multiple))
        for multiple in (usual.low, usual.value, usual.high)
        if multiple != settings.maximum
    ]
    k = float(variation(lognormal_without_tail(fitted.cells), adjusted=True)[0])
    if np.isfinite(k):
        rows.append(("No tail at all", k, k, k))
    return pd.DataFrame(rows, columns=["assumption", "value", "low", "high"])


def _k_at(fitted: OwnFit, maximum: float) -> np.ndarray:
    return median_and_interval(variation(fitted.costs(maximum), adjusted=True), axis=0)


def survival(fitted: OwnFit, settings: Settings) -> pd.DataFrame:
    """Return the share of people above amounts, small ones too: observed, modelled, without a tail.

    Returns
    -------
    DataFrame, one row an amount
        ``cost``, ``observed_low``, ``observed_high`` (missing below the tail, of which cells know
        only sums; they differ where joined bins straddle the amount), ``modelled``, ``low``,
        ``high``, ``lognormal_only``; shares.
    """
    cells, costs = fitted.cells, exact_costs(fitted, settings, FEWEST_DRAWS)
    below = cells.threshold * np.geomspace(0.01, 0.9, 15)
    held = cells.tail_counts.sum(axis=0) > 0
    edges = cells.edges[: min(len(held), len(held) - int(held[::-1].argmax()) + 3)]
    flat = lognormal_without_tail(cells)
    rows = []
    for amount in [*below, *edges]:
        observed = observed_share(fitted, amount) if amount >= cells.threshold else (np.nan, np.nan)
        alone = float(flat.survival(amount)[0])
        rows.append(
            (float(amount), *observed, *median_and_interval(costs.survival(amount), axis=0), alone)
        )
    columns = ["cost", "observed_low", "observed_high", "modelled", "low", "high", "lognormal_only"]
    return pd.DataFrame(rows, columns=columns)


def observed_share(fitted: OwnFit, amount: float) -> tuple[float, float]:
    """Return the least and the largest share of people that may be above an edge of a tail bin.

    Parameters
    ----------
    amount : float
        An edge of the tail bins.
    """
    cells = fitted.cells
    index = int(np.abs(np.log(cells.edges / amount)).argmin())
    surely = cells.tail_counts[:, index:].sum()
    beyond = cells.tail_upper()[:, :index] > cells.edges[index] * 1.0001
    straddling = cells.tail_counts[:, :index][beyond].sum()
    people = cells.table["n"].sum()
    return float(surely / people), float((surely + straddling) / people)


def tail_ratios(fitted: OwnFit, settings: Settings, multiples: Sequence[float]) -> pd.DataFrame:
    """Return observed over expected numbers of people above large costs.

    Parameters
    ----------
    multiples : sequence of float
        Of the threshold; each is moved to the nearest edge of a tail bin.

    Returns
    -------
    DataFrame, one row an amount above which enough people are seen
        ``who``, ``formula``, ``quantile`` (the amount), ``ratio`` (missing where joined bins leave
        a range), ``low``, ``high`` (interval of the observed number, by Jeffreys' prior),
        ``observed_low``, ``observed_high`` and ``expected`` (people).
    """
    cells, costs = fitted.cells, exact_costs(fitted, settings, FEWEST_DRAWS)
    people, rows = float(cells.table["n"].sum()), []
    steps = np.log10(np.asarray(multiples, float)) * BINS_PER_DECADE
    for amount in cells.edges[np.unique(np.round(steps).astype(int))]:
        least, most = (people * share for share in observed_share(fitted, amount))
        expected = people * float(np.median(costs.survival(amount)))
        if most < 1 or expected <= 0:
            continue
        low = beta.ppf(LOW, least + 0.5, people - least + 0.5) * people / expected
        high = beta.ppf(HIGH, most + 0.5, people - most + 0.5) * people / expected
        if high > WIDEST * low:
            continue
        ratio = least / expected if most - least < 1 else np.nan
        who = ("Everybody", "as fitted", float(amount))
        rows.append((*who, ratio, low, high, round(least), round(most), expected))
    columns = ["who", "formula", "quantile", "ratio", "low", "high"]
    return pd.DataFrame(rows, columns=[*columns, "observed_low", "observed_high", "expected"])
