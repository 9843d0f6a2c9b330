"""How the answer depends on the calendar trend, which the data alone cannot tell from growth."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.fits.savings_components import MsspComponents
from analysis.fits.savings_growth import known_spread
from analysis.models.growth.cohorts import KnownSpread, exit_shift
from analysis.report.monte_carlo import Simulated

MEDIAN_WINDOW, SHARE_WINDOW = 400, 500
"""Neighbouring draws over which a median and a share are taken."""

FEWEST_YEARS, MOST_YEARS = 5, 10
"""The suggestion's: at least five to ten years."""

LATE = 5
"""Years since the first from which a cohort counts as late."""


@dataclass(frozen=True)
class TrendTurn:
    """Where the time until savings are made turns with the calendar trend.

    Attributes
    ----------
    shortest_trend : float or None
        Percentage points a year, from which up the median time is ten years or less.
    best_trend : float
        Trend at which five to ten years are most probable.
    best_probability : float
        And how probable they are there.
    """

    shortest_trend: float | None
    best_trend: float
    best_probability: float


def trend_turn(years: np.ndarray, calendar_trend: np.ndarray) -> TrendTurn:
    """Return it from joint draws, sorted by trend and smoothed over neighbours.

    Parameters
    ----------
    years : ndarray, shape (draw,)
        Until 80 % of the plateau; may be infinite.
    calendar_trend : ndarray, shape (draw,)
        Percentage points a year.
    """
    order = np.argsort(calendar_trend)
    trend, time = calendar_trend[order], years[order]
    median = pd.Series(time).rolling(MEDIAN_WINDOW, center=True).median().to_numpy()
    inside = pd.Series(between(time, FEWEST_YEARS, MOST_YEARS).astype(float))
    share = inside.rolling(SHARE_WINDOW, center=True).mean().to_numpy()
    best = int(np.nanargmax(share))
    fast = trend[median <= MOST_YEARS]
    return TrendTurn(
        float(fast.min()) if fast.size else None, float(trend[best]), float(share[best])
    )


def between(years: np.ndarray, low: float, high: float) -> np.ndarray:
    """Return which draws lie between two times, ends included."""
    return (years >= low) & (years <= high)


def late_exit_shift(
    table: pd.DataFrame, known: KnownSpread, components: MsspComponents, blocks: int = 50
) -> Simulated:
    """Return what exits added to the mean saving of late cohorts, in percentage points.

    Its error is that of the mean over blocks of consecutive draws of the components.
    """
    draws = components.fit.posterior.sizes["draw"] // blocks
    shifts = [
        _late_shift(table, known_spread(components, slice(draws * block, draws * (block + 1))))
        for block in range(blocks)
    ]
    error = float(np.std(shifts, ddof=1)) / np.sqrt(blocks)
    return Simulated(_late_shift(table, known), error)


def _late_shift(table: pd.DataFrame, known: KnownSpread) -> float:
    late = table["elapsed"] >= LATE
    return float(np.average(exit_shift(table, known)[late], weights=table["n"][late]))


def probabilities_of_time(years: np.ndarray, weight: np.ndarray) -> dict[str, float]:
    """Return how probable it is that the time is short, as suggested, or long or endless.

    Parameters
    ----------
    weight : ndarray, shape (draw,)
        Of each draw of the years; adding up to one.
    """
    return {
        "Under five": float(weight[years < FEWEST_YEARS].sum()),
        "Five to ten": float(weight[between(years, FEWEST_YEARS, MOST_YEARS)].sum()),
        "Over ten or never": float(weight[years > MOST_YEARS].sum()),
    }
