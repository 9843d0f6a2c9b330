"""Fits of the growth of savings, under constraints on what data cannot tell apart."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.evidence import mssp
from analysis.evidence.assumptions import Assumption, assumption
from analysis.fits.savings_components import MsspComponents, mssp_components
from analysis.fits.specification import PublishedFit
from analysis.inference.builders import Builder
from analysis.inference.fitting import Fit, Sampler, fit
from analysis.intervals import normal_half_width
from analysis.models.growth.cohorts import KnownSpread, cohort_table
from analysis.models.growth.data import GrowthData, growth_data
from analysis.models.growth.priors import GrowthPriors
from analysis.models.savings.components import SpreadComponents

GROWTH = Builder("analysis.models.growth.model", "growth_model")

FREE_TREND = (0.0, 1.0)
"""Prior of a linear trend about which nothing is said: mean and sd, points per year."""

SAMPLER = Sampler(tune=500, draws=1250)


@dataclass(frozen=True)
class Programme:
    """A programme whose growth is to be learned.

    Attributes
    ----------
    cells, cross_section : DataFrame
        As `analysis.evidence.mssp.cells` and `cross_section`.
    """

    cells: pd.DataFrame
    cross_section: pd.DataFrame
    known: KnownSpread

    @property
    def table(self) -> pd.DataFrame:
        """Means by cohort and year, as `cohort_table` returns."""
        return cohort_table(self.cells)


def known_spread(components: MsspComponents, draws: slice = slice(None)) -> KnownSpread:
    """Return spreads at their posterior means, as inputs to the model of growth.

    Parameters
    ----------
    draws : slice
        Of each chain, if not all: for the Monte Carlo error of what follows from the means.
    """
    parts = components.components
    scale = components.fit.posterior["log_year_scale"].isel(draw=draws)
    means = {name: float(getattr(parts, name).isel(draw=draws).mean()) for name in vars(parts)}
    years = {
        int(year): float(np.exp(scale.sel(year=year)).mean()) for year in scale["year"].to_numpy()
    }
    return KnownSpread(SpreadComponents(**means), years)


def mssp_programme() -> Programme:
    """Return the Medicare Shared Savings Program as the committed cells hold it."""
    return Programme(mssp.cells(), mssp.cross_section(), known_spread(mssp_components()))


def constraints() -> dict[str, tuple[tuple[float, float], tuple[float, float]]]:
    """Return what may be said of the trends that the data cannot tell from growth.

    Returns
    -------
    dict of str to tuple
        Name to the priors of the calendar trend and of the cohort trend: mean and standard
        deviation, percentage points per year.
    """
    outside, cohorts = assumption("growth_calendar_trend"), assumption("growth_cohort_trend")
    return {
        "outside": (_normal(outside), _normal(cohorts)),
        "no calendar trend": ((0.0, 0.0), FREE_TREND),
        "no cohort trend": (FREE_TREND, (0.0, 0.0)),
    }


def _normal(assumed: Assumption) -> tuple[float, float]:
    """Mean and standard deviation of a normal distribution with the assumed range."""
    return assumed.value, (assumed.high - assumed.low) / (2 * normal_half_width())


def fit_growth(
    programme: Programme,
    constraint: str = "outside",
    *,
    name: str = "growth",
    ignore_exit: bool = False,
    last_year: int | None = None,
) -> tuple[Fit, GrowthData]:
    """Fit the growth of savings.

    Parameters
    ----------
    constraint : str
        A key of `constraints`.
    name : str
        Beginning of the fit's name.
    ignore_exit : bool
        Take those still there for a fair sample of those who began.
    last_year : int, optional
        Last performance year to use.
    """
    data = _data(programme, constraint, ignore_exit, last_year)
    parts = [name, constraint.replace(" ", "-")]
    parts += ["exit-ignored"] if ignore_exit else []
    parts += [f"to-{last_year}"] if last_year else []
    return fit("-".join(parts), GROWTH, data, GrowthPriors(), SAMPLER), data


def _data(
    programme: Programme, constraint: str, ignore_exit: bool, last_year: int | None
) -> GrowthData:
    return growth_data(
        programme.cells,
        programme.cross_section,
        programme.known,
        *constraints()[constraint],
        ignore_exit=ignore_exit,
        last_year=last_year,
    )


def published_growth(
    name: str,
    programme: Callable[[], Programme],
    constraint: str,
    seconds: float,
    *,
    ignore_exit: bool = False,
    last_year: int | None = None,
) -> PublishedFit:
    """Return the specification of a fit that `fit_growth` makes, under the same name."""

    def inputs() -> tuple[GrowthData, GrowthPriors]:
        return _data(programme(), constraint, ignore_exit, last_year), GrowthPriors()

    # The trends' priors are data of the model; the shapes differ with the last year alone.
    model = "growth" if last_year is None else f"growth to {last_year}"
    needs = ("mssp-components",)
    return PublishedFit(name, GROWTH, inputs, seconds, model, SAMPLER, needs)


PUBLISHED = (
    published_growth("growth-outside", mssp_programme, "outside", 45),
    published_growth("growth-no-calendar-trend", mssp_programme, "no calendar trend", 15),
    published_growth("growth-no-cohort-trend", mssp_programme, "no cohort trend", 15),
    published_growth("growth-outside-to-2020", mssp_programme, "outside", 40, last_year=2020),
)
