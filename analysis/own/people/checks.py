"""What a reader's costs show beside the model, and what they cannot tell."""

import numpy as np
import pandas as pd

from analysis.fits.annual_costs import MOST_CROSSED
from analysis.intervals import median_and_interval
from analysis.own.people.fitting import OwnFit
from analysis.own.people.measures import exact_costs
from analysis.own.people.observed import observed_costs, observed_k, observed_k_within
from analysis.own.people.settings import Settings, default_settings
from analysis.population.disclosure.merging import MERGED
from analysis.risk.adjustment import variation
from analysis.tables.column_roles import is_named


def shown_factors(fitted: OwnFit) -> list[str]:
    """Return the factors whose groups are shown: the first two where they have few levels."""
    first_two = list(fitted.cells.factors[:2])
    groups = len(fitted.cells.table[first_two].drop_duplicates())
    return first_two if groups <= MOST_CROSSED else first_two[:1]


def mean_costs(fitted: OwnFit, settings: Settings) -> pd.DataFrame:
    """Return observed and modelled mean cost of each group of the first factors.

    Returns
    -------
    DataFrame, one row a group
        ``group``, ``people``, ``observed``, ``model``, ``low``, ``high``.
    """
    table = fitted.cells.table
    labels = table[shown_factors(fitted)].astype(str).agg(" · ".join, axis=1)
    groups = sorted(labels.unique())
    member = (labels.to_numpy()[:, None] == np.array(groups)) * table["n"].to_numpy(float)[:, None]
    people = member.sum(axis=0)
    mean = exact_costs(fitted, settings).mean() @ member / people
    spread = median_and_interval(mean, axis=0)
    return pd.DataFrame(
        {
            "group": groups,
            "people": people.astype(int),
            "observed": observed_costs(fitted.cells) @ member / people,
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
        Index ``mean_cost``, ``k`` (one budget for everybody) and ``k_within`` (budgets that follow
        the cells); columns ``observed``, ``model``, ``low``, ``high``.
    """
    cells, costs = fitted.cells, fitted.costs(settings.maximum)
    modelled = {
        "mean_cost": (cells.mean_cost(), costs.population_mean()[:, 0]),
        "k": (observed_k(cells), variation(costs, adjusted=False)),
        "k_within": (observed_k_within(cells), variation(costs, adjusted=True)),
    }
    rows = {
        name: (seen, *median_and_interval(draws, axis=0))
        for name, (seen, draws) in modelled.items()
    }
    columns = ["observed", "model", "low", "high"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def cannot_tell(fitted: OwnFit, settings: Settings) -> list[str]:
    """Return what these data cannot say, as sentences."""
    usual = settings.lasting == default_settings().lasting
    limits = [
        "One year of one population does not show how far pools differ lastingly: "
        f"{100 * settings.lasting:g}% of the budget (one standard deviation) is assumed"
        f"{', as estimated for US organisations' if usual else ' as asked for'}. Costs of the same "
        "pools over several years would show it.",
        "People are taken to be independent. Families, epidemics and prices that rise for all "
        "make pools riskier than is said here.",
        "Budgets are taken to be right on average. An error in setting them comes on top.",
        "Every row counts as evidence of its own. Whoever has several rows counts as several "
        "people, and members of one family or practice may be alike; then the intervals are too "
        "narrow.",
        "What happens above the costliest people seen is not in these costs: how fast the tail "
        "falls there is learned from other populations too, and no person is taken to cost more "
        f"than {settings.maximum:,.10g} times the mean. The intervals allow for both.",
    ]
    limits += _missing_factors(fitted)
    if share := _merged_share(fitted):
        limits.append(
            f"{share:.0%} of the people are in groups that were merged to keep small numbers "
            "from leaving; within those groups nothing is adjusted for, so k is a little high."
        )
    return limits


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
        limits.append(
            f"Nothing in {names} is named like age: budgets nearly always know it, and other "
            "populations cannot be compared at the same ages."
        )
    return limits


def _merged_share(fitted: OwnFit) -> float:
    table = fitted.cells.table
    merged = (table[list(fitted.cells.factors)] == MERGED).any(axis=1)
    return float(table["n"][merged].sum() / table["n"].sum())
