"""What the growth of a reader's own groups says: the curve, the time, and what is prior."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.intervals import median_and_interval
from analysis.models.growth.priors import HORIZON_YEARS
from analysis.own.programme.exits import Exits
from analysis.own.programme.fitting import OwnGrowth
from analysis.own.programme.settings import Target
from analysis.own.programme.table import OwnGroups
from analysis.seeds import seed_for

PRIOR_DRAWS = 100_000
SOON, LATE = 5.0, 10.0
"""Years that bound Casalino's "five to ten"."""

KEYS = ("value", "low", "high")


@dataclass(frozen=True)
class Course:
    """A course of growth: draws, of shape (draw,).

    Attributes
    ----------
    level, gain, years_to_80pct : ndarray
        As in `OwnGrowth`.
    """

    level: np.ndarray
    gain: np.ndarray
    years_to_80pct: np.ndarray


def prior_course(growth: OwnGrowth) -> Course:
    """Return what was believed before the table was seen."""
    generator = np.random.default_rng(seed_for("own-programme-prior"))
    scores = generator.standard_normal((3, PRIOR_DRAWS))
    priors = growth.model.priors
    median, log_sd = priors.years_to_80pct
    years, gain = median * np.exp(log_sd * scores[0]), priors.gain_points * scores[1]
    horizon = 1 - 5 ** (-HORIZON_YEARS / years)
    found, counts = np.unique(growth.model.rows.elapsed, return_counts=True)
    reached = (1 - 5 ** (-found / years[:, None])) @ counts / counts.sum() / horizon
    return Course(priors.level_points * scores[2] - gain * reached, gain, years)


def time_to_target(course: Course | OwnGrowth, target: Target, worth_naming: float) -> np.ndarray:
    """Return the years since the start after which the target is reached; infinite if never.

    Parameters
    ----------
    worth_naming : float
        Smallest gain over ten years that counts as growth, percentage points: with less, no share
        of it is ever reached.

    Returns
    -------
    ndarray, shape (draw,)
        Years; 0 where the first year reaches it.
    """
    constant = course.years_to_80pct / np.log(5)
    if target.saving is None:
        time = -constant * np.log1p(-target.share)
        return np.where(course.gain >= worth_naming, time, np.inf)
    plateau = course.gain / (1 - 5 ** (-HORIZON_YEARS / course.years_to_80pct))
    missing = target.saving - course.level
    with np.errstate(divide="ignore", invalid="ignore"):
        time = -constant * np.log1p(-missing / plateau)
    time = np.where((plateau > 0) & (missing < plateau), time, np.inf)
    return np.where(missing <= 0, 0.0, time)


def probabilities(time: np.ndarray) -> dict[str, float]:
    """Return the probabilities of Casalino's three spans, and of never.

    Parameters
    ----------
    time : ndarray, shape (draw,)
        Years.
    """
    late = np.isfinite(time) & (time > LATE)
    return {
        "under_5": float((time < SOON).mean()),
        "from_5_to_10": float(((time >= SOON) & (time <= LATE)).mean()),
        "over_10": float(late.mean()),
        "never": float(np.isinf(time).mean()),
    }


def curve_table(groups: OwnGroups, growth: OwnGrowth, left: Exits | None) -> pd.DataFrame:
    """Return the mean saving by years since the start.

    Returns
    -------
    DataFrame, one row a year, to the tenth or the last seen
        ``years_since_start``, ``groups`` (seen), ``raw`` (their mean rate), ``value``, ``low`` and
        ``high`` (ends of the interval of the mean, exits and calendar allowed for),
        ``exits_added``; all rates in percent of the benchmark.
    """
    seen_by_year = groups.table.groupby("elapsed")["rate"].agg(["size", "mean"])
    years = np.arange(max(int(seen_by_year.index.max()), int(HORIZON_YEARS)) + 1)
    seen_by_year = seen_by_year.reindex(years)
    frame = pd.DataFrame(
        {
            "years_since_start": years,
            "groups": seen_by_year["size"].fillna(0).astype(int).to_numpy(),
            "raw": seen_by_year["mean"].to_numpy(),
        }
        | dict(zip(KEYS, median_and_interval(growth.curve(years), axis=0), strict=True))
    )
    added = np.full(len(years), np.nan)
    if left is not None:
        added[: left.added.shape[1]] = left.added.mean(axis=0)
    return frame.assign(exits_added=added)


def narrowing(growth: OwnGrowth, prior: Course) -> float:
    """Return by how much the table narrowed what was believed of the time.

    Returns
    -------
    float
        One less the ratio of the standard deviations of the logarithm of the years to 80 %.
    """
    after, before = (np.log(each.years_to_80pct).std() for each in (growth, prior))
    return float(1 - after / before)
