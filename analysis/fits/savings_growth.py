"""Fits of the growth of savings, under constraints on what data cannot tell apart."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from analysis.evidence import mssp
from analysis.evidence.assumptions import assumption
from analysis.fits.savings_components import MsspComponents, mssp_components
from analysis.inference.diagnostics import ConvergenceError
from analysis.inference.importance import importance_sample
from analysis.models.growth.cohorts import KnownSpread, cohort_table
from analysis.models.growth.data import GrowthData, growth_data
from analysis.models.growth.model import NUMBERS, GrowthOfMeans
from analysis.models.growth.priors import HORIZON_YEARS
from analysis.models.savings.components import SpreadComponents
from analysis.seeds import seed_for

FREE_TREND = (0.0, 1.0)
"""Prior of a linear trend about which nothing is said: mean and sd, points per year."""

DRAWS = 4_000
FEWEST_EFFECTIVE = 2_000.0
"""Draws that are kept, and effective draws below which there is no fit."""


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


@dataclass(frozen=True)
class GrowthFit:
    """Growth of savings as fitted.

    Attributes
    ----------
    posterior : xarray.Dataset
        Independent draws, dims ``chain`` (one) and ``draw``, and ``mean``, ``period``, ``cohort``.
        ``level`` is the first year's saving, ``gain`` the gain over the horizon and
        ``plateau_gain`` that of the plateau (percentage points), ``years_to_80pct`` the years to
        80 % of the plateau's gain, ``rise_within_cohorts`` the gain over the horizon with the
        calendar's trend; ``period_effect`` and ``cohort_effect`` include their trends;
        ``expected`` is what the means should be.
    vectors : ndarray, shape (draw, 4)
        Draws of the scores of `GrowthOfMeans`.
    effective : float
        Draws that count, before they were repeated as their weights ask for.
    """

    posterior: xr.Dataset
    vectors: np.ndarray
    effective: float
    model: GrowthOfMeans

    @property
    def data(self) -> GrowthData:
        """What was fitted."""
        return self.model.data


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


def calendar_trends() -> dict[str, float]:
    """Return the calendar trends at which growth is shown, points a year.

    The middle and the ends of what studies with control groups leave open.
    """
    outside = assumption("growth_calendar_trend")
    return {"low": float(outside.low), "middle": outside.value, "high": float(outside.high)}


def constraints() -> dict[str, tuple[tuple[float, float], tuple[float, float]]]:
    """Return what may be said of the trends that the data cannot tell from growth.

    Returns
    -------
    dict of str to tuple
        Name to the priors of the calendar trend and of the cohort trend: mean and standard
        deviation, percentage points per year. ``outside`` has the whole range of outside evidence;
        the others fix the calendar trend and leave the cohorts' free.
    """
    outside, cohorts = assumption("growth_calendar_trend"), assumption("growth_cohort_trend")
    fixed = {name: ((trend, 0.0), FREE_TREND) for name, trend in calendar_trends().items()}
    return {"outside": (outside.as_normal(), cohorts.as_normal()), **fixed}


def fit_growth(
    programme: Programme,
    constraint: str = "outside",
    *,
    ignore_exit: bool = False,
    last_year: int | None = None,
) -> GrowthFit:
    """Fit the growth of savings, in a second or two.

    Parameters
    ----------
    constraint : str
        A key of `constraints`.
    ignore_exit : bool
        Take those still there for a fair sample of those who began.
    last_year : int, optional
        Last performance year to use.

    Raises
    ------
    ConvergenceError
        If too few draws count, or their weights cannot be trusted.
    """
    data = growth_data(
        programme.cells,
        programme.cross_section,
        programme.known,
        *constraints()[constraint],
        ignore_exit=ignore_exit,
        last_year=last_year,
    )
    return fitted_growth(GrowthOfMeans(data), f"growth-{constraint}-{last_year}")


def fitted_growth(model: GrowthOfMeans, seed_name: str, draws: int = DRAWS) -> GrowthFit:
    """Draw from the posterior of a model of growth.

    Raises
    ------
    ConvergenceError
        If too few draws count, or their weights cannot be trusted.
    """
    generator = np.random.default_rng(seed_for(seed_name))
    start, spread = np.zeros(len(NUMBERS)), np.ones(len(NUMBERS))
    drawn = importance_sample(model.log_density, start, spread, generator, enough=draws)
    if drawn.effective < FEWEST_EFFECTIVE:
        raise ConvergenceError(
            f"growth: {drawn.effective:.0f} effective draws, and {FEWEST_EFFECTIVE:.0f} are needed"
        )
    vectors = drawn.points[drawn.resampled(draws, generator)]
    return GrowthFit(_posterior(model, vectors, generator), vectors, drawn.effective, model)


def _posterior(
    model: GrowthOfMeans, vectors: np.ndarray, generator: np.random.Generator
) -> xr.Dataset:
    """Return draws of everything that readers ask for, given draws of the four numbers."""
    fresh = generator.standard_normal((len(vectors), len(model.coefficients)))
    coefficients = model.conditional_coefficients(vectors).draw(fresh)
    numbers = model.numbers(vectors)
    reached = model.reached(numbers["years_to_80pct"])
    named = _named(model, numbers, coefficients, reached)
    data = model.data
    return xr.Dataset(
        {name: (("chain", "draw", *dims), values[None]) for name, (dims, values) in named.items()},
        coords={"mean": data.means, "period": data.periods, "cohort": data.cohorts},
    )


def _named(
    model: GrowthOfMeans,
    numbers: dict[str, np.ndarray],
    coefficients: np.ndarray,
    reached: np.ndarray,
) -> dict[str, tuple[tuple[str, ...], np.ndarray]]:
    """Return dims and values of each quantity, first axis draw."""
    data = model.data
    by_name = dict(zip(model.coefficients, coefficients.T, strict=True))
    gain, middle = by_name["gain"], reached.mean(axis=1)
    of_plateau = -np.expm1(-HORIZON_YEARS * np.log(5) / numbers["years_to_80pct"])
    scalars = numbers | {
        name: by_name[name] for name in ("gain", "period_trend", "cohort_trend", "size")
    }
    scalars |= {
        "plateau_gain": gain / of_plateau,
        "level": by_name["middle"] - gain * middle,
        "rise_within_cohorts": gain + HORIZON_YEARS * by_name["period_trend"],
    }
    rates = coefficients @ model.design.T + gain[:, None] * (reached - middle[:, None])
    named: dict[str, tuple[tuple[str, ...], np.ndarray]] = {
        name: ((), values) for name, values in scalars.items()
    }
    named["expected"] = (("mean",), rates + data.exit_shift)
    for name in ("period", "cohort"):
        at = [i for i, label in enumerate(model.coefficients) if label.startswith(f"{name}_scat")]
        effect = by_name[f"{name}_trend"][:, None] * getattr(data, f"{name}_slope")
        effect = effect + coefficients[:, at] @ getattr(data, f"{name}_basis").T
        named[f"{name}_effect"] = ((name,), effect)
    return named
