r"""What makes pools differ: variance components of the savings rates of ACOs.

The covariance of the rates of one ACO in the years :math:`a` and :math:`b` is

.. math::
    s_a s_b \left[\pi^2 + (\varsigma^2 + \kappa^2/N)\,\varphi^{|a-b|}
    + 1_{a=b}\,(t^2 + k^2/N)\right]

so it has a part that shrinks with size (:math:`k` new every year, :math:`\kappa` carried over and
fading) and a part that does not (:math:`\pi` permanent, :math:`\varsigma` carried over and fading,
:math:`t` new every year). A scale :math:`s` for each year allows for rules that changed.

The likelihood is that of the sample covariances, taken as jointly normal with the dependence of
`analysis.models.savings.moments`, which allows for tails heavier than normal. It is a likelihood of
these statistics and not of the rows (Chernozhukov and Hong 2003, Journal of Econometrics 115:293);
a fit to the rows, where they are at hand, is compared with it in the tests.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt

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

        Returns
        -------
        float, ndarray or tensor
        """
        scale = PERCENTAGE_POINTS**2
        new = self.yearly**2 + scale * self.k_renewed**2 * inverse_size
        carried = self.fading**2 + scale * self.k_carried**2 * inverse_size
        # "Less than one", because a tensor's == compares identities.
        return self.permanent**2 + carried * self.kept**lag + (lag < 1) * new


@dataclass(frozen=True)
class SavingsMoments:
    """Sample covariances of savings rates; arrays have shape (moment,) unless said.

    Attributes
    ----------
    covariance : ndarray
        Within a size band, in squared percentage points of the benchmark.
    lag : ndarray
        Years between the two rates; 0 for a variance.
    inverse_size : ndarray
        Mean of 1 / sqrt(N N'), N the beneficiaries in either year.
    earlier_idx, later_idx : ndarray of int
        Positions of the two years in `years`.
    whitener : ndarray, shape (moment, moment)
        Turns sampling errors into independent ones, for normal rows of variance 1.
    common : ndarray, shape (moment,)
        By how much heavy tails add to the variance of each whitened error, beyond what they add
        to all; see `analysis.models.savings.moments`.
    years : list of str
        Performance years.
    labels : list of str
        One label a moment: the years and the smallest size of the band.
    band_low : ndarray of int
        Smallest size of the band.
    n : ndarray of int
        ACOs behind each moment.
    """

    covariance: np.ndarray
    lag: np.ndarray
    inverse_size: np.ndarray
    earlier_idx: np.ndarray
    later_idx: np.ndarray
    whitener: np.ndarray
    common: np.ndarray
    years: list[str]
    labels: list[str]
    band_low: np.ndarray
    n: np.ndarray


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


def variance_components_model(
    data: SavingsMoments, priors: ComponentPriors = ComponentPriors()
) -> pm.Model:
    """Return the model of variance components of savings rates.

    Parameters
    ----------
    data : SavingsMoments
    priors : ComponentPriors

    Returns
    -------
    pymc.Model
        With dims ``moment``, ``whitened`` and ``year``. Parameters are the fields of
        `SpreadComponents`, ``log_year_scale`` and ``heaviness``; ``expected`` is the covariance
        that each moment should show, in squared percentage points, and ``error_sd`` the standard
        deviation of each whitened error.
    """
    coords = {"moment": data.labels, "whitened": range(len(data.labels)), "year": data.years}
    with pm.Model(coords=coords) as model:
        observed, lag, inverse_size, earlier, later = (
            pm.Data(name, getattr(data, name), dims="moment")
            for name in ("covariance", "lag", "inverse_size", "earlier_idx", "later_idx")
        )
        whitener = pm.Data("whitener", data.whitener, dims=("whitened", "moment"))
        common = pm.Data("common", data.common, dims="whitened")
        components = _components(priors)
        log_scale = pm.ZeroSumNormal("log_year_scale", sigma=priors.year_scale, dims="year")
        same = components.covariance(lag, inverse_size)
        expected = pm.Deterministic(
            "expected", same * pt.exp(log_scale[earlier] + log_scale[later]), dims="moment"
        )
        heaviness = pm.HalfNormal("heaviness", priors.heaviness)
        variance = 1 + heaviness * (1 + common)
        pm.Deterministic("error_sd", pt.sqrt(variance), dims="whitened")
        errors = whitener @ (observed - expected)
        pm.Potential("likelihood", -0.5 * pt.sum(pt.log(variance) + errors**2 / variance))
    return model


def _components(priors: ComponentPriors) -> SpreadComponents:
    """Sample sizes and shares, which the data tell apart, and derive the parts from them."""
    size_part = pm.HalfNormal("k", priors.k)
    persistent = pm.HalfNormal("tau", priors.tau_points)
    carried, permanent = (
        pm.Beta(f"share_{name}", *priors.shares) for name in ("carried", "permanent")
    )
    return SpreadComponents(
        k_renewed=pm.Deterministic("k_renewed", size_part * pt.sqrt(1 - carried)),
        k_carried=pm.Deterministic("k_carried", size_part * pt.sqrt(carried)),
        permanent=pm.Deterministic("permanent", persistent * pt.sqrt(permanent)),
        fading=pm.Deterministic("fading", persistent * pt.sqrt(1 - permanent)),
        yearly=pm.HalfNormal("yearly", priors.yearly_points),
        kept=pm.Beta("kept", *priors.shares),
    )
