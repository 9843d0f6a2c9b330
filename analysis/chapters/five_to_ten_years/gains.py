"""Gains by stretches of five years, and whether the later one is smaller: no form of growth."""

import numpy as np
import pandas as pd

from analysis.intervals import median_and_interval
from analysis.models.growth.free_form import FreeGrowth
from analysis.seeds import seed_for

DRAWS = 20_000

STRETCH = 4
"""Steps from the first to the fifth of five years."""

LATER_STARTS = (5, 6, 7, 8)
"""Years since the first at which later stretches of five years begin: the sixth to the ninth."""


def growth_draws(free: FreeGrowth, calendar_trend: float) -> np.ndarray:
    """Return draws of growth since the first year, shape (draw, year), points.

    The same chance for every trend, so that differences between trends are exact.

    Parameters
    ----------
    calendar_trend : float
        Points a year.
    """
    return free.draws(calendar_trend, DRAWS, np.random.default_rng(seed_for("growth-free-form")))


def gain(growth: np.ndarray, start: int) -> np.ndarray:
    """Return the gain over five years, shape (draw,), that begin so many years after the first."""
    return np.asarray(growth[:, start + STRETCH] - growth[:, start])


def bend(growth: np.ndarray, start: int) -> np.ndarray:
    """Return the gain of later five years less that of the first five, shape (draw,).

    Both take four steps, so that a straight calendar trend cancels: the same under every one.
    """
    return gain(growth, start) - gain(growth, 0)


def plateau_bend(total: float, years_to_80pct: float, start: int = LATER_STARTS[0]) -> float:
    """Return the bend that an approach to a plateau has, given the gain from year one to ten.

    Parameters
    ----------
    total : float
        Gain from the first to the tenth year, points.
    """
    reached = 1 - 5 ** (-np.arange(start + STRETCH + 1) / years_to_80pct)
    share = reached / (1 - 5 ** (-9 / years_to_80pct))
    return float(total * bend(share[None], start)[0])


def growth_frame(free: FreeGrowth, trends: dict[str, float]) -> pd.DataFrame:
    """Return growth since the first year by trend and year in the programme, with intervals.

    Returns
    -------
    DataFrame
        ``trend`` (points a year), ``programme_year``, ``gain``, ``low``, ``high``.
    """
    frames = []
    for trend in trends.values():
        middle, low, high = median_and_interval(growth_draws(free, trend), axis=0)
        year = np.arange(1, len(middle) + 1)
        columns = {"trend": trend, "programme_year": year}
        frames.append(pd.DataFrame(columns | {"gain": middle, "low": low, "high": high}))
    return pd.concat(frames, ignore_index=True)
