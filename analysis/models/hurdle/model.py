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

from dataclasses import dataclass

import numpy as np
import pymc as pm
import pytensor.tensor as pt

from analysis.models.hurdle.partial_pooling import (
    contrasts,
    pooled_quantities,
    pooling_coords,
)
from analysis.models.hurdle.priors import HurdlePriors
from analysis.population.cells import RiskCells
from analysis.population.clustering import DesignEffects

CELL_QUANTITIES = ("use", "exceed", "location", "log_scale", "log_tail_scale")
"""What differs between cells, on the scale on which effects add."""

SCALES = ("log_scale", "log_tail_scale")
"""They differ little between levels compared with their uncertainty: effects not centred."""

TAIL_ENTRIES_STEP = 512


@dataclass(frozen=True)
class HurdleData:
    """What the hurdle model needs of a set of cells; all arrays of shape (cell,) unless said.

    Attributes
    ----------
    n, n_positive, n_tail : ndarray
        People; with a cost above zero; with a cost above the threshold.
    sum_log_body, sum_log_squared_body : ndarray
        Sums over costs up to the threshold of log(cost / threshold) and of its square.
    tail_cell : ndarray of int, shape (tail_entry,)
        Cell of each tail bin that holds anybody; most bins of most cells are empty.
    tail_lower, tail_upper : ndarray, shape (tail_entry,)
        Ends of that bin, in thresholds above the threshold.
    tail_count : ndarray, shape (tail_entry,)
        People in it. Entries with none fill the arrays up to a round length.
    weights : ndarray, shape (4,)
        Inverse design effects of use, exceed, body and tail.
    levels : dict of str to ndarray of int
        For each factor, the level of each cell.
    level_names : dict of str to list of str
        For each factor, the names of its levels.
    cell_labels : list of str
        One label a cell.
    threshold : float
        Cost at which the tail begins, in the currency of the costs.
    """

    n: np.ndarray
    n_positive: np.ndarray
    n_tail: np.ndarray
    sum_log_body: np.ndarray
    sum_log_squared_body: np.ndarray
    tail_cell: np.ndarray
    tail_lower: np.ndarray
    tail_upper: np.ndarray
    tail_count: np.ndarray
    weights: np.ndarray
    levels: dict[str, np.ndarray]
    level_names: dict[str, list[str]]
    cell_labels: list[str]
    threshold: float


def hurdle_data(cells: RiskCells, design_effects: DesignEffects | None = None) -> HurdleData:
    """Turn risk cells into the arrays of the model.

    Parameters
    ----------
    cells : RiskCells
    design_effects : DesignEffects, optional
        Divides each part of the log-likelihood; none means that all rows are independent.

    Returns
    -------
    HurdleData
    """
    effects = design_effects or DesignEffects()
    table = cells.table
    n_body = table["n_body"].to_numpy(float)
    shift = np.log(cells.threshold)
    total = table["sum_log_body"].to_numpy(float)
    levels, names = {}, {}
    for factor in cells.factors:
        names[factor] = sorted(table[factor].astype(str).unique())
        levels[factor] = table[factor].astype(str).map(names[factor].index).to_numpy(np.int64)
    return HurdleData(
        n=table["n"].to_numpy(float),
        n_positive=table["n_positive"].to_numpy(float),
        n_tail=table["n_tail"].to_numpy(float),
        sum_log_body=total - n_body * shift,
        sum_log_squared_body=(
            table["sum_log_squared_body"].to_numpy(float) - 2 * shift * total + n_body * shift**2
        ),
        **_tail_entries(cells),
        weights=1 / np.array([effects.use, effects.exceed, effects.body, effects.tail]),
        levels=levels,
        level_names=names,
        cell_labels=cells.labels(),
        threshold=cells.threshold,
    )


def _tail_entries(cells: RiskCells) -> dict[str, np.ndarray]:
    """The tail bins that hold anybody, filled up so that most refits have the same shape."""
    cell, bin_ = np.nonzero(cells.tail_counts)
    length = -(-max(len(cell), 1) // TAIL_ENTRIES_STEP) * TAIL_ENTRIES_STEP
    relative = cells.edges / cells.threshold - 1
    # A finite end of the last bin: beyond it lies nothing, and infinity has no derivative.
    upper = np.append(relative[1:], 1e30)
    padding = (0, length - len(cell))
    return {
        "tail_cell": np.pad(cell, padding),
        "tail_lower": np.pad(relative[bin_], padding),
        "tail_upper": np.pad(upper[bin_], padding, constant_values=1.0),
        "tail_count": np.pad(cells.tail_counts[cell, bin_].astype(float), padding),
    }


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

    Parameters
    ----------
    data : HurdleData
    priors : HurdlePriors

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
