"""How much rests on the costliest few people: their part of the answer, and the answer without."""

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.intervals import median_and_interval
from analysis.own.people.fitting import OwnFit, fit_cells
from analysis.own.people.measures import exact_costs
from analysis.own.people.observed import bin_sums
from analysis.own.people.settings import Settings
from analysis.population.risk_cells import RiskCells
from analysis.risk.adjustment import variation
from analysis.risk.minimum_size import smallest_pool

MUCH_BEYOND = 0.2
"""Share of the second moment beyond the costliest people seen that is worth a sentence."""

MUCH_OF_ONE = 0.005
"""Share of the second moment that one person brings, worth a sentence."""


def resting_on_few(fitted: OwnFit, settings: Settings) -> pd.DataFrame:
    """Return what part of the second moment of cost rests on few people, or on nobody seen.

    Returns
    -------
    DataFrame, one row a measure
        Index ``beyond`` (share of the fitted second moment from costs above any seen),
        ``costliest`` (share of the second moment seen that the costliest bin brings),
        ``costliest_each`` (the same for each of its people) and ``costliest_people`` (how many);
        columns ``value``, ``low``, ``high``; what was seen has no interval.
    """
    costs, cells = exact_costs(fitted, settings), fitted.cells
    highest = np.exp(costs.upper_bins.high[-1])
    squares = bin_sums(cells, 2)
    share, people = float(squares[-1] / squares.sum()), int(cells.costs["rows"].iloc[-1])
    seen = {
        "costliest": share,
        "costliest_each": share / people,
        "costliest_people": float(people),
    }
    rows = {"beyond": tuple(median_and_interval(costs.beyond(highest), axis=0))}
    rows |= {name: (value, value, value) for name, value in seen.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["value", "low", "high"])


def answer_without(fitted: OwnFit, settings: Settings) -> pd.DataFrame:
    """Return k and minimum size when the people of the costliest bin are left out.

    Returns
    -------
    DataFrame, one row a measure
        Index ``k`` and ``people``, by chance alone and with budgets that follow the cells; columns
        ``value``, ``low``, ``high``.
    """
    without = fit_cells(
        without_costliest(fitted.cells), fitted.manifest, new_shape=fitted.new_shape
    )
    costs = exact_costs(without, settings)
    size = smallest_pool(costs, settings.tolerance, settings.probability)
    k = variation(without.costs(settings.maximum), adjusted=True)
    rows = {
        name: median_and_interval(draws, axis=0) for name, draws in (("k", k), ("people", size))
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=["value", "low", "high"])


def without_costliest(cells: RiskCells) -> RiskCells:
    """Return cells without the people of the costliest bin.

    Which cells they are in is not told: each is taken to have as many as of all people above the
    threshold.
    """
    gone = cells.costs.iloc[-1]
    above = cells.table["n_tail"].fillna(0).to_numpy(float)
    part = above / above.sum() if above.sum() else cells.share
    people = np.minimum(gone["n"] * part, cells.table["n_positive"].to_numpy(float))
    mean, square = (bin_sums(cells, order)[-1] / gone["n"] for order in (1, 2))
    each = {
        "rows": gone["rows"] / gone["n"],
        "n": 1.0,
        "member_years": 1.0,
        "n_positive": 1.0,
        "n_tail": 1.0,
        "sum_limited": cells.threshold,
        "sum_limited_squared": cells.threshold**2,
        "sum_cost": mean,
        "sum_cost_squared": square,
    }
    table = cells.table.assign(
        **{name: cells.table[name].astype(float) - people * value for name, value in each.items()}
    )
    return replace(cells, table=table, costs=cells.costs.iloc[:-1])


def cautions(resting: pd.DataFrame) -> list[str]:
    """Return a sentence for each way in which much rests on few people, or on nobody seen.

    Parameters
    ----------
    resting : DataFrame
        From `resting_on_few`.
    """
    value, sentences = resting["value"], []
    if value["beyond"] > MUCH_BEYOND:
        low, high = (float(resting[end]["beyond"]) for end in ("low", "high"))
        sentences.append(
            f"{value['beyond']:.0%} ({low:.0%} to {high:.0%}) of what decides the size comes from "
            "costs above any seen here. It rests on the tails of other populations; the interval "
            "allows for that, and more people would narrow it."
        )
    if value["costliest_each"] > MUCH_OF_ONE:
        sentences.append(
            f"Each of the {value['costliest_people']:.0f} costliest people brings about "
            f"{value['costliest_each']:.1%} of what decides the size; other years will have others."
        )
    return sentences
