"""What the chapter's tables and figures list: ratios and profits by group of people, and scores."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.intervals import interval_columns, normal_half_width
from analysis.models.annual_cost.tail_shapes import NewShape
from analysis.report.draws_text import interval_text, values_text
from analysis.risk.adjustment import explained_share
from analysis.risk.cost_distribution import CostDistribution
from analysis.risk.scores import ratios_with_interval
from analysis.settings import INTERVAL


def ratios_by_formula(
    cost: np.ndarray,
    budgets: Mapping[str, np.ndarray],
    groups: Mapping[str, np.ndarray],
    person: np.ndarray,
    seed: int,
) -> pd.DataFrame:
    """Return predicted over observed cost by ``group`` and ``formula``, with intervals.

    Parameters
    ----------
    cost : ndarray, shape (row,)
        Observed annual cost, US dollars.
    budgets, groups : mapping of ndarray, shape (row,)
        Predicted cost, US dollars, and group of each row, by formula.
    person : ndarray, shape (row,)
        Identifiers; all rows of a person are drawn together.
    """
    return pd.concat(
        ratios_with_interval(cost, budgets[formula], labels, person, seed)
        .rename_axis("group")
        .reset_index()
        .assign(formula=formula)
        for formula, labels in groups.items()
    )


def share_off(ratios: pd.DataFrame) -> float:
    """Return the share of groups whose interval leaves out 1."""
    return float(((ratios["low"] > 1) | (ratios["high"] < 1)).mean())


def share_off_by_seed(tables: list[pd.DataFrame]) -> float:
    """Return the Monte Carlo standard error of `share_off`: at least that of one group."""
    spread = float(np.std([share_off(table) for table in tables], ddof=1))
    return max(spread, 1 / len(tables[0]))


def profit_by_tenth(profit: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Return profit a head by tenth of people, with intervals.

    Parameters
    ----------
    profit : mapping of ndarray, shape (draw, tenth)
        Percent of the mean cost, by formula.
    """
    return pd.concat(
        pd.DataFrame(
            {
                "formula": formula,
                "tenth": range(1, draws.shape[1] + 1),
                **interval_columns("profit_percent", draws),
            }
        ).rename(columns={"profit_percent_low": "low", "profit_percent_high": "high"})
        for formula, draws in profit.items()
    )


def gain_text(gain: float, standard_error: float) -> str:
    """Return a gain in log score with half the width of its interval, as ``+12 ± 5``."""
    if not standard_error:
        return "0"
    return f"{gain:+.0f} ± {normal_half_width() * standard_error:.0f}".replace("-", "−")


def prior_text(shape: NewShape) -> str:
    """Return median and interval of what is known of a tail's shape before its people are seen."""
    low, high = shape.quantile((1 - INTERVAL) / 2), shape.quantile((1 + INTERVAL) / 2)
    return values_text(shape.quantile(0.5), low, high, decimals=2)


def explained_texts(explained: Mapping[str, np.ndarray]) -> list[str]:
    """Return shares explained, in percent, and the cut of k by the last (richest) formula."""
    *_, richest = explained.values()
    cut_of_k = 100 * (1 - np.sqrt(1 - richest))
    percentages = [*(100 * share for share in explained.values()), cut_of_k]
    return [interval_text(draws, decimals=1) for draws in percentages]


def explained_by(costs: Mapping[str, CostDistribution]) -> dict[str, np.ndarray]:
    """Return the share of variance explained by draw, of each formula."""
    return {formula: explained_share(distribution) for formula, distribution in costs.items()}
