"""Forecast means of groups of organisations, by years in the programme and by size."""

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.chapters.forecast.cohort_forecast import CohortForecast, flat_draws
from analysis.models.growth.priors import PER_TEN_THOUSAND
from analysis.models.savings.components import PERCENTAGE_POINTS
from analysis.seeds import seed_for

if TYPE_CHECKING:
    from analysis.fits.savings_components import MsspComponents
    from analysis.fits.savings_growth import GrowthFit, Programme

SIZE_EDGES = (0, 8_000, 15_000, 30_000, 10_000_000)
"""Beneficiaries at which size groups begin; the last is above any organisation."""

PROGRAMME_YEARS = {
    "year 1": (1, 1),
    "years 2-3": (2, 3),
    "years 4-6": (4, 6),
    "years 7-9": (7, 9),
    "year 10 and later": (10, 99),
    "all": (1, 99),
}
"""Groups of organisations by year in the programme."""

RATIO_YEARS = 5
"""Years from which it is told how far a group scatters against all."""

type GroupMeans = dict[tuple[int, str], tuple[np.ndarray, float]]
"""Performance year and group, to draws of the mean (percentage points) and the mean of 1/N."""


def group_means(forecast: CohortForecast) -> GroupMeans:
    """Return forecast means of groups by year in the programme."""
    rows = forecast.rows
    means: GroupMeans = {}
    for year in sorted(rows["performance_year"].unique()):
        for label, (first, last) in PROGRAMME_YEARS.items():
            inside = rows["elapsed"].between(first - 1, last - 1) & (
                rows["performance_year"] == year
            )
            if inside.any():
                weight = rows["n"].to_numpy(float) * inside
                means[int(year), label] = (
                    forecast.draws @ weight / weight.sum(),
                    float(rows["inverse_size"] @ weight / weight.sum()),
                )
    return means


def size_groups(
    forecast: CohortForecast, programme: "Programme", fitted: "GrowthFit", last_year: int
) -> GroupMeans:
    """Return forecast means of groups by size: the mean of all, and the effect of size.

    Parameters
    ----------
    last_year : int
        Year whose sizes are taken.
    """
    bands = programme.cross_section
    bands = bands[bands["performance_year"] == last_year]
    size_effect = flat_draws(fitted, np.random.default_rng(seed_for("forecast-size")))["size"]
    means: GroupMeans = {}
    for (year, label), (draws, inverse_size) in group_means(forecast).items():
        if label != "all":
            continue
        for low, high in pairwise(SIZE_EDGES):
            inside = bands[bands["size_low"].between(low, high - 1)]
            own = float(inside["inverse_size_sum"].sum() / inside["n_acos"].sum())
            shift = PER_TEN_THOUSAND * (own - inverse_size)
            means[year, size_label(low, high)] = (draws + size_effect * shift, own)
    return means


def size_label(low: int, high: int) -> str:
    """Return the name of a group of organisations from one size to below another."""
    if high == SIZE_EDGES[-1]:
        return f"{low:,} people and more"
    return f"under {high:,} people" if low == 0 else f"{low:,} to {high - 1:,} people"


def spread_ratios(seen: pd.DataFrame, group: str, last_year: int) -> np.ndarray:
    """Return how far a group scattered against all, in the last years in which it was seen.

    Newcomers differ less from one another than the rest: the forecast of November 2026 did not
    know that, and its spread of newcomers was too wide.

    Parameters
    ----------
    seen : DataFrame
        From `outcomes`.

    Returns
    -------
    ndarray, shape (year,)
        At most `RATIO_YEARS` of them.
    """
    spread = seen.pivot_table("spread", "year", "group").loc[:last_year]
    return (spread[group] / spread["all"]).dropna().to_numpy()[-RATIO_YEARS:]


def rate_spread(
    components: "MsspComponents",
    inverse_size: float,
    ratios: np.ndarray,
    generator: np.random.Generator,
) -> np.ndarray:
    """Return draws of the spread of savings rates in a year not seen yet, percentage points.

    Scales of years, and the group's ratio, are drawn from those of the past.

    Parameters
    ----------
    inverse_size : float
        Mean of 1/N of all organisations, or of those of one size.
    ratios : ndarray, shape (year,)
        From `spread_ratios`; ones where size alone sets a group apart.
    """
    spread = PERCENTAGE_POINTS * components.spread(1 / inverse_size).to_numpy().ravel()
    scales = np.exp(components.fit.posterior["log_year_scale"].to_numpy())
    scales = scales.reshape(-1, scales.shape[-1])
    some_year = generator.integers(scales.shape[1], size=len(scales))
    ratio = ratios[generator.integers(len(ratios), size=len(scales))]
    return spread * scales[np.arange(len(scales)), some_year] * ratio
