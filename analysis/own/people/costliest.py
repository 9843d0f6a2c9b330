"""How much rests on the costliest few people: their part of the answer, and the answer without."""

from collections.abc import Callable
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


def costliest_person(cells: RiskCells) -> tuple[float, float, float]:
    """Return what the costliest person costs: about, at least and at most, in the currency.

    Released cells tell nobody's cost, but the people of the costliest bin and the mean and variance
    of their log cost; where every cell tells its sums, also their sum and sum of squares. The
    largest of N numbers is at most the root of N - 1 standard deviations above their mean
    (Samuelson 1968, JASA 63:1522), and the largest cost at least the sum of squares over the sum.
    Between these, as far above the lower edge of the bin as the largest of N draws of a Pareto tail
    lies on average: the mean of the logs times 1 + 1/2 + ... + 1/N (Rényi 1953).
    """
    edge, rows, people, log_mean, log_variance = (
        float(cells.costs[name].iloc[-1])
        for name in ("cost_above", "rows", "n", "mean_log", "variance_log")
    )
    mean, square = (float(bin_sums(cells, order)[-1]) / people for order in (1, 2))
    most = np.exp(log_mean + np.sqrt((rows - 1) * log_variance))
    if np.isfinite(cells.table[["sum_cost", "sum_cost_squared"]].to_numpy(float)).all():
        most = min(most, mean + np.sqrt((rows - 1) * max(square - mean**2, 0.0)))
    # Sums of a bin are rounded when it is released, so the two ends may cross by a little.
    least = min(square / mean, most)
    likely = edge * np.exp((log_mean - np.log(edge)) * (1 / np.arange(1, rows + 1)).sum())
    return float(np.clip(likely, least, most)), float(least), float(most)


def share_of_one(cells: RiskCells) -> tuple[float, float, float]:
    """Return what share of the second moment seen the costliest person brings.

    Returns
    -------
    tuple of float
        About, at least and at most. Where rows stand for several people, a person is a row of the
        usual weight of that bin.
    """
    weight = float(cells.costs["n"].iloc[-1] / cells.costs["rows"].iloc[-1])
    everything = float(bin_sums(cells, 2).sum())
    value, least, most = (weight * cost**2 / everything for cost in costliest_person(cells))
    return value, least, most


def without_costliest(cells: RiskCells) -> RiskCells:
    """Return cells without the people of the costliest bin."""
    gone = cells.costs.iloc[-1]
    mean, square = (bin_sums(cells, order)[-1] / gone["n"] for order in (1, 2))
    left = _without(cells, float(gone["n"]), mean, square)
    return replace(left, costs=cells.costs.iloc[:-1])


def without_one(cells: RiskCells) -> RiskCells:
    """Return cells without one person, who costs about as much as the costliest one."""
    top, cost = cells.costs.iloc[-1], costliest_person(cells)[0]
    weight, rows = float(top["n"] / top["rows"]), float(top["rows"])
    left = _without(cells, weight, cost, cost**2)
    away = np.log(cost) - top["mean_log"]
    mean = top["mean_log"] - away / (rows - 1)
    variance = rows / (rows - 1) * (top["variance_log"] - away**2 / (rows - 1))
    costs, last = cells.costs.copy(), cells.costs.index[-1]
    changed = {
        "rows": rows - 1,
        "n": top["n"] - weight,
        "mean_log": mean,
        "variance_log": max(variance, 0.0),
    }
    for name, value in changed.items():
        costs[name] = costs[name].astype(float)
        costs.loc[last, name] = value
    return replace(left, costs=costs)


def answer_without(
    fitted: OwnFit,
    settings: Settings,
    leave_out: Callable[[RiskCells], RiskCells] = without_costliest,
) -> pd.DataFrame:
    """Return k and minimum size when the costliest people are left out.

    Parameters
    ----------
    leave_out : callable
        `without_costliest` or `without_one`.

    Returns
    -------
    DataFrame, one row a measure
        Index ``k`` and ``people``, by chance alone and with budgets that follow the cells; columns
        ``value``, ``low``, ``high``.
    """
    without = fit_cells(leave_out(fitted.cells), fitted.manifest, new_shape=fitted.new_shape)
    costs = exact_costs(without, settings)
    size = smallest_pool(costs, settings.tolerance, settings.probability)
    k = variation(without.costs(settings.maximum), adjusted=True)
    rows = {
        name: median_and_interval(draws, axis=0) for name, draws in (("k", k), ("people", size))
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=["value", "low", "high"])


def _without(cells: RiskCells, number: float, mean: float, square: float) -> RiskCells:
    """Take so many people of a mean cost and mean square out of the cells, not the pooled table.

    Which cells they are in is not told: each is taken to have as many as of all people above the
    threshold.
    """
    gone = cells.costs.iloc[-1]
    above = cells.table["n_tail"].fillna(0).to_numpy(float)
    part = above / above.sum() if above.sum() else cells.share
    people = np.minimum(number * part, cells.table["n_positive"].to_numpy(float))
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
    return replace(cells, table=table)


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
