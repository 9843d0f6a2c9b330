"""Why savings rates of organisations differ: the components of their spread, and their priors."""

from dataclasses import dataclass
from typing import Any

PERCENTAGE_POINTS = 100.0
"""In one share of the benchmark."""

type Numbers = Any
"""A number, an array of numbers or of draws, or a tensor: the algebra is the same."""


@dataclass(frozen=True)
class SpreadComponents:
    """What makes ACOs' savings rates differ; each field a number, an array of draws or a tensor.

    Attributes
    ----------
    k_renewed, k_carried : float, ndarray or tensor
        Part that shrinks with size, as its standard deviation times sqrt(N), a share of the
        benchmark: new every year, and carried over to the next.
    permanent, fading, yearly : float, ndarray or tensor
        Standard deviations of differences that size does not shrink, percentage points: for good,
        fading from year to year, and new every year.
    kept : float, ndarray or tensor
        Share of what is carried over that is left a year later, between 0 and 1.
    """

    k_renewed: Numbers
    k_carried: Numbers
    permanent: Numbers
    fading: Numbers
    yearly: Numbers
    kept: Numbers

    def covariance(self, lag: Numbers, inverse_size: Numbers) -> Numbers:
        """Return the covariance of one ACO's rates in two years, squared percentage points.

        Parameters
        ----------
        lag : int or ndarray
            Years between the two rates; 0 gives the variance.
        inverse_size : float or ndarray
            1 / sqrt(N N'), N the beneficiaries in either year.
        """
        scale = PERCENTAGE_POINTS**2
        new = self.yearly**2 + scale * self.k_renewed**2 * inverse_size
        carried = self.fading**2 + scale * self.k_carried**2 * inverse_size
        # "Less than one", because a tensor's == compares identities.
        return self.permanent**2 + carried * self.kept**lag + (lag < 1) * new


@dataclass(frozen=True)
class ComponentPriors:
    """Priors of the variance components.

    Attributes
    ----------
    k : float
        Scale of the half-normal prior of the whole part that shrinks with size,
        sqrt(k_renewed² + k_carried²).
    tau_points : float
        Scale of the half-normal prior of the lasting part that does not,
        sqrt(permanent² + fading²), percentage points.
    yearly_points : float
        Scale of the half-normal prior of `yearly`, percentage points.
    shares : tuple of float
        Beta prior of the share of the first variance that is carried over, of the share of the
        second that is permanent, and of what is kept from year to year.
    year_scale : float
        Standard deviation of the logs of the scales of years.
    heaviness : float
        Scale of the half-normal prior of the kurtosis parameter, a third of the excess kurtosis:
        0 for normal rows, 1 for a multivariate t with six degrees of freedom.
    """

    k: float = 5.0
    tau_points: float = 4.0
    yearly_points: float = 2.0
    shares: tuple[float, float] = (1.0, 1.0)
    year_scale: float = 0.15
    heaviness: float = 1.0
