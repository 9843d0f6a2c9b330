r"""The generalised gamma model of positive cost, fitted to a fine histogram by risk cell.

Log cost is :math:`\mu_c + \sigma_c w`, and :math:`w` has the density of Prentice (1974,
Biometrika 61:539),

.. math:: \log f(w) = c(q) - \tfrac{1}{q^2}\left(e^{qw} - 1 - qw\right).

The shape :math:`q` is one for all cells. At 0 the cost is lognormal, at :math:`\sigma` gamma, at 1
Weibull; below 0 it has a Pareto tail, whose index is :math:`1 / (\sigma |q|)` (Manning, Basu &
Mullahy 2005, Journal of Health Economics 24:465, who propose it as a test of the others).
"""

import numpy as np
import pymc as pm
import pytensor.tensor as pt

from analysis.models.contrasts import contrasts, pooling_coords
from analysis.models.generalised_gamma.data import GeneralisedGammaData, GeneralisedGammaPriors
from analysis.models.partial_pooling import pooled_quantities


def standard_log_density(w: pt.TensorVariable, q: pt.TensorVariable) -> pt.TensorVariable:
    """Return the log density of standardised log cost; smooth through the lognormal at shape 0."""
    lognormal = pt.lt(pt.abs(q), 0.1)
    inverse = pt.switch(lognormal, 1.0, 1 / pt.sqr(q))
    # At small q the two lines cancel to an expansion in q (Stirling's series).
    exact = 0.5 * pt.log(inverse * 2 * np.pi) - inverse + (inverse - 1) * pt.log(inverse)
    series = -pt.sqr(q) / 12 + q**6 / 360
    constant = pt.switch(lognormal, series, exact - pt.gammaln(inverse))
    x = q * w
    near = pt.lt(pt.abs(x), 0.03)
    safe = pt.switch(near, 1.0, x)
    curve = pt.switch(
        near, 1 + x / 3 + x**2 / 12 + x**3 / 60, 2 * (pt.expm1(safe) - safe) / safe**2
    )
    return constant - 0.5 * np.log(2 * np.pi) - 0.5 * curve * pt.sqr(w)


def generalised_gamma_model(
    data: GeneralisedGammaData, priors: GeneralisedGammaPriors = GeneralisedGammaPriors()
) -> pm.Model:
    """Return the generalised gamma model of positive cost for a histogram by cell.

    Returns
    -------
    pymc.Model
        With dims ``cell``, ``entry`` and one for each factor; ``location`` and ``log_scale`` by
        cell, relative to the unit, and the scalar ``shape``.
    """
    intercepts = {"centre": priors.centre, "log_width": priors.log_width}
    effects = contrasts(data.levels, data.level_names, data.n)
    coords = {"cell": data.cell_labels, "entry": range(len(data.count))}
    with pm.Model(coords=coords | pooling_coords(intercepts, data.level_names)) as model:
        entry_cell, count, log_cost, variance = (
            pm.Data(name, getattr(data, name), dims="entry")
            for name in ("entry_cell", "count", "log_cost", "variance")
        )
        n = pm.Data("n", data.n, dims="cell")
        weight = pm.Data("weight", data.weight)
        centre, log_width = pooled_quantities(intercepts, priors.effect_scale, effects).values()
        shape = pm.Normal("shape", *priors.shape)
        scale = pt.exp(log_width)
        # The mean of w is close to -q / 2. Without this shift, shape and location would be traded
        # against each other, which slows the sampler.
        location = pm.Deterministic("location", centre + scale * shape / 2, dims="cell")
        pm.Deterministic("log_scale", log_width, dims="cell")
        w = (log_cost - location[entry_cell]) / scale[entry_cell]
        # The second term: half the variance inside a bin times the curvature of the log density.
        spread = 0.5 * variance * pt.exp(shape * w) / pt.sqr(scale[entry_cell])
        bins = pt.sum(count * (standard_log_density(w, shape) - spread))
        pm.Potential("likelihood", weight * (bins - pt.sum(n * log_width)))
    return model
