"""The chain ladder, with Mack's standard error and the bootstrap, by the package `chainladder`.

All take the payments of all services together: one triangle. Months of care so old that every lag
is known have nothing left to be paid, and the package wants a triangle as long as it is wide, so
they are left out.
"""

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.intervals import normal_half_width

if TYPE_CHECKING:
    import chainladder as cl


@dataclass(frozen=True)
class ChainLadder:
    """What the chain ladder says of one triangle.

    Attributes
    ----------
    unpaid : ndarray, shape (month,)
        Estimated payments still to come.
    standard_error : ndarray, shape (month,)
        Mack's, of each month.
    total_standard_error : float
        Mack's, of all months together: the estimated factors are common to them.
    factors, sigma : ndarray, shape (lag - 1,)
        Estimated development from each lag to the next, and Mack's sigma of it.
    """

    unpaid: np.ndarray
    standard_error: np.ndarray
    total_standard_error: float
    factors: np.ndarray
    sigma: np.ndarray

    @property
    def total_unpaid(self) -> float:
        """Payments still to come, all months together."""
        return float(self.unpaid.sum())

    @property
    def expects_recoveries(self) -> bool:
        """Whether more comes back than is paid at some lag, so that less than 0 may be to come."""
        return bool((self.factors < 1).any())

    def interval(self) -> tuple[float, float]:
        """Return the ends of the project's interval of the total, lognormal as Mack proposes.

        Normal where recoveries are expected: a lognormal amount cannot fall below 0.
        """
        low, high = self._ends(np.array([self.total_unpaid]), np.array([self.total_standard_error]))
        return float(low[0]), float(high[0])

    def month_intervals(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the ends of the interval of each month; both 0 where nothing is unpaid."""
        return self._ends(self.unpaid, self.standard_error)

    def _ends(self, mean: np.ndarray, sd: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        if self.expects_recoveries:
            return mean - normal_half_width() * sd, mean + normal_half_width() * sd
        return _lognormal(mean, sd)


def _lognormal(mean: np.ndarray, sd: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ends of the interval of lognormal amounts with this mean and standard deviation."""
    relative = np.divide(sd, mean, out=np.zeros_like(mean), where=mean > 0)
    log_sd = np.sqrt(np.log1p(relative**2))
    centre, width = mean / np.sqrt(1 + relative**2), normal_half_width() * log_sd
    return centre * np.exp(-width), centre * np.exp(width)


def chain_ladder(paid: np.ndarray, known: np.ndarray) -> ChainLadder:
    """Return the chain ladder's estimate with Mack's standard errors.

    Parameters
    ----------
    paid : ndarray, shape (month, lag)
        Payments of one month at one lag, not cumulated; any unit.
    known : ndarray of bool, shape (month, lag)
        Which of them are known.

    Raises
    ------
    InputError
        If nothing was ever paid at lag 0: there is nothing to multiply.

    References
    ----------
    Mack T (1993) Distribution-free calculation of the standard error of chain ladder reserve
    estimates. ASTIN Bulletin 23:213-225.
    """
    import chainladder as cl

    recent, months = recent_months(paid), len(paid)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # results are checked below, by `_finite`
        # Mack's own rule for the last variance, p. 217; the package would extrapolate a line.
        development = cl.Development(sigma_interpolation="mack")
        triangle = _triangle(paid[recent:], known[recent:])
        fitted = cl.MackChainladder().fit(development.fit_transform(triangle))
        factors, sigma = np.ravel(development.ldf_.values), np.ravel(development.sigma_.values)
        summary = fitted.summary_.to_frame()
        total = np.ravel(fitted.total_mack_std_err_)[:1]
    unpaid, error = (summary[name].fillna(0.0).to_numpy(float) for name in ("IBNR", "Mack Std Err"))
    return ChainLadder(
        unpaid=_padded(unpaid, months),
        standard_error=_padded(error, months),
        total_standard_error=float(_finite(total)[0]),
        factors=factors,
        sigma=sigma,
    )


def recent_months(paid: np.ndarray) -> int:
    """Return the first month of care of which something may still be unpaid.

    Parameters
    ----------
    paid : ndarray, shape (month, lag)
    """
    return max(len(paid) - paid.shape[1], 0)


def _padded(values: np.ndarray, months: int) -> np.ndarray:
    """Put zeros before the months that the package was given."""
    lacking = months - values.shape[-1]
    return np.pad(values, [*[(0, 0)] * (values.ndim - 1), (lacking, 0)])


def _finite(values: np.ndarray) -> np.ndarray:
    if not np.isfinite(values).all():
        raise InputError(
            "The chain ladder's error cannot be computed from this triangle: in two lags or more "
            "nothing was paid, or always the same share. Give it fewer lags."
        )
    return values


def bootstrap_unpaid(
    paid: np.ndarray, known: np.ndarray, *, draws: int = 1000, seed: int = 0
) -> np.ndarray:
    """Return draws of the payments still to come, by the bootstrap of the chain ladder.

    Parameters
    ----------
    paid : ndarray, shape (month, lag)
        Payments of one month at one lag, not cumulated; any unit.
    known : ndarray of bool, shape (month, lag)
        Which of them are known.
    seed : int
        1 or more: with 0 the package draws its process error unseeded.

    Returns
    -------
    ndarray, shape (draw, month)
        With the error of the estimated factors and the chance of the payments themselves.

    References
    ----------
    England PD, Verrall RJ (2002) Stochastic claims reserving in general insurance. British
    Actuarial Journal 8:443-518, section 7.
    """
    import chainladder as cl

    recent = recent_months(paid)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sample = cl.BootstrapODPSample(n_sims=draws, random_state=seed)
        resampled = sample.fit_transform(_triangle(paid[recent:], known[recent:]))
        # The sample carries its process variance, and the ladder adds it to each ultimate.
        unpaid = cl.Chainladder().fit(resampled).ibnr_.values[:, 0, :, 0]  # noqa: PD011 - not pandas
    # No number: the oldest month, and the odd resample in which a payment is expected below 0.
    return _padded(np.nan_to_num(unpaid), len(paid))


def _triangle(paid: np.ndarray, known: np.ndarray) -> "cl.Triangle":
    """Make the package's triangle: cumulated payments by month of care and month of payment."""
    import chainladder as cl

    if not (paid[:, 0] * known[:, 0]).sum() > 0:
        raise InputError(
            "Nothing is paid in the month of the care itself (lag 0), so the chain ladder has "
            "nothing to multiply. Begin the triangle at the first lag with payments."
        )
    month, lag = np.nonzero(known)
    first = pd.Period("2001-01", freq="M")
    cumulated = np.cumsum(np.where(known, paid, 0.0), axis=1)
    table = pd.DataFrame(
        {
            "origin": [str(first + int(at)) for at in month],
            "valuation": [str(first + int(at)) for at in month + lag],
            "paid": cumulated[month, lag],
        }
    )
    with warnings.catch_warnings():
        # The package hints at formats of dates, and at pandas 4; neither touches a result.
        warnings.simplefilter("ignore")
        return cl.Triangle(  # type: ignore[abstract]  # the package calls itself unfinished
            table,
            origin="origin",
            origin_format="%Y-%m",
            development="valuation",
            development_format="%Y-%m",
            columns="paid",
            cumulative=True,
        )
