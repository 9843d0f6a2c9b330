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

import pymc as pm
import pytensor.tensor as pt

from analysis.models.savings.components import ComponentPriors, SpreadComponents
from analysis.models.savings.moments import SavingsMoments


def variance_components_model(
    data: SavingsMoments, priors: ComponentPriors = ComponentPriors()
) -> pm.Model:
    """Return the model of variance components of savings rates.

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
