"""Large costs as seen and as the model has them, and what k rests on."""

import numpy as np
import pandas as pd

from analysis.evidence.assumptions import assumption
from analysis.intervals import median_and_interval
from analysis.own.people.fitting import OwnFit
from analysis.own.people.measures import FEWEST_DRAWS, exact_costs
from analysis.own.people.observed import shares_above
from analysis.own.people.settings import Settings
from analysis.risk.adjustment import variation

BEYOND = 12
"""Amounts above the costliest people seen at which the model is drawn."""


def other_assumptions(fitted: OwnFit, settings: Settings, without: pd.DataFrame) -> pd.DataFrame:
    """Return k under other assumptions about the largest costs.

    Parameters
    ----------
    without : DataFrame
        From `analysis.own.people.costliest.answer_without`.

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
    people = int(fitted.cells.costs["rows"].iloc[-1])
    rows.append((f"Without the {people} costliest people", *without.loc["k"]))
    return pd.DataFrame(rows, columns=["assumption", "value", "low", "high"])


def _k_at(fitted: OwnFit, maximum: float) -> np.ndarray:
    return median_and_interval(variation(fitted.costs(maximum), adjusted=True), axis=0)


def survival(fitted: OwnFit, settings: Settings) -> pd.DataFrame:
    """Return the share of people above amounts: as seen, as fitted, and beyond what was seen.

    Returns
    -------
    DataFrame, one row an amount
        ``cost``, ``observed`` (missing beyond the costliest people), ``modelled``, ``low``,
        ``high``; shares of all people.
    """
    costs = exact_costs(fitted, settings, FEWEST_DRAWS)
    seen = shares_above(fitted.cells)
    highest = float(np.exp(costs.upper_bins.high[-1]))
    limit = float(np.median(costs.limit_by_draw()))
    beyond = pd.DataFrame({"cost": np.geomspace(highest, 0.98 * limit, BEYOND)})
    table = pd.concat([seen, beyond], ignore_index=True)
    drawn = [median_and_interval(costs.survival(amount), axis=0) for amount in table["cost"]]
    return table.join(pd.DataFrame(drawn, columns=["modelled", "low", "high"]))
