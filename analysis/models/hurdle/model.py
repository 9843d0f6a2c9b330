r"""The Bayesian hurdle model of annual cost, fitted to risk cells.

A person in cell :math:`c` has

* any cost at all with probability :math:`p_c` (logit);
* given any cost, a cost above the threshold :math:`u` with probability :math:`q_c` (logit);
* a cost up to :math:`u` from a lognormal cut off at :math:`u`, with location :math:`\mu_c` and
  scale :math:`\sigma_c`;
* a cost above :math:`u` from a generalised Pareto with scale :math:`\beta_c` and one shape
  :math:`\xi` for all cells (Pickands 1975; McNeil, Frey & Embrechts 2015, section 5.2).

Each cell quantity is that of the average person plus one partially pooled effect for each level of
each factor.
The likelihood uses the cells' sums only and equals the likelihood of the rows: exactly for the
first three parts, and for the tail exactly that of costs grouped into bins.
"""

import numpy as np
import pymc as pm
import pytensor.tensor as pt

from analysis.models.contrasts import contrasts, pooling_coords
from analysis.models.hurdle.data import HurdleData
from analysis.models.hurdle.priors import HurdlePriors
from analysis.models.partial_pooling import pooled_quantities

CELL_QUANTITIES = ("use", "exceed", "location", "log_scale", "log_tail_scale")
"""What differs between cells, on the scale on which effects add."""

SCALES = ("log_scale", "log_tail_scale")
"""They differ little between levels compared with their uncertainty: effects not centred."""


def binomial_term(
    successes: pt.TensorVariable, trials: pt.TensorVariable, logit: pt.TensorVariable
) -> pt.TensorVariable:
    """Log-likelihood of successes out of trials, without the constant."""
    return pt.sum(successes * logit - trials * pt.softplus(logit))


def body_term(
    n: pt.TensorVariable,
    sum_log: pt.TensorVariable,
    sum_log_squared: pt.TensorVariable,
    location: pt.TensorVariable,
    log_scale: pt.TensorVariable,
) -> pt.TensorVariable:
    """Log-likelihood of log costs below zero from a normal cut off at zero.

    The threshold is the unit of cost, so the log of a body cost is at most zero. The Jacobian,
    minus the sum of log costs, is constant and left out.
    """
    scale = pt.exp(log_scale)
    squares = sum_log_squared - 2 * location * sum_log + n * location**2
    # Log of the normal distribution function; accurate down to -37 and faster than PyMC's own.
    log_normaliser = pt.log(0.5 * pt.erfc(location / (scale * np.sqrt(2))))
    return pt.sum(
        -n * (log_scale + 0.5 * np.log(2 * np.pi) + log_normaliser) - 0.5 * squares / scale**2
    )


def tail_term(
    count: pt.TensorVariable,
    lower: pt.TensorVariable,
    upper: pt.TensorVariable,
    log_tail_scale: pt.TensorVariable,
    shape: pt.TensorVariable,
) -> pt.TensorVariable:
    """Log-likelihood of people by bin of excess under a generalised Pareto; all by tail entry."""
    scale = pt.exp(log_tail_scale)
    log_survival_lower = -pt.log1p(shape * lower / scale) / shape
    log_survival_upper = -pt.log1p(shape * upper / scale) / shape
    # log(S(lower) - S(upper)), without cancellation
    inside = log_survival_lower + pt.log(-pt.expm1(log_survival_upper - log_survival_lower))
    return pt.sum(count * inside)


def hurdle_model(data: HurdleData, priors: HurdlePriors = HurdlePriors()) -> pm.Model:
    """Return the hurdle model of annual cost for a set of cells.

    Returns
    -------
    pymc.Model
        With dims ``cell``, ``quantity``, ``learned_factor``, ``contrast`` and ``tail_entry``. The
        cell quantities ``use``, ``exceed``, ``location``, ``log_scale`` and ``log_tail_scale`` and
        the scalar ``tail_shape`` are what `analysis.risk.cost_distribution` reads; locations and
        scales are relative to the threshold. All data are `pm.Data`, so that a compiled model can
        be refitted.
    """
    parts = ["use", "exceed", "body", "tail"]
    intercepts = {name: getattr(priors, name) for name in CELL_QUANTITIES}
    effects = contrasts(data.levels, data.level_names, data.n)
    coords = {"cell": data.cell_labels, "part": parts, "tail_entry": range(len(data.tail_cell))}
    with pm.Model(coords=coords | pooling_coords(intercepts, data.level_names)) as model:
        n, n_positive, n_tail, sum_log, sum_log_squared = (
            pm.Data(name, getattr(data, name), dims="cell")
            for name in ("n", "n_positive", "n_tail", "sum_log_body", "sum_log_squared_body")
        )
        tail_cell, lower, upper, count = (
            pm.Data(name, getattr(data, name), dims="tail_entry")
            for name in ("tail_cell", "tail_lower", "tail_upper", "tail_count")
        )
        weights = pm.Data("weights", data.weights, dims="part")
        use, exceed, location, log_scale, log_tail_scale = pooled_quantities(
            intercepts, priors.effect_scale, effects, not_centred=SCALES
        ).values()
        mean, sd = priors.tail_shape
        shape = pm.TruncatedNormal("tail_shape", mean, sd, lower=0.0, upper=0.95)
        terms = {
            "use": binomial_term(n_positive, n, use),
            "exceed": binomial_term(n_tail, n_positive, exceed),
            "body": body_term(n_positive - n_tail, sum_log, sum_log_squared, location, log_scale),
            "tail": tail_term(count, lower, upper, log_tail_scale[tail_cell], shape),
        }
        for index, part in enumerate(parts):
            pm.Potential(f"likelihood_{part}", weights[index] * terms[part])
    return model
