"""Simulated savings of groups of one size, over what is uncertain about growth and luck."""

from collections.abc import Sequence

import numpy as np

from analysis.chapters.five_to_ten_years.growth_measures import growth_curve
from analysis.chapters.five_to_ten_years.phase_in import SavingsPaths, savings_paths
from analysis.evidence.assumed_draws import assumed_draws
from analysis.fits.savings_growth import GrowthFit
from analysis.models.savings.components import SpreadComponents
from analysis.risk.performance import PerformanceNoise
from analysis.seeds import seed_for

PERCENT = 100.0


def programme_paths(
    fitted: GrowthFit, parts: SpreadComponents, people: int, years: int, draws: int, groups: int
) -> list[SavingsPaths]:
    """Return simulated groups, one set a draw, equally spaced among the draws of each fit.

    Parameters
    ----------
    fitted : GrowthFit
        Growth of savings by year in the programme.
    parts : SpreadComponents
        Draws of what makes groups differ, percentage points and shares of the benchmark.
    people, years, draws, groups : int
        Size of a group; years that it is followed; draws; groups for each draw.

    Returns
    -------
    list of SavingsPaths
        Shares of the budget.
    """
    parts = parts.at(people)
    gain = growth_curve(fitted, np.arange(years))
    gain = (gain - gain[:, :1])[_equally_spaced(len(gain), draws)] / PERCENT
    first = assumed_draws(["first_year_saving", "phase_in_reserve"], draws)["first_year_saving"]
    return [
        savings_paths(
            first[draw] + gain[draw],
            float(np.ravel(parts.permanent)[place]) / PERCENT,
            _noise(parts, place, people),
            groups,
            np.random.default_rng(seed_for(f"phase-in-{draw}")),
        )
        for draw, place in enumerate(_equally_spaced(np.size(parts.kept), draws))
    ]


def _equally_spaced(size: int, draws: int) -> np.ndarray:
    return np.linspace(0, size - 1, draws).astype(int)


def _noise(parts: SpreadComponents, place: int, people: int) -> PerformanceNoise:
    names = ("yearly", "k_renewed", "fading", "kept")
    yearly, k_renewed, fading, share_kept = (
        np.ravel(getattr(parts, name))[place] for name in names
    )
    return PerformanceNoise(
        np.hypot(yearly / PERCENT, k_renewed / np.sqrt(people)), fading / PERCENT, share_kept
    )


def by_draw(results: Sequence[object], field: str, year: int | None = None) -> np.ndarray:
    """Return one field of a result for each draw, in a year of the programme where it has years."""
    values = np.array([getattr(result, field) for result in results])
    return values if year is None else values[:, year - 1]
