"""What a fit of the model of growth says about time."""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from scipy.special import ndtr

from analysis.models.growth.priors import HORIZON_YEARS
from analysis.seeds import seed_for

if TYPE_CHECKING:
    from analysis.fits.savings_growth import GrowthFit


def yearly_gain(fitted: "GrowthFit") -> xr.DataArray:
    """Return the mean gain over the first ten years in the programme, points per year."""
    return fitted.posterior["gain"] / HORIZON_YEARS


def time_to_80pct(fitted: "GrowthFit", worth_naming: float) -> xr.DataArray:
    """Return the years to 80 % of the plateau; infinity where there is no growth to speak of.

    Parameters
    ----------
    worth_naming : float
        Smallest gain over ten years that counts as growth, percentage points.
    """
    draws = fitted.posterior
    return draws["years_to_80pct"].where(draws["gain"] >= worth_naming, np.inf)


def growth_curve(fitted: "GrowthFit", elapsed: np.ndarray) -> np.ndarray:
    """Return the mean saving by years since the first, shape (draw, year), percentage points.

    In a middling calendar year and cohort.

    Parameters
    ----------
    elapsed : ndarray, shape (year,)
        At least 0.
    """
    names = ("level", "plateau_gain", "years_to_80pct")
    level, plateau, years = (
        fitted.posterior[name].transpose("chain", "draw").values.ravel()[:, None] for name in names
    )
    return level + plateau * (1 - 5 ** (-np.asarray(elapsed)[None, :] / years))


def never_saving_share(
    fitted: "GrowthFit", persistent_sd: np.ndarray, elapsed: float = HORIZON_YEARS
) -> np.ndarray:
    """Return the share of organisations whose own lasting level has no saving after some years.

    Parameters
    ----------
    persistent_sd : ndarray, shape (draw,)
        Standard deviation of lasting differences, percentage points; draws are independent of
        those of `fitted`.
    elapsed : float
        Years since the first.
    """
    mean = growth_curve(fitted, np.array([elapsed]))[:, 0]
    generator = np.random.default_rng(seed_for("never-saving-share"))
    shuffled = generator.permutation(persistent_sd)
    return ndtr(-mean / shuffled[np.arange(mean.size) % persistent_sd.size])


def aqc_growth(
    observed: np.ndarray, years: np.ndarray, error: float, years_to_80pct: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return how well each time to 80 % of a plateau fits a published series.

    The saving is zero at the start and approaches a plateau; the plateau is the one that fits
    best with a flat prior, integrated out.

    Parameters
    ----------
    observed, years : ndarray, shape (point,)
        Savings (percentage points) and the middle of their years.
    error : float
        Standard deviation of the error of one figure, points.
    years_to_80pct : ndarray, shape (grid,)

    Returns
    -------
    weight : ndarray, shape (grid,)
        Likelihood, adding up to one.
    plateau : ndarray, shape (grid,)
        Best plateau.
    """
    reached = 1 - 5 ** (-years[None, :] / years_to_80pct[:, None])
    square = np.sum(reached**2, axis=1)
    plateau = reached @ observed / square
    misfit = np.sum((observed - plateau[:, None] * reached) ** 2, axis=1) / error**2
    log_weight = -0.5 * misfit
    # A flat prior on the saving in the last year seen, not on the plateau, which has no scale.
    log_weight += np.log(reached[:, -1]) - 0.5 * np.log(square)
    weight = np.exp(log_weight - log_weight.max())
    return weight / weight.sum(), plateau
