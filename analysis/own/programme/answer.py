"""All that is said of a reader's own groups, in one place: for a terminal and for machines."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.intervals import median_and_interval
from analysis.models.growth.priors import HORIZON_YEARS
from analysis.own.programme.exits import exits
from analysis.own.programme.fitting import OwnGrowth, fit_groups, growth_rows
from analysis.own.programme.measures import (
    KEYS,
    curve_table,
    narrowing,
    prior_course,
    probabilities,
    time_to_target,
)
from analysis.own.programme.settings import Target, ends, growth_worth_naming, trends
from analysis.own.programme.table import OwnGroups

type Summary = dict[str, float]
"""``value``, ``low`` and ``high``: the median and the ends of the project's interval."""


@dataclass(frozen=True)
class Answer:
    """What is said of a reader's own groups; rates in percent of the benchmark.

    Attributes
    ----------
    last_seen : int
        Most years since the start that were seen.
    time, prior_time : dict
        Years to the target, after and before the table was seen.
    beyond : float
        Of the probability that the target is reached, the share that lies after `last_seen`.
    narrowing : float
        See `analysis.own.programme.measures`.
    seen_gain, gain : dict
        From the first year to the last seen, and to the tenth.
    calendar : tuple of float
        Ends of the calendar trend that was assumed, points per year.
    nothing_learned : dict
        Calendar trend at which nothing was learned, points per year.
    curve : DataFrame
        See `curve_table`.
    exits : dict or None
        ``left``, ``began``, ``gap``, and ``added`` to the mean in the last year seen.
    left_out : int
        Rows of the table in which a number is not available.
    """

    groups: int
    rows: int
    last_seen: int
    time: Summary
    prior_time: Summary
    probabilities: dict[str, float]
    prior_probabilities: dict[str, float]
    beyond: float
    narrowing: float
    seen_gain: Summary
    gain: Summary
    calendar: tuple[float, float]
    nothing_learned: Summary
    curve: pd.DataFrame
    exits: dict[str, object] | None
    effective_draws: float
    left_out: int


def answer(
    groups: OwnGroups,
    target: Target | None = None,
    calendar: tuple[float, float] | None = None,
) -> Answer:
    """Fit the growth of a reader's own groups, and say what follows.

    Parameters
    ----------
    target : Target, optional
        The book's by default.
    calendar : tuple of float, optional
        Low and high end of the calendar trend, points per year; the book's by default.
    """
    period, cohort = trends(calendar)
    growth = fit_groups(growth_rows(groups, period, cohort))
    prior, worth = prior_course(growth), growth_worth_naming()
    time, before = (time_to_target(each, target or Target(), worth) for each in (growth, prior))
    left, last = exits(groups, growth), int(groups.table["elapsed"].max())
    reached = np.isfinite(time)
    exit_record = None
    if left is not None:
        added = summary(left.added[:, last])
        exit_record = {"left": left.left, "began": left.began, "gap": left.gap, "added": added}
    return Answer(
        groups=int(groups.table["group"].nunique()),
        rows=len(groups.table),
        last_seen=last,
        time=summary(time),
        prior_time=summary(before),
        probabilities=probabilities(time),
        prior_probabilities=probabilities(before),
        beyond=float((time[reached] > last).mean()) if reached.any() else float("nan"),
        narrowing=narrowing(growth, prior),
        seen_gain=summary(np.diff(growth.curve(np.array([0, last])), axis=1)[:, 0]),
        gain=summary(growth.gain),
        calendar=ends(period),
        nothing_learned=summary(_nothing_learned(growth)),
        curve=curve_table(groups, growth, left),
        exits=exit_record,
        effective_draws=growth.effective,
        left_out=groups.left_out,
    )


def _nothing_learned(growth: OwnGrowth) -> np.ndarray:
    """Rise within cohorts a year: a calendar trend that would explain all of it."""
    return growth.gain / HORIZON_YEARS + growth.period_trend


def summary(draws: np.ndarray) -> Summary:
    """Return median and ends of the interval by name.

    Parameters
    ----------
    draws : ndarray, shape (draw,)
    """
    return {
        key: float(value)
        for key, value in zip(KEYS, median_and_interval(draws, axis=0), strict=True)
    }
