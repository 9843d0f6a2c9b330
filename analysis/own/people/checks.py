"""Whether the model fits a reader's cells, and what these cells cannot tell."""

import numpy as np
import pandas as pd

from analysis.evidence.catalogue import table
from analysis.intervals import median_and_interval
from analysis.own.people.example import THRESHOLD
from analysis.own.people.measures import exact_costs
from analysis.own.people.own_fit import OwnFit
from analysis.own.people.settings import Settings, default_settings
from analysis.population.disclosure.merging import MERGED
from analysis.tables.column_roles import is_named

MEAN_APART, K_APART = 0.02, 0.10
"""Differences between model and data from which a report warns: of the mean cost, and of k."""

FEW_LARGE = 500
"""Fewer people above the threshold than this leave the tail to the prior."""

HIDDEN_TAIL = 0.1
"""A larger share of large costs without an upper end is worth saying."""


def mean_costs(fitted: OwnFit, settings: Settings) -> pd.DataFrame:
    """Return observed and modelled mean cost of each group of the first factors.

    Returns
    -------
    DataFrame, one row a group
        ``group``, ``people``, ``observed``, ``model``, ``low``, ``high``.
    """
    table = fitted.cells.table
    by = list(fitted.cells.factors[: 2 if fitted.crossed else 1])
    labels = table[by].astype(str).agg(" · ".join, axis=1)
    groups = sorted(labels.unique())
    member = (labels.to_numpy()[:, None] == np.array(groups)) * table["n"].to_numpy(float)[:, None]
    people = member.sum(axis=0)
    mean = exact_costs(fitted, settings).mean() @ member / people
    spread = median_and_interval(mean, axis=0)
    observed = table["sum_cost"].to_numpy(float) @ (member > 0) / people
    return pd.DataFrame(
        {
            "group": groups,
            "people": people.astype(int),
            "observed": observed,
            "model": spread[0],
            "low": spread[1],
            "high": spread[2],
        }
    )


def observed_variation(fitted: OwnFit, settings: Settings) -> pd.DataFrame:
    """Return mean cost and k of the costs themselves beside those of the model.

    Returns
    -------
    DataFrame, one row a measure
        Index ``mean_cost`` and, where any cell shows its sum of squares, ``k_shown`` (within the
        cells that do); columns ``observed``, ``model``, ``low``, ``high``.
    """
    table, costs = fitted.cells.table, exact_costs(fitted, settings)
    n, total = table["n"].to_numpy(float), table["sum_cost"].to_numpy(float)
    rows = {
        "mean_cost": (
            total.sum() / n.sum(),
            *median_and_interval(costs.population_mean()[:, 0], axis=0),
        )
    }
    squares = table["sum_cost_squared"].to_numpy(float)
    shows_squares = np.isfinite(squares)
    if shows_squares.any():
        n, total, squares = n[shows_squares], total[shows_squares], squares[shows_squares]
        weight = n / n.sum()
        observed_variance = np.maximum(squares / n - (total / n) ** 2, 0.0)
        k = np.sqrt(weight @ observed_variance) / (total.sum() / n.sum())
        mean, variance = costs.mean()[:, shows_squares], costs.variance()[:, shows_squares]
        rows["k_shown"] = (
            k,
            *median_and_interval(np.sqrt(variance @ weight) / (mean @ weight), axis=0),
        )
    columns = ["observed", "model", "low", "high"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def misfits(measures: pd.DataFrame) -> list[str]:
    """Return a warning for each way in which model and costs differ by more than they may.

    Parameters
    ----------
    measures : DataFrame
        From `observed_variation`.

    Returns
    -------
    list of str
        Sentences; empty where the model fits.
    """
    apart = (measures["model"] / measures["observed"].replace(0, np.nan) - 1).fillna(0.0)
    warnings = []
    for name, most, words in (
        ("mean_cost", MEAN_APART, "mean cost"),
        ("k_shown", K_APART, "k, the relative spread of costs,"),
    ):
        if name in apart.index and abs(apart[name]) > most:
            more = "above" if apart[name] > 0 else "below"
            warnings.append(
                f"The model's {words} is {abs(apart[name]):.0%} {more} that of the costs "
                "themselves."
            )
    if warnings:
        warnings[-1] += (
            " Do not use the answers as they stand. Make the cells again at half and at twice "
            "their threshold, and with fewer groups (all kept inside: together they show more than "
            "one does), and take everything from the lowest end of the answers to the highest."
        )
    return warnings


def cannot_tell(fitted: OwnFit, settings: Settings) -> list[str]:
    """Return what these data cannot say, as sentences."""
    usual = settings.lasting == default_settings().lasting
    limits = [
        "One year of one population does not show how far pools differ for good: "
        f"{100 * settings.lasting:g}% of the budget (one standard deviation) is assumed"
        f"{', as estimated for US organisations' if usual else ' as asked for'}. Costs of the same "
        "pools over several years would show it.",
        "People are taken to be independent. Families, epidemics and prices that rise for all "
        "make pools riskier than is said here.",
        "Budgets are taken to be right on average. An error in setting them comes on top.",
        "Every row counts as evidence of its own: no design effects are allowed for. Whoever has "
        "several rows counts as several people, and members of one family or practice may be "
        "alike; then the intervals are too narrow.",
    ]
    limits.append(_start_of_tail(fitted))
    limits += _missing_factors(fitted)
    large = int(fitted.cells.table["n_tail"].sum())
    few = large < FEW_LARGE
    limits.append(
        f"{large:,} people cost more than {fitted.cells.threshold:,.10g}. What happens far above "
        f"rests on the form of the tail, on the largest possible cost ({settings.maximum:,.10g} "
        "times the mean, assumed)"
        + (", and, with so few of them, on what large US claims of 1991 were like." if few else ".")
    )
    if (hidden := hidden_tail(fitted)) > HIDDEN_TAIL:
        limits.append(
            f"Of {hidden:.0%} of those people no more can be seen than that they lie above some "
            "amount: where fewer than the least number of people of a group are so costly, they "
            "are not shown apart. Cells of fewer groups, or more people, show more of the tail."
        )
    if share := _merged_share(fitted):
        limits.append(
            f"{share:.0%} of the people are in groups that were merged to keep small numbers "
            "from leaving; within those groups nothing is adjusted for, so k is a little high."
        )
    return limits


def _start_of_tail(fitted: OwnFit) -> str:
    """What the interval takes as given, and how much it mattered where the truth is known."""
    counted = table("own_data_coverage", "coverage")
    few = counted[counted["people"] == counted["people"].min()].set_index("start")
    bias = {start: few.loc[start, "bias_percent"] for start in few.index if start != "automatic"}
    words = " and ".join(
        f"{abs(value):.0f}% too {'large' if value > 0 else 'small'} where it was taken to begin at "
        f"{float(start) / THRESHOLD:g} times the true amount"
        for start, value in bias.items()
    )
    return (
        f"Where the tail begins ({fitted.cells.threshold:,.10g}) is a choice, and the intervals "
        f"take it as given. On invented people minimum size came out {words} (median of samples "
        f"of {counted['people'].min():,}). Make cells at half and at twice the threshold too, and "
        "take everything from the lowest end of the answers to the highest."
    )


def hidden_tail(fitted: OwnFit) -> float:
    """Return the share of people with large costs whose cost has no upper end in the cells.

    Returns
    -------
    float
        0 where nobody has a large cost.
    """
    counts = fitted.cells.tail_counts
    open_ended = counts[np.isinf(fitted.cells.tail_upper())].sum()
    return float(open_ended / max(counts.sum(), 1))


def _missing_factors(fitted: OwnFit) -> list[str]:
    """What a budget formula could know, and these cells do not."""
    names = ", ".join(fitted.cells.factors)
    lacks = {
        role: not any(is_named(role, name) for name in fitted.cells.factors)
        for role in ("prior_cost", "health", "age")
    }
    limits = []
    if lacks["prior_cost"]:
        limits.append(
            f"Nothing in {names} is named like last year's cost, so what paying for it would "
            "explain, and whom pools could choose by it, is not shown."
        )
    if lacks["health"]:
        limits.append(
            f"Nothing in {names} is named like health, so sicker pools, and what they would lose, "
            "are not shown."
        )
    if lacks["age"]:
        limits.append(f"Nothing in {names} is named like age; budgets nearly always know it.")
    return limits


def _merged_share(fitted: OwnFit) -> float:
    table = fitted.cells.table
    merged = (table[list(fitted.cells.factors)] == MERGED).any(axis=1)
    return float(table["n"][merged].sum() / table["n"].sum())
