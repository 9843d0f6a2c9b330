"""What a reader asks for and assumes of their own groups; the book's choices are the defaults."""

from dataclasses import dataclass

import numpy as np

from analysis.errors import InputError
from analysis.evidence.assumptions import assumption
from analysis.intervals import normal_half_width, normal_spread

TARGET_SHARE = 0.8
"""Of the eventual gain: the book's reading of *highly competent*."""

LARGEST_TREND = 10.0


@dataclass(frozen=True)
class Target:
    """What must be reached.

    Attributes
    ----------
    share : float
        Of the gain from the first year to the plateau, above 0 and below 1; counts where `saving`
        is None.
    saving : float, optional
        Mean saving, percent of the benchmark.
    """

    share: float = TARGET_SHARE
    saving: float | None = None

    def __post_init__(self) -> None:
        """Refuse targets outside their range."""
        if not 0.05 <= self.share <= 0.99:
            raise InputError(f"target {100 * self.share:g}: give 5 to 99 percent of the gain")
        if self.saving is not None and not -100 <= self.saving <= 100:
            raise InputError(f"saving {self.saving:g}: give -100 to 100 percent of the benchmark")


def growth_worth_naming() -> float:
    """Return the smallest gain over ten years that counts as growth, percentage points."""
    return assumption("growth_worth_naming").value


def trends(
    calendar: tuple[float, float] | None = None,
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the priors of the two trends that no table can tell from growth.

    Parameters
    ----------
    calendar : tuple of float, optional
        Low and high end of the interval of the calendar trend, points per year; the book's
        by default.

    Returns
    -------
    period_trend, cohort_trend : tuple of float
        Mean and standard deviation, percentage points per year.
    """
    outside, cohorts = assumption("growth_calendar_trend"), assumption("growth_cohort_trend")
    if calendar is None:
        return outside.as_normal(), cohorts.as_normal()
    low, high = calendar
    if not -LARGEST_TREND <= low <= high <= LARGEST_TREND:
        raise InputError(
            f"calendar trend {low:g},{high:g}: give a low and a high end between "
            f"{-LARGEST_TREND:g} and {LARGEST_TREND:g} points a year"
        )
    return ((low + high) / 2, normal_spread(low, high)), cohorts.as_normal()


def ends(trend: tuple[float, float]) -> tuple[float, float]:
    """Return the ends of the interval of a trend.

    Parameters
    ----------
    trend : tuple of float
        Mean and standard deviation.
    """
    half = normal_half_width() * trend[1]
    return float(np.round(trend[0] - half, 6)), float(np.round(trend[0] + half, 6))
