"""From draws to a published summary: median, interval and their Monte Carlo error."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis import settings
from analysis.errors import InputError
from analysis.intervals import HIGH, LOW, median_and_interval
from analysis.report.monte_carlo import Simulated, share

FEWEST_DRAWS = 100
"""Fewer draws than this cannot support the ends of a 90% interval."""

DOUBT = 2.0
"""An end this many Monte Carlo standard errors from no limit, or nearer, is printed as no limit."""

MIN_ESS_RECORDED = 1000
"""Smallest bulk effective sample size of Markov chain draws that are published."""


@dataclass(frozen=True)
class Summary:
    """Median and equal-tailed interval, each with its Monte Carlo standard error.

    A figure with `has_interval` false has one value: exact if `mcse` is None, else simulated.
    """

    value: float
    low: float
    high: float
    mcse: float | None
    mcse_low: float | None = None
    mcse_high: float | None = None
    has_interval: bool = True

    def as_fields(self) -> dict[str, float | None]:
        """Return the numeric fields of a record; JSON has no infinity, so it becomes None."""
        ends = (_finite(self.low), _finite(self.high)) if self.has_interval else (None, None)
        return {
            "value": _finite(self.value),
            "low": ends[0],
            "high": ends[1],
            "interval": settings.INTERVAL if self.has_interval else None,
            "mcse": self.mcse,
            "mcse_low": self.mcse_low,
            "mcse_high": self.mcse_high,
        }


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None


def summarise(
    draws: ArrayLike | Simulated | Summary,
    name: str = "draws",
    *,
    fewest: int = FEWEST_DRAWS,
    min_ess: float = MIN_ESS_RECORDED,
) -> Summary:
    """Summarise draws of one quantity.

    Parameters
    ----------
    draws : array_like or xarray.DataArray or float or Simulated or Summary
        Dims (chain, draw) when two-dimensional; one dimension is taken as a single chain; a
        scalar is exact. NaN is refused; infinite draws are kept. True and false draws are
        summarised by the share that is true. A summary stands: that of a forecast whose draws are
        gone.
    name : str
        Whose draws they are, for messages.
    fewest : int
        Fewer draws are refused.
    min_ess : float
        Smallest bulk effective sample size of draws in several chains.

    Returns
    -------
    Summary
        In the unit of the draws.

    Raises
    ------
    InputError
        When the dims, the number of draws or a value is wrong.

    References
    ----------
    Vehtari, Gelman, Simpson, Carpenter and Bürkner (2021), Rank-normalization, folding, and
    localization, section 4.3: Monte Carlo error of quantiles.
    """
    if isinstance(draws, Summary):
        return draws
    if isinstance(draws, Simulated):
        return _one_value(float(draws.value), float(draws.mcse))
    array = _chains_by_draws(draws, name)
    if np.isnan(array).any():
        raise InputError(f"{name}: {int(np.isnan(array).sum())} of the draws are not a number.")
    if array.ndim == 0:
        return _one_value(float(array), None)
    if array.size < fewest:
        raise InputError(f"{name}: {array.size} draws are too few, at least {fewest} needed.")
    if array.dtype == bool:
        probability = share(array)
        return _one_value(probability.value, probability.mcse)
    bounded = _bounded(array)
    _require_effective_sample(bounded, name, min_ess)
    value, low, high = map(float, median_and_interval(array))
    low, high = _outward(array, low, high)
    error, error_low, error_high = _errors(bounded, (0.5, LOW, HIGH))
    return Summary(value, low, high, error, error_low, error_high)


def _one_value(value: float, mcse: float | None) -> Summary:
    return Summary(value, value, value, mcse, has_interval=False)


def _chains_by_draws(draws: ArrayLike, name: str) -> np.ndarray:
    """Return an array of shape (), or (chain, draw): truth values, or floats."""
    if hasattr(draws, "dims") and hasattr(draws, "transpose"):
        if not set(draws.dims) <= {"chain", "draw", "sample"}:
            dims = ", ".join(map(str, draws.dims))
            raise InputError(
                f"{name}: dims must be chain and draw, found {dims}; select one value."
            )
        draws = draws.transpose(*sorted(draws.dims)).to_numpy()
    array = np.asarray(draws)
    if array.dtype != bool or array.ndim == 0:
        array = array.astype(float)
    if array.ndim > 2:
        raise InputError(
            f"{name}: draws have shape {array.shape}; wanted (chain, draw) or (draw,)."
        )
    return array[np.newaxis, :] if array.ndim == 1 else array


def _outward(array: np.ndarray, low: float, high: float) -> tuple[float, float]:
    """Publish no limit where the share of infinite draws is within `DOUBT` errors of the tail.

    That is the safe side: such an interval is wider than was asked for.
    """

    def near(infinite: np.ndarray) -> bool:
        probability = share(infinite)
        return probability.value > 0 and probability.value + DOUBT * probability.mcse >= LOW

    return (
        -math.inf if near(np.isneginf(array)) else low,
        math.inf if near(np.isposinf(array)) else high,
    )


def _bounded(array: np.ndarray) -> np.ndarray:
    """Infinite draws moved to the edge of the finite ones, where they still hold their rank."""
    finite = array[np.isfinite(array)]
    return np.clip(array, finite.min(), finite.max()) if finite.size else np.zeros_like(array)


def _require_effective_sample(array: np.ndarray, name: str, min_ess: float) -> None:
    """Refuse Markov chain draws that are worth too few independent ones to be published."""
    if array.shape[0] == 1 or np.ptp(array) == 0 or not min_ess:
        return
    from arviz_stats import ess

    bulk_ess = float(ess(array, method="bulk"))
    if bulk_ess < min_ess:
        raise InputError(
            f"{name}: its bulk effective sample size is {bulk_ess:.0f}, below {min_ess:.0f}; "
            "sample longer or measure it on more draws."
        )


def _errors(array: np.ndarray, probabilities: tuple[float, ...]) -> list[float]:
    """Monte Carlo standard error of each quantile; where it cannot be told, the whole range."""
    # The array layer of ArviZ 1; its top-level package would also load the plots.
    from arviz_stats import mcse

    if np.ptp(array) == 0:
        return [0.0] * len(probabilities)
    errors = [float(mcse(array, method="quantile", prob=p)) for p in probabilities]
    bounded = [error if math.isfinite(error) else float(np.ptp(array)) for error in errors]
    # Six significant digits: the last bits differ between processors.
    return [float(f"{error:.6g}") for error in bounded]
