"""Why savings rates of organisations differ: the components of their spread, and their priors."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

PERCENTAGE_POINTS = 100.0
"""In one share of the benchmark."""

REFERENCE_PEOPLE = 20_000.0
"""Size at which lasting differences are stated; at others a power of the size gives them."""

type Numbers = Any
"""A number, an array of numbers or of draws, or a tensor: the algebra is the same."""


@dataclass(frozen=True)
class SpreadComponents:
    """What makes ACOs' savings rates differ; each field a number, an array of draws or a tensor.

    The names are those of the variables of the PyMC model.

    Attributes
    ----------
    k_renewed, k_carried
        Parts whose variance is in inverse proportion to size, as standard deviation times sqrt(N),
        a share of the benchmark: drawn anew every year, and carried over to the next.
    permanent, fading
        Standard deviations of lasting differences between organisations of `REFERENCE_PEOPLE`,
        percentage points: as long as the data reach, and fading from year to year.
    yearly
        Standard deviation of what is new every year at any size, percentage points.
    kept
        Year-to-year correlation of what is carried over, between 0 and 1.
    size_exponent
        Power of 1/N by which the variance of lasting differences falls; 0 is a floor, the same at
        every size, and 1 is the law of chance.
    """

    k_renewed: Numbers
    k_carried: Numbers
    permanent: Numbers
    fading: Numbers
    yearly: Numbers
    kept: Numbers
    size_exponent: Numbers = 0.0

    def covariance(self, lag: Numbers, inverse_size: Numbers) -> Numbers:
        """Return the covariance of one ACO's rates in two years, squared percentage points.

        The lag is the years between them (0 gives the variance); `inverse_size` is 1 / sqrt(N N'),
        N the beneficiaries in either year.
        """
        scale = PERCENTAGE_POINTS**2
        new_each_year = self.yearly**2 + scale * self.k_renewed**2 * inverse_size
        by_size = (REFERENCE_PEOPLE * inverse_size) ** self.size_exponent
        lasting = (self.permanent**2 + self.fading**2 * self.kept**lag) * by_size
        carried = scale * self.k_carried**2 * inverse_size * self.kept**lag
        # "Less than one", because a tensor's == compares identities.
        return lasting + carried + (lag < 1) * new_each_year

    def at(self, people: Numbers) -> "SpreadComponents":
        """Return components with the same covariances at one size, above 0, and no law of size.

        Lasting differences of that size stand in `permanent` and `fading`; `k_carried` is 0.
        """
        ratio = (REFERENCE_PEOPLE / people) ** (self.size_exponent / 2)
        chance_carried = PERCENTAGE_POINTS * self.k_carried / np.sqrt(people)
        return replace(
            self,
            permanent=self.permanent * ratio,
            fading=np.hypot(self.fading * ratio, chance_carried),
            k_carried=0.0 * self.k_carried,
            size_exponent=0.0 * self.size_exponent,
        )


@dataclass(frozen=True)
class ComponentPriors:
    """Priors of the variance components.

    Attributes
    ----------
    k, yearly_points : float
        Where growth is fitted to rows: scales of the half-normal priors of the whole part in
        inverse proportion to size, sqrt(k_renewed² + k_carried²), and of `yearly`.
    new_points : float
        Elsewhere: scale of the half-normal prior of what is new every year at `REFERENCE_PEOPLE`,
        chance and `yearly` together, percentage points.
    tau_points : float
        Scale of the half-normal prior of lasting differences at `REFERENCE_PEOPLE`,
        sqrt(permanent² + fading²), percentage points.
    size_exponent : tuple of float
        Mean, standard deviation and largest value of the normal prior of the exponent, cut below
        0. Its width lets the floor (0) and the law of chance (1) in.
    shares : tuple of float
        Beta prior of the share of lasting variance that is permanent, of the share of what is new
        that is chance, and of what is kept from year to year.
    year_scale : float
        Standard deviation of the logs of the scales of years.
    kurtosis_parameter : float
        Scale of the half-normal prior of the kurtosis parameter, a third of the excess kurtosis
        (Muirhead 1982, section 1.6): 0 for normal rows, 1 for a multivariate t with six degrees of
        freedom. The variable of the PyMC model is called ``heaviness``.
    """

    k: float = 5.0
    yearly_points: float = 2.0
    new_points: float = 3.0
    tau_points: float = 4.0
    size_exponent: tuple[float, float, float] = (0.6, 0.3, 1.5)
    shares: tuple[float, float] = (1.0, 1.0)
    year_scale: float = 0.15
    kurtosis_parameter: float = 1.0
