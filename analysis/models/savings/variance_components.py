r"""What makes pools differ: variance components of the savings rates of ACOs.

The covariance of the rates of one ACO in the years :math:`a` and :math:`b` is

.. math::
    s_a s_b \left[(\pi^2 + \varsigma^2\,\varphi^{|a-b|})\,(N/N_0)^{-\alpha}
    + 1_{a=b}\,(t^2 + k^2/N)\right]

so lasting differences (:math:`\pi` for as long as the data reach, :math:`\varsigma` fading) shrink
with size by a power :math:`\alpha` that is learned, and what is new every year has a part that
size does not shrink (:math:`t`) and chance (:math:`k`). A floor, differences that no size shrinks,
is :math:`\alpha = 0`. A floor beside a power law is not fitted: the sums hardly tell the two
apart, and `analysis.models.savings.size_laws` compares laws of size one by one. A scale :math:`s`
for each year allows for rules that changed.

The likelihood is that of the sample covariances, taken as jointly normal with the dependence of
`analysis.models.savings.moments`, which allows for tails heavier than normal. It is a likelihood of
these statistics and not of the rows (Chernozhukov and Hong 2003, Journal of Econometrics 115:293);
a fit to the rows, where they are at hand, is compared with it in the tests.
"""

import numpy as np
import pymc as pm
import pytensor.tensor as pt

from analysis.models.savings.components import (
    PERCENTAGE_POINTS,
    REFERENCE_PEOPLE,
    ComponentPriors,
    SpreadComponents,
)
from analysis.models.savings.moments import SavingsMoments


def variance_components_model(
    data: SavingsMoments, priors: ComponentPriors = ComponentPriors()
) -> pm.Model:
    """Return the model of variance components of savings rates.

    Returns
    -------
    pymc.Model
        With dims ``moment``, ``whitened`` and ``year``. Parameters are the fields of
        `SpreadComponents` (but for ``k_carried``, which is 0), ``tau`` (permanent and fading
        together) and ``new`` (what is new every year), both at `REFERENCE_PEOPLE`,
        ``log_year_scale`` and ``heaviness`` (the kurtosis parameter);
        ``expected`` is the covariance that each moment should show, in squared percentage points,
        and ``error_sd`` the standard deviation of each whitened error.
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
        kurtosis_parameter = pm.HalfNormal("heaviness", priors.kurtosis_parameter)
        variance = 1 + kurtosis_parameter * (1 + common)
        pm.Deterministic("error_sd", pt.sqrt(variance), dims="whitened")
        errors = whitener @ (observed - expected)
        pm.Potential("likelihood", -0.5 * pt.sum(pt.log(variance) + errors**2 / variance))
    return model


def _components(priors: ComponentPriors) -> SpreadComponents:
    """Sample what lasts and what is new, which the data tell apart, and shares of either."""
    lasting = pm.HalfNormal("tau", priors.tau_points)
    new = pm.Deterministic("new", priors.new_points * _half_normal("new"))
    permanent, chance, kept = (
        pm.Deterministic(name, pm.math.invprobit(pm.Normal(f"{name}_score")))
        for name in ("share_permanent", "share_chance", "kept")
    )
    mean, sd, largest = priors.size_exponent
    per_person = np.sqrt(REFERENCE_PEOPLE) / PERCENTAGE_POINTS
    return SpreadComponents(
        k_renewed=pm.Deterministic("k_renewed", new * pt.sqrt(chance) * per_person),
        k_carried=0.0,
        permanent=pm.Deterministic("permanent", lasting * pt.sqrt(permanent)),
        fading=pm.Deterministic("fading", lasting * pt.sqrt(1 - permanent)),
        yearly=pm.Deterministic("yearly", new * pt.sqrt(1 - chance)),
        kept=kept,
        size_exponent=pm.TruncatedNormal("size_exponent", mean, sd, lower=0.0, upper=largest),
    )


def _half_normal(name: str) -> pt.TensorVariable:
    """Half-normal of scale 1 as a function of a normal score, whose tail towards 0 is short."""
    score = pm.Normal(f"{name}_score")
    return -_probit(0.5 * pm.math.invprobit(score))


def _probit(probability: pt.TensorVariable) -> pt.TensorVariable:
    return np.sqrt(2) * pt.erfinv(2 * probability - 1)
