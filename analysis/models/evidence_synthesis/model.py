r"""What published sources say about k, by scope of care: a hierarchical synthesis.

Statistic :math:`j` of source :math:`i` reports the log of a coefficient of variation,

.. math:: y_{ij} \sim \text{normal}(\mu_{s} + b_i + u_i,\ e_{ij}), \quad
    b_i \sim \text{normal}(\beta_i, \gamma_i), \quad u_i \sim \text{normal}(0, \omega)

with :math:`\mu_s` that of the scope of care, :math:`b_i` what the source measures beside it (a
stated bias with its own uncertainty), :math:`u_i` how sources on one scope differ, and
:math:`e_{ij}` the error stated with the figure. Everything about one source is normal, so its
statistics are replaced by their weighted mean, and :math:`b_i` and :math:`u_i` are integrated out:
nothing is lost, and there is no funnel to sample. Truncated care is tied to all care by a ratio
with a prior, because a cap on cost lowers *k* by an amount that theory bounds. There are few
sources, so :math:`\omega` leans on its half-normal prior (Gelman 2006, Bayesian Analysis 1:515).
"""

import pymc as pm
import pytensor.tensor as pt

from analysis.models.evidence_synthesis.data import SCOPES, PublishedVariation, SynthesisPriors


def evidence_synthesis_model(data: PublishedVariation, priors: SynthesisPriors) -> pm.Model:
    """Return the synthesis of published coefficients of variation.

    Returns
    -------
    pymc.Model
        With dims ``scope`` and ``source``. ``k`` is the coefficient of variation by scope,
        ``between`` the spread between sources on the log scale, and ``expected`` and ``spread``
        mean and standard deviation of what each source should report, log scale.
    """
    with pm.Model(coords={"scope": SCOPES, "source": data.sources}) as model:
        log_k, error, bias, bias_sd, included, scope = (
            pm.Data(name, getattr(data, name), dims="source")
            for name in ("log_k", "error", "bias", "bias_sd", "included", "scope_idx")
        )
        all_care = pm.Normal("log_all_care", *priors.all_care)
        truncation = pm.Normal("log_truncation", *priors.truncation)
        narrow = pm.Normal("log_narrow", *priors.narrow)
        level = pt.stack([all_care, all_care + truncation, narrow])
        pm.Deterministic("k", pt.exp(level), dims="scope")
        between = pm.HalfNormal("between", priors.between)
        expected = pm.Deterministic("expected", level[scope] + bias, dims="source")
        variance = error**2 + bias_sd**2 + between**2
        pm.Deterministic("spread", pt.sqrt(variance), dims="source")
        terms = pt.log(variance) + (log_k - expected) ** 2 / variance
        pm.Potential("likelihood", -0.5 * pt.sum(included * terms))
    return model
