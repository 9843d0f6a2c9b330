"""The scale on which growth is stated, and its priors."""

from dataclasses import dataclass

HORIZON_YEARS = 9.0
"""Years over which the gain is measured: from the first to the tenth year in the programme."""

REFERENCE_PEOPLE = 15_000.0
"""Size of organisation for which levels are stated."""

GAIN_COLUMN, SIZE_COLUMN = 1, 4
"""Places of the gain and of the coefficient of size among the coefficients."""

PER_TEN_THOUSAND = 1e4
"""Inverse sizes enter as ten thousand over N, so that their coefficient is of order one."""


@dataclass(frozen=True)
class GrowthPriors:
    """Priors of growth.

    Attributes
    ----------
    gain_points : float
        Standard deviation of the gain over the horizon, which may be negative: points.
    years_to_80pct : tuple of float
        Median and standard deviation of the logarithm of the years to 80 % of the plateau. The
        default puts a third on five to ten years, a third below and a third above.
    level_points, size_points : float
        Standard deviations of the middle level and of the coefficient of 10,000 / N.
    period_points, cohort_points : float
        Scales of the half-normal priors of how years and cohorts scatter around their trends.
    dispersion : float
        Standard deviation of the logarithm of what sampling errors are multiplied by, squared.
    """

    gain_points: float = 5.0
    years_to_80pct: tuple[float, float] = (7.0, 0.8)
    level_points: float = 3.0
    size_points: float = 2.0
    period_points: float = 1.0
    cohort_points: float = 1.0
    dispersion: float = 0.7
